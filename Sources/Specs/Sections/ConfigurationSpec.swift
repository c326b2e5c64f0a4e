import Configurations

/// A named way to enrol: a preset (definitions 6.4) with the spec's changes applied.
package struct ConfigurationSpec: Sendable, Codable, Hashable {
  /// The name in records and tables; a preset's own name where nothing else was chosen.
  package var name: String
  package var preset: TrainingConfiguration.Preset
  /// All hyper-parameters of training, overrides applied.
  package var training: TrainingConfiguration
  package var kde: KDESpec
  /// Evaluated dataset -> cohort or development dataset that this configuration uses instead.
  package var exceptions: [String: CrossException]
  /// Datasets whose subjects may stand in more than one partition under this configuration.
  package var allowOverlap: [String]
}

/// Intra-subject KDE: bandwidth, rows, and what validation samples are drawn from (definitions 5).
package struct KDESpec: Sendable, Codable, Hashable {
  /// Rows that the KDE of the validation samples is made from.
  package enum ValidationSource: String, Sendable, Codable, CaseIterable {
    /// The cohort's residuals, as in training.
    case cohort
    /// The development rows' residuals, as the official code does.
    case development
  }

  /// Fixed bandwidths; nil: found by exact cross-validation.
  package var maleBandwidth: Double?
  package var femaleBandwidth: Double?
  /// Keep subjects with one sample (residual exactly 0).
  package var keepSingleImage: Bool
  /// Scale residuals by sqrt(m / (m - 1)) for a subject of m samples.
  package var shrinkage: Bool
  /// Most rows used in the bandwidth search, evenly spaced; nil: all.
  package var searchRows: Int?
  package var validationSource: ValidationSource

  /// What a preset uses: the official code keeps single-image subjects and draws its validation
  /// samples from the development set's own KDE.
  package init(preset: TrainingConfiguration.Preset) {
    maleBandwidth = nil
    femaleBandwidth = nil
    shrinkage = false
    searchRows = nil
    switch preset {
    case .paper, .paperAnnealed:
      keepSingleImage = false
      validationSource = .cohort
    case .officialCode, .hybrid:
      keepSingleImage = true
      validationSource = .development
    }
  }
}

extension ConfigurationSpec {
  /// Training as the enrolment stage takes it: the source of validation samples included.
  package var trainingConfiguration: TrainingConfiguration {
    var configuration = training
    switch kde.validationSource {
    case .cohort: configuration.validationResiduals = .training
    case .development: configuration.validationResiduals = .development
    }
    return configuration
  }

  /// The densities as the enrolment stage takes them.
  package var kdeConfiguration: KDEConfiguration {
    var bandwidths: [String: Double] = [:]
    bandwidths["male"] = kde.maleBandwidth
    bandwidths["female"] = kde.femaleBandwidth
    return KDEConfiguration(
      dropsSingleImageSubjects: !kde.keepSingleImage, correctsShrinkage: kde.shrinkage,
      bandwidths: bandwidths, searchRowLimit: kde.searchRows)
  }
}
