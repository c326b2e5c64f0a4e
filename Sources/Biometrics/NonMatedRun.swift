// Non-mated comparisons of a population within a range of scores, sorted, with their subjects: what
// the subject bootstrap walks down and where exact thresholds are read off.

import Workers

/// Non-mated comparisons with scores in [lower, upper), descending.
struct NonMatedRun: Sendable {
  var scores: [Float] = []
  var references: [Int32] = []
  var probes: [Int32] = []
  /// Every score >= `lower` (and below the upper limit) is here.
  var lower: Float = .infinity
  /// Some score that the pass looked at was NaN.
  var hasNaN = false

  var count: Int { scores.count }

  /// Number of scores >= `threshold`.
  func count(atLeast threshold: Double) -> Int {
    partition(scores.count) { Double(scores[$0]) < threshold }
  }
}

extension NonMatedRun {
  /// Collects a run in one pass over the scores of the population.
  ///
  /// - Parameters:
  ///   - upper: exclusive; nil: no limit.
  ///   - withSubjects: false leaves `references` and `probes` empty.
  init(
    _ layout: TrialLayout, _ population: Population, lower: Float, upper: Float? = nil,
    withSubjects: Bool = true, workers: Int
  ) {
    let units = layout.units
    var parts = [NonMatedRun](repeating: NonMatedRun(), count: units)
    parts.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let parts = buffer
      concurrently(units: units, workers: workers) { _, unit in
        var part = NonMatedRun()
        for r in layout.rows(ofUnit: unit) {
          let row = layout.rows[r]
          if let group = population.group, row.code != group { continue }
          let stratum = layout.strata[row.stratum]
          let onlyCode: UInt8? = if case .same(let group) = population { UInt8(group) } else { nil }
          layout.forEachNonMatedStretch(of: row) { columns in
            part.hasNaN =
              forEachScore(row.scores, columns, atLeast: lower) { column, score in
                if let upper, !(score < upper) { return }
                if let onlyCode, stratum.probeCode[column] != onlyCode { return }
                part.scores.append(score)
                if withSubjects {
                  part.references.append(row.subject)
                  part.probes.append(stratum.probeSubject[column])
                }
              } || part.hasNaN
          }
        }
        parts[unit] = part
      }
    }
    // Parts in order of rows, then a stable sort: the order of ties is that of the matrix.
    let total = parts.reduce(0) { $0 + $1.count }
    var scores: [Float] = []
    scores.reserveCapacity(total)
    for part in parts { scores += part.scores }
    let order = descendingOrder(scores)
    self.lower = lower
    hasNaN = parts.contains { $0.hasNaN }
    self.scores = order.map { scores[Int($0)] }
    if withSubjects {
      var labels: [Int32] = []
      labels.reserveCapacity(total)
      for part in parts { labels += part.references }
      references = order.map { labels[Int($0)] }
      labels.removeAll(keepingCapacity: true)
      for part in parts { labels += part.probes }
      probes = order.map { labels[Int($0)] }
    }
  }
}

/// Calls `body` for every score >= `lower`, skipping sixteen at a time where none is; returns whether
/// a score was NaN.
@inline(__always)
private func forEachScore(
  _ scores: UnsafePointer<Float>, _ columns: Range<Int>, atLeast lower: Float,
  _ body: (Int, Float) -> Void
) -> Bool {
  var column = columns.lowerBound
  let limit = SIMD16<Float>(repeating: lower)
  var nan = SIMDMask<SIMD16<Int32>>(repeating: false)
  while column + 16 <= columns.upperBound {
    let lanes = UnsafeRawPointer(scores + column).loadUnaligned(as: SIMD16<Float>.self)
    nan .|= lanes .!= lanes
    if any(lanes .>= limit) {
      for lane in 0..<16 where lanes[lane] >= lower { body(column + lane, lanes[lane]) }
    }
    column += 16
  }
  var hasNaN = any(nan)
  while column < columns.upperBound {
    hasNaN = hasNaN || scores[column].isNaN
    if scores[column] >= lower { body(column, scores[column]) }
    column += 1
  }
  return hasNaN
}

/// Positions of `scores` in descending order, ties in their order: a radix sort, three passes of
/// eleven bits over the bit pattern made monotone.
func descendingOrder(_ scores: [Float]) -> [UInt32] {
  // Ascending keys for descending scores; -0 and +0 are one value.
  let keys = scores.map { score -> UInt32 in
    let bits = score == 0 ? 0 : score.bitPattern
    return bits & 0x8000_0000 == 0 ? ~bits & 0x7FFF_FFFF : bits
  }
  var order = (0..<UInt32(scores.count)).map { $0 }
  var target = order
  for pass in 0..<3 {
    let shift = UInt32(11 * pass)
    var next = [Int](repeating: 0, count: 2049)
    for key in keys { next[Int(key &>> shift & 2047) + 1] += 1 }
    for digit in 0..<2048 { next[digit + 1] += next[digit] }
    for index in order {
      let digit = Int(keys[Int(index)] &>> shift & 2047)
      target[next[digit]] = index
      next[digit] += 1
    }
    swap(&order, &target)
  }
  return order
}
