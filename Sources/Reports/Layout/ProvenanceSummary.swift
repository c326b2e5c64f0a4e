import Configurations
import Foundation
import Records
import Results
import Specs

/// Where the numbers of a report come from, over all of its records.
package struct ProvenanceSummary: Sendable {
  /// Name of the experiment; distinct names joined where records of several are shown.
  package let experiment: String
  /// Title of the experiment; empty: not known.
  package let title: String
  /// Without folders outside the current one: outputs are sent to others.
  package private(set) var specPaths: [String]
  package private(set) var specHashes: [String]
  /// SHA-256 by file path.
  package private(set) var dataHashes: [(path: String, sha256: String)]
  /// Records by the hash of the spec that they were made under.
  private let recordsOfSpec: [String: Int]
  /// What was kept from runs of other specs, in words; nil: nothing.
  package private(set) var kept: String?
  /// Revisions, marked where the checkout had uncommitted changes.
  package let revisions: [String]
  package let machines: [String]
  package private(set) var seeds: [UInt64]
  /// "name version", by name.
  package let versions: [String]
  package let recordCount: Int
  /// Runs that wrote the records, and their wall time up to the last record of each; timings, left out
  /// of tables.
  package let runs: Int
  package let wallSeconds: Double

  package init(of all: [Provenance], title: String = "") {
    self.title = title
    func distinct(_ values: [String]) -> [String] { Set(values).subtracting([""]).sorted() }
    experiment = distinct(all.map(\.experiment)).joined(separator: "+")
    specPaths = distinct(all.map { PathText.shown($0.specPath) })
    specHashes = distinct(all.map(\.specHash))
    var pairs = Set<[String]>()
    for provenance in all {
      for (path, hash) in provenance.dataHashes { pairs.insert([PathText.shown(path), hash]) }
    }
    dataHashes = pairs.sorted { $0.lexicographicallyPrecedes($1) }.map { ($0[0], $0[1]) }
    revisions = distinct(
      all.map { $0.revision + ($0.isDirty ? " (with uncommitted changes)" : "") })
    machines = distinct(all.map(\.machine))
    seeds = Set(all.map(\.seed)).sorted()
    versions = distinct(all.flatMap { $0.versions.map { "\($0) \($1)" } })
    recordsOfSpec = Dictionary(all.map { ($0.specHash, 1) }, uniquingKeysWith: +)
    recordCount = all.count
    // Records of one run share its begin.
    let last = Dictionary(all.map { ($0.startedAt, $0.wallSeconds) }, uniquingKeysWith: max)
    runs = last.count
    wallSeconds = last.values.reduce(0, +)
  }

  /// The same where the records stand for the run that last brought their folder up to date: spec,
  /// seeds and data are that run's, and what is kept from other specs is told. Their inputs are the same, or
  /// the run would have set them aside.
  package func standing(for run: PresentRun?, tellsKept: Bool = true) -> ProvenanceSummary {
    guard let run else { return self }
    var summary = self
    summary.specPaths = [PathText.shown(run.specPath)]
    summary.specHashes = [run.specHash]
    summary.seeds = run.seeds
    summary.dataHashes = run.dataHashes.map { (PathText.shown($0.key), $0.value) }.sorted {
      $0 < $1
    }
    let others = recordsOfSpec.filter { $0.key != run.specHash }
    if tellsKept, !others.isEmpty {
      summary.kept =
        "\(others.values.reduce(0, +)) of \(recordCount) records kept from spec hash "
        + others.keys.sorted().map(short).joined(separator: ", ") + ", made from the same inputs"
    }
    return summary
  }

  /// Lines of a table's footer: label and text. Timings are left out, so that equal runs print
  /// equal footers.
  package var lines: [(label: String, text: String)] {
    func joined(_ values: [String]) -> String {
      values.isEmpty ? "not recorded" : values.joined(separator: ", ")
    }
    return [
      (
        "Experiment",
        (experiment.isEmpty ? "not recorded" : experiment) + (title.isEmpty ? "" : " (\(title))")
          + ", " + counted(recordCount, "record")
      ),
      (
        "Spec",
        "\(joined(specPaths)), hash \(joined(specHashes.map(short)))"
          + (kept.map { "; \($0)" } ?? "")
      ),
      (
        "Data",
        joined(
          dataHashes.map {
            "\(($0.path as NSString).lastPathComponent) \(short($0.sha256))"
          })
      ),
      ("Code", "revision \(joined(revisions))"),
      ("Machine", joined(machines)),
      ("Seed", joined(seeds.map(String.init))),
      ("Versions", joined(versions)),
    ]
  }

  /// What the line of the spec ends with where records were kept.
  static var keptSentence: Regex<Substring> {
    /; [0-9]+ of [0-9]+ records? kept from spec hash [0-9a-f, ]+, made from the same inputs/
  }

  /// The first 12 digits of a hash; enough to tell, short enough to print.
  private func short(_ hash: String) -> String { String(hash.prefix(12)) }
}

extension ExperimentRecords {
  /// Where the numbers come from, of all kinds of records.
  package var provenance: ProvenanceSummary { ProvenanceSummary(of: provenances, title: title) }
}

extension CellGrid {
  /// Where the numbers come from.
  package var provenance: ProvenanceSummary {
    ProvenanceSummary(of: records.map(\.provenance), title: title)
  }
}
