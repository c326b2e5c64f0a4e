// Lower bounds and p-values that hold for the best of many (definitions 13): studentised max-T with
// the same draws for all (Westfall and Young 1993; Romano and Wolf 2005).
//
//   s_k    standard deviation of the replicates of statistic k
//   M_b    max over k of the deviation of replicate b from the mean of k's replicates, in units of s_k:
//          recentred like the intervals of differences, as the bootstrap's bias is no certainty
//   c      95 % quantile of M_b, never below 0
//   lower  estimate - c s_k, for all k at once
//   p_k    share of the M_b at or above (estimate - null) / s_k

/// Simultaneous lower bounds of several statistics that were resampled with the same draws.
package struct SimultaneousBounds: Sendable, Equatable {
  /// What counts as large.
  package enum Direction: Sendable {
    /// Values above the null value: "factor k is better", "group k errs more".
    case above
    /// Distance from the null value on either side: an AUC of 0.2 tells as much as one of 0.8.
    case either
  }

  /// Studentised critical value c; larger than 1.64 (1.96) the more statistics there are.
  package let critical: Double
  /// Lower bound of each statistic (`above`), or of its distance from the null value (`either`,
  /// never below 0).
  package let lower: [Double]
  /// p-values of "not beyond the null value", adjusted for all statistics.
  package let pValues: [Double]
  /// The statistic furthest beyond the null value in its own units; the first of equals.
  package let strongest: Int

  /// - Parameters:
  ///   - estimates: by statistic, AUC as it is and not folded; at least one.
  ///   - replicates: [statistic][draw], all of the same draws; a draw in which one is NaN is left
  ///     out for all.
  ///   - null: the value of no effect, e.g. 0.5 of an AUC, 0 of a difference.
  ///   - level: of the bounds, 0.95.
  /// - Returns: nil with fewer than `fewestReplicates` draws that define every statistic.
  package init?(
    estimates: [Double], replicates: [[Double]], null: Double, direction: Direction,
    level: Double = 0.95
  ) {
    precondition(estimates.count == replicates.count, "\(estimates.count), \(replicates.count)")
    guard let count = replicates.first?.count, replicates.allSatisfy({ $0.count == count }) else {
      return nil
    }
    let draws = (0..<count).filter { b in replicates.allSatisfy { !$0[b].isNaN } }
    guard draws.count >= fewestReplicates, 10 * draws.count >= 9 * count else { return nil }
    let used = replicates.map { values in draws.map { values[$0] } }
    let errors = used.map { variance($0).squareRoot() }
    let centres = used.map { mean($0) }
    func size(_ deviation: Double) -> Double { direction == .either ? abs(deviation) : deviation }
    let largest = draws.map { b in
      estimates.indices.reduce(-Double.infinity) { best, k in
        let deviation = size(replicates[k][b] - centres[k])
        return max(best, errors[k] > 0 ? deviation / errors[k] : 0)
      }
    }
    critical = max(quantile(level, ofSorted: largest.sorted()), 0)
    var bounds: [Double] = []
    var adjusted: [Double] = []
    var best = (index: 0, size: -Double.infinity)
    for k in estimates.indices {
      let distance = size(estimates[k] - null)
      let bound = distance - critical * errors[k]
      bounds.append(direction == .either ? max(bound, 0) : null + bound)
      // Without spread the draws decide nothing; the estimate itself is beyond the null or not.
      let studentised =
        errors[k] > 0 ? distance / errors[k] : distance > 0 ? .infinity : -.infinity
      let extreme = largest.count { $0 >= studentised }
      adjusted.append(Double(1 + extreme) / Double(1 + largest.count))
      if studentised > best.size { best = (k, studentised) }
    }
    lower = bounds
    pValues = adjusted
    strongest = best.index
  }
}
