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

  /// How a bandwidth is found that is not given.
  package enum BandwidthRule: String, Sendable, Codable, Hashable, CaseIterable {
    /// Likelihood of held-out residuals.
    case search
    /// Standard deviation of a residual's component: noise as large as the residuals themselves.
    case residuals
  }

  /// Shape of the kernel.
  package enum Kernel: String, Sendable, Codable, Hashable, CaseIterable {
    /// h² I.
    case isotropic
    /// h² times the residuals' covariance, shrunk.
    case covariance
  }

  /// Length of the samples that are drawn.
  package enum Samples: String, Sendable, Codable, Hashable, CaseIterable {
    /// As it comes: reference + residual + noise is longer than a real embedding.
    case asDrawn = "as_drawn"
    /// That of real embeddings: 1 where they are L2-normalised, else the mean of the density's rows.
    case renormalised
  }

  /// Keep the zero rows of subjects with one sample, as the official code does.
  package var keepSingleImage = false
  /// Multiplies the residuals of a subject with m rows by sqrt(m/(m-1)), which undoes the shrinkage
  /// of deviations from a mean of m.
  package var shrinkage = false
  /// Bandwidth to use instead of the search, by gender name ("male", "female").
  package var bandwidths: [String: Double] = [:]
  package var bandwidthRule = BandwidthRule.search
  /// Most rows that the search sees; nil: all. Where it bites, evenly spaced rows are taken, and
  /// `IntraSubjectKDE.searchedRows` says how many.
  package var searchRows: Int?
  package var validationSource = ValidationSource.cohort
  package var kernel: Kernel {
    get { otherKernel ?? .isotropic }
    set { otherKernel = newValue == .isotropic ? nil : newValue }
  }
  package var samples: Samples {
    get { otherSamples ?? .asDrawn }
    set { otherSamples = newValue == .asDrawn ? nil : newValue }
  }
  /// Left out of records where they are the usual ones, so that those without the choices stay valid.
  private var otherKernel: Kernel?
  private var otherSamples: Samples?

  package init() {}
}

extension TrainingConfiguration.Preset {
  /// The preset's densities: the official code keeps single-image subjects and draws its validation
  /// samples from the development set's own densities.
  package var kde: KDEConfiguration {
    var kde = KDEConfiguration()
    if self == .officialCode || self == .hybrid {
      kde.keepSingleImage = true
      kde.validationSource = .development
    }
    return kde
  }
}
