import Biometrics
import Claims
import Records
import Results
import Testing

/// What holds of answers to any claim.
@Suite struct ClaimAnswersTests {
  @Test(arguments: [
    ("E1", "no records of heat maps of LFW ArcFace"),
    ("E2", "no records of heat maps of LFW ArcFace"),
    ("K1", "no records of synthetic samples beside real ones of LFW ArcFace"),
    ("C1", "no cost records of LFW ArcFace"),
    ("F4", "no records with a factor per person of LFW ArcFace"),
  ])
  func whatHasNoRecordsIsNotTestable(id: String, reason: String) throws {
    let found = try answers(id, recognition(0, spread: 0.1))
    #expect(found.count == 6 && found.allSatisfy(\.isUnrecorded))
    #expect(found.contains { $0.reason == reason })
    #expect(found.allSatisfy { $0.estimate == nil && $0.smallestMargin == nil })
  }

  /// Opposite deviations of two trainings cancel draw by draw, which no interval of one shows.
  @Test func repeatsArePooledDrawByDraw() throws {
    let pairs = [(0.0, 1), (0.008, -1)].enumerated().flatMap { r, change in
      var mote = evaluation(
        repeatIndex: r, [measurement(.fnmr, 0.05 + change.0, spread: 0.02 * Double(change.1))])
      // A little is left, else there is no interval.
      mote.measurements[0].replicates = Replicates(
        mote.measurements[0].replicates!.values.enumerated().map { $1 + 1e-4 * Double($0 % 7) })
      return [
        mote,
        evaluation(system: "traditional", repeatIndex: r, [measurement(.fnmr, 0.05, spread: 0)]),
      ]
    }
    let found = try answer("R1", pairs)
    #expect(found.answer == .holds && found.repeats == 2)
    #expect(abs(found.estimate! - 0.004) < 1e-12 && found.upper! < 0.005)
    #expect(found.intervalMethod == "recentred, mean of 2 repeats")
    #expect(found.cells.count == 4)
    #expect(try answer("R1", Array(pairs.prefix(2))).answer == .cannotBeToldApart)
  }

  @Test func everyClaimGivesAnAnswerForEveryCellOfThePaper() throws {
    let records = ExperimentRecords(
      results: try RecordSet(records: recognition(0.004, spread: 0.004)))
    let found = claimAnswers(paperClaims, records, paperValues)
    for claim in paperClaims {
      let places = Set(found.filter { $0.claim.id == claim.id }.map(\.at))
      #expect(places == Set(claim.cells), "\(claim.id)")
    }
  }

  /// The order of files and of systems changes nothing.
  @Test func theOrderOfRecordsDoesNotMatter() throws {
    let records =
      recognition(0.004, spread: 0.004) + recognition(0.02, spread: 0.01, dataset: "Adience")
    let a = try answers("R1", records)
    let b = try answers("R1", records.reversed())
    #expect(a == b)
  }
}
