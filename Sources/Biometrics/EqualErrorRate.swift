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
  /// The interpolated and the hull rule need the corners of the ROC only (`ROCCorners`); the other
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
    let after = fmr(k) - fnmr(k)
    if after == 0 || k == 0 { return fmr(k) }
    let before = fmr(k - 1) - fnmr(k - 1)
    let a = -before / (after - before)
    return fmr(k - 1) + a * (fmr(k) - fmr(k - 1))
  }

  private func nearestEER() -> Double? {
    guard let k = crossing() else { return nil }
    var best = k
    if k > 0, abs(fmr(k - 1) - fnmr(k - 1)) <= abs(fmr(k) - fnmr(k)) { best = k - 1 }
    return (fmr(best) + fnmr(best)) / 2
  }

  private func fvcEER() -> Double? {
    // The rule walks ascending thresholds and knows no point at +infinity.
    let first = reachesTop ? 1 : 0
    let after = partition { fmr($0) - fnmr($0) > 0 }
    guard after < count || reachesBottom else { return nil }
    let upper = after - 1
    guard upper >= first else { return reachesTop ? 1 : nil }
    var best = upper
    if fmr(upper) - fnmr(upper) != 0, after < count,
      fmr(after) + fnmr(after) <= fmr(upper) + fnmr(upper)
    {
      best = after
    }
    return (fmr(best) + fnmr(best)) / 2
  }

  private func hullEER() -> Double? {
    guard reachesTop else { return nil }
    // Upper hull of (false matches, true matches), exact in integers.
    var hull: [(x: Int, y: Int)] = []
    for k in 0..<count {
      let p = (x: falseMatches[k], y: trueMatches[k])
      if let last = hull.last, last.x == p.x { hull.removeLast() }
      while hull.count >= 2 {
        let o = hull[hull.count - 2]
        let a = hull[hull.count - 1]
        if (a.x - o.x) * (p.y - o.y) - (a.y - o.y) * (p.x - o.x) < 0 { break }
        hull.removeLast()
      }
      hull.append(p)
    }
    func rates(_ p: (x: Int, y: Int)) -> (fmr: Double, fnmr: Double) {
      (Double(p.x) / Double(nonMated), 1 - Double(p.y) / Double(mated))
    }
    // Points beyond the run can bend the hull only if they lie above this segment's line, and no
    // point lies above a match rate of 1.
    func isSafe(_ p: (fmr: Double, fnmr: Double), _ q: (fmr: Double, fnmr: Double)) -> Bool {
      if q.fmr == p.fmr { return false }
      let slope = (q.fnmr - p.fnmr) / (q.fmr - p.fmr)
      return q.fnmr + slope * (fmr(count - 1) - q.fmr) <= 0
    }
    // The hull starts on the axis FMR = 0; before it lies the vertical segment from (0, 0).
    var before = (fmr: 0.0, fnmr: 1.0)
    for p in hull {
      let here = rates(p)
      let d0 = before.fmr - before.fnmr
      let d1 = here.fmr - here.fnmr
      if d1 >= 0 {
        guard reachesBottom || isSafe(before, here) else { return nil }
        if d1 == d0 { return before.fmr }
        return before.fmr + -d0 / (d1 - d0) * (here.fmr - before.fmr)
      }
      before = here
    }
    return nil
  }
}
