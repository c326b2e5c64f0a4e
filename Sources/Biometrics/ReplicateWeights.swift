/// Multiplicities of the subjects in several replicates, which walk down the runs together: what is
/// read once for all of them makes the bootstrap's longest loop three times as fast.
final class DrawnSubjects {
  /// Replicates that are drawn together.
  static let lanes = 16
  typealias Lanes = SIMD16<UInt8>
  /// Largest multiplicity with which the products of a block fit into 16 bits.
  private static let largest = 63
  fileprivate let bySubject: UnsafeMutablePointer<Lanes>
  private let subjects: Int
  /// Some subject is drawn so often that lanes would overflow; their sums are made one at a time.
  fileprivate private(set) var isWide = false
  /// The same numbers without limit, replicate by replicate; [lanes, subjects].
  private let byReplicate: UnsafeMutableBufferPointer<Int32>

  init(subjects: Int) {
    self.subjects = subjects
    bySubject = .allocate(capacity: max(subjects, 1))
    bySubject.initialize(repeating: .zero, count: max(subjects, 1))
    byReplicate = .allocate(capacity: max(subjects, 1) * Self.lanes)
    byReplicate.initialize(repeating: 0)
  }

  deinit {
    bySubject.deallocate()
    byReplicate.deallocate()
  }

  /// Draws up to `lanes` replicates; lanes without one are empty.
  func draw(_ replicates: ArraySlice<Int>, _ draws: BootstrapDraws) {
    isWide = false
    for lane in 0..<Self.lanes {
      let m = UnsafeMutableBufferPointer(rebasing: byReplicate[range(lane)])
      if lane < replicates.count {
        draws.multiplicities(replicates[replicates.startIndex + lane], m)
      } else {
        m.update(repeating: 0)
      }
      for s in 0..<subjects {
        bySubject[s][lane] = UInt8(truncatingIfNeeded: m[s])
        if m[s] > Self.largest { isWide = true }
      }
    }
  }

  /// Multiplicities of one replicate, [subjects].
  func multiplicities(_ lane: Int) -> UnsafePointer<Int32> {
    UnsafePointer(byReplicate.baseAddress! + lane * subjects)
  }

  private func range(_ lane: Int) -> Range<Int> {
    (lane * subjects)..<((lane + 1) * subjects)
  }
}

/// Cumulative weights down a run of non-mated comparisons in every drawn replicate, computed as far as
/// asked. Sums are kept at the ends of blocks only: writing every one would take as long as summing.
final class RunWeights {
  private static let block = 16
  private let references: [Int32]
  private let probes: [Int32]
  private let drawn: DrawnSubjects
  /// ends[b][lane]: weight of the first b blocks, valid for b <= known; a last block that is not full
  /// has none.
  private let ends: UnsafeMutablePointer<SIMD16<Int>>
  private let blocks: Int
  private var known = 0
  /// The replicate that is asked about, and its multiplicities.
  private var lane = 0
  private var m: UnsafePointer<Int32>

  init(_ run: NonMatedRun, _ drawn: DrawnSubjects) {
    references = run.references
    probes = run.probes
    self.drawn = drawn
    m = drawn.multiplicities(0)
    blocks = run.count / Self.block
    ends = .allocate(capacity: blocks + 1)
    ends.initialize(repeating: .zero, count: blocks + 1)
  }

  deinit { ends.deallocate() }

  /// Comparisons in the run.
  var count: Int { references.count }

  /// Forgets the weights of the previous replicates.
  func reset() { known = 0 }

  /// Turns to one of the drawn replicates.
  func select(_ lane: Int) {
    self.lane = lane
    m = drawn.multiplicities(lane)
  }

  /// Weight m_i m_j summed over the first `count` comparisons.
  func weight(ofFirst count: Int) -> Int {
    let full = count / Self.block
    if full > known { extend(to: full) }
    var sum = ends[full][lane]
    for i in (full * Self.block)..<count { sum &+= weight(at: i) }
    return sum
  }

  private func extend(to count: Int) {
    // Longer steps than asked cost little and save calls.
    let last = min(blocks, max(count, known + 64))
    let bySubject = drawn.bySubject
    references.withUnsafeBufferPointer { references in
      probes.withUnsafeBufferPointer { probes in
        var sum = ends[known]
        for b in known..<last {
          let comparisons = (b * Self.block)..<((b + 1) * Self.block)
          if drawn.isWide {
            for lane in 0..<DrawnSubjects.lanes {
              let m = drawn.multiplicities(lane)
              for i in comparisons {
                sum[lane] &+= Int(m[Int(references[i])]) &* Int(m[Int(probes[i])])
              }
            }
          } else {
            var ofBlock = SIMD16<UInt16>.zero
            for i in comparisons {
              let reference = SIMD16<UInt16>(truncatingIfNeeded: bySubject[Int(references[i])])
              let probe = SIMD16<UInt16>(truncatingIfNeeded: bySubject[Int(probes[i])])
              ofBlock &+= reference &* probe
            }
            sum &+= SIMD16<Int>(truncatingIfNeeded: ofBlock)
          }
          ends[b + 1] = sum
        }
      }
    }
    known = last
  }

  /// Index of the comparison with which the weight first exceeds `fraction` of `total`, -1 where
  /// nothing exceeds it already; nil when the run ends before.
  func first(exceeding fraction: Double, of total: Int) -> Int? {
    let total = Double(total)
    func exceeds(_ weight: Int) -> Bool { Double(weight) / total > fraction }
    while known < blocks, !exceeds(ends[known][lane]) { extend(to: known + 1) }
    let b = partition(known + 1) { exceeds(ends[$0][lane]) }
    if b == 0 { return -1 }
    var sum = ends[b - 1][lane]
    for i in ((b - 1) * Self.block)..<min(b * Self.block, count) {
      sum &+= weight(at: i)
      if exceeds(sum) { return i }
    }
    return nil
  }

  /// Weight of one comparison.
  func weight(at i: Int) -> Int { Int(m[Int(references[i])]) &* Int(m[Int(probes[i])]) }
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
      nonMatedWeights: ranks.map { weight.weight(at: $0) },
      falseMatches: weight.weight(ofFirst: ranks.lowerBound), trueMatches: prefix[first])
    return points
  }
}
