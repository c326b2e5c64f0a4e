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

  package init(falseMatches: Int, nonMated: Int, falseNonMatches: Int, mated: Int) {
    self.falseMatches = falseMatches
    self.nonMated = nonMated
    self.falseNonMatches = falseNonMatches
    self.mated = mated
  }

  /// FMR and FNMR; nil where there is no comparison to divide by.
  package func rates(_ denominator: EvaluationConvention.Denominator) -> (
    fmr: Double?, fnmr: Double?
  ) {
    func ratio(_ errors: Int, _ trials: Int) -> Double? {
      trials > 0 ? Double(errors) / Double(trials) : nil
    }
    switch denominator {
    case .conditional: return (ratio(falseMatches, nonMated), ratio(falseNonMatches, mated))
    case .joint:
      let all = nonMated + mated
      return (ratio(falseMatches, all), ratio(falseNonMatches, all))
    }
  }
}
