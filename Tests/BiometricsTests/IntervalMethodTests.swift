import Biometrics
import Kernels
import Testing

@Suite struct IntervalMethodTests {
  /// 0, 0.01, … 1 moved by `shift`.
  private func replicates(_ shift: Double = 0, count: Int = 101) -> [Double] {
    (0..<count).map { Double($0) / Double(count - 1) + shift }
  }

  @Test func normalQuantilesAreKnownOnes() {
    #expect(abs(normalQuantile(0.975) - normalQuantile975) < 1e-15)
    #expect(abs(normalQuantile(0.5)) < 1e-15)
    #expect(abs(normalQuantile(0.001) + 3.090232306167813) < 1e-14)
    for p in [1e-10, 0.02, 0.3, 0.7, 0.999] {
      #expect(abs(normalShare(below: normalQuantile(p)) / p - 1) < 1e-13)
    }
  }

  @Test func simpleMethodsAreWhatTheirNamesSay() throws {
    let basis = IntervalBasis(value: 0.4, replicates: replicates())
    func bounds(_ method: IntervalMethod) throws -> ClosedRange<Double> {
      try #require(basis.interval(method).bounds)
    }
    #expect(near(try bounds(.percentile), 0.025...0.975))
    #expect(near(try bounds(.basic), -0.175...0.775))
    // The replicates' mean is 0.5: moved down by 0.1.
    #expect(near(try bounds(.recentred), -0.075...0.875))
    // Four in ten replicates lie below the estimate: BC moves the levels down.
    let corrected = try bounds(.bca)
    #expect(corrected.lowerBound < 0.025 && corrected.upperBound < 0.975)
    var symmetric = IntervalBasis(value: 0.5, replicates: replicates())
    #expect(near(try #require(symmetric.interval(.bca).bounds), 0.025...0.975))
    symmetric.acceleration = 0.1
    #expect(try #require(symmetric.interval(.bca).bounds).upperBound > 0.975)
    var halved = basis
    halved.doubleOrNothing = replicates(1)
    #expect(near(try #require(halved.interval(.doubleOrNothing).bounds), 1.025...1.975) == true)
  }

  /// At the edges of the range nothing is printed that cannot be.
  @Test func intervalsEndWhereTheQuantityEnds() throws {
    let basis = IntervalBasis(value: 0.1, replicates: replicates(), range: 0...1)
    #expect(try #require(basis.interval(.recentred).bounds).lowerBound == 0)
  }

  /// A percentile interval that misses its own estimate says so.
  @Test func anEstimateOutsideItsIntervalIsMarked() throws {
    let basis = IntervalBasis(value: -0.35, replicates: replicates())
    for method in [IntervalMethod.percentile, .basic] {
      let outcome = basis.interval(method)
      #expect(outcome.bounds?.contains(-0.35) == false)
      #expect(try #require(outcome.note).contains("outside its own interval"))
    }
    let moved = basis.interval(.recentred)
    #expect(moved.note == nil && moved.bounds?.contains(-0.35) == true)
  }

  @Test(arguments: [0, 1, 39, 40])
  func fewerThanFortyReplicatesGiveNoInterval(count: Int) {
    let basis = IntervalBasis(
      value: 0.5,
      replicates: count > 1 ? replicates(count: count) : [Double](repeating: 1, count: count))
    let outcome = basis.interval(.percentile)
    #expect((outcome.bounds != nil) == (count >= 40))
    #expect((outcome.note == nil) == (count >= 40))
    let paired = PairedDifference(estimate: 0.5, replicates: basis.replicates)
    #expect((paired.interval != nil) == (count >= 40) && (paired.pValue != nil) == (count >= 40))
    #expect((percentileInterval(basis.replicates) != nil) == (count >= 40))
    #expect((bootstrapPValue(basis.replicates) != nil) == (count >= 40))
  }

  @Test func undefinedReplicatesAreLeftOutUpToATenth() {
    let few = replicates() + [Double](repeating: .nan, count: 11)
    #expect(IntervalBasis(value: 0.5, replicates: few).interval(.percentile).bounds != nil)
    let many = replicates() + [Double](repeating: .nan, count: 12)
    let outcome = IntervalBasis(value: 0.5, replicates: many).interval(.percentile)
    #expect(outcome.bounds == nil && outcome.note?.contains("12 of 113") == true)
  }

