/// Intra-subject densities: bandwidth, rows, and what validation samples are drawn from
/// (definitions 5).
package struct KDEConfiguration: Sendable, Codable, Hashable {
  /// Rows that the density of the validation samples is made from.
  package enum ValidationSource: String, Sendable, Codable, Hashable, CaseIterable {
    /// The cohort's residuals, as in training.
    case cohort
    /// The development rows' residuals, as the official code does.
    case development
  }

  /// Keep the zero rows of subjects with one sample, as the official code does.
  package var keepSingleImage: Bool
  /// Multiplies the residuals of a subject with m rows by sqrt(m/(m-1)), which undoes the shrinkage
  /// of deviations from a mean of m.
  package var shrinkage: Bool
  /// Bandwidth to use instead of the search, by gender name ("male", "female").
  package var bandwidths: [String: Double]
  /// Most rows that the search sees; nil: all. Where it bites, evenly spaced rows are taken, and
  /// `IntraSubjectKDE.searchedRows` says how many.
  package var searchRows: Int?
  package var validationSource: ValidationSource

  package init(
    keepSingleImage: Bool = false, shrinkage: Bool = false, bandwidths: [String: Double] = [:],
    searchRows: Int? = nil, validationSource: ValidationSource = .cohort
  ) {
    self.keepSingleImage = keepSingleImage
    self.shrinkage = shrinkage
    self.bandwidths = bandwidths
    self.searchRows = searchRows
    self.validationSource = validationSource
  }
}

extension TrainingConfiguration.Preset {
  /// The preset's densities: the official code keeps single-image subjects and draws its validation
  /// samples from the development set's own densities.
  package var kde: KDEConfiguration {
    switch self {
    case .paper, .paperAnnealed: KDEConfiguration()
    case .officialCode, .hybrid:
      KDEConfiguration(keepSingleImage: true, validationSource: .development)
    }
  }
}
