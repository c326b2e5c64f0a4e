import Biometrics
import Results

/// One fairness measure (or error rate) as the tables of this stage print it.
struct FairnessMeasure: Sendable {
  let quantity: Quantity
  /// Heading of its columns.
  let title: String
  let format: CellFormat
  let preference: Preference

  static let fdr = FairnessMeasure(
    quantity: .fdr, title: "FDR", format: .fairnessDiscrepancy, preference: .higher)
  static let igarbe = FairnessMeasure(
    quantity: .igarbe, title: "iGARBE", format: .equitability, preference: .higher)
  static let inequityRate = FairnessMeasure(
    quantity: .inequityRate, title: "Inequity rate", format: .equitability, preference: .lower)
  static let fnmr = FairnessMeasure(
    quantity: .fnmr, title: "FNMR", format: .rate, preference: .lower)
}
