// False match and false non-match rates (ISO/IEC 19795-1; definitions 1.1). A comparison is a match
// when `score >= threshold`; higher scores are more similar. All rates are float64.

/// False match rate: the share of non-mated scores that match at `threshold`.
///
/// - Throws: `MetricError.noComparisons` when there is no score.
public func falseMatchRate(nonMated: [Double], threshold: Double) throws(MetricError) -> Double {
  guard !nonMated.isEmpty else { throw .noComparisons(kind: "non-mated") }
  return Double(nonMated.count { $0 >= threshold }) / Double(nonMated.count)
}

/// False non-match rate: the share of mated scores that do not match at `threshold`.
///
/// - Throws: `MetricError.noComparisons` when there is no score.
public func falseNonMatchRate(mated: [Double], threshold: Double) throws(MetricError) -> Double {
  guard !mated.isEmpty else { throw .noComparisons(kind: "mated") }
  return Double(mated.count { $0 < threshold }) / Double(mated.count)
}

/// Error counts at one threshold with the trials behind them.
package struct ErrorCounts: Sendable, Equatable {
  package var falseMatches = 0
  package var nonMated = 0
  package var falseNonMatches = 0
  package var mated = 0

  /// FMR and FNMR; nil where there is no comparison of the kind.
  package func rates(_ denominator: EvaluationConvention.Denominator) -> (
    fmr: Double?, fnmr: Double?
  ) {
    let all = nonMated + mated
    let trials =
      switch denominator {
      case .conditional: (nonMated: nonMated, mated: mated)
      case .joint: (nonMated: all, mated: all)
      }
    return (
      nonMated > 0 ? Double(falseMatches) / Double(trials.nonMated) : nil,
      mated > 0 ? Double(falseNonMatches) / Double(trials.mated) : nil
    )
  }
}
