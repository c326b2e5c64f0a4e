// All statistics of two kinds of samples with their permutations and their resampled people.
import Biometrics
import Synchronization
import Workers

/// How much is permuted and resampled.
package struct SampleTestSettings: Sendable {
  /// Swaps of labels behind a p value.
  package var swaps = 999
  /// The same of classifiers, which learn again in each.
  package var classifierSwaps = 39
  /// Replicates of people behind an interval.
  package var replicates: Int
  /// Seed of swaps and folds, and that of the draws of people.
  package var seed: UInt64
  package var bootstrapSeed: UInt64
  /// Tells comparisons of one seed apart.
  package var unit: UInt32

  package init(replicates: Int, seed: UInt64, bootstrapSeed: UInt64, unit: UInt32) {
    self.replicates = replicates
    self.seed = seed
    self.bootstrapSeed = bootstrapSeed
    self.unit = unit
  }
}

/// A statistic with what swaps of labels and draws of people give.
package struct SampledStatistic: Sendable, Equatable {
  package var value: Double
  /// Values under swapped labels; empty: not permuted.
  package var swapped: [Double] = []
  /// Values of drawn people; empty: not resampled.
  package var replicates: [Double] = []
  /// What kinds that are alike give, from which a value may deviate to either side; nil: larger values
  /// alone tell kinds apart.
  package var centre: Double?

  package init(
    value: Double, swapped: [Double] = [], replicates: [Double] = [], centre: Double? = nil
  ) {
    self.value = value
    self.swapped = swapped
    self.replicates = replicates
    self.centre = centre
  }

  /// Share of swaps with a value as large (as far from the centre, where there is one), the labels as they
  /// are counted among them. Sums in another order may differ in the last digit.
  package var p: Double? {
    if swapped.isEmpty { return nil }
    func extent(_ value: Double) -> Double { centre.map { abs(value - $0) } ?? value }
    let own = extent(value) - 1e-12 * max(1, abs(value))
    return Double(1 + swapped.count { extent($0) >= own }) / Double(1 + swapped.count)
  }
}

/// Every statistic of one pair of kinds.
package struct SampleTests: Sendable, Equatable {
  package var kolmogorovSmirnov: SampledStatistic
  package var energyDistance: SampledStatistic
  /// AUC over samples of people whom the classifier has not seen; not folded to above one half.
  package var classifiers: [SampleClassifier: SampledStatistic]
  package var firstSquare: SampledStatistic
  package var secondSquare: SampledStatistic
  package var firstCosine: SampledStatistic
  package var secondCosine: SampledStatistic

  /// - Parameters:
  ///   - workers: threads; nothing depends on them.
  ///   - isStopped: asked between permutations; what is returned then is incomplete.
  package init(
    _ samples: PairedSamples, _ settings: SampleTestSettings, workers: Int,
    isStopped: () -> Bool = { false }
  ) {
    let people = samples.people
    func swap(_ i: Int) -> LabelSwap {
      LabelSwap(people: people, seed: settings.seed, unit: settings.unit, number: i)
    }
    func each(_ count: Int, _ value: (Int) -> Double) -> [Double] {
      evaluated(count, workers: workers, isStopped: isStopped, value)
    }
    func draw(_ i: Int) -> PeopleDraw {
      PeopleDraw(people: people, seed: settings.bootstrapSeed, unit: settings.unit, number: i)
    }
    let nobody = LabelSwap(none: people)

    let cosines = RankedPairs(
      first: samples.firstCosines, second: samples.secondCosines, person: samples.person)
    kolmogorovSmirnov = SampledStatistic(
      value: cosines.kolmogorovSmirnov(nobody),
      swapped: each(settings.swaps) { cosines.kolmogorovSmirnov(swap($0)) },
      replicates: each(settings.replicates) { cosines.kolmogorovSmirnov(draw($0)) })

    let energy = EnergyDistance(samples)
    energyDistance = SampledStatistic(
      value: energy.value(nobody), swapped: each(settings.swaps) { energy.value(swap($0)) })

    let folds = SampleClassifier.folds(people: people, seed: settings.seed, unit: settings.unit)
    var areas: [SampleClassifier: SampledStatistic] = [:]
    for classifier in SampleClassifier.allCases {
      let pairs = ClassifiedPairs(classifier, samples, foldOfPerson: folds)
      func ranked(_ swap: LabelSwap) -> RankedPairs {
        let decisions = pairs.decisions(swap)
        return RankedPairs(
          first: decisions.first, second: decisions.second, person: samples.person)
      }
      let own = ranked(nobody)
      areas[classifier] = SampledStatistic(
        value: own.area, swapped: each(settings.classifierSwaps) { ranked(swap($0)).area },
        replicates: each(settings.replicates) { own.area(draw($0)) }, centre: 0.5)
    }
    classifiers = areas

    func average(_ values: [Double]) -> SampledStatistic {
      SampledStatistic(
        value: mean(values),
        replicates: each(settings.replicates) { i in
          let multiplicity = draw(i).multiplicity
          var (sum, count) = (0.0, 0)
          for (value, person) in zip(values, samples.person) {
            sum += Double(multiplicity[person]) * value
            count += multiplicity[person]
          }
          return sum / Double(count)
        })
    }
    firstSquare = average(samples.first.squaredNorms)
    secondSquare = average(samples.second.squaredNorms)
    firstCosine = average(samples.firstCosines)
    secondCosine = average(samples.secondCosines)
  }
}

/// Values of numbers 0 ..< count, whichever worker computes them.
private func evaluated(
  _ count: Int, workers: Int, isStopped: () -> Bool, _ value: (Int) -> Double
) -> [Double] {
  let values = Mutex([Double](repeating: .nan, count: count))
  concurrently(units: count, workers: workers, isStopped: isStopped) { _, i in
    let own = value(i)
    values.withLock { $0[i] = own }
  }
  return values.withLock { $0 }
}
