/// What a claim is about: a number that records give, or will give.
package enum ClaimStatistic: String, Sendable, Hashable, CaseIterable {
  /// FNMR of the system − FNMR of traditional templates at FMR 1e-3, paired.
  case fnmrDifference = "fnmr-difference"
  /// Balanced accuracy of the printed gender attack (A0).
  case attackBalancedAccuracy = "attack-balanced-accuracy"
  /// Two-sided AUC of every adaptive gender attack, A1 to A8.
  case adaptiveAUC = "adaptive-auc"
  /// Smallest of the differences of FDR and iGARBE from traditional templates over the factors.
  case fairnessAtEveryFactor = "fairness-at-every-factor"
  /// The same at the factor where it is largest.
  case fairnessAtSomeFactor = "fairness-at-some-factor"
  /// iGARBE of the best of some factors − that of the best of all others.
  case bestBalance = "best-balance"
  /// Slope of iGARBE over the factors.
  case igarbeSlope = "igarbe-slope"
  /// Gap of FNMR between groups with the factor chosen per person − that at factor 0.5.
  case perSubjectGap = "per-subject-gap"
  /// Share of a map's strongest tenth in eyes, nose and mouth.
  case mapShareInFace = "map-share-in-face"
  /// Likeness of maps of one person − that of maps of two.
  case mapLikeness = "map-likeness"
  /// Bytes of a stored reference over those of a traditional template.
  case storageRatio = "storage-ratio"
  /// Seconds of an enrolment.
  case enrolmentSeconds = "enrolment-seconds"
  /// Two-sided AUC of every classifier that is to tell synthetic samples from real ones, per gender.
  case syntheticAUC = "synthetic-auc"

  /// Records that hold it.
  package enum Source: Sendable {
    case evaluations, attacks, costs
    /// Heat maps.
    case maps
    /// Synthetic samples beside real ones.
    case kde
  }

  /// Where it comes from.
  package var source: Source {
    switch self {
    case .fnmrDifference, .fairnessAtEveryFactor, .fairnessAtSomeFactor, .bestBalance, .igarbeSlope,
      .perSubjectGap:
      .evaluations
    case .attackBalancedAccuracy, .adaptiveAUC: .attacks
    case .storageRatio, .enrolmentSeconds: .costs
    case .mapShareInFace, .mapLikeness: .maps
    case .syntheticAUC: .kde
    }
  }

  /// Whether bounds of one-sided tests can be made: it rests on replicates of one number.
  package var hasOneSidedBounds: Bool {
    switch self {
    case .fnmrDifference, .igarbeSlope: true
    default: false
    }
  }

  /// Whether traditional templates are one of the two sides.
  package var comparesWithTraditional: Bool {
    switch self {
    case .fnmrDifference, .fairnessAtEveryFactor, .fairnessAtSomeFactor: true
    default: false
    }
  }

  /// Whether the claim names balancing factors.
  package var hasFactors: Bool {
    switch self {
    case .fairnessAtEveryFactor, .fairnessAtSomeFactor, .bestBalance, .igarbeSlope: true
    default: false
    }
  }

  /// Whether figures stand side by side and no answer is given (definitions 12, C1 and C2).
  package var isComparison: Bool { self == .storageRatio || self == .enrolmentSeconds }
}
