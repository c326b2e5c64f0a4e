import Biometrics

/// What the curve of readings shows (definitions 12.1): the statistics that claims are about.
package enum ReadingStatistic: String, Sendable, CaseIterable {
  /// FNMR of MOTE minus that of the traditional system, paired.
  case fnmrDifference = "fnmr-difference"
  /// FNMR of MOTE.
  case fnmr
  /// iGARBE of MOTE minus that of the traditional system, paired; above 0: MOTE is fairer.
  case igarbeDifference = "igarbe-difference"
  /// The same of FDR.
  case fdrDifference = "fdr-difference"
  /// Balanced accuracy of the printed attack (A0) on MOTE.
  case balancedAccuracy = "attack-balanced-accuracy"
  /// Two-sided AUC of the strongest adaptive attack (A1 to A8) on MOTE.
  case strongestAUC = "strongest-attack-auc"

  /// The measured quantity; nil: it is one of attacks.
  package var quantity: Quantity? {
    switch self {
    case .fnmrDifference, .fnmr: .fnmr
    case .igarbeDifference: .igarbe
    case .fdrDifference: .fdr
    case .balancedAccuracy, .strongestAUC: nil
    }
  }

  /// Whether the traditional system is subtracted.
  package var isDifference: Bool {
    switch self {
    case .fnmrDifference, .igarbeDifference, .fdrDifference: true
    case .fnmr, .balancedAccuracy, .strongestAUC: false
    }
  }

  /// The value of no difference, or of a guess.
  package var null: Double? {
    switch self {
    case .fnmrDifference, .igarbeDifference, .fdrDifference: 0
    case .fnmr: nil
    case .balancedAccuracy, .strongestAUC: 0.5
    }
  }
}
