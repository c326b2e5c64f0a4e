import Biometrics
import Claims
import Records
import Results
import Testing

@Suite struct RecognitionAnswerTests {
  /// Difference, half width of the interval / 0.95, and the answers of R1 (below 0.01) and R2 (above 0).
  @Test(arguments: [
    (0.004, 0.004, ClaimAnswer.Answer.holds, ClaimAnswer.Answer.holds),
    (0.002, 0.004, .holds, .cannotBeToldApart),
    (0.02, 0.005, .doesNotHold, .holds),
    (0.01, 0.004, .cannotBeToldApart, .holds),
    (-0.01, 0.004, .holds, .doesNotHold),
    (0.0, 0.1, .cannotBeToldApart, .cannotBeToldApart),
  ])
  func r1AndR2(
    difference: Double, spread: Double, r1: ClaimAnswer.Answer, r2: ClaimAnswer.Answer
  ) throws {
    let records = recognition(difference, spread: spread)
    let first = try answer("R1", records)
    #expect(first.answer == r1)
    #expect(abs(first.estimate! - difference) < 1e-12)
    #expect(abs(first.upper! - (difference + 0.95 * spread)) < 1e-9)
    #expect(first.smallestMargin == first.upper)
    #expect(first.configuration.title == "MOTE (paper)" && first.convention == "default")
    #expect(Set(first.cells) == Set(records.map(\.key)))
    let second = try answer("R2", records)
    #expect(second.answer == r2 && second.smallestMargin == second.lower)
  }

  /// LFW and ArcFace: .0260 − .0256 in the paper's Table 2.
  @Test func thePublishedGapIsTheBorderWhereItIsMoreThanAnError() throws {
    let few = try answer("R1p", recognition(-0.01, spread: 0.001, trials: 1000))
    #expect(few.reason?.hasPrefix("the published gap is under one error of 1000") == true)
    #expect(few.estimate != nil && few.smallestMargin == nil)
    let many = try answer("R1p", recognition(-0.01, spread: 0.001, trials: 10_000))
    guard case .below(let gap) = many.region else {
      Issue.record("\(many.region)")
      return
    }
    #expect(abs(gap - 0.0004) < 1e-9 && many.answer == .holds)
    let large = try answers(
      "R1p", recognition(0.01, spread: 0.001, dataset: "Adience", extractor: "MagFace")
    ).first { $0.dataset == "Adience" && $0.extractor == "MagFace" }!
    #expect(large.answer == .holds && large.region == .below(0.0632))
    // A dataset that the paper does not have.
    let other = try answers("R1p", recognition(0, spread: 0.001, dataset: "Other")).last!
    #expect(other.reason == "the paper prints no gap for Other ArcFace")
  }

  @Test func withoutReplicatesNothingIsTestable() throws {
    let found = try answer("R1", recognition(0.004, spread: nil))
    #expect(
      found.reason == "no interval: the records hold no paired bootstrap replicates")
    #expect(found.estimate != nil && found.lower == nil && found.smallestMargin == nil)
  }

  @Test func aMissingSystemIsNamed() throws {
    #expect(
      try answer("R1", [recognition(0, spread: 0.1)[0]]).reason == "Traditional: not run")
    let unmeasured = [recognition(0, spread: 0.1)[0], evaluation(system: "traditional", [])]
    #expect(
      try answer("R1", unmeasured).reason
        == "Traditional: the records hold no FNMR at FMR 1e-3")
  }

  @Test func differentTrialsAreNotPaired() throws {
    var records = recognition(0.004, spread: 0.004)
    records[1].counts.matedComparisons += 1
    #expect(
      try answer("R1", records).reason
        == "no interval: the two systems were evaluated on different trials")
  }

  /// 90 % of the replicates lie within ± 0.9 spread: a claim that two sides leave open holds with one.
  @Test func oneSidedBoundsAreNearer() throws {
    var oneSided = claim("R1")
    oneSided.sides = .one
    let records = recognition(0.0, spread: 0.0108)
    #expect(try answer("R1", records).answer == .cannotBeToldApart)
    let found = try answer("R1", records, claim: oneSided)
    #expect(found.answer == .holds && abs(found.upper! - 0.9 * 0.0108) < 1e-9)
    #expect(found.intervalMethod == "recentred, one-sided")
  }

  /// The paper's cells that have no records, and cells that only the records know.
  @Test func everyCellOfThePaperHasAnAnswerAndSoHasEveryPlaceOfTheRecords() throws {
    let records =
      recognition(0.004, spread: 0.004)
      + recognition(0.004, spread: 0.004, dataset: "LFW-half", extractor: "Other")
    let found = try answers("R1", records)
    #expect(found.count == 7)
    let absent = found.filter(\.isUnrecorded)
    #expect(absent.count == 5 && absent.allSatisfy { $0.cells.isEmpty })
    #expect(
      absent.contains { $0.reason == "no records of ColorFeret MagFace" })
    #expect(found.last?.dataset == "LFW-half" && found.last?.answer == .holds)
    // Other spellings are the same cell.
    let spelt = try answers("R1", recognition(0, spread: 0.1, dataset: "ColorFERET"))
    #expect(spelt.count == 6 && spelt.contains { $0.dataset == "ColorFERET" && !$0.isUnrecorded })
  }

  @Test func syntheticDataAreMarked() throws {
    var records = recognition(0.004, spread: 0.004)
    for i in records.indices { records[i].isSynthetic = true }
    #expect(try answer("R1", records).isSynthetic)
  }

  @Test func answersAreCounted() throws {
    let counts = AnswerCounts(
      try answers("R1", recognition(0.004, spread: 0.004))
        + answers("R1", recognition(0.1, spread: 0.004)))
    #expect(counts.holds == 1 && counts.doesNotHold == 1 && counts.notTestable == 10)
    #expect(counts.tested == 2)
  }
}
