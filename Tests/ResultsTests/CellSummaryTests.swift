import Biometrics
import Records
import Results
import Specs
import TestSupport
import Testing

struct CellSummaryTests {
  private let query = MeasurementQuery(.fnmr, convention: "default", target: 0.001)

  /// A record whose only measurement is an FNMR.
  private func record(
    _ value: Double?, repeatIndex: Int = 0, replicates: [Double]? = nil, note: String? = nil,
    system: String = "mote", mated: Int = 1000
  ) -> EvaluationRecord {
    var record = fakeRecord(system: system, repeatIndex: repeatIndex, mated: mated)
    record.measurements = [
      MetricValue(
        quantity: .fnmr, group: "all", convention: "default", rule: "conservative",
        target: 0.001, value: value, numerator: value.map { Int($0 * 100) }, denominator: 100,
        lower: value.map { $0 - 0.1 }, upper: value.map { $0 + 0.1 },
        intervalMethod: "percentile", replicates: replicates.map(Replicates.init),
        note: note)
    ]
    return record
  }

  @Test func oneRecordKeepsItsOwnIntervalAndHasNoSpread() {
    let summary = CellSummary(query, in: [record(0.3)])
    #expect(summary.status == .measured)
    #expect(summary.value == 0.3)
    #expect(summary.spread == nil)
    #expect(summary.lower == 0.3 - 0.1)
    #expect(summary.intervalMethod == "percentile")
  }

  @Test func repeatsGiveMeanSpreadAndSummedCounts() {
    let summary = CellSummary(
      query, in: [record(0.25, repeatIndex: 0), record(0.75, repeatIndex: 1)])
    #expect(summary.value == 0.5)
    #expect(abs(summary.spread! - 0.125.squareRoot()) < 1e-15)
    #expect(summary.numerator == 100)
    #expect(summary.denominator == 200)
    // A hull of intervals is no interval of the mean.
    #expect(summary.lower == nil && summary.intervalMethod == nil)
    #expect(summary.notes == ["no interval: the repeats hold no paired replicates"])
  }

  @Test func theIntervalOfRepeatsIsThatOfTheMeanReplicates() {
    // Mean replicates 0, 0.01, …, 1: type-7 quantiles at 0.025 and 0.975 (without people the rate is
    // no proportion of Wilson's).
    let up = (0...100).map { Double($0) / 100 }
    let summary = CellSummary(
      query,
      in: [
        record(0.25, repeatIndex: 0, replicates: up.map { $0 - 0.05 }),
        record(0.75, repeatIndex: 1, replicates: up.map { $0 + 0.05 }),
      ])
    #expect(abs(summary.lower! - 0.025) < 1e-12 && abs(summary.upper! - 0.975) < 1e-12)
    #expect(summary.intervalMethod == "percentile, mean of 2 repeats")
  }

  @Test func undefinedReplicatesAreLeftOut() {
    let up = (0...40).map { Double($0) / 40 }
    let summary = CellSummary(
      query,
      in: [
        record(0.25, repeatIndex: 0, replicates: [.nan, .nan, .nan, .nan] + up),
        record(0.75, repeatIndex: 1, replicates: [0.5, 0.5, 0.5, 0.5] + up),
      ])
    // More than nine of ten are defined: 0, 1/40, …, 1, type-7 quantiles at 2.5 and 97.5 %.
    #expect(abs(summary.lower! - 0.025) < 1e-12 && abs(summary.upper! - 0.975) < 1e-12)
  }

  @Test func anEstimateOutsideItsIntervalIsMarked() {
    var odd = record(0.3)
    odd.measurements[0].lower = 0.31
    let summary = CellSummary(query, in: [odd])
    #expect(summary.notes == [IntervalOutcome.outside])
  }

  @Test func noPublishedPerfectFairnessIsCalledOutside() throws {
    var record = record(0.98)
    record.measurements[0].quantity = .fdr
    record.measurements[0].lower = 0.97
    record.measurements[0].upper = 0.99
    var query = query
    query.quantity = .fdr
    let printed = try PublishedValues(
      folder: repositoryRoot.appendingPathComponent("experiments/published")
    ).values.filter { $0.table == "table4" }
    let best = try #require(printed.first { $0.text == "1.000" })
    let other = try #require(printed.first { $0.text == "0.995" })
    let summary = CellSummary(query, in: [record])
    #expect(summary.contains(best) == nil && summary.contains(other) == false)
    // As far as rounding tells.
    record.measurements[0].upper = 0.9946
    #expect(CellSummary(query, in: [record]).contains(other) == true)
    query.quantity = .auc
    record.measurements[0].quantity = .auc
    #expect(CellSummary(query, in: [record]).contains(best) == false)
  }

