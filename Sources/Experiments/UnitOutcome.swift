import Datasets
import MOTE

/// How the enrolments of a unit went, in the order of its references; empty where nothing is trained.
struct UnitOutcome: Sendable, Codable {
  var epochs: [Int] = []
  var restoredEpochs: [Int] = []
  var validationLosses: [Double] = []
  var samplingSeconds: [Double] = []
  var trainingSeconds: [Double] = []
  /// KDE bandwidth and rows by gender and fold, e.g. "male/0".
  var bandwidths: [String: Double] = [:]
  var kdeRows: [String: Int] = [:]
  /// Male ones of the synthetic samples that factors are chosen by; nil where there are none.
  var maleSelection: Int?

  init() {}

  /// What the chosen ones of several candidates were.
  ///
  /// - Parameters:
  ///   - chosen: index into `candidates` of each reference.
  ///   - candidates: outcomes of the same unit.
  init(choosing chosen: [Int], from candidates: [UnitOutcome]) {
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

  init(_ outcomes: [EnrolmentOutcome], context: EnrolmentContext, fold: Int) {
    epochs = outcomes.map(\.epochsRun)
    restoredEpochs = outcomes.map(\.restoredEpoch)
    validationLosses = outcomes.compactMap(\.bestValidationLoss)
    samplingSeconds = outcomes.map(\.samplingSeconds)
    trainingSeconds = outcomes.map(\.trainingSeconds)
    let densities = context.trainingDensities
    for density in [densities.male, densities.female].compactMap({ $0 }) {
      bandwidths["\(density.gender.name)/\(fold)"] = density.bandwidth
      kdeRows["\(density.gender.name)/\(fold)"] = density.residuals.rows
    }
  }

  mutating func append(_ other: UnitOutcome) {
    epochs += other.epochs
    restoredEpochs += other.restoredEpochs
    validationLosses += other.validationLosses
    samplingSeconds += other.samplingSeconds
    trainingSeconds += other.trainingSeconds
    bandwidths.merge(other.bandwidths) { first, _ in first }
    kdeRows.merge(other.kdeRows) { first, _ in first }
  }

  /// Means over the enrolled subjects.
  func summary(_ data: GroupData) -> EnrolmentSummary {
    func mean(_ values: [Double]) -> Double {
      values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
    var summary = EnrolmentSummary()
    summary.enrolled = epochs.count
    summary.cohortRows = data.partitions.map(\.cohort.rows.count).max() ?? 0
    summary.developmentRows = data.partitions.map(\.development.rows.count).max() ?? 0
    summary.bandwidths = bandwidths
    summary.kdeRows = kdeRows
    summary.meanEpochs = mean(epochs.map(Double.init))
    summary.meanRestoredEpoch = mean(restoredEpochs.map(Double.init))
    summary.meanValidationLoss = mean(validationLosses)
    summary.meanSamplingSeconds = mean(samplingSeconds)
    summary.meanTrainingSeconds = mean(trainingSeconds)
    return summary
  }
}
