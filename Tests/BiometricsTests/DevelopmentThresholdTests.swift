import Biometrics
import Kernels
import Testing

@Suite struct DevelopmentThresholdTests {
  private func scores(_ count: Int, seed: UInt64, levels: Int? = nil) -> [Float] {
    var rng = CounterRNG(seed: seed, purpose: .syntheticDataset)
    return (0..<count).map { _ in
      levels.map { Float(rng.index(below: $0)) } ?? Float(rng.uniform())
    }
  }

  private func threshold(_ scores: [Float], _ target: Double, pieces: Int = 7) -> Double? {
    var top = TopScores(forTarget: target, of: scores.count)
    for start in stride(from: 0, to: scores.count, by: pieces) {
      Array(scores[start..<min(start + pieces, scores.count)]).withUnsafeBufferPointer {
        top.insert($0)
      }
    }
    return top.threshold(atFMR: target)
  }

  /// Smallest score at which no more than the target match, tried one by one.
  private func naive(_ scores: [Float], _ target: Double) -> Double? {
    let allowed = target * Double(scores.count)
    guard allowed >= 1 else { return nil }
    let fitting = Set(scores).filter { t in Double(scores.count { $0 >= t }) <= allowed }
    return fitting.min().map(Double.init) ?? scores.max().map { Double($0.nextUp) }
  }

  @Test(arguments: [10, 999, 5000], [nil, 4, 40] as [Int?])
  func thresholdIsTheSmallestThatMeetsTheTarget(count: Int, levels: Int?) {
    for (seed, target) in [0.001, 0.01, 0.1, 0.5, 0.9999].enumerated() {
      let values = scores(count, seed: UInt64(seed), levels: levels)
      #expect(threshold(values, target) == naive(values, target), "\(count) \(target)")
    }
  }

  @Test func tiesAtTheTopForbidAnyMatch() {
    #expect(threshold([1, 1, 1, 0], 0.5) == Double(Float(1).nextUp))
  }

  @Test func onlyTheLargestScoresAreKept() {
    var top = TopScores(capacity: 3)
    (0..<100_000).map { Float($0) }.withUnsafeBufferPointer { top.insert($0) }
    #expect(top.largest == [99_999, 99_998, 99_997])
    #expect(top.seen == 100_000)
  }

  @Test(arguments: [1, 2, 10, 1000, 1001])
  func quantileIsThatOfTheSortedScores(count: Int) {
    let values = scores(count, seed: 9)
    let sorted = values.map(Double.init).sorted()
    for target in [0.001, 0.01, 0.25, 0.9] {
      let found = values.withUnsafeBufferPointer { nonMatedQuantile($0, atFMR: target) }
      #expect(abs(found! - quantile(1 - target, ofSorted: sorted)) < 1e-12)
    }
    #expect([Float]().withUnsafeBufferPointer { nonMatedQuantile($0, atFMR: 0.1) } == nil)
  }

  @Test func rejectingEverybodyHasNoInterval() throws {
    let scenario = (0..<40).map { Float($0 % 7) }
    let trials = TrialSet(
      strata: [
        TrialStratum(
          blocks: [ScoreMatrix(scores: scenario, rows: 4, columns: 10)],
          referenceSubject: [0, 1, 2, 3], probeSubject: [0, 0, 0, 1, 1, 2, 2, 3, 3, 3],
          ownColumn: [0, 3, 5, 7])
      ], subjectGroup: [0, 1, 0, 1])
    let draws = BootstrapDraws(replicates: 100) { replicate, m in
      m.update(repeating: 0)
      var rng = CounterRNG(seed: 1, purpose: .bootstrap, step: UInt32(replicate))
      for _ in 0..<4 { m[rng.index(below: 4)] += 1 }
    }
    let found = try evaluate(trials, EvaluationRequest(targets: [0.2], bootstrap: draws))
    let constant = found.measurements.filter { $0.rule == "reject-all" }
    #expect(constant.count == 2)
    #expect(constant.allSatisfy { $0.value != nil && $0.lower == nil && $0.replicates == nil })
    #expect(found.measurements.contains { $0.rule == "best" && $0.lower != nil })
  }
}