  /// One repeat in which a person weighs much is enough to say so.
  @Test func aPersonCountsWithTheModelsOfAllRepeats() {
    func record(_ errors: [Int], repeatIndex: Int) -> EvaluationRecord {
      var record = self.record(0.3, repeatIndex: repeatIndex)
      record.measurements[0].errorShares = ErrorShares(
        errors: errors.reduce(0, +), trials: 60,
        people: errors.enumerated().filter { $0.element > 0 }.map {
          .init(subject: $0.offset, caused: $0.element, errors: $0.element, trials: 20)
        }, trialCounts: [20, 3])
      return record
    }
    let summary = CellSummary(
      query, in: [record([4, 0, 8], repeatIndex: 0), record([0, 4, 0], repeatIndex: 1)])
    // Everybody errs in one of the trainings; one person causes half of all errors.
    #expect(summary.influence?.people == 3 && summary.influence?.largestShare == 0.5)
    #expect(summary.influence?.largestShareOfOneRepeat == 1 && summary.influence!.isNotable)
    // Without the third: (4/40 + 4/40) / 2; without one of the others: (8/40 + 4/40) / 2.
    let range = summary.influence!.withoutOne!
    #expect(abs(range.lowerBound - 0.1) < 1e-12 && abs(range.upperBound - 0.15) < 1e-12)
    // A record without it leaves nothing to say of all.
    let mixed = CellSummary(
      query, in: [record([1, 0, 0], repeatIndex: 0), self.record(0.3, repeatIndex: 1)])
    #expect(mixed.influence == nil)
  }

  @Test func absentUnmeasuredAndUnmeasurableAreTold() {
    #expect(CellSummary(query, in: []).status == .notRun)
    var empty = record(0.3)
    empty.measurements = []
    #expect(CellSummary(query, in: [empty]).status == .notMeasured)
    let undefined = CellSummary(query, in: [record(nil, note: "7 trials")])
    #expect(undefined.status == .notMeasurable)
    #expect(undefined.value == nil)
    #expect(undefined.notes == ["7 trials"])
  }

  @Test func rulesAreTakenInOrderOfPreferenceAndNoOther() {
    var both = record(0.3)
    both.measurements.append(
      MetricValue(
        quantity: .fnmr, group: "all", convention: "default", rule: "nearest_drop",
        target: 0.001, value: 0.4))
    var query = query
    query.rules = [.operatingPoint(.nearestDrop), .operatingPoint(.conservative)]
    #expect(query.find(in: both)?.value == 0.4)
    query.rules = [.other("quantile")]
    #expect(query.find(in: both) == nil)
    query.rules = []
    query.target = 0.01
    #expect(query.find(in: both) == nil)
  }

