/// Cumulative weights down a run of non-mated comparisons, computed as far as asked.
final class RunWeights {
  private let references: [Int32]
  private let probes: [Int32]
  /// prefix[i]: weight of the first i comparisons, valid for i <= known.
  private let prefix: UnsafeMutablePointer<Int>
  private var known = 0

  init(_ run: NonMatedRun) {
    references = run.references
    probes = run.probes
    prefix = .allocate(capacity: run.count + 1)
    prefix.initialize(repeating: 0, count: run.count + 1)
  }

  deinit { prefix.deallocate() }

  /// Comparisons in the run.
  var count: Int { references.count }

  /// Forgets the weights of the previous replicate.
  func reset() { known = 0 }

  /// Weight m_i m_j summed over the first `count` comparisons.
  @inline(__always)
  func weight(ofFirst count: Int, m: UnsafePointer<Int32>) -> Int {
    if count > known { extend(to: count, m) }
    return prefix[count]
  }

  private func extend(to count: Int, _ m: UnsafePointer<Int32>) {
    // Longer steps than asked cost little and save calls.
    let end = min(references.count, max(count, known + 1024))
    references.withUnsafeBufferPointer { references in
      probes.withUnsafeBufferPointer { probes in
        var sum = prefix[known]
        for i in known..<end {
          sum &+= Int(m[Int(references[i])]) &* Int(m[Int(probes[i])])
          prefix[i + 1] = sum
        }
      }
    }
    known = end
  }

  /// Index of the comparison with which the weight first exceeds `fraction` of `total`; nil when
  /// the run ends before.
  func first(exceeding fraction: Double, of total: Int, m: UnsafePointer<Int32>) -> Int? {
    let total = Double(total)
    while Double(prefix[known]) / total <= fraction {
      if known == references.count { return nil }
      extend(to: known + 1, m)
    }
    return partition(known + 1) { Double(prefix[$0]) / total > fraction } - 1
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
