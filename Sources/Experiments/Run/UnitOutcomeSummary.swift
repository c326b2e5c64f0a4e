import Datasets
import MOTE
import Records
import Specs

extension UnitOutcome {
  /// Collects what the enrolments of a unit left behind.
  init(
    _ outcomes: [EnrolmentOutcome], context: EnrolmentContext, balancingFactor: Double, fold: Int
  ) {
    self.init()
    enrolments = outcomes.map {
      SubjectEnrolment(
        balancingFactor: balancingFactor, training: $0.training,
        samplingSeconds: $0.samplingSeconds, trainingSeconds: $0.trainingSeconds)
    }
    densities = context.trainingDensities.summaries(fold: fold)
    if context.validationSlots > 0 {
      validationDensities = context.validationDensities.summaries(fold: fold)
    }
  }

  /// Means over the enrolled subjects.
  func summary(_ data: BatchData) -> EnrolmentSummary {
    func mean(_ value: (SubjectEnrolment) -> Double?) -> Double {
      let values = enrolments.compactMap(value)
      return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
    var summary = EnrolmentSummary()
    summary.enrolled = enrolments.count
    summary.cohortRows = data.partitions.map(\.cohort.rows.count).max() ?? 0
    summary.developmentRows = data.partitions.map(\.development.rows.count).max() ?? 0
    summary.bandwidths = densities.mapValues(\.bandwidth)
    summary.validationBandwidths = validationDensities.mapValues(\.bandwidth)
    summary.kdeRows = densities.mapValues(\.rows)
    summary.meanEpochs = mean { Double($0.training.last.number) }
    summary.meanRestoredEpoch = mean { Double($0.training.restored.number) }
    summary.meanValidationLoss = mean { enrolment in
      // Where no loss was a number, nothing was restored by it.
      enrolment.training.restored.validationLoss.flatMap { $0.isFinite ? $0 : nil }
    }
    summary.meanSamplingSeconds = mean(\.samplingSeconds)
    summary.meanTrainingSeconds = mean(\.trainingSeconds)
    if enrolments.contains(where: { $0.training.guarded != nil }) {
      summary.meanAttempts = mean { Double($0.training.guarded?.attempts ?? 1) }
    }
    return summary
  }
}

extension GenderKDEs {
  /// Bandwidth and rows by gender and fold, e.g. "male/0".
  fileprivate func summaries(fold: Int) -> [String: DensitySummary] {
    var summaries: [String: DensitySummary] = [:]
    for density in [male, female].compactMap({ $0 }) {
      summaries["\(density.gender.name)/\(fold)"] = DensitySummary(
        bandwidth: density.bandwidth, rows: density.residuals.rows)
    }
    return summaries
  }
}