  /// A mean over two of three trainings is not paired with one over three.
  @Test func aDifferenceThatLacksARepeatHasNoInterval() throws {
    let draws = (0...40).map { 0.1 + 0.005 * Double($0) }
    func records(_ repeats: [Int], _ system: String) -> [EvaluationRecord] {
      repeats.map { r in
        var record = self.record(0.2, replicates: draws, system: system)
        record.key.repeatIndex = r
        return record
      }
    }
    let difference = try #require(
      SystemDifference(
        query, in: records([0, 2], "mote"), minus: query, in: records([0, 1, 2], "traditional")))
    #expect(difference.lower == nil && !difference.excludesZero && difference.repeats == 2)
    #expect(difference.note == "no interval: 2 of 3 repeats have both values")
  }

  /// Two estimates that their own replicates do not hold differ for certain only to the eye.
  @Test func aDifferenceOfAnEstimateOutsideItsIntervalHasNone() throws {
    let draws = (0...40).map { 0.1 + 0.005 * Double($0) }
    var outside = record(0.5, replicates: draws)
    (outside.measurements[0].lower, outside.measurements[0].upper) = (0.1, 0.3)
    let difference = try #require(
      SystemDifference(
        query, in: [outside], minus: query,
        in: [record(0.2, replicates: draws.reversed(), system: "traditional")]))
    #expect(difference.lower == nil && !difference.excludesZero)
    #expect(difference.note == "no interval: an estimate of the two lies outside its own interval")
  }

  @Test func pairedDifferenceSubtractsReplicateByReplicate() throws {
    // The systems vary together: the difference varies by 0.2 although both spread widely.
    let draws = (0...40).map { Double($0) }
    let difference = try #require(
      SystemDifference(
        query, in: [record(0.7, replicates: draws.map { $0 + 0.4 + 0.005 * $0 })], minus: query,
        in: [record(0.2, replicates: draws, system: "traditional")]))
    #expect(abs(difference.value - 0.5) < 1e-15)
    // 0.4, 0.405, …, 0.6 lie around their estimate.
    #expect(abs(difference.lower! - 0.405) < 1e-12 && abs(difference.upper! - 0.595) < 1e-12)
    #expect(difference.excludesZero && difference.pValue! == 2 / 42)
    #expect(difference.note == nil && difference.intervalMethod == "recentred")
  }

  /// A difference printed outside its own interval used to get a star: its replicates, all above 0,
  /// lie elsewhere than the difference. Moved to it, they show nothing.
  @Test func replicatesAreJudgedAroundTheDifference() throws {
    let draws = (0...40).map { Double($0) }
    let difference = try #require(
      SystemDifference(
        query, in: [record(0.3, replicates: draws.map { $0 + 1 + 0.01 * $0 })], minus: query,
        in: [record(0.2, replicates: draws, system: "traditional")]))
    #expect(difference.lower! < 0.1 && difference.upper! > 0.1)
    #expect(difference.lower! < 0 && !difference.excludesZero)
  }

  /// Where every replicate gives the same difference there is no interval, and no star.
  @Test func oneDifferenceInAllReplicatesIsNoInterval() throws {
    let draws = (0...40).map { Double($0) }
    let difference = try #require(
      SystemDifference(
        query, in: [record(0.3, replicates: draws)], minus: query,
        in: [record(0.2, replicates: draws, system: "traditional")]))
    #expect(difference.lower == nil && !difference.excludesZero && difference.pValue == nil)
    #expect(difference.note == "no interval: every resample gives the same value")
  }

  /// What repeats share cancels; the spread is that of their differences.
  @Test func differencesOfRepeatsArePooledDrawByDraw() throws {
    let draws = (0...80).map { Double($0) / 80 }
    func records(_ values: [Double], _ shift: Double, _ system: String) -> [EvaluationRecord] {
      values.enumerated().map { r, value in
        record(
          value, repeatIndex: r,
          replicates: draws.map { $0 * (r == 0 ? 1 : -1) + shift * (1 + 0.1 * $0) }, system: system)
      }
    }
    let difference = try #require(
      SystemDifference(
        query, in: records([0.3, 0.5], 0.1, "mote"), minus: query,
        in: records([0.2, 0.2], 0, "traditional")))
    #expect(abs(difference.value - 0.2) < 1e-12 && difference.repeats == 2)
    #expect(abs(difference.spread! - 0.2 / 2.0.squareRoot()) < 1e-12)
    #expect(difference.upper! - difference.lower! < 0.01)
    #expect(difference.intervalMethod == "recentred, mean of 2 repeats")
  }

  @Test func differenceOfDifferentTrialsHasNoInterval() throws {
    let difference = try #require(
      SystemDifference(
        query, in: [record(0.3, replicates: [1, 2])], minus: query,
        in: [record(0.2, replicates: [1, 2], system: "traditional", mated: 999)]))
    #expect(difference.lower == nil)
    #expect(!difference.excludesZero)
    #expect(difference.note == "no interval: the two systems were evaluated on different trials")
  }

  @Test func onlyRepeatsWithEqualNumberArePaired() throws {
    let mote = [record(0.3, repeatIndex: 0), record(0.5, repeatIndex: 1)]
    let other = [record(0.1, repeatIndex: 1, system: "traditional")]
    let difference = try #require(
      SystemDifference(query, in: mote, minus: query, in: other))
    #expect(difference.repeats == 1)
    #expect(difference.value == 0.4)
    #expect(SystemDifference(query, in: [mote[0]], minus: query, in: other) == nil)
  }
}
