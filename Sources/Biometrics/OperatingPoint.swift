// FNMR at a fixed FMR (definitions 1.3). The rules agree within a step or two of the ROC when there
// are many comparisons and differ widely when there are few.

/// How an operating point is chosen for an FMR target.
public enum OperatingPointRule: String, Codable, Hashable, Sendable, CaseIterable {
  /// Smallest observed threshold with FMR <= target (bob.measure's `far_threshold`).
  case conservative
  /// ROC point with the FMR nearest to the target; the first walking down from +infinity.
  case nearest
  /// The same on the ROC thinned as scikit-learn does by default (the official `evaluate.py`).
  case nearestDrop = "nearest_drop"
  /// Linear in FMR between the last point with FMR <= target and the next point.
  case interpolated
  /// Threshold at the type-7 quantile of the non-mated scores at 1 - target (NIST style).
  case quantile
}

/// A threshold with the rates reached there.
public struct OperatingPoint: Sendable, Equatable {
  /// Match when `score >= threshold`; nil where the rule interpolates between two thresholds.
  public let threshold: Double?
  /// FMR reached, not the target (the interpolated rule reaches its target by definition).
  public let fmr: Double
  public let fnmr: Double
  /// Errors behind the rates; nil where the rule interpolates.
  public let falseMatches: Int?
  public let falseNonMatches: Int?
}

/// Operating point at an FMR target by one of the rules.
///
/// ```swift
/// let point = try operatingPoint(atFMR: 0.001, mated: mated, nonMated: nonMated)
/// print(point.fnmr, "at a reached FMR of", point.fmr)
/// ```
///
/// - Parameters:
///   - target: fraction in (0, 1), e.g. 0.001.
///   - mated, nonMated: scores in any order, at least one each.
/// - Throws: `MetricError`. A target below 1 / nonMated.count is answered (usually with FMR 0 and
///   a threshold above all non-mated scores); whether it can be measured is the caller's decision.
/// - Complexity: O((m + n) log(m + n)).
public func operatingPoint(
  atFMR target: Double, mated: [Double], nonMated: [Double],
  rule: OperatingPointRule = .conservative
) throws(MetricError) -> OperatingPoint {
  guard target > 0 && target < 1 else { throw .targetOutOfRange(target) }
  let points = try ROCPoints(mated: mated, nonMated: nonMated)
  // The whole ROC answers every rule.
  return points.operatingPoint(atFMR: target, rule: rule)!
}

/// FNMR at a fixed FMR: the `fnmr` of `operatingPoint(atFMR:mated:nonMated:rule:)`.
///
/// - Throws: also `MetricError.targetBelowResolution` when `target` is below 1 / nonMated.count.
public func fnmr(
  atFMR target: Double, mated: [Double], nonMated: [Double],
  rule: OperatingPointRule = .conservative
) throws(MetricError) -> Double {
  guard nonMated.isEmpty || Double(1) / Double(nonMated.count) <= target else {
    throw .targetBelowResolution(target: target, nonMated: nonMated.count)
  }
  return try operatingPoint(atFMR: target, mated: mated, nonMated: nonMated, rule: rule).fnmr
}

extension ROCPoints {
  /// Operating point at an FMR target; nil when the run of points does not reach far enough.
  package func operatingPoint(atFMR target: Double, rule: OperatingPointRule) -> OperatingPoint? {
    // Points 0 ..< next have FMR <= target.
    let next = countWithFMR(atMost: target)
    guard next > 0, next < count || reachesBottom else { return nil }
    switch rule {
    case .conservative: return point(next - 1)
    case .nearest: return nearest(target, next: next)
    case .nearestDrop: return nearestThinned(target, next: next)
    case .interpolated: return interpolated(target, next: next)
    case .quantile: return atQuantile(1 - target)
    }
  }

  /// Point `k` as an operating point.
  package func point(_ k: Int) -> OperatingPoint {
    OperatingPoint(
      threshold: thresholds[k], fmr: fmr(k), fnmr: fnmr(k), falseMatches: falseMatches[k],
      falseNonMatches: mated - trueMatches[k])
  }

  /// First point with as many false matches as point `k`; nil when it may lie above the run.
  private func firstWithFMR(of k: Int) -> Int? {
    let first = partition { falseMatches[$0] >= falseMatches[k] }
    return first > 0 || reachesTop ? first : nil
  }

  private func nearest(_ target: Double, next: Int) -> OperatingPoint? {
    guard let below = firstWithFMR(of: next - 1) else { return nil }
    guard next < count else { return point(below) }
    return point(target - fmr(below) <= fmr(next) - target ? below : next)
  }

  private func nearestThinned(_ target: Double, next: Int) -> OperatingPoint? {
    guard let last = kept(from: next - 1, by: -1), let first = firstWithFMR(of: last),
      let below = kept(from: first, by: 1)
    else { return nil }
    if next == count { return reachesBottom ? point(below) : nil }
    guard let above = kept(from: next, by: 1) else { return nil }
    return point(target - fmr(below) <= fmr(above) - target ? below : above)
  }

  /// The nearest point that thinning keeps, in steps of 1 or -1; nil as soon as the run ends.
  private func kept(from k: Int, by step: Int) -> Int? {
    var k = k
    while k >= 0 && k < count {
      guard let isKept = isKeptWhenThinned(k) else { return nil }
      if isKept { return k }
      k += step
    }
    return nil
  }

  private func interpolated(_ target: Double, next: Int) -> OperatingPoint {
    let k = next - 1
    var rate = fnmr(k)
    if fmr(k) != target && next < count {
      let a = (target - fmr(k)) / (fmr(next) - fmr(k))
      rate += a * (fnmr(next) - fnmr(k))
    }
    return OperatingPoint(
      threshold: nil, fmr: target, fnmr: rate, falseMatches: nil, falseNonMatches: nil)
  }

  /// Rates at the type-7 quantile `q` of the non-mated scores.
  private func atQuantile(_ q: Double) -> OperatingPoint? {
    let position = Double(nonMated - 1) * q
    let lower = Int(position.rounded(.down))
    let fraction = position - Double(lower)
    // Ascending position i is descending rank nonMated - i.
    guard let a = nonMatedScore(rank: nonMated - lower) else { return nil }
    var t = a
    if lower + 1 < nonMated {
      guard let b = nonMatedScore(rank: nonMated - lower - 1) else { return nil }
      t = interpolate(a, b, fraction)
    }
    // Last point with threshold >= t.
    let k = partition { thresholds[$0] < t } - 1
    guard k >= 0, k + 1 < count || reachesBottom else { return nil }
    return OperatingPoint(
      threshold: t, fmr: fmr(k), fnmr: fnmr(k), falseMatches: falseMatches[k],
      falseNonMatches: mated - trueMatches[k])
  }

  /// The non-mated score of descending rank `rank` (1: the largest).
  private func nonMatedScore(rank: Int) -> Double? {
    let k = partition { falseMatches[$0] >= rank }
    guard k < count, k > 0 || reachesTop else { return nil }
    return thresholds[k]
  }
}
