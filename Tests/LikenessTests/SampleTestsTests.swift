import Kernels
import Likeness
import Privacy
import TestSupport
import Testing

/// Statistics of planted samples.
@Suite struct SampleTestsTests {
  /// An area of 0.41 tells kinds apart as one of 0.59 does.
  @Test func valuesFarFromTheCentreOnEitherSideAreLarge() {
    let swapped = [0.45, 0.5, 0.55, 0.6]
    #expect(SampledStatistic(value: 0.41, swapped: swapped).p == 1)
    #expect(SampledStatistic(value: 0.41, swapped: swapped, centre: 0.5).p == 2 / 5.0)
    #expect(SampledStatistic(value: 0.59, swapped: swapped, centre: 0.5).p == 2 / 5.0)
    // A sum in another order is the same value.
    #expect(SampledStatistic(value: 0.55 + 1e-15, swapped: swapped).p == 3 / 5.0)
  }

  /// Samples of both kinds, `pairs` a person; the second kind is scaled and shifted.
  private func planted(
    people: Int, pairs: Int = 2, dimension d: Int = 24, scale: Double = 1, shift: Double = 0,
    seed: UInt64 = 5
  ) -> PairedSamples {
    var normals = NormalStream(CounterRNG(seed: seed, purpose: .syntheticDataset))
    var (first, second, person) = ([Double](), [Double](), [Int]())
    var (cosines, others) = ([Double](), [Double]())
    for p in 0..<people {
      for _ in 0..<pairs {
        for _ in 0..<d { first.append(normals.next()) }
        for _ in 0..<d { second.append(scale * normals.next() + shift) }
        cosines.append(normals.next())
        others.append(scale * normals.next() + shift)
        person.append(p)
      }
    }
    return PairedSamples(
      first: Matrix64(rows: person.count, columns: d, values: first),
      second: Matrix64(rows: person.count, columns: d, values: second), firstCosines: cosines,
      secondCosines: others, person: person)
  }

  private func settings(_ replicates: Int = 100) -> SampleTestSettings {
    var settings = SampleTestSettings(
      replicates: replicates, seed: 1, bootstrapSeed: 2, unit: 3)
    settings.swaps = 199
    settings.classifierSwaps = 39
    return settings
  }

  @Test func nothingIsFoundBetweenSamplesOfOneDistribution() {
    let tests = SampleTests(planted(people: 80), settings(), workers: 2)
    #expect(tests.kolmogorovSmirnov.p! > 0.05)
    #expect(tests.energyDistance.p! > 0.05)
    for (classifier, area) in tests.classifiers {
      #expect(abs(area.value - 0.5) < 0.12 && area.p! > 0.05, "\(classifier): \(area.value)")
    }
  }

  @Test func anotherSpreadIsSeenByEnergiesAndNotByDifferences() {
    let tests = SampleTests(planted(people: 80, scale: 0.7), settings(), workers: 2)
    let energies = tests.classifiers[.energies]!
    #expect(energies.value > 0.75 && energies.p! == 1 / 40.0)
    #expect(tests.classifiers[.differences]!.value < 0.65)
    #expect(tests.energyDistance.p! == 1 / 200.0)
    #expect(abs(tests.secondSquare.value / tests.firstSquare.value - 0.49) < 0.05)
  }

  @Test func anotherPlaceIsSeenByDifferences() {
    let tests = SampleTests(planted(people: 80, shift: 0.4), settings(), workers: 2)
    let differences = tests.classifiers[.differences]!
    #expect(differences.value > 0.8 && differences.p! == 1 / 40.0)
    #expect(tests.kolmogorovSmirnov.p! < 0.05)
  }

  @Test func workersChangeNothing() {
    let samples = planted(people: 30, pairs: 1, dimension: 12)
    #expect(
      SampleTests(samples, settings(50), workers: 1)
        == SampleTests(samples, settings(50), workers: 3))
  }

  @Test func energyDistanceOfEqualSamplesIsZero() {
    let samples = planted(people: 10)
    let equal = PairedSamples(
      first: samples.first, second: samples.first, firstCosines: samples.firstCosines,
      secondCosines: samples.firstCosines, person: samples.person)
    #expect(EnergyDistance(equal).value(LabelSwap(none: 10)) < 1e-6)
  }

  @Test func theClassifierHasNotLearntFromThePeopleItDecidesOn() {
    // A person's samples of one kind are all alike and unlike everybody else's: whoever had learnt from
    // them would know them.
    var (first, second, person) = ([Double](), [Double](), [Int]())
    var normals = NormalStream(CounterRNG(seed: 9, purpose: .syntheticDataset))
    let d = 30
    for p in 0..<60 {
      let own = (0..<2 * d).map { _ in normals.next() }
      for _ in 0..<3 {
        first += own[..<d]
        second += own[d...]
        person.append(p)
      }
    }
    let samples = PairedSamples(
      first: Matrix64(rows: person.count, columns: d, values: first),
      second: Matrix64(rows: person.count, columns: d, values: second),
      firstCosines: person.map { _ in 0 }, secondCosines: person.map { _ in 0 }, person: person)
    let folds = SampleClassifier.folds(people: 60, seed: 1, unit: 0)
    let decisions = ClassifiedPairs(.differences, samples, foldOfPerson: folds)
      .decisions(LabelSwap(none: 60))
    let area = RankedPairs(first: decisions.first, second: decisions.second, person: person).area
    #expect(area < 0.65)
  }
}
