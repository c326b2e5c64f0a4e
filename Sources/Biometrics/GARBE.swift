// Gini aggregation rate for biometric equitability (Howard et al., arXiv 2203.05051;
// definitions 2.1).

/// n/(n-1) * sum_ij |x_i - x_j| / (2 n^2 mean(x)): 0 when all rates are equal, 1 when one group has
/// all the errors. 0 when all rates are 0. For two groups |x1 - x2| / (x1 + x2).
public func giniCoefficient(_ rates: [Double]) -> Double {
  let n = Double(rates.count)
  let mean = rates.reduce(0, +) / n
  guard rates.count > 1, mean > 0 else { return 0 }
  var sum = 0.0
  for x in rates { for y in rates { sum += abs(x - y) } }
  return n / (n - 1) * sum / (2 * n * n * mean)
}

/// alpha Gini(FMR) + (1 - alpha) Gini(FNMR): 0 is fair. The paper prints 1 - GARBE as iGARBE.
///
/// It is relative: rates that rest on one or two errors can give any value, so print the error
/// counts behind it.
///
/// - Parameters:
///   - fmr, fnmr: rates of the groups, same order, two groups at least.
///   - alpha: weight of the FMR side, 0...1.
/// - Throws: `MetricError.tooFewGroups`, `.lengthMismatch`.
public func garbe(fmr: [Double], fnmr: [Double], alpha: Double = 0.5) throws(MetricError) -> Double
{
  try checkGroupRates(fmr, fnmr)
  return alpha * giniCoefficient(fmr) + (1 - alpha) * giniCoefficient(fnmr)
}
