// Thresholds that are set on development rows: from non-mated scores alone, since nobody of the
// development set is enrolled. The thresholds of evaluated comparisons are in OperatingPoint.

/// The largest scores of a stream, kept without keeping the stream.
package struct TopScores: Sendable {
  /// How many are kept.
  package let capacity: Int
  /// Scores seen.
  package private(set) var seen = 0
  private var kept: [Float] = []
  private var bound = -Float.infinity

  package init(capacity: Int) {
    self.capacity = max(capacity, 1)
  }

  /// Takes further scores in.
  package mutating func insert(_ scores: UnsafeBufferPointer<Float>) {
    seen += scores.count
    for score in scores where score > bound || kept.count < capacity {
      kept.append(score)
      if kept.count >= 4 * capacity + 1024 { shrink() }
    }
  }

  private mutating func shrink() {
    kept.sort(by: >)
    if kept.count > capacity { kept.removeLast(kept.count - capacity) }
    if kept.count == capacity { bound = kept[capacity - 1] }
  }

  /// The largest scores, descending, at most `capacity`.
  package var largest: [Float] {
    var copy = self
    copy.shrink()
    return copy.kept
  }
}

extension TopScores {
  /// Streams that a threshold for `target` is sought in: room for the false matches of `count`
  /// scores and one more.
  package init(forTarget target: Double, of count: Int) {
    self.init(capacity: Int(target * Double(count)) + 1)
  }

  /// Smallest score seen at which no more than `target` of all scores seen match (the rule
  /// `conservative`); just above the largest score where ties forbid any. Nil below one false match.
  package func threshold(atFMR target: Double) -> Double? {
    let allowed = Int(target * Double(seen))
    let top = largest
    guard allowed >= 1, !top.isEmpty else { return nil }
    guard allowed < top.count else { return Double(top[top.count - 1]) }
    var k = allowed
    while k > 0 && top[k - 1] == top[allowed] { k -= 1 }
    return k > 0 ? Double(top[k - 1]) : Double(top[0].nextUp)
  }
}

/// Type-7 quantile of non-mated scores at 1 - target: the score that a share of `target` exceeds.
///
/// Unlike a threshold it is defined for any number of scores; with fewer than 1 / target it tends to
/// the largest one. Nil for an empty list.
package func nonMatedQuantile(_ scores: UnsafeBufferPointer<Float>, atFMR target: Double)
  -> Double?
{
  guard !scores.isEmpty else { return nil }
  // The quantile lies between two of the largest scores.
  let position = Double(scores.count - 1) * (1 - target)
  let lower = min(Int(position.rounded(.down)), scores.count - 1)
  var top = TopScores(capacity: scores.count - lower)
  top.insert(scores)
  let largest = top.largest
  let a = Double(largest[scores.count - lower - 1])
  let b = lower + 1 < scores.count ? Double(largest[scores.count - lower - 2]) : a
  return interpolate(a, b, position - Double(lower))
}
