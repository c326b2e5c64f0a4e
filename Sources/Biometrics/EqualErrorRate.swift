// Equal error rate (definitions 1.4). It has no unique empirical value: FMR and FNMR are step
// functions that rarely meet, so a number without its rule says little.

/// How the equal error rate is read off the ROC.
public enum EqualErrorRateRule: String, Codable, Hashable, Sendable, CaseIterable {
  /// Crossing of FMR = FNMR on the ROC polyline.
  case interpolated
  /// Mean of FMR and FNMR at the point with the smallest difference; the first from +infinity.
  case nearest
  /// Of the two points around the change of sign the one with the smaller sum; its mean
  /// (FVC2000, pyeer).
  case fvc
  /// Crossing on the upper convex hull of the ROC (BOSARIS, bob).
  case rocch
}

/// Equal error rate of two lists of scores in any order.
///
/// - Throws: `MetricError` for an empty list or NaN.
/// - Complexity: O((m + n) log(m + n)).
public func equalErrorRate(
  mated: [Double], nonMated: [Double], rule: EqualErrorRateRule = .interpolated
) throws(MetricError) -> Double {
  let points = try ROCPoints(mated: mated, nonMated: nonMated)
  return points.equalErrorRate(rule)!
}

extension ROCPoints {
  /// Equal error rate; nil when the run of points does not reach far enough.
  ///
  /// The interpolated and the hull rule need the corners of the ROC only; the other
  /// two need the points around the crossing.
  package func equalErrorRate(_ rule: EqualErrorRateRule) -> Double? {
    switch rule {
    case .interpolated: interpolatedEER()
    case .nearest: nearestEER()
    case .fvc: fvcEER()
    case .rocch: hullEER()
    }
  }

  /// First point with FMR >= FNMR; nil when it, or the point before it, is outside the run.
  private func crossing() -> Int? {
    let k = partition { fmr($0) - fnmr($0) >= 0 }
    guard k < count, k > 0 || reachesTop else { return nil }
    return k
  }

  private func interpolatedEER() -> Double? {
    guard let k = crossing() else { return nil }
    return k == 0 ? fmr(k) : equalRate(between: rates(k - 1), and: rates(k))
  }

  private func nearestEER() -> Double? {
    guard let k = crossing() else { return nil }
    var best = k
    if k > 0, abs(fmr(k - 1) - fnmr(k - 1)) <= abs(fmr(k) - fnmr(k)) { best = k - 1 }
    return (fmr(best) + fnmr(best)) / 2
  }

  private func fvcEER() -> Double? {
    // The point at +infinity, where nothing matches, counts (pyeer leaves it out and gives 1 for
    // constant scores).
    let after = partition { fmr($0) - fnmr($0) > 0 }
    guard after < count || reachesBottom else { return nil }
    let upper = after - 1
    guard upper >= 0 else { return nil }
    var best = upper
    if fmr(upper) - fnmr(upper) != 0, after < count,
      fmr(after) + fnmr(after) <= fmr(upper) + fnmr(upper)
    {
      best = after
    }
    return (fmr(best) + fnmr(best)) / 2
  }

  private func hullEER() -> Double? {
    hullCrossing().map { equalRate(between: rates($0), and: rates($1)) }
  }

  /// The points between which the upper convex hull crosses FMR = FNMR; nil when the run does not
  /// hold the whole ROC.
  package func hullCrossing() -> (before: Int, after: Int)? {
    guard reachesTop && reachesBottom else { return nil }
    // Upper hull of (false matches, true matches), exact in integers.
    var hull: [Int] = []
    for k in 0..<count {
      if let last = hull.last, falseMatches[last] == falseMatches[k] { hull.removeLast() }
      while hull.count >= 2 {
        let o = hull[hull.count - 2]
        let a = hull[hull.count - 1]
        let turn =
          (falseMatches[a] - falseMatches[o]) * (trueMatches[k] - trueMatches[o])
          - (trueMatches[a] - trueMatches[o]) * (falseMatches[k] - falseMatches[o])
        if turn < 0 { break }
        hull.removeLast()
      }
      hull.append(k)
    }
    // Before the first hull point lies the vertical segment from (0, 0).
    var before = 0
    for k in hull {
      if fmr(k) - fnmr(k) >= 0 { return (before, k) }
      before = k
    }
    return nil
  }

  private func rates(_ k: Int) -> (fmr: Double, fnmr: Double) { (fmr(k), fnmr(k)) }
}

/// FMR where the line through two ROC points meets FMR = FNMR.
func equalRate(between p: (fmr: Double, fnmr: Double), and q: (fmr: Double, fnmr: Double)) -> Double
{
  let before = p.fmr - p.fnmr
  let after = q.fmr - q.fnmr
  if before == after || after == 0 { return q.fmr }
  return p.fmr + -before / (after - before) * (q.fmr - p.fmr)
}
