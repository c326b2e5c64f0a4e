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

  package init() {}

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
  }
}
