// Error rates by demographic group from lists of labelled scores (definitions 2.3). The evaluation
// of whole score matrices gives the same numbers; this is the small form for those who have lists.

/// One comparison with the groups of its two sides; groups are indices, -1: unlabelled.
public struct LabelledComparison: Sendable {
  public var score: Double
  public var isMated: Bool
  public var referenceGroup: Int
  public var probeGroup: Int

  public init(score: Double, isMated: Bool, referenceGroup: Int, probeGroup: Int) {
    self.score = score
    self.isMated = isMated
    self.referenceGroup = referenceGroup
    self.probeGroup = probeGroup
  }
}

/// Rates of one group at its threshold, with the counts behind them.
package struct GroupRates: Sendable, Equatable {
  package var threshold: Double
  package var fmr: Double
  package var fnmr: Double
  package var counts: ErrorCounts
}

/// FMR and FNMR of every group under a convention.
///
/// - Parameters:
///   - groups: number of groups.
///   - target: FMR target of the threshold(s).
///   - convention: threshold source, non-mated comparisons of a group, denominator and rule; a rule without a
///     threshold (`interpolated`) cannot be used here.
/// - Returns: one entry per group; nil where the group has no mated or no non-mated comparison.
/// - Throws: `MetricError` as `operatingPoint`.
package func groupRates(
  _ comparisons: [LabelledComparison], groups: Int, target: Double,
  convention: EvaluationConvention
) throws(MetricError) -> [GroupRates?] {
  func threshold(_ mated: [Double], _ nonMated: [Double]) throws(MetricError) -> Double? {
    try operatingPoint(atFMR: target, mated: mated, nonMated: nonMated, rule: convention.rule)
      .threshold
  }
  var common: Double?
  if convention.threshold == .global || convention.threshold == .perSubject {
    common = try threshold(
      comparisons.filter(\.isMated).map(\.score),
      comparisons.filter { !$0.isMated }.map(\.score))
  }
  var result: [GroupRates?] = []
  for group in 0..<groups {
    let own = comparisons.filter {
      $0.referenceGroup == group && (convention.nonMated == .reference || $0.probeGroup == group)
    }
    let mated = own.filter(\.isMated).map(\.score)
    let nonMated = own.filter { !$0.isMated }.map(\.score)
    guard !mated.isEmpty, !nonMated.isEmpty else {
      result.append(nil)
      continue
    }
    let t: Double?
    switch convention.threshold {
    case .global, .perSubject: t = common
    case .perGroup: t = try threshold(mated, nonMated)
    case .development: t = convention.givenThreshold(target: target, group: nil)
    }
    guard let t else {
      result.append(nil)
      continue
    }
    let counts = ErrorCounts(
      falseMatches: nonMated.count { $0 >= t }, nonMated: nonMated.count,
      falseNonMatches: mated.count { $0 < t }, mated: mated.count)
    let rates = counts.rates(convention.denominator)
    result.append(
      GroupRates(threshold: t, fmr: rates.fmr!, fnmr: rates.fnmr!, counts: counts))
  }
  return result
}
