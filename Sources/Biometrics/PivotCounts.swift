// One pass over all scores counts the non-mated ones against every pivot: exact counts at every
// mated score (AUC, equal error rate, accuracies, ROC) and at a few hundred sampled non-mated
// scores, which bound how many scores any later look between two pivots must collect.
//
// A pivot list of K scores cuts the line into 2K + 1 slots: 2k is the open gap below pivot k, 2k+1
// the pivot itself. A score finds its slot through a table over equal buckets of the pivots' range
// and a short walk; measured faster than sorting by an order of magnitude, and exact.

import Workers

/// Pivots with a bucket table that leads to the neighbourhood of a score in constant time.
struct PivotTable: Sendable {
  /// Ascending, distinct, then +infinity as a stop (a pivot of +infinity itself is the stop).
  let pivots: [Float]
  /// Number of pivots without the stop.
  let count: Int
  let low: Float
  let scale: Float
  /// First pivot of the bucket or a later one, [buckets + 1].
  let bucketStart: [Int32]
  static let buckets = 65536

  /// - Parameter values: any order, duplicates allowed, no NaN.
  init(_ values: [Float]) {
    var distinct: [Float] = []
    for value in values.sorted() where distinct.last != value { distinct.append(value) }
    count = distinct.count
    if distinct.last != .infinity { distinct.append(.infinity) }
    pivots = distinct
    let finite = distinct.filter(\.isFinite)
    let first = finite.first ?? 0
    let width = (finite.last ?? 0) - first
    low = first
    scale =
      width > 0 && width.isFinite
      ? Float(PivotTable.buckets) / width * (1 - 0x1p-20) : 0
    var starts = [Int32](repeating: 0, count: PivotTable.buckets + 1)
    var next = 0
    for bucket in 0...PivotTable.buckets {
      while next < count, Int(PivotTable.bucket(distinct[next], low, scale)) < bucket { next += 1 }
      starts[bucket] = Int32(next)
    }
    bucketStart = starts
  }

  /// Slot of all scores of a bucket that holds no pivot, -1 where they must be told apart, [buckets].
  var slotsOfBuckets: [Int32] {
    (0..<PivotTable.buckets).map { bucket in
      bucketStart[bucket] == bucketStart[bucket + 1] ? 2 * bucketStart[bucket] : -1
    }
  }

  /// Bucket of a score: monotone in the score, so that a pivot in a lower bucket is smaller. NaN
  /// falls into some bucket; memory stays safe and the caller reports it.
  @inline(__always)
  static func bucket(_ score: Float, _ low: Float, _ scale: Float) -> Int32 {
    var x = (score - low) * scale
    x = x > 0 ? x : 0
    x = x < Float(buckets - 1) ? x : Float(buckets - 1)
    // x + 2^23 rounds to an integer that stands in the low mantissa bits.
    return Int32(truncatingIfNeeded: (x + 0x1p23).bitPattern & 0x7F_FFFF)
  }

  /// The same for eight scores.
  @inline(__always)
  static func buckets(_ scores: SIMD8<Float>, _ low: Float, _ scale: Float) -> SIMD8<Int32> {
    var x = (scores - low) * scale
    x = SIMD8<Float>(repeating: 0).replacing(with: x, where: x .> 0)
    let last = SIMD8<Float>(repeating: Float(buckets - 1))
    x = last.replacing(with: x, where: x .< last)
    return unsafeBitCast(x + 0x1p23, to: SIMD8<Int32>.self) & 0x7F_FFFF
  }

  /// Scores whose buckets are computed before they are looked at.
  static let chunk = 512
}

/// Non-mated scores counted against the pivots.
struct PivotCounts: Sendable {
  let table: PivotTable
  /// By row code and by whether the probe has the same code: [2 * code + (same ? 1 : 0)][slot].
  private var slots: [[Int]]

  /// Counts at one population, by pivot ascending.
  struct Cumulative: Sendable {
    /// Scores >= pivot k, [count]; scores > pivot k, [count].
    var atLeast: [Int]
    var above: [Int]
  }

