// The receiver operating characteristic as integer counts (definitions 1.1): one point per distinct
// score, thresholds descending, ties collapsed; the first point is t = +infinity (FMR 0, FNMR 1).

/// A run of consecutive ROC points, or all of them.
///
/// A run suffices for most questions about one operating point; a question that needs points
/// outside it is answered nil, and the caller comes back with a longer run. Weighted trials (a
/// bootstrap replicate) count as that many identical trials.
package struct ROCPoints: Sendable {
  /// Descending; distinct.
  package var thresholds: [Double] = []
  /// Non-mated scores >= threshold.
  package var falseMatches: [Int] = []
  /// Mated scores >= threshold.
  package var trueMatches: [Int] = []
  /// All mated and non-mated comparisons, also those outside the run.
  package let mated: Int
  package let nonMated: Int
  /// The run begins with t = +infinity.
  package var reachesTop: Bool
  /// The run ends with the smallest score of all.
  package var reachesBottom: Bool

  package var count: Int { thresholds.count }

  package init(mated: Int, nonMated: Int, reachesTop: Bool, reachesBottom: Bool) {
    self.mated = mated
    self.nonMated = nonMated
    self.reachesTop = reachesTop
    self.reachesBottom = reachesBottom
  }

  /// The whole ROC of two lists of scores in any order.
  ///
  /// - Throws: `MetricError.noComparisons` for an empty list, `.scoreIsNaN`.
  package init(mated: [Double], nonMated: [Double]) throws(MetricError) {
    for (kind, scores) in [("mated", mated), ("non-mated", nonMated)] {
      guard !scores.isEmpty else { throw .noComparisons(kind: kind) }
      if let i = scores.firstIndex(where: \.isNaN) { throw .scoreIsNaN(position: "\(kind) \(i)") }
    }
    self.init(
      mated: mated.count, nonMated: nonMated.count, reachesTop: true, reachesBottom: true)
    append(threshold: .infinity, falseMatches: 0, trueMatches: 0)
    merge(mated: mated.sorted(by: >), nonMated: nonMated.sorted(by: >))
  }

  /// Appends one point.
  package mutating func append(threshold: Double, falseMatches: Int, trueMatches: Int) {
    thresholds.append(threshold)
    self.falseMatches.append(falseMatches)
    self.trueMatches.append(trueMatches)
  }

  /// Appends the points of further scores, both lists descending and below all before them.
  ///
  /// - Parameters:
  ///   - matedWeights, nonMatedWeights: trials that each score stands for; empty: one each. A
  ///     score of weight 0 is no trial and makes no point.
  ///   - falseMatches, trueMatches: counts above the first of these scores.
  package mutating func merge(
    mated: [Double], matedWeights: [Int] = [], nonMated: [Double], nonMatedWeights: [Int] = [],
    falseMatches: Int = 0, trueMatches: Int = 0
  ) {
    var fp = falseMatches
    var tp = trueMatches
    var i = 0
    var j = 0
    while i < mated.count || j < nonMated.count {
      let t =
        i == mated.count
        ? nonMated[j] : j == nonMated.count ? mated[i] : max(mated[i], nonMated[j])
      var weight = 0
      while i < mated.count, mated[i] == t {
        let w = matedWeights.isEmpty ? 1 : matedWeights[i]
        tp += w
        weight += w
        i += 1
      }
      while j < nonMated.count, nonMated[j] == t {
        let w = nonMatedWeights.isEmpty ? 1 : nonMatedWeights[j]
        fp += w
        weight += w
        j += 1
      }
      if weight == 0 { continue }
      if t == .infinity, count == 1, thresholds[0] == .infinity {
        // Infinite scores match at every threshold: they belong to the first point.
        self.falseMatches[0] = fp
        self.trueMatches[0] = tp
      } else {
        append(threshold: t, falseMatches: fp, trueMatches: tp)
      }
    }
  }

  /// FMR at point `k`: a ratio of integers, so that comparisons with a target are reliable.
  package func fmr(_ k: Int) -> Double { Double(falseMatches[k]) / Double(nonMated) }

  /// FNMR at point `k`.
  package func fnmr(_ k: Int) -> Double { 1 - Double(trueMatches[k]) / Double(mated) }

  /// Whether scikit-learn's `roc_curve(drop_intermediate=True)` keeps point `k`; nil when the run
  /// does not tell.
  ///
  /// A point between the first and the last score goes when the second difference of both counts
  /// is zero there, so only evenly spaced stretches are thinned. The point at +infinity stays.
  package func isKeptWhenThinned(_ k: Int) -> Bool? {
    let first = reachesTop ? 1 : 0
    if reachesTop && k <= first { return true }
    if reachesBottom && k == count - 1 { return true }
    if k <= first || k >= count - 1 { return nil }
    return falseMatches[k + 1] - falseMatches[k] != falseMatches[k] - falseMatches[k - 1]
      || trueMatches[k + 1] - trueMatches[k] != trueMatches[k] - trueMatches[k - 1]
  }

  /// Number of points with FMR <= `target` (they come first).
  package func countWithFMR(atMost target: Double) -> Int {
    partition { fmr($0) > target }
  }

  /// First point for which the monotone `predicate` holds; `count` when none.
  package func partition(_ predicate: (Int) -> Bool) -> Int {
    Biometrics.partition(count, predicate)
  }
}
