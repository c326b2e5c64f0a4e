// Comparing systems that were resampled alike (definitions 1.6).

/// A difference of two measurements with its interval and significance.
package struct PairedDifference: Sendable, Equatable {
  /// 95 % percentile interval of a - b; nil when too few replicates define both.
  package var interval: ClosedRange<Double>?
  /// Two-sided: 2 min(#{a - b <= 0} + 1, #{a - b >= 0} + 1) / (replicates + 1), at most 1.
  package var pValue: Double?
}

/// Difference a - b of two measurements made with the same draws of subjects.
///
/// Replicates in which either is undefined (NaN) are left out; with fewer than nine in ten left
/// there is no answer.
package func pairedDifference(of a: Replicates, minus b: Replicates) -> PairedDifference {
  guard a.values.count == b.values.count, !a.values.isEmpty else { return PairedDifference() }
  let differences = zip(a.values, b.values).map { $0 - $1 }.filter { !$0.isNaN }
  guard 10 * differences.count >= 9 * a.values.count else { return PairedDifference() }
  return PairedDifference(
    interval: percentileInterval(differences), pValue: bootstrapPValue(differences))
}

/// Two-sided p-value of "no difference" from replicates of a difference:
/// 2 min(#{x <= 0} + 1, #{x >= 0} + 1) / (n + 1), at most 1.
///
/// NaN are left out, and nil comes back when fewer than nine in ten are defined. The smallest value
/// possible is 2 / (n + 1), so a correction over k tests needs well over 40 k replicates.
package func bootstrapPValue(_ replicates: [Double]) -> Double? {
  let values = replicates.filter { !$0.isNaN }
  guard !values.isEmpty, 10 * values.count >= 9 * replicates.count else { return nil }
  let below = values.count { $0 <= 0 }
  let above = values.count { $0 >= 0 }
  return min(1, 2 * Double(min(below, above) + 1) / Double(values.count + 1))
}

/// 95 % percentile interval (type-7 quantiles) of bootstrap replicates; NaN are left out, and nil
/// comes back when fewer than nine in ten are defined.
package func percentileInterval(_ replicates: [Double]) -> ClosedRange<Double>? {
  let values = replicates.filter { !$0.isNaN }.sorted()
  guard !values.isEmpty, 10 * values.count >= 9 * replicates.count else { return nil }
  return quantile(0.025, ofSorted: values)...quantile(0.975, ofSorted: values)
}

/// p-values of a family of tests adjusted by Holm's step-down method, same order.
package func holmAdjusted(_ pValues: [Double]) -> [Double] {
  let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
  var adjusted = pValues
  var largest = 0.0
  for (rank, index) in order.enumerated() {
    largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
    adjusted[index] = largest
  }
  return adjusted
}
