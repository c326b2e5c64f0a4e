// Area under the ROC (definitions 1.4).

/// P(mated > non-mated) + 0.5 P(equal): the Mann-Whitney statistic, equal to the trapezoid area
/// under the full ROC.
///
/// - Throws: `MetricError` for an empty list or NaN.
/// - Complexity: O((m + n) log(m + n)).
public func areaUnderROC(mated: [Double], nonMated: [Double]) throws(MetricError) -> Double {
  try ROCPoints(mated: mated, nonMated: nonMated).area!
}

extension ROCPoints {
  /// Area under the polyline through all points; nil when the run does not reach both ends.
  ///
  /// Twice the area is summed in integers: exact up to 9e18 pairs of comparisons.
  package var area: Double? {
    guard reachesTop && reachesBottom else { return nil }
    // Infinite scores put the first point off the origin; the segment from (0, 0) counts too.
    var twice = falseMatches[0] * trueMatches[0]
    for k in 1..<max(count, 1) {
      twice += (falseMatches[k] - falseMatches[k - 1]) * (trueMatches[k] + trueMatches[k - 1])
    }
    return Double(twice) / (2 * Double(nonMated) * Double(mated))
  }
}
