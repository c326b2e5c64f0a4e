/// What a measurement measures (definitions 1.3 to 1.5 and 2).
package enum Quantity: String, Sendable, Codable, Hashable, CaseIterable {
  /// False non-match rate.
  case fnmr
  /// False match rate.
  case fmr
  /// Equal error rate.
  case eer
  /// Area under the ROC.
  case auc
  /// Share of comparisons decided rightly.
  case accuracy
  /// Mean of the shares of mated and of non-mated comparisons decided rightly.
  case balancedAccuracy = "balanced-accuracy"
  /// Fairness discrepancy rate, 1 is fair.
  case fdr
  /// 1 - GARBE, 1 is fair.
  case igarbe
  /// Inequity rate, 1 is fair.
  case inequityRate = "inequity-rate"
  /// False negative identification rate of one-to-many searches.
  case fnir
  /// False positive identification rate of one-to-many searches.
  case fpir
}

extension Quantity {
  /// What is measured on one-to-one comparisons.
  package static let ofComparisons = Set(allCases).subtracting([.fnir, .fpir])
}

/// As in records and tables.
extension Quantity: CustomStringConvertible {
  package var description: String { rawValue }
}
