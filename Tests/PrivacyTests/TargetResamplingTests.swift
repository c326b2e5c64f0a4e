import AttackReports
import Privacy
import Testing

@Suite struct TargetResamplingTests {
  private func resampling(_ isFirst: [Bool], seed: UInt64 = 1) -> TargetResampling {
    TargetResampling(isFirst: isFirst, replicates: 400, permutations: 400, seed: seed)
  }

  @Test func intervalsHoldTheirValueAndDependOnlyOnTheSeed() {
    var stream = NormalStream(2)
    let isFirst = (0..<60).map { $0 % 3 == 0 }
    let values = isFirst.map { stream.next() + ($0 ? 0.8 : 0) }
    let a = resampling(isFirst).areaEstimate(values)
    #expect(a.lower < a.value && a.value < a.upper)
    #expect(a == resampling(isFirst).areaEstimate(values))
    #expect(a.lower != resampling(isFirst, seed: 2).areaEstimate(values).lower)
  }

  @Test func perfectSeparationHasNoSpread() {
    let isFirst = [true, true, false, false, false]
    let area = resampling(isFirst).areaEstimate([5, 4, 3, 2, 1])
    #expect(area == Estimate(value: 1, lower: 1, upper: 1))
    let decisions = resampling(isFirst).accuracyEstimate(predictsFirst: isFirst)
    #expect(decisions == Estimate(value: 1, lower: 1, upper: 1))
  }

  /// The width of a bootstrap interval of an AUC near 0.5 is about 2 · 1.96 sqrt((n0+n1+1)/(12 n0 n1)).
  @Test func widthIsThatOfTheMannWhitneyStatistic() {
    var stream = NormalStream(8)
    let isFirst = (0..<400).map { $0 < 200 }
    let area = resampling(isFirst).areaEstimate(stream.list(400))
    let expected = 2 * 1.96 * (401.0 / (12 * 200 * 200)).squareRoot()
    #expect(abs((area.upper - area.lower) / expected - 1) < 0.2)
  }

  @Test func twoSidedFoldsAtChance() {
    let below = Estimate(value: 0.2, lower: 0.1, upper: 0.3).twoSided
    #expect(abs(below.value - 0.8) < 1e-15 && abs(below.lower - 0.7) < 1e-15)
    #expect(abs(below.upper - 0.9) < 1e-15)
    let across = Estimate(value: 0.45, lower: 0.3, upper: 0.55).twoSided
    #expect(across.lower == 0.5 && abs(across.upper - 0.7) < 1e-15)
  }

  @Test func permutationsTellSignalFromNoise() {
    var stream = NormalStream(4)
    let isFirst = (0..<80).map { $0 % 2 == 0 }
    let noise = stream.list(80)
    let draws = resampling(isFirst)
    let signal = zip(noise, isFirst).map { $0 + ($1 ? 1.5 : 0) }
    func p(_ values: [Double]) -> Double {
      permutationPValue(
        observed: abs(areaUnderCurve(values, isFirst: isFirst) - 0.5),
        permuted: draws.permutedSeparations(values))
    }
    #expect(p(signal) == 1.0 / 401)
    #expect(p(noise) > 0.05)
    // Constant values are as extreme under every permutation.
    #expect(p(noise.map { _ in 0 }) == 1)
  }

  @Test func collapsedDecisionsAreChanceUnderEveryPermutation() {
    let isFirst = (0..<20).map { $0 < 7 }
    let draws = resampling(isFirst)
    let all = [Bool](repeating: true, count: 20)
    #expect(draws.permutedBalancedAccuracies(predictsFirst: all).allSatisfy { $0 == 0.5 })
    #expect(draws.accuracyEstimate(predictsFirst: all).upper == 0.5)
  }
}
