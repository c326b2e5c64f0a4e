import Biometrics
import Testing

/// What figures are made from: bands of curves and scores counted in bins.
@Suite struct PictureTests {
  private func request(_ workers: Int, isPictured: Bool = true) -> EvaluationRequest {
    var request = EvaluationRequest(
      conventions: [.default, .paperCompatible], targets: [0.1, 0.01],
      bootstrap: RandomTrials.draws(seed: 3, replicates: 60), workers: workers)
    request.isPictured = isPictured
    return request
  }

  /// A band is the interval that a table would print at the same FMR.
  @Test func theBandIsTheIntervalOfTheOperatingPoint() throws {
    let random = RandomTrials(seed: 11, subjects: 60, separation: 1.5)
    let evaluation = try evaluate(random.trials, request(1))
    let band = try #require(evaluation.bands["default"])
    #expect(band.count > 3 && zip(band, band.dropFirst()).allSatisfy { $0.fmr < $1.fmr })
    let trials = Double(evaluation.counts.nonMatedComparisons)
    #expect(band[0].fmr * trials >= 1 - 1e-9)
    for target in [0.1, 0.01] {
      let measured = try #require(
        evaluation.measurements.first {
          $0.quantity == .fnmr && $0.group == "all" && $0.convention == "default"
            && $0.target == target
        })
      let point = try #require(band.first { $0.fmr == target }, "\(band.map(\.fmr))")
      #expect(point.fnmr == measured.value)
      #expect(point.lower == measured.lower && point.upper == measured.upper)
    }
  }

  @Test func picturesChangeNoNumberAndDoNotDependOnWorkers() throws {
    let random = RandomTrials(seed: 12, subjects: 50, folds: 2)
    let plain = try evaluate(random.trials, request(1, isPictured: false))
    let one = try evaluate(random.trials, request(1))
    let three = try evaluate(random.trials, request(3))
    #expect(plain.bands.isEmpty && plain.histogram == nil)
    #expect(one.bands == three.bands && one.histogram == three.histogram)
    for (a, b) in zip(plain.measurements, one.measurements) {
      #expect(a.value == b.value && a.lower == b.lower && a.upper == b.upper)
      #expect(a.quantity == b.quantity && a.replicates?.values.count == b.replicates?.values.count)
    }
    #expect(plain.measurements.count == one.measurements.count && plain.warnings == one.warnings)
  }

  /// Every comparison but self trials is in one bin, those of a group with both ends in it.
  @Test func theHistogramCountsEveryComparisonOnce() throws {
    let random = RandomTrials(seed: 13, subjects: 40, folds: 2)
    let evaluation = try evaluate(random.trials, request(2))
    let histogram = try #require(evaluation.histogram)
    var expected: [String: (mated: [Int], nonMated: [Int])] = [:]
    let bins = ScoreHistogram.bins
    for stratum in random.trials.strata {
      var row = 0
      for block in stratum.blocks {
        for i in 0..<block.rows {
          let reference = Int(stratum.referenceSubject[row])
          for (column, score) in block[row: i].enumerated()
          where column != Int(stratum.ownColumn[row]) {
            let probe = Int(stratum.probeSubject[column])
            let place = (Double(score) - histogram.low) / (histogram.high - histogram.low)
            let bin = min(bins - 1, Int(place * Double(bins)))
            let (a, b) = (random.trials.subjectGroup[reference], random.trials.subjectGroup[probe])
            var names = ["all"]
            if a == b, Int(a) < 2 { names.append(random.trials.groups[Int(a)]) }
            for name in names {
              var counts =
                expected[name]
                ?? ([Int](repeating: 0, count: bins), [Int](repeating: 0, count: bins))
              if reference == probe { counts.mated[bin] += 1 } else { counts.nonMated[bin] += 1 }
              expected[name] = counts
            }
          }
          row += 1
        }
      }
    }
    #expect(histogram.counts.map(\.group) == ["all", "male", "female"])
    for counts in histogram.counts {
      let naive = try #require(expected[counts.group])
      #expect(counts.mated.reduce(0, +) == naive.mated.reduce(0, +))
      #expect(counts.nonMated.reduce(0, +) == naive.nonMated.reduce(0, +))
      // Scores on an edge may round either way.
      let moved = zip(counts.nonMated, naive.nonMated).reduce(0) { $0 + abs($1.0 - $1.1) }
      #expect(moved * 20 <= naive.nonMated.reduce(0, +), "\(counts.group): \(moved)")
    }
    #expect(
      histogram.counts[0].mated.reduce(0, +) == evaluation.counts.matedComparisons
        && histogram.counts[0].nonMated.reduce(0, +) == evaluation.counts.nonMatedComparisons)
  }
}
