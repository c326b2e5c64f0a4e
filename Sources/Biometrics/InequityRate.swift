// Inequity rate (NIST; definitions 2.4).

import Foundation

/// (max FMR / min FMR)^alpha (max FNMR / min FNMR)^(1 - alpha): 1 is fair. Nil when a rate is 0.
///
/// - Parameters:
///   - fmr, fnmr: rates of the groups, same order, two groups at least.
///   - alpha: weight of the FMR side, 0...1.
/// - Throws: `MetricError.tooFewGroups`, `.lengthMismatch`.
public func inequityRate(
  fmr: [Double], fnmr: [Double], alpha: Double = 0.5
) throws(MetricError) -> Double? {
  try checkGroupRates(fmr, fnmr)
  guard let lowFMR = fmr.min(), let lowFNMR = fnmr.min(), lowFMR > 0, lowFNMR > 0,
    let highFMR = fmr.max(), let highFNMR = fnmr.max()
  else { return nil }
  return pow(highFMR / lowFMR, alpha) * pow(highFNMR / lowFNMR, 1 - alpha)
}
