// Comparing systems that were resampled alike (definitions 1.6 and 13).

/// A difference of two measurements with its interval and significance.
package struct PairedDifference: Sendable, Equatable {
  /// 95 % interval of a - b; nil where none can be given, and `note` says why.
  package var interval: ClosedRange<Double>?
  package var method: IntervalMethod?
  /// Two-sided; nil where there is no interval or it misses the estimate, so that nothing rests on
  /// replicates that lie elsewhere than their estimate.
  package var pValue: Double?
  package var note: String?

  /// Whether 0 lies outside the interval; one that misses its own estimate shows nothing.
  package var excludesZero: Bool {
    guard let interval, note == nil else { return false }
    return !interval.contains(0)
  }

  /// Note of an estimate that lies outside the percentiles of its own resamples.
  package static let biased =
    "the difference lies outside 95 % of its own resamples, around which the interval is moved: no star"

  /// The method of differences: they have no edge, and the bootstrap's bias moves them.
  package static let method = IntervalMethod.recentred

  /// - Parameters:
  ///   - estimate: the difference of the data as they are.
  ///   - replicates: of the difference, in the order of the shared draws; NaN where undefined.
  ///   - range: values that it can take; the interval ends there.
  package init(
    estimate: Double, replicates: [Double],
    range: ClosedRange<Double> = -Double.infinity...Double.infinity
  ) {
    let outcome = IntervalBasis(value: estimate, replicates: replicates, range: range)
      .interval(Self.method)
    interval = outcome.bounds
    method = outcome.method
    note = outcome.note
    guard interval != nil, note == nil else { return }
    // Recentring moves any bias away; one this large is shown, and nothing rests on it.
    if let own = percentileInterval(replicates),
      max(own.lowerBound - estimate, estimate - own.upperBound) > 1e-12 * max(1, abs(estimate))
    {
      note = Self.biased
      return
    }
    let defined = replicates.filter { !$0.isNaN }
    let shift = estimate - mean(defined)
    pValue = bootstrapPValue(defined.map { $0 + shift })
  }

  private init(note: String) { self.note = note }

  /// Nothing can be said.
  static func none(_ note: String) -> PairedDifference { PairedDifference(note: note) }
}

extension Replicates {
  /// Element by element; NaN where either is undefined, nil when the numbers of draws differ.
  package func minus(_ other: Replicates) -> Replicates? {
    guard values.count == other.values.count else { return nil }
    return Replicates(zip(values, other.values).map { $0 - $1 })
  }
}

/// Two-sided p-value of "no difference" from replicates of a difference:
/// 2 min(#{x <= 0} + 1, #{x >= 0} + 1) / (n + 1), at most 1.
///
/// NaN are left out, and nil comes back when fewer than nine in ten, or fewer than
/// `fewestReplicates`, are defined. The smallest value possible is 2 / (n + 1), so a correction over
/// k tests needs well over 40 k replicates.
package func bootstrapPValue(_ replicates: [Double]) -> Double? {
  let values = replicates.filter { !$0.isNaN }
  guard values.count >= fewestReplicates, 10 * values.count >= 9 * replicates.count else {
    return nil
  }
  let below = values.count { $0 <= 0 }
  let above = values.count { $0 >= 0 }
  return min(1, 2 * Double(min(below, above) + 1) / Double(values.count + 1))
}

/// 95 % percentile interval (type-7 quantiles) of bootstrap replicates; NaN are left out, and nil
/// comes back when fewer than nine in ten, or fewer than `fewestReplicates`, are defined.
package func percentileInterval(_ replicates: [Double]) -> ClosedRange<Double>? {
  let values = replicates.filter { !$0.isNaN }.sorted()
  guard values.count >= fewestReplicates, 10 * values.count >= 9 * replicates.count else {
    return nil
  }
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
