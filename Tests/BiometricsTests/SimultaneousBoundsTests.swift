import Biometrics
import Kernels
import Testing

@Suite struct SimultaneousBoundsTests {
  private struct Normals {
    var rng: CounterRNG
    mutating func next() -> Double { normalQuantile(max(rng.uniform(), 1e-300)) }
  }

  /// Estimates of `truths` with standard errors 0.1, 0.2, … that share half of their variance, and
  /// replicates around them of the same law.
  private func sample(_ truths: [Double], seed: UInt64, draws: Int) -> (
    estimates: [Double], replicates: [[Double]]
  ) {
    var normals = Normals(rng: CounterRNG(seed: seed, purpose: .bootstrap))
    func deviations() -> [Double] {
      let shared = normals.next()
      return truths.indices.map { k in
        0.1 * Double(1 + k % 3) * (shared + normals.next()) / 2.0.squareRoot()
      }
    }
    let estimates = zip(truths, deviations()).map { $0 + $1 }
    var replicates = truths.map { _ in [Double]() }
    for _ in 0..<draws {
      for (k, deviation) in deviations().enumerated() {
        replicates[k].append(estimates[k] + deviation)
      }
    }
    return (estimates, replicates)
  }

  /// Brute force: in 1,000 worlds the bounds hold for all statistics together, so also for whichever
  /// looks best; the winner's own bound does not.
  @Test func boundsHoldForTheWinner() throws {
    let truths = [Double](repeating: 0, count: 8)
    for direction in [SimultaneousBounds.Direction.above, .either] {
      var (all, winner, significant) = (0, 0, 0)
      for seed in 0..<1_000 {
        let (estimates, replicates) = sample(truths, seed: UInt64(seed), draws: 200)
        let bounds = try #require(
          SimultaneousBounds(
            estimates: estimates, replicates: replicates, null: 0, direction: direction))
        if bounds.lower.allSatisfy({ $0 <= 0 }) { all += 1 }
        if bounds.pValues.min()! <= 0.05 { significant += 1 }
        let best = bounds.strongest
        let own = replicates[best].map { direction == .above ? $0 : abs($0) }.sorted()
        if own[10] <= 0 { winner += 1 }
      }
      // 95 % of 1,000 within 4 standard errors and the error of 200 draws.
      #expect((915...975).contains(all), "\(direction): \(all)")
      #expect((25...85).contains(significant), "\(direction): \(significant)")
      if direction == .above { #expect(winner < 900, "\(winner)") }
    }
  }

  /// Resamples that all lie below their estimate, as they do near an edge, are no certainty that it is
  /// large: the bound lies below the estimate, and the same as without the shift.
  @Test func biasOfResamplesIsNoCertainty() throws {
    let (estimates, replicates) = sample([0.1, 0.2], seed: 4, draws: 400)
    let shifted = replicates.map { $0.map { $0 - 0.5 } }
    let (a, b) = (
      try #require(
        SimultaneousBounds(
          estimates: estimates, replicates: replicates, null: 0, direction: .above)),
      try #require(
        SimultaneousBounds(
          estimates: estimates, replicates: shifted, null: 0, direction: .above))
    )
    #expect(zip(b.lower, estimates).allSatisfy { $0 < $1 } && b.critical > 1)
    #expect(zip(a.lower, b.lower).allSatisfy { abs($0 - $1) < 1e-9 } && a.pValues == b.pValues)
  }

  @Test func oneStatisticNeedsNoCorrection() throws {
    let (estimates, replicates) = sample([1], seed: 3, draws: 2_000)
    let bounds = try #require(
      SimultaneousBounds(
        estimates: estimates, replicates: replicates, null: 0, direction: .above))
    #expect(abs(bounds.critical - 1.645) < 0.15)
    #expect(abs(bounds.lower[0] - (estimates[0] - 1.645 * 0.1)) < 0.03)
    #expect(bounds.pValues[0] == 1.0 / 2_001)
  }

  /// An AUC of 0.1 says as much as one of 0.9, and the AUC itself is not folded before the draws.
  @Test func eitherSideOfChanceCounts() throws {
    let (estimates, replicates) = sample([0.1, 0.5], seed: 9, draws: 400)
    let mirrored = replicates.map { $0.map { 1 - $0 } }
    let a = try #require(
      SimultaneousBounds(
        estimates: estimates, replicates: replicates, null: 0.5, direction: .either))
    let b = try #require(
      SimultaneousBounds(
        estimates: estimates.map { 1 - $0 }, replicates: mirrored, null: 0.5,
        direction: .either))
    #expect(zip(a.lower, b.lower).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(a.strongest == 0 && a.pValues == b.pValues)
    // As good as constant under the null: near 0 and never below.
    #expect(a.lower.allSatisfy { $0 >= 0 })
  }

  @Test func withoutEnoughDrawsThereIsNoAnswer() {
    #expect(
      SimultaneousBounds(
        estimates: [1, 2],
        replicates: [[Double](repeating: 1, count: 39), [Double](repeating: 2, count: 39)],
        null: 0, direction: .above) == nil)
    #expect(
      SimultaneousBounds(estimates: [], replicates: [], null: 0, direction: .above) == nil)
  }

  /// Perfect separation has no spread: the estimate is its own bound.
  @Test func aStatisticWithoutSpreadIsItsOwnBound() throws {
    let (estimates, replicates) = sample([0.6], seed: 2, draws: 100)
    let bounds = try #require(
      SimultaneousBounds(
        estimates: [1, 0.5] + estimates,
        replicates: [[Double](repeating: 1, count: 100), [Double](repeating: 0.5, count: 100)]
          + replicates, null: 0.5, direction: .either))
    #expect(bounds.lower[0] == 0.5 && bounds.lower[1] == 0 && bounds.strongest == 0)
    #expect(bounds.pValues[0] == 1.0 / 101 && bounds.pValues[1] == 1)
  }
}
