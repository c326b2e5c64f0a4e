// Fairness discrepancy rate (de Freitas Pereira and Marcel, arXiv 2011.02395; definitions 2.1).

/// 1 - (alpha A + (1 - alpha) B), where A and B are the largest differences of FMR and of FNMR
/// between groups at one threshold. 1 is fair.
///
/// It is an absolute difference: at an FNMR of a few per cent it lies above 0.99 whatever the
/// ratio between the groups, so it needs five decimals and an interval.
///
/// - Parameters:
///   - fmr, fnmr: rates of the groups, same order, two groups at least.
///   - alpha: weight of the FMR side, 0...1.
/// - Throws: `MetricError.tooFewGroups`, `.lengthMismatch`.
public func fairnessDiscrepancyRate(
  fmr: [Double], fnmr: [Double], alpha: Double = 0.5
) throws(MetricError) -> Double {
  try checkGroupRates(fmr, fnmr)
  return 1 - (alpha * largestDifference(fmr) + (1 - alpha) * largestDifference(fnmr))
}

/// Largest minus smallest value.
package func largestDifference(_ rates: [Double]) -> Double {
  (rates.max() ?? 0) - (rates.min() ?? 0)
}

/// The condition shared by all measures over group rates.
package func checkGroupRates(_ fmr: [Double], _ fnmr: [Double]) throws(MetricError) {
  guard fmr.count == fnmr.count else {
    throw .lengthMismatch(what: "FNMR of the groups", found: fnmr.count, expected: fmr.count)
  }
  guard fmr.count >= 2 else { throw .tooFewGroups(fmr.count) }
}
