import Claims
import Foundation
import Records
import Results

/// Answers to the paper's claims over all experiments of a results folder.
package struct GatheredClaims: Sendable {
  /// By claim in their order, then by experiment; real and synthetic data.
  package let answers: [ClaimAnswer]
  /// Names of the experiments that have records.
  package let experiments: [String]
  private let provenance: ProvenanceSummary
  private let folder: URL

  /// - Parameters:
  ///   - results: folder whose folders are experiments; those without records are passed over.
  ///   - paper: what is claimed and printed.
  /// - Throws: `ResultsError` where no experiment has records, or a record cannot be read.
  package init(results: URL, paper: Paper) throws {
    folder = results
    let names =
      ((try? FileManager.default.contentsOfDirectory(atPath: results.path)) ?? []).sorted()
    var found: [(name: String, answers: [ClaimAnswer])] = []
    var provenances: [Provenance] = []
    for name in names {
      let experiment = results.appendingPathComponent(name)
      guard ExperimentRecords.areThere(in: experiment) else { continue }
      let records = try ExperimentRecords(folder: experiment)
      provenances += records.provenances
      var answers = claimAnswers(paper.claims, records, paper.values)
      for i in answers.indices where !answers[i].isUnrecorded { answers[i].experiment = name }
      found.append((name, answers))
    }
    guard !found.isEmpty else { throw ResultsError.noRecords(folder: results.relativePath) }
    experiments = found.map(\.name)
    provenance = ProvenanceSummary(of: provenances)
    // Every cell of the paper, for those that no experiment has records of.
    let none = ExperimentRecords(results: try RecordSet(records: []))
    found.append(("", claimAnswers(paper.claims, none, paper.values)))
    answers = paper.claims.flatMap { claim in
      Self.merged(found.flatMap { $0.answers.filter { $0.claim.id == claim.id } })
    }
  }

  /// All that some experiment answers; a place that none answers from real data stands there once.
  private static func merged(_ answers: [ClaimAnswer]) -> [ClaimAnswer] {
    let recorded = answers.filter { !$0.isUnrecorded }
    var missing: [ClaimAnswer] = []
    for answer in answers where answer.isUnrecorded {
      let isAnswered = recorded.contains { $0.at.isSame(as: answer.at) && $0.isCounted }
      if !isAnswered, !missing.contains(where: { $0.at.isSame(as: answer.at) }) {
        var answer = answer
        answer.isSynthetic = false
        missing.append(answer)
      }
    }
    return recorded + missing
  }

  /// The tables; they name the experiment of each answer.
  package var document: ReportDocument {
    var document = claimsTable(answers, provenance: provenance, namesExperiments: true)
    // The name alone: nothing that is published names the folders of its author.
    document.command = "Harness claims \(folder.standardizedFileURL.lastPathComponent)"
    return document
  }

  /// Writes `claims.csv`, `claims.md` and the tables as LaTeX into the results folder.
  ///
  /// - Returns: files and Markdown.
  package func write() throws -> RenderedOutputs {
    var rendered = RenderedOutputs()
    try render(document, in: folder, &rendered)
    return rendered
  }
}
