import Biometrics
import Testing

@Suite struct RepeatedMeasurementTests {
  private func measurement(_ errors: Int, _ replicates: [Double]?, quantity: Quantity = .fnmr)
    -> MetricValue
  {
    MetricValue(
      quantity: quantity, group: "all", convention: "default", value: Double(errors) / 100,
      numerator: errors, denominator: 100, people: 25, lower: 0, upper: 1,
      replicates: replicates.map(Replicates.init))
  }

  /// Opposite deviations cancel draw by draw: people are drawn with all their models.
  @Test func replicatesArePooledDrawByDraw() throws {
    let up = (0..<80).map { 0.1 + 0.001 * Double($0) }
    let down = up.map { 0.3 - $0 }
    let pooled = try #require(
      RepeatedMeasurement([
        measurement(10, up, quantity: .auc), measurement(20, down, quantity: .auc),
      ]))
    #expect(abs(pooled.value - 0.15) < 1e-15 && pooled.repeats == 2)
    #expect(abs(pooled.spread! - 0.1 / 2.0.squareRoot()) < 1e-15)
    #expect(pooled.replicates!.values.allSatisfy { abs($0 - 0.15) < 1e-15 })
    #expect(pooled.proportion == .init(errors: 30, trials: 200, people: 25, repeats: 2))
  }

  @Test func aRateIsPooledWithItsPeople() throws {
    let replicates = (0..<100).map { 0.002 * Double($0) }
    let pooled = try #require(
      RepeatedMeasurement([measurement(10, replicates), measurement(10, replicates)]))
    #expect(pooled.interval.method == .wilson && pooled.interval.bounds!.contains(0.1))
    // The same replicates twice are no more knowledge.
    var basis = IntervalBasis(value: 0.1, replicates: replicates)
    basis.proportion = .init(errors: 10, trials: 100, people: 25)
    #expect(
      abs(basis.interval(.wilson).bounds!.upperBound - pooled.interval.bounds!.upperBound) < 1e-3)
    #expect(pooled.methodText == "wilson, mean of 2 repeats")
    let none = try #require(
      RepeatedMeasurement([
        measurement(0, [Double](repeating: 0, count: 50)),
        measurement(0, [Double](repeating: 0, count: 50)),
      ]))
    #expect(none.interval.method == .ruleOf3 && none.interval.bounds == 0...0.12)
  }

  /// Errors that the threshold rule made of everybody are no errors of people, however many.
  @Test func aRateThatTheRuleMadeHasNoDifference() throws {
    let note =
      "no interval: the rule took a threshold above every score, which no person has made"
    var made = measurement(100, replicates())
    (made.lower, made.upper, made.intervalNote) = (nil, nil, note)
    let other = measurement(20, replicates())
    for (first, second) in [(made, other), (other, made)] {
      let found = try #require(RepeatedDifference(of: [first], minus: [second]))
      #expect(found.paired.interval == nil && found.paired.note == note)
    }
    #expect(try #require(RepeatedDifference(of: [other], minus: [other])).paired.note != note)
    // Each repeat has its own reason.
    var few = measurement(3, replicates())
    (few.lower, few.upper, few.intervalNote) = (nil, nil, "no interval: 3 false non-matches")
    #expect(
      RepeatedMeasurement([made, few])!.interval.note
        == "\(note) (in 1 of 2 repeats); no interval: 3 false non-matches (in 1 of 2 repeats)")
    #expect(RepeatedMeasurement([few, few])!.interval.note?.hasSuffix("(in every repeat)") == true)
  }

  /// A single repeat is printed as its record has it.
  @Test func oneRepeatKeepsItsRecordedInterval() throws {
    var recorded = measurement(10, replicates())
    recorded.intervalMethod = "wilson, linearised"
    let alone = try #require(RepeatedMeasurement([recorded]))
    #expect(alone.interval.bounds == 0...1 && alone.interval.method == .wilson)
    #expect(alone.interval.note == nil)
    #expect(alone.methodText == "wilson, linearised" && alone.spread == nil)
    recorded.lower = 0.2
    #expect(RepeatedMeasurement([recorded])!.interval.note == IntervalOutcome.outside)
  }

  /// Too few errors in one training withhold the interval of all, whatever the quantity.
  @Test(arguments: [Quantity.fnmr, .fdr, .eer, .auc])
  func whatOneRepeatWithholdsIsWithheldOfTheMean(_ quantity: Quantity) throws {
    var withheld = measurement(2, replicates(), quantity: quantity)
    (withheld.lower, withheld.upper) = (nil, nil)
    withheld.intervalNote = "no interval: too few"
    let pooled = try #require(
      RepeatedMeasurement([measurement(10, replicates(), quantity: quantity), withheld]))
    #expect(pooled.interval.bounds == nil && pooled.methodText == nil)
    #expect(pooled.interval.note == "no interval: too few (in 1 of 2 repeats)")
  }

  @Test func whatIsMissingIsSaid() throws {
    var absent = measurement(1, nil)
    absent.value = nil
    #expect(RepeatedMeasurement([absent]) == nil)
    let half = try #require(RepeatedMeasurement([absent, measurement(5, replicates())]))
    #expect(half.interval.bounds == nil && half.interval.note!.contains("1 of 2 repeats"))
    let unkept = try #require(RepeatedMeasurement([measurement(5, nil), measurement(6, nil)]))
    #expect(unkept.interval.bounds == nil && unkept.interval.note != nil)
  }

  @Test func differencesArePairedByRepeatAndDraw() throws {
    let noise = (0..<100).map { 0.3 * Double(($0 * 37) % 100) / 100 }
    func system(_ shift: Double) -> [MetricValue] {
      [5, 15].map { errors in
        measurement(errors + Int(100 * shift), noise.map { $0 + shift }, quantity: .auc)
      }
    }
    let found = try #require(RepeatedDifference(of: system(0.02), minus: system(0)))
    #expect(abs(found.value - 0.02) < 1e-12 && found.repeats == 2)
    // The noise is shared: every replicate of the difference is the same, and rounding alone is left.
    #expect(found.spread! < 1e-12)
    let interval = found.paired.interval
    #expect(interval == nil || interval!.upperBound - interval!.lowerBound < 1e-12)
    let swapped = try #require(
      RepeatedDifference(of: system(0.02), minus: system(0).reversed()))
    #expect(abs(swapped.value - 0.02) < 1e-12 && swapped.spread! > 0.1)
    let unpaired = try #require(
      RepeatedDifference(of: system(0.02), minus: system(0), unpaired: "other people"))
    #expect(unpaired.paired.note == "other people" && unpaired.replicates == nil)
  }

  private func replicates() -> [Double] { (0..<100).map { Double($0) / 1000 } }

  /// Nine errors of both systems together are too few, ten are enough; the mean of the repeats counts.
  @Test(arguments: [([(5, 4)], false), ([(6, 4)], true), ([(6, 5), (4, 4)], false)])
  func differencesOfFewErrorsHaveNoInterval(errors: [(Int, Int)], isGiven: Bool) throws {
    func system(_ errors: Int, shift: Double) -> MetricValue {
      let rate = Double(errors) / 100
      return MetricValue(
        quantity: .fnmr, group: "all", convention: "default", value: rate, numerator: errors,
        denominator: 100,
        replicates: Replicates((0..<100).map { rate + shift * (Double($0) / 99 - 0.5) }))
    }
    let found = try #require(
      RepeatedDifference(
        of: errors.map { system($0.0, shift: 0.02) },
        minus: errors.map { system($0.1, shift: 0.01) }))
    #expect((found.paired.interval != nil) == isGiven && found.replicates != nil)
    #expect((found.paired.note?.contains("fewer than the 10") == true) != isGiven)
  }

  @Test func whatWithholdsARatioWithholdsItsDifference() throws {
    func system(_ note: String?) -> MetricValue {
      MetricValue(
        quantity: .igarbe, group: "all", convention: "default", value: 0.9, intervalNote: note,
        replicates: Replicates((0..<100).map { 0.85 + Double($0) / 1000 }))
    }
    let held = try #require(RepeatedDifference(of: [system(nil)], minus: [system("too few")]))
    #expect(held.paired.interval == nil && held.paired.note == "too few")
  }
}
