import Specs

/// How the enrolments of a unit went, in the order of its references; empty where nothing is trained.
package struct UnitOutcome: Sendable, Codable {
  package var epochs: [Int] = []
  package var restoredEpochs: [Int] = []
  package var validationLosses: [Double] = []
  package var samplingSeconds: [Double] = []
  package var trainingSeconds: [Double] = []
  /// KDE bandwidth and rows by gender and fold, e.g. "male/0".
  package var bandwidths: [String: Double] = [:]
  package var kdeRows: [String: Int] = [:]
  /// Male ones of the synthetic samples that factors are chosen by; nil where there are none.
  package var maleSelection: Int?

  /// Library versions and kernels of scores that were taken over although they are not this run's;
  /// nil: all are.
  package var otherVersions: Set<String>?

  package init() {}

  /// What a record says of scores of other versions.
  package var warnings: [String] {
    (otherVersions ?? []).sorted().map { "some scores were made with other versions: \($0)" }
  }

  /// What the chosen ones of several candidates were.
  ///
  /// - Parameters:
  ///   - chosen: index into `candidates` of each reference.
  ///   - candidates: outcomes of the same unit.
  package init(choosing chosen: [Int], from candidates: [UnitOutcome]) {
    func values<Value>(_ path: KeyPath<UnitOutcome, [Value]>) -> [Value] {
      chosen.enumerated().compactMap { i, c in
        let all = candidates[c][keyPath: path]
        return i < all.count ? all[i] : nil
      }
    }
    epochs = values(\.epochs)
    restoredEpochs = values(\.restoredEpochs)
    validationLosses = values(\.validationLosses)
    samplingSeconds = values(\.samplingSeconds)
    trainingSeconds = values(\.trainingSeconds)
    for candidate in candidates {
      add(versions: candidate)
      bandwidths.merge(candidate.bandwidths) { first, _ in first }
      kdeRows.merge(candidate.kdeRows) { first, _ in first }
    }
  }

  package mutating func append(_ other: UnitOutcome) {
    epochs += other.epochs
    restoredEpochs += other.restoredEpochs
    validationLosses += other.validationLosses
    samplingSeconds += other.samplingSeconds
    trainingSeconds += other.trainingSeconds
    bandwidths.merge(other.bandwidths) { first, _ in first }
    kdeRows.merge(other.kdeRows) { first, _ in first }
    add(versions: other)
  }

  private mutating func add(versions other: UnitOutcome) {
    guard let versions = other.otherVersions else { return }
    otherVersions = (otherVersions ?? []).union(versions)
  }
}