  /// - Throws: `MetricError.scoreIsNaN` with row and column of the first NaN.
  init(_ layout: TrialLayout, table: PivotTable, workers: Int) throws(MetricError) {
    self.table = table
    let width = 2 * table.count + 2
    let cells = 2 * (layout.groups + 1)
    let threads = max(1, min(workers, layout.units))
    // One table of counts per worker; integer sums do not depend on who counted what.
    nonisolated(unsafe) let counts = UnsafeMutablePointer<Int>.allocate(
      capacity: threads * cells * width)
    counts.initialize(repeating: 0, count: threads * cells * width)
    defer { counts.deallocate() }
    // Offset of a column's cell within a row's two: 0 other code, `width` same code.
    let offsets = layout.strata.map { stratum in
      (0...layout.groups).map { code in
        stratum.probeCode.map { Int32($0 == code ? width : 0) }
      }
    }
    nonisolated(unsafe) let buckets = UnsafeMutablePointer<Int32>.allocate(
      capacity: threads * PivotTable.chunk)
    buckets.initialize(repeating: 0, count: threads * PivotTable.chunk)
    defer { buckets.deallocate() }
    nonisolated(unsafe) let nanRow = UnsafeMutablePointer<Int>.allocate(capacity: threads)
    nanRow.initialize(repeating: Int.max, count: threads)
    defer { nanRow.deallocate() }
    table.slotsOfBuckets.withUnsafeBufferPointer { slots in
      table.pivots.withUnsafeBufferPointer { pivots in
        table.bucketStart.withUnsafeBufferPointer { starts in
          concurrently(units: layout.units, workers: threads) { worker, unit in
            let mine = counts + worker * cells * width
            let scratch = buckets + worker * PivotTable.chunk
            for r in layout.rows(ofUnit: unit) {
              let row = layout.rows[r]
              let cell = mine + 2 * row.code * width
              offsets[row.stratum][row.code].withUnsafeBufferPointer { offset in
                var hasNaN = false
                layout.forEachNonMatedStretch(of: row) { columns in
                  let found = countSlots(
                    row.scores, columns, offset.baseAddress!, pivots.baseAddress!,
                    starts.baseAddress!, slots.baseAddress!, low: table.low, scale: table.scale,
                    buckets: scratch, into: cell)
                  hasNaN = hasNaN || found
                }
                if hasNaN { nanRow[worker] = min(nanRow[worker], r) }
              }
            }
          }
        }
      }
    }
    let firstBad = (0..<threads).map { nanRow[$0] }.min() ?? .max
    if firstBad < Int.max { throw .scoreIsNaN(position: layout.positionOfNaN(row: firstBad)) }
    slots = (0..<cells).map { cell in
      (0..<width).map { slot in
        (0..<threads).reduce(0) { $0 + counts[($1 * cells + cell) * width + slot] }
      }
    }
  }

  /// Counts of one population at every pivot.
  func cumulative(_ population: Population) -> Cumulative {
    var cells: [Int]
    switch population {
    case .all: cells = Array(slots.indices)
    case .same(let group): cells = [2 * group + 1]
    case .reference(let group): cells = [2 * group, 2 * group + 1]
    }
    cells.removeAll { $0 >= slots.count }
    var result = Cumulative(
      atLeast: [Int](repeating: 0, count: table.count),
      above: [Int](repeating: 0, count: table.count))
    func sum(_ slot: Int) -> Int { cells.reduce(0) { $0 + slots[$1][slot] } }
    var higher = sum(2 * table.count) + sum(2 * table.count + 1)
    for k in stride(from: table.count - 1, through: 0, by: -1) {
      result.above[k] = higher
      higher += sum(2 * k + 1)
      result.atLeast[k] = higher
      higher += sum(2 * k)
    }
    return result
  }
}

