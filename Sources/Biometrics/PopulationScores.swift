// The non-mated comparisons of one population, as far as anybody has asked for them: exact counts at
// the pivots, a sorted run from the top, and stretches between pivots on request.

/// Non-mated scores of a population. Filled on one thread; read by many once the bootstrap runs.
final class PopulationScores: @unchecked Sendable {
  let population: Population
  let total: Int
  /// Ascending.
  let pivots: ArraySlice<Float>
  let counts: PivotCounts.Cumulative
  /// All comparisons with scores >= `run.lower`, descending.
  private(set) var run = NonMatedRun()
  private let layout: TrialLayout
  private let workers: Int
  let limits: RunLimits

  init(
    _ layout: TrialLayout, _ population: Population, counts: PivotCounts, limits: RunLimits,
    workers: Int
  ) {
    self.limits = limits
    self.layout = layout
    self.population = population
    self.workers = workers
    total = NonMatedTotals(layout) { _ in 1 }[population]
    pivots = counts.table.pivots.prefix(counts.table.count)
    self.counts = counts.cumulative(population)
  }

  /// The run holds every comparison.
  var isComplete: Bool { run.count == total }

  /// Makes the run at least `depth` comparisons long, or complete; false when that needs a run
  /// longer than `limit`.
  @discardableResult
  func extendRun(toDepth depth: Int, limit: Int) -> Bool {
    if run.count >= min(depth, total) { return true }
    // The highest pivot with enough scores at or above it.
    let k = partition(counts.atLeast.count) { counts.atLeast[$0] < depth } - 1
    return extend(toPivot: k, limit: limit)
  }

  /// Makes the run reach down to `score`; false when that needs a run longer than `limit`.
  @discardableResult
  func extendRun(toScore score: Double, limit: Int) -> Bool {
    if isComplete || Double(run.lower) <= score { return true }
    return extend(toPivot: partition(pivots.count) { Double(pivots[$0]) > score } - 1, limit: limit)
  }

  /// Collects everything down to a pivot; -1: everything.
  private func extend(toPivot k: Int, limit: Int) -> Bool {
    let isWhole = k < 0 || total <= limits.whole
    guard isWhole ? total <= max(limit, limits.whole) : counts.atLeast[k] <= limit else {
      return false
    }
    run = NonMatedRun(
      layout, population, lower: isWhole ? -.infinity : pivots[k], workers: workers)
    return true
  }

  /// Number of scores >= `threshold`, where the run or the pivots tell.
  func count(atLeast threshold: Double) -> Int {
    if isComplete || threshold >= Double(run.lower) { return run.count(atLeast: threshold) }
    // First pivot at or above the threshold.
    let k = partition(pivots.count) { Double(pivots[$0]) >= threshold }
    if k < pivots.count, Double(pivots[k].nextDown) < threshold { return counts.atLeast[k] }
    // Between two pivots: collect what lies there.
    let lower = k > 0 ? pivots[k - 1] : -.infinity
    let upper = k < pivots.count ? pivots[k] : nil
    let between = NonMatedRun(
      layout, population, lower: lower, upper: upper, withSubjects: false, workers: workers)
    return (k < pivots.count ? counts.atLeast[k] : 0) + between.count(atLeast: threshold)
  }

  /// A stretch of the sorted scores that covers ranks `ranks` (0: the largest) and ends between
  /// distinct values.
  func window(_ ranks: Range<Int>) -> ScoreWindow {
    if ranks.upperBound <= run.count || isComplete { return run.window(ranks, total: total) }
    // Pivots on both sides; what lies between is collected.
    let upper =
      ranks.lowerBound == 0
      ? pivots.count : partition(pivots.count) { counts.atLeast[$0] <= ranks.lowerBound }
    let lower =
      ranks.upperBound == total
      ? -1 : partition(pivots.count) { counts.atLeast[$0] < ranks.upperBound } - 1
    let collected = NonMatedRun(
      layout, population, lower: lower >= 0 ? pivots[lower] : -.infinity,
      upper: upper < pivots.count ? pivots[upper] : nil, withSubjects: false, workers: workers)
    return ScoreWindow(
      scores: collected.scores, rank: upper < pivots.count ? counts.atLeast[upper] : 0,
      upper: upper < pivots.count ? Double(pivots[upper]) : nil,
      lower: lower >= 0 ? Double(pivots[lower]) : nil)
  }

  /// Error sums by subject for what no run can hold (see `SubjectSums`).
  func subjectSums<Value: ScoreValue>(_ value: Value) -> SubjectSums {
    SubjectSums(layout, population, value: value, workers: workers)
  }
}

/// First index of 0 ..< count for which the monotone predicate holds; `count` when none.
@inline(__always)
package func partition(_ count: Int, _ predicate: (Int) -> Bool) -> Int {
  var low = 0
  var high = count
  while low < high {
    let middle = (low + high) / 2
    if predicate(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}

/// Consecutive sorted scores: all those in [lower, upper).
struct ScoreWindow {
  /// Descending.
  var scores: [Float]
  /// Number of scores above the window.
  var rank: Int
  /// Exclusive; nil: the window begins with the largest score.
  var upper: Double?
  /// Inclusive; nil: the window ends with the smallest score.
  var lower: Double?
}

extension NonMatedRun {
  /// Ranks widened to where the score changes, clipped to the run.
  func widened(_ ranks: Range<Int>) -> Range<Int> {
    var first = min(max(ranks.lowerBound, 0), max(count - 1, 0))
    var end = min(max(ranks.upperBound, first), count)
    while first > 0, scores[first - 1] == scores[first] { first -= 1 }
    while end > 0, end < count, scores[end] == scores[end - 1] { end += 1 }
    return first..<end
  }

  func window(_ ranks: Range<Int>, total: Int) -> ScoreWindow {
    let ranks = widened(ranks)
    return ScoreWindow(
      scores: Array(scores[ranks]), rank: ranks.lowerBound,
      upper: ranks.lowerBound > 0 ? Double(scores[ranks.lowerBound - 1]) : nil,
      lower: ranks.upperBound == total ? nil : Double(scores[ranks.upperBound - 1]))
  }
}
