/// How an operating point is chosen for an FMR target (definitions 1.3).
public enum OperatingPointRule: String, Codable, Hashable, Sendable, CaseIterable {
  /// Smallest observed threshold with FMR <= target.
  case conservative
  /// ROC point with the FMR nearest to the target; the first walking down from +infinity.
  case nearest
  /// The same on the ROC thinned as scikit-learn does by default (the official code).
  case nearestDrop = "nearest_drop"
  /// Linear in FMR between the last point with FMR <= target and the next point.
  case interpolated
  /// Threshold at the type-7 quantile of the non-mated scores at 1 - target.
  case quantile
}
