import Claims
import Configurations
import Records
import Results
import Specs
import TestSupport
import Testing

/// K1: synthetic samples beside real ones.
@Suite struct SyntheticAnswerTests {
  private func answers(
    _ areas: [String: (value: Double, lower: Double?, upper: Double?)], omission: String? = nil,
    isSynthetic: Bool = false
  ) throws -> [ClaimAnswer] {
    var compared = ComparedDensity(gender: .female, omission: omission)
    if omission == nil {
      var found = SampleComparison(
        kind: .synthetic, people: 120, pairs: 300, expectedOtherSquare: 1)
      for (name, area) in areas {
        var tested = TestedStatistic(value: area.value)
        (tested.lower, tested.upper) = (area.lower, area.upper)
        found.classifiers[name] = tested
      }
      compared.comparisons = [found]
    }
    let record = fakeRecord(dataset: "LFW", extractor: "ArcFace", system: "mote")
    let records = ExperimentRecords(
      results: try RecordSet(records: []),
      kde: [
        KDERecord(
          key: record.key, configurations: ["paper", "wide"], inputHash: "00",
          isSynthetic: isSynthetic,
          genders: [compared], provenance: record.provenance)
      ])
    return claimAnswers([claim("K1")], records, paperValues).filter { !$0.isUnrecorded }
  }

  private func answer(
    _ areas: [String: (value: Double, lower: Double?, upper: Double?)]
  ) throws -> ClaimAnswer {
    let found = try answers(areas)
    #expect(found.count == 1)
    return try #require(found.first)
  }

  @Test func itHoldsWhereEveryClassifierStaysBelowTheBorder() throws {
    let found = try answer(["differences": (0.52, 0.47, 0.57), "energies": (0.55, 0.50, 0.59)])
    #expect(found.answer == .holds && found.estimate == 0.55 && found.upper == 0.59)
    #expect(found.convention == "female")
    #expect(
      found.note == "classifier on energies, 120 people; the densities of wide too")
  }

  /// An area far below one half tells the kinds apart as well.
  @Test func anAreaBelowOneHalfIsFolded() throws {
    let found = try answer(["differences": (0.30, 0.25, 0.35)])
    #expect(found.answer == .doesNotHold)
    #expect(abs(found.lower! - 0.65) < 1e-12 && abs(found.upper! - 0.75) < 1e-12)
  }

  @Test func oneClassifierIsEnoughForANo() throws {
    let found = try answer(["differences": (0.52, 0.47, 0.57), "energies": (0.9, 0.85, 0.95)])
    #expect(found.answer == .doesNotHold && found.lower == 0.85)
  }

  @Test func anIntervalAcrossTheBorderTellsNothing() throws {
    #expect(try answer(["energies": (0.58, 0.5, 0.66)]).answer == .cannotBeToldApart)
    // The border itself is outside.
    #expect(try answer(["energies": (0.58, 0.5, 0.60)]).answer == .cannotBeToldApart)
  }

  @Test func withoutIntervalOrComparisonItIsNotTestable() throws {
    #expect(
      try answer(["energies": (0.58, nil, nil)]).reason
        == "no interval of a classifier's AUC was made")
    #expect(try answers([:], omission: "too few").first?.reason == "too few")
    #expect(try answers([:], omission: "too few", isSynthetic: true).first?.isSynthetic == true)
  }
}