/// Counts the scores of some columns of a row by slot; returns whether one was NaN.
///
/// First the buckets of a few hundred scores, eight at a time, then their slots. Most buckets hold no
/// pivot; only scores of the others are compared with pivots.
@inline(__always)
private func countSlots(
  _ scores: UnsafePointer<Float>, _ columns: Range<Int>, _ offset: UnsafePointer<Int32>,
  _ pivots: UnsafePointer<Float>, _ starts: UnsafePointer<Int32>,
  _ slots: UnsafePointer<Int32>, low: Float, scale: Float, buckets: UnsafeMutablePointer<Int32>,
  into cell: UnsafeMutablePointer<Int>
) -> Bool {
  var nan = SIMDMask<SIMD8<Int32>>(repeating: false)
  var hasNaN = false
  var start = columns.lowerBound
  while start < columns.upperBound {
    let end = min(start + PivotTable.chunk, columns.upperBound)
    var column = start
    while column + 8 <= end {
      let lanes = UnsafeRawPointer(scores + column).loadUnaligned(as: SIMD8<Float>.self)
      nan .|= lanes .!= lanes
      UnsafeMutableRawPointer(buckets + (column - start)).storeBytes(
        of: PivotTable.buckets(lanes, low, scale), as: SIMD8<Int32>.self)
      column += 8
    }
    while column < end {
      hasNaN = hasNaN || scores[column] != scores[column]
      buckets[column - start] = PivotTable.bucket(scores[column], low, scale)
      column += 1
    }
    for column in start..<end {
      var slot = Int(slots[Int(buckets[column - start])])
      if slot < 0 {
        slot = slotAmong(
          pivots, Int(starts[Int(buckets[column - start])]),
          Int(starts[Int(buckets[column - start]) + 1]), scores[column])
      }
      cell[Int(offset[column]) &+ slot] &+= 1
    }
    start = end
  }
  return hasNaN || any(nan)
}

/// Slot of a score whose first pivot at or above it is one of `start` ... `end`.
@inline(never)
private func slotAmong(
  _ pivots: UnsafePointer<Float>, _ start: Int, _ end: Int, _ score: Float
) -> Int {
  var low = start
  var high = end
  while low < high {
    let middle = (low + high) / 2
    if pivots[middle] < score { low = middle + 1 } else { high = middle }
  }
  return 2 * low + (pivots[low] == score ? 1 : 0)
}

extension TrialLayout {
  /// Text for the first NaN of a row.
  func positionOfNaN(row index: Int) -> String {
    let row = rows[index]
    let first = rows.firstIndex { $0.stratum == row.stratum } ?? 0
    let column = (0..<strata[row.stratum].probes).first { row.scores[$0].isNaN } ?? 0
    return "fold \(row.stratum), reference \(index - first), probe \(column)"
  }

  /// Text for the first NaN of all.
  var positionOfFirstNaN: String {
    let row = rows.firstIndex { row in
      (0..<strata[row.stratum].probes).contains { row.scores[$0].isNaN }
    }
    return positionOfNaN(row: row ?? 0)
  }

  /// About `count` non-mated scores at regular positions, ascending; deterministic.
  func sampleOfScores(count: Int) -> [Float] {
    let total = rows.reduce(0) { $0 + strata[$1.stratum].probes }
    // An odd step visits all columns of a matrix with an even number of them.
    let step = max(1, total / count) | 1
    var sample: [Float] = []
    var position = step / 2
    for row in rows {
      let probes = strata[row.stratum].probes
      while position < probes {
        let score = row.scores[position]
        if strata[row.stratum].probeSubject[position] != row.subject, !score.isNaN {
          sample.append(score)
        }
        position += step
      }
      position -= probes
    }
    return sample.sorted()
  }
}

/// Pivots taken from an ascending sample: its quantiles, denser towards the top, where operating
/// points lie.
func pivots(fromSample sample: [Float]) -> [Float] {
  guard !sample.isEmpty else { return [] }
  var values: [Float] = [sample[0], sample[sample.count - 1]]
  for k in 1..<64 { values.append(sample[sample.count * k / 64]) }
  // Ranks from the top, 32 per factor of ten.
  var rank = 1.0
  while rank < Double(sample.count) {
    values.append(sample[sample.count - Int(rank)])
    rank = max(rank + 1, rank * 1.0746)
  }
  return values
}
