import Configurations
import Files
import Foundation
import Specs

/// Everything that affects the numbers of one cell, part by part.
///
/// Equal fingerprints mean equal numbers. The parts are kept in the record, so that a re-run can say
/// which of them changed. File names, titles, folders, and whatever concerns other cells only are
/// left out.
package struct CellFingerprint: Sendable, Codable, Hashable {
  /// "spec <section>" -> canonical JSON; "data <dataset>/<extractor>" -> SHA-256 of the file;
  /// "code <stage>" -> stage version.
  package private(set) var parts: [String: String] = [:]

  /// SHA-256 over all parts that affect the record: names it.
  package var inputHash: String {
    SHA256.hex(of: canonicalJSON(parts.filter { !Self.scoringParts.contains($0.key) }))
  }

  /// SHA-256 over the parts that affect scores: names score blocks. Conventions, operating points
  /// and the bootstrap come after scoring and are left out.
  package var scoreHash: String {
    SHA256.hex(of: canonicalJSON(parts.filter { !Self.evaluationParts.contains($0.key) }))
  }

  private static let evaluationParts: Set<String> = [
    "spec conventions", "spec operating_points", "spec bootstrap", "spec groups",
    "spec attack_audit",
    "code biometrics",
  ]

  /// What is kept in score blocks for the sake of other cells; it does not change a cell's numbers.
  private static let scoringParts: Set<String> = ["spec score_columns"]

  /// The first difference in words, nil when equal: "data LFW/ArcFace changed".
  package func difference(from old: CellFingerprint) -> String? {
    let keys = Set(parts.keys).union(old.parts.keys).sorted()
    let changed = keys.filter {
      parts[$0] != old.parts[$0] && !Self.scoringParts.contains($0)
    }
    guard !changed.isEmpty else { return nil }
    return changed.map { key in
      let kind = key.split(separator: " ", maxSplits: 1)
      let name = kind.count > 1 ? String(kind[1]) : key
      switch kind.first {
      case "data": return "data of \(name) changed"
      case "code":
        return
          "code version of stage '\(name)' changed (\(old.parts[key] ?? "none"), now \(parts[key] ?? "none"))"
      default: return "spec part '\(name)' changed"
      }
    }.joined(separator: "; ")
  }
}

extension CellFingerprint {
  /// - Parameters:
  ///   - cell: one of `spec.cells()`.
  ///   - dataHashes: SHA-256 of each source's bytes by "dataset/extractor"; those the cell reads
  ///     must be there.
  ///   - stageVersions: version of each stage whose code affects the results, by stage name.
  package init(
    of cell: Cell, in spec: ExperimentSpec, dataHashes: [String: String],
    stageVersions: [String: Int]
  ) {
    func add(_ section: String, _ value: some Encodable) {
      parts["spec \(section)"] = String(decoding: canonicalJSON(value), as: UTF8.self)
    }
    add("cell", [cell.system, cell.dataset, cell.extractor])
    for dataset in spec.datasets(of: cell) {
      let name = "\(dataset)/\(cell.extractor)"
      guard let hash = dataHashes[name] else {
        preconditionFailure("no data hash of '\(name)'")
      }
      parts["data \(name)"] = hash
      var source = spec.source(dataset: dataset, extractor: cell.extractor)
      source.path = ""
      add("datasets \(dataset)", source)
    }
    add("protocol", spec.protocolSwitches)
    add("conventions", spec.conventions)
    add("operating_points", spec.operatingPoints)
    add("bootstrap", spec.bootstrap)
    add("limits", spec.limits(of: cell))
    if spec.usesSeed(cell) { add("seed", spec.seed) }
    if cell.repeatIndex > 0, cell.preset != nil || cell.attack != nil {
      add("training seed", spec.seed(ofRepeat: cell.repeatIndex))
    }

    let partition = spec.partition(evaluating: cell.dataset, configuration: cell.preset)
      .withoutPaths
    if spec.splitPath(evaluating: cell.dataset) != nil {
      parts["data split of \(cell.dataset)"] = dataHashes[Self.splitName(cell.dataset)]
    }
    if spec.nearDuplicates == .drop, spec.trains(cell) || spec.usesDevelopmentThreshold {
      add("near_duplicates", spec.nearDuplicates)
      add(
        "allow_overlap",
        spec.allowsOverlap(evaluating: cell.dataset, configuration: cell.preset))
    }
    if let name = cell.preset {
      let configuration = spec.configuration(name)
      add("partition", partition)
      add("training", configuration.training)
      add("kde", configuration.kde)
      if cell.choosesFactor {
        add("balancing_factors", ["per-subject"] + spec.balancingFactors.map { "\($0)" })
      } else {
        add("balancing_factors", cell.balancingFactor)
      }
    } else if partition.isDrawnFromEvaluated {
      add("partition", partition)
    } else if spec.usesDevelopmentThreshold {
      add("development", partition.datasets(evaluating: cell.dataset).development)
    }
    // Named only where they differ from what records were made with before there was a choice.
    if spec.groups != ExperimentSpec.genderGroups { add("groups", spec.groups) }
    let columns = spec.scoreColumns(of: cell)
    if !columns.isEmpty { add("score_columns", columns) }
    if let attacked = cell.attack, let attack = spec.attack {
      add("attack", attack.observation)
      add("attack_audit", attack.audit)
      add("attack_cohort", attacked)
      if let recipe = attack.recipe(of: cell.system) { add("attack_scheme", recipe) }
      if cell.preset == nil && spec.trains(cell) { add("partition", partition) }
    }
    for (stage, version) in stageVersions where stage != "privacy" || cell.attack != nil {
      parts["code \(stage)"] = "\(version)"
    }
  }
}

extension CellFingerprint {
  /// Name of a dataset's split among the hashes of data.
  package static func splitName(_ dataset: String) -> String { "split/\(dataset)" }
}

extension PartitionScheme {
  /// True where the evaluated people are part of their dataset only.
  fileprivate var isDrawnFromEvaluated: Bool {
    if case .cross = self { false } else { true }
  }
}

extension ExperimentSpec {
  /// SHA-256 over the resolved content as canonical JSON: equal for specs that say the same,
  /// however they are written.
  package var specHash: String {
    var content = self
    content.datasets.sort { $0.name < $1.name }
    return SHA256.hex(of: canonicalJSON(content))
  }

  /// True where the cell's numbers depend on the seed: training, random splits, random references,
  /// drawn subjects.
  package func usesSeed(_ cell: Cell) -> Bool {
    if cell.preset != nil || cell.attack != nil || protocolSwitches.reference == .random {
      return true
    }
    if limits(of: cell) != LimitsSpec() { return true }
    if case .within = partition { return true }
    return false
  }

  /// The limits that concern a cell: the traditional system has no cohort, and a development set only
  /// where a threshold is set on it.
  package func limits(of cell: Cell) -> LimitsSpec {
    var limits = self.limits
    if !trains(cell) {
      limits.cohortSubjects = nil
      if !usesDevelopmentThreshold { limits.developmentSubjects = nil }
    }
    return limits
  }
}
