import Biometrics
import Results

/// How tables and figures name the statistics of readings, and print them.
extension ReadingStatistic {
  /// "FNMR, MOTE − traditional".
  var title: String {
    switch self {
    case .fnmrDifference: "FNMR, MOTE − traditional"
    case .fnmr: "FNMR of MOTE"
    case .igarbeDifference: "iGARBE, MOTE − traditional"
    case .fdrDifference: "FDR, MOTE − traditional"
    case .balancedAccuracy: "balanced accuracy of the printed attack (A0)"
    case .strongestAUC: "two-sided AUC of the strongest attack (A1 to A8)"
    }
  }

  /// Label of an axis.
  var axis: String {
    switch self {
    case .fnmrDifference: "FNMR, MOTE − traditional"
    case .fnmr: "FNMR"
    case .igarbeDifference: "iGARBE, MOTE − traditional"
    case .fdrDifference: "FDR, MOTE − traditional"
    case .balancedAccuracy: "Balanced accuracy, A0"
    case .strongestAUC: "Two-sided AUC, strongest attack"
    }
  }

  /// The title with the operating point, for a caption.
  func description(_ results: ReadingResults) -> String {
    let text = title.beginningSentence
    guard quantity != nil, let target = results.target else { return text }
    return text + " at FMR \(CellFormat.target(target))"
  }

  /// How values are printed.
  var format: CellFormat {
    switch self {
    case .fnmrDifference, .fnmr: .rate
    case .igarbeDifference: .equitability
    case .fdrDifference: .fairnessDiscrepancy
    case .balancedAccuracy: AttackCells.share
    case .strongestAUC: AttackCells.area
    }
  }

  /// Unit of printed values.
  var unit: String? { self == .balancedAccuracy ? "%" : nil }
}
