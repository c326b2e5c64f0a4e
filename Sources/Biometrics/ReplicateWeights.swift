/// Cumulative weights down a run of non-mated comparisons, computed as far as asked. Sums are kept at
/// the ends of blocks only: writing every one took as long as summing.
final class RunWeights {
  private static let block = 16
  private let references: [Int32]
  private let probes: [Int32]
  /// ends[b]: weight of the first b blocks, valid for b <= known; a last block that is not full has none.
  private let ends: UnsafeMutablePointer<Int>
  private let blocks: Int
  private var known = 0

  init(_ run: NonMatedRun) {
    references = run.references
    probes = run.probes
    blocks = run.count / Self.block
    ends = .allocate(capacity: blocks + 1)
    ends.initialize(repeating: 0, count: blocks + 1)
  }

  deinit { ends.deallocate() }

  /// Comparisons in the run.
  var count: Int { references.count }

  /// Forgets the weights of the previous replicate.
  func reset() { known = 0 }

  /// Weight m_i m_j summed over the first `count` comparisons.
  func weight(ofFirst count: Int, m: UnsafePointer<Int32>) -> Int {
    let full = count / Self.block
    if full > known { extend(to: full, m) }
    var sum = ends[full]
    for i in (full * Self.block)..<count { sum &+= weight(at: i, m: m) }
    return sum
  }

  private func extend(to count: Int, _ m: UnsafePointer<Int32>) {
    // Longer steps than asked cost little and save calls.
    let last = min(blocks, max(count, known + 64))
    references.withUnsafeBufferPointer { references in
      probes.withUnsafeBufferPointer { probes in
        var sum = ends[known]
        for b in known..<last {
          var ofBlock = 0
          for i in (b * Self.block)..<((b + 1) * Self.block) {
            ofBlock &+= Int(m[Int(references[i])]) &* Int(m[Int(probes[i])])
          }
          sum &+= ofBlock
          ends[b + 1] = sum
        }
      }
    }
    known = last
  }

  /// Index of the comparison with which the weight first exceeds `fraction` of `total`, -1 where
  /// nothing exceeds it already; nil when the run ends before.
  func first(exceeding fraction: Double, of total: Int, m: UnsafePointer<Int32>) -> Int? {
    let total = Double(total)
    func exceeds(_ weight: Int) -> Bool { Double(weight) / total > fraction }
    while known < blocks, !exceeds(ends[known]) { extend(to: known + 1, m) }
    let b = partition(known + 1) { exceeds(ends[$0]) }
    if b == 0 { return -1 }
    var sum = ends[b - 1]
    for i in ((b - 1) * Self.block)..<min(b * Self.block, count) {
      sum &+= weight(at: i, m: m)
      if exceeds(sum) { return i }
    }
    return nil
  }

  /// Weight of one comparison.
  func weight(at i: Int, m: UnsafePointer<Int32>) -> Int {
    Int(m[Int(references[i])]) &* Int(m[Int(probes[i])])
  }
}

/// Cumulative weights down the mated scores of a side.
final class MatedWeights {
  private let mated: MatedScores
  /// prefix[i]: weight of the first i mated scores.
  private(set) var prefix: [Int]

  init(_ mated: MatedScores) {
    self.mated = mated
    prefix = [Int](repeating: 0, count: mated.count + 1)
  }

  var total: Int { prefix[mated.count] }

  func load(_ m: UnsafePointer<Int32>) {
    for i in 0..<mated.count { prefix[i + 1] = prefix[i] + Int(m[Int(mated.subjects[i])]) }
  }

  /// Weighted ROC points whose thresholds lie in a stretch of the run.
  func points(
    side: EvaluationSide, run: NonMatedRun, ranks: Range<Int>, weight: RunWeights,
    m: UnsafePointer<Int32>, totals: (mated: Int, nonMated: Int)
  ) -> ROCPoints {
    let isTop = ranks.lowerBound == 0
    let isBottom = side.nonMated.isComplete && ranks.upperBound == run.count
    var points = ROCPoints(
      mated: totals.mated, nonMated: totals.nonMated, reachesTop: isTop, reachesBottom: isBottom)
    if isTop { points.append(threshold: .infinity, falseMatches: 0, trueMatches: 0) }
    let first = isTop ? 0 : mated.count(atLeast: Double(run.scores[ranks.lowerBound - 1]))
    let end =
      isBottom
      ? mated.count
      : ranks.isEmpty ? first : mated.count(atLeast: Double(run.scores[ranks.upperBound - 1]))
    points.merge(
      mated: mated.scores[first..<end].map(Double.init),
      matedWeights: (first..<end).map { Int(m[Int(mated.subjects[$0])]) },
      nonMated: run.scores[ranks].map(Double.init),
      nonMatedWeights: ranks.map { weight.weight(at: $0, m: m) },
      falseMatches: weight.weight(ofFirst: ranks.lowerBound, m: m), trueMatches: prefix[first])
    return points
  }
}
