import Datasets
import MOTE
import Records
import Specs

extension UnitOutcome {
  /// Collects what the enrolments of a unit left behind.
  init(_ outcomes: [EnrolmentOutcome], context: EnrolmentContext, fold: Int) {
    self.init()
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

  /// Means over the enrolled subjects.
  func summary(_ data: BatchData) -> EnrolmentSummary {
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
