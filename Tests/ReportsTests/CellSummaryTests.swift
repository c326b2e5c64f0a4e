import Biometrics
import Records
import Reports
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
        intervalMethod: "subject-bootstrap", replicates: replicates.map(Replicates.init),
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
    #expect(summary.intervalMethod == "subject-bootstrap")
  }

  @Test func repeatsGiveMeanSpreadAndSummedCounts() {
    let summary = CellSummary(
      query, in: [record(0.25, repeatIndex: 0), record(0.75, repeatIndex: 1)])
    #expect(summary.value == 0.5)
    #expect(abs(summary.spread! - 0.125.squareRoot()) < 1e-15)
    #expect(summary.numerator == 100)
    #expect(summary.denominator == 200)
    #expect(summary.lower == 0.15 && summary.upper == 0.85)
    #expect(summary.intervalMethod == "hull of the repeats' intervals")
  }

  @Test func theIntervalOfRepeatsIsThatOfTheMeanReplicates() {
    // Mean replicates 0, 1, …, 100: type-7 quantiles at 2.5 and 97.5.
    let up = (0...100).map(Double.init)
    let summary = CellSummary(
      query,
      in: [
        record(0.25, repeatIndex: 0, replicates: up.map { $0 - 5 }),
        record(0.75, repeatIndex: 1, replicates: up.map { $0 + 5 }),
      ])
    #expect(summary.lower == 2.5 && summary.upper == 97.5)
  }

  @Test func undefinedReplicatesAreLeftOut() {
    let summary = CellSummary(
      query,
      in: [
        record(
          0.25, repeatIndex: 0, replicates: [.nan, .nan, .nan, .nan] + (0...40).map(Double.init)),
        record(0.75, repeatIndex: 1, replicates: [5, 5, 5, 5] + (0...40).map(Double.init)),
      ])
    // More than nine of ten are defined: 0, 1, …, 40, type-7 quantiles at 2.5 and 97.5 %.
    #expect(abs(summary.lower! - 1) < 1e-12 && abs(summary.upper! - 39) < 1e-12)
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

  @Test func pairedDifferenceSubtractsReplicateByReplicate() throws {
    // The systems vary together: the difference is 1 in every replicate although both spread widely.
    let draws = (0...40).map { Double($0) }
    let difference = try #require(
      SystemDifference(
        query, in: [record(1.2, replicates: draws.map { $0 + 1 })], minus: query,
        in: [record(0.2, replicates: draws, system: "traditional")]))
    #expect(abs(difference.value - 1) < 1e-15)
    #expect(difference.lower == 1 && difference.upper == 1)
    #expect(difference.excludesZero)
    #expect(difference.note == nil)
  }

  /// A difference printed outside its own interval used to get a star.
  @Test func aDifferenceOutsideItsIntervalShowsNothing() throws {
    let draws = (0...40).map { Double($0) }
    let difference = try #require(
      SystemDifference(
        query, in: [record(0.3, replicates: draws.map { $0 + 1 })], minus: query,
        in: [record(0.2, replicates: draws, system: "traditional")]))
    #expect(difference.lower == 1 && difference.upper == 1)
    #expect(!difference.excludesZero && difference.pValue == nil)
    #expect(difference.note?.hasPrefix("the interval misses the difference itself") == true)
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
