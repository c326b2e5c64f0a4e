import Biometrics
import Kernels
import Testing

@Suite struct ErrorRangeTests {
  private static let rounding = 0.02

  /// The trials with every score moved by at most `rounding`, at random.
  private func moved(_ trials: TrialSet, seed: UInt64) -> TrialSet {
    var random = CounterRNG(seed: seed, purpose: .syntheticDataset)
    var moved = trials
    for (s, stratum) in trials.strata.enumerated() {
      moved.strata[s].blocks = stratum.blocks.map { block in
        ScoreMatrix(rows: block.rows, columns: block.columns) { target in
          for i in 0..<block.rows {
            for (j, score) in block[row: i].enumerated() {
              target[i * block.columns + j] =
                score + Float((2 * random.uniform() - 1) * Self.rounding * 0.99)
            }
          }
        }
      }
    }
    return moved
  }

  private func rates(_ trials: TrialSet, rounding: Double = Self.rounding) throws -> [MetricValue] {
    var request = EvaluationRequest(conventions: [.default], targets: [0.02])
    request.quantities = [.fnmr]
    request.scoreRounding = rounding
    return try evaluate(trials, request).measurements.filter { $0.quantity == .fnmr }
  }

  /// Whatever scores become within their rounding, the errors stay in the range, and they do move.
  @Test func errorsOfMovedScoresStayInTheRange() throws {
    var changes = 0
    for seed in 1...8 {
      let trials = RandomTrials(seed: UInt64(seed), subjects: 60, separation: 2).trials
      let all = try #require(try rates(trials).first { $0.group == "all" })
      let range = try #require(all.errorRange)
      let errors = try #require(all.numerator)
      #expect(range.fewest <= errors && errors <= range.most)
      for other in 0..<20 {
        let found = try rates(moved(trials, seed: UInt64(100 * seed + other)), rounding: 0)
        let count = try #require(found.first { $0.group == "all" }?.numerator)
        #expect((range.fewest...range.most).contains(count), "seed \(seed)")
        if count != errors { changes += 1 }
      }
    }
    #expect(changes > 20, "the case must move errors to show anything")
  }

  @Test func scoresWithoutRoundingLeaveNothingOpen() throws {
    let trials = RandomTrials(seed: 3, subjects: 30).trials
    #expect(try rates(trials, rounding: 0).allSatisfy { $0.errorRange == nil })
    #expect(try rates(trials).contains { $0.group == "male" && $0.errorRange != nil })
  }

  @Test func rangesOfRepeatsAddUp() {
    let (a, b) = (ErrorRange(fewest: 1, most: 3), ErrorRange(fewest: 4, most: 4))
    #expect(ErrorRange.sum([a, b]) == ErrorRange(fewest: 5, most: 7))
    #expect(ErrorRange.sum([a, nil]) == nil && ErrorRange.sum([]) == nil)
  }
}