  /// Five images of each of 60 people are not 300 independent trials.
  @Test func withoutErrorsPeopleBoundTheRate() throws {
    var basis = IntervalBasis(value: 0, replicates: [Double](repeating: 0, count: 100))
    #expect(basis.interval(.percentile).bounds == nil)
    basis.proportion = .init(errors: 0, trials: 300, people: 60)
    let outcome = basis.interval(.wilson)
    #expect(outcome.method == .ruleOf3 && outcome.bounds == 0...0.05)
    basis.value = 1
    basis.proportion = .init(errors: 300, trials: 300, people: 2)
    #expect(basis.interval(.wilson).bounds == 0...1)
  }

  /// The variance of the replicates stands in for that of the rate.
  @Test func wilsonCountsEffectiveTrials() throws {
    let spread = (0..<1000).map { 0.1 + 0.02 * normalQuantile((Double($0) + 0.5) / 1000) }
    var basis = IntervalBasis(value: 0.1, replicates: spread)
    basis.proportion = .init(errors: 100, trials: 1000, people: 200)
    let found = try #require(basis.interval(.wilson).bounds)
    // 0.1 * 0.9 / 0.02^2 = 225 trials.
    let expected = effectiveWilsonInterval(errors: 100, trials: 1000, effectiveTrials: 225)
    #expect(abs(found.lowerBound - expected.lower) < 1e-3)
    #expect(abs(found.upperBound - expected.upper) < 1e-3)
    // Replicates without spread are no more than all trials.
    basis.replicates = [Double](repeating: 0.1, count: 1000)
    let all = try #require(wilsonInterval(successes: 100, trials: 1000))
    #expect(near(try #require(basis.interval(.wilson).bounds), all))
  }

  /// A difference whose replicates lie elsewhere is judged around its estimate.
  @Test func starsFollowTheInterval() throws {
    // Raw replicates are all above 0; the estimate is below.
    let biased = PairedDifference(estimate: -0.05, replicates: replicates(0.1))
    let interval = try #require(biased.interval)
    #expect(interval.contains(-0.05) && interval.contains(0))
    #expect(biased.pValue == nil && biased.note == PairedDifference.biased)
    // Far from 0, too, nothing rests on resamples that lie elsewhere.
    let far = PairedDifference(estimate: -2, replicates: replicates(1.5))
    #expect(far.interval?.contains(0) == false && !far.excludesZero && far.pValue == nil)
    let clear = PairedDifference(estimate: 2, replicates: replicates(1.95))
    #expect(try #require(clear.pValue) < 0.05)
    #expect(clear.interval?.contains(0) == false && clear.method == .recentred)
  }

  /// Every interval of an evaluation holds its value or says why not, and names its method.
  @Test func evaluationsNameTheirMethods() throws {
    let trials = RandomTrials(seed: 5, subjects: 40, separation: 3).trials
    let request = EvaluationRequest(
      targets: [0.01], bootstrap: RandomTrials.draws(seed: 1, replicates: 60))
    for value in try evaluate(trials, request).measurements where value.value != nil {
      guard let lower = value.lower, let upper = value.upper else {
        #expect(value.intervalMethod == nil)
        #expect(value.intervalNote != nil || value.rule == "reject-all")
        continue
      }
      #expect(value.intervalMethod != nil)
      #expect((lower...upper).contains(value.value!) || value.intervalNote != nil)
      if value.quantity == .fnmr {
        #expect(value.people! > 0 && value.people! <= 40)
        #expect(value.intervalMethod == (value.numerator == 0 ? "rule-of-3" : "wilson"))
        if value.numerator == 0 { #expect(upper == 3 / Double(value.people!)) }
      }
    }
  }

  private func near(_ a: ClosedRange<Double>, _ b: ClosedRange<Double>) -> Bool {
    abs(a.lowerBound - b.lowerBound) < 1e-12 && abs(a.upperBound - b.upperBound) < 1e-12
  }

  /// 0.3 - 0.1 and 0.4 - 0.2 are not the same number, and no interval lies between them.
  @Test func roundingIsNoSpread() {
    let replicates = (0..<100).map { $0 % 2 == 0 ? 0.3 - 0.1 : 0.4 - 0.2 }
    #expect(replicates[0] != replicates[1])
    let found = PairedDifference(estimate: 0.2, replicates: replicates)
    #expect(found.interval == nil && found.pValue == nil)
    #expect(found.note == "no interval: every resample gives the same value")
  }
}
