import AttackReports
import Biometrics
import Claims
import Configurations
import Records
import Results
import Testing

@Suite struct AttackAnswerTests {
  /// Interval of the balanced accuracy, targets, share taken for the first group, and the answer.
  @Test(arguments: [
    (0.485...0.515, 5000, 0.5, ClaimAnswer.Answer.holds),
    (0.48...0.52, 5000, 0.5, .holds),
    (0.49...0.53, 5000, 0.5, .cannotBeToldApart),
    (0.53...0.57, 5000, 0.5, .doesNotHold),
    (
      0.485...0.515, 2399, 0.5,
      .notTestable("too few people: 2,399 targets, about 2,400 are needed")
    ),
    (0.485...0.515, 2400, 0.5, .holds),
    // Few people can show that the attack is not at chance.
    (0.6...0.8, 100, 0.5, .doesNotHold),
    (0.5...0.5, 5000, 0.0, .notTestable("collapsed: 0 % are taken for male")),
    (0.5...0.5, 5000, 0.019, .notTestable("collapsed: 1.90 % are taken for male")),
    (0.49...0.51, 5000, 0.02, .holds),
    (0.5...0.5, 5000, 0.99, .notTestable("collapsed: 99.0 % are taken for male")),
  ])
  func p1(
    success: ClosedRange<Double>, targets: Int, share: Double, expected: ClaimAnswer.Answer
  ) throws {
    let record = attacked([
      attack(.a0, success: success, targets: targets, predictedFirst: share)
    ])
    let found = try answer("P1", attacks: [record])
    #expect(found.answer == expected)
    #expect(found.cells == [record.key] && found.convention == "cohort-as-is")
    if case .notTestable(let reason) = expected, reason.hasPrefix("collapsed") {
      // The same answer for everybody is right for half of them: no resample changes it.
      #expect(found.lower == nil && found.upper == nil)
    } else {
      #expect(found.lower == success.lowerBound && found.upper == success.upperBound)
    }
    if case .notTestable = expected { #expect(found.smallestMargin == nil) }
  }

  @Test func aCollapsedRepeatIsTold() throws {
    let records = [0.5, 0.001].enumerated().map { i, share in
      attacked(
        [attack(.a0, success: 0.48...0.52, targets: 5000, predictedFirst: share)], repeatIndex: i)
    }
    #expect(
      try answer("P1", attacks: records).reason
        == "collapsed in 1 of 2 repeats: 0.100 % are taken for male")
  }

  /// A lower bound of the strongest needs replicates; the largest upper end counts for all.
  @Test func p2NeedsEveryAttackBelowTheBorder() throws {
    func weak(_ kind: AttackKind, _ upper: Double) -> AttackOutcome {
      attack(
        kind, success: 0.4...0.6, targets: 100, auc: (1 - upper)...upper,
        replicates: replicates(around: 0.5, 0.05))
    }
    let all = try answer("P2", attacks: [attacked([weak(.a1, 0.55), weak(.a2, 0.59)])])
    #expect(all.answer == .holds && abs(all.smallestMargin! - 0.59) < 1e-12)
    let one = try answer("P2", attacks: [attacked([weak(.a1, 0.55), weak(.a2, 0.61)])])
    #expect(one.answer == .cannotBeToldApart)
    let strong = attack(
      .a4, success: 0.8...0.9, targets: 100, auc: 0.85...0.95,
      replicates: replicates(around: 0.9, 0.02, step: 7))
    let lost = try answer("P2", attacks: [attacked([weak(.a1, 0.55), strong])])
    #expect(lost.answer == .doesNotHold && lost.note.hasPrefix("strongest A4"))
    #expect(
      lost.intervalMethod
        == "lower max-T over 2, one-sided; upper largest of all variants")
  }

  @Test func p2NeedsPeopleOfBothGroups() throws {
    func perfect(_ targets: Int) -> AttackOutcome {
      attack(
        .a4, success: 0.9...1, targets: targets, auc: 1...1,
        replicates: replicates(around: 0.99, 0.005, step: 7))
    }
    let few = try answer("P2", attacks: [attacked([perfect(19)])])
    #expect(few.reason == "too few people: 9 targets of one group, 10 are needed")
    // The printed attack alike, however narrow its interval.
    for claim in ["P1", "P3"] {
      let printed = try answer(
        claim,
        attacks: [
          attacked(
            [attack(.a0, success: 0.2...0.4, targets: 19)],
            system: claim == "P3" ? "traditional" : "mote")
        ])
      #expect(printed.reason == few.reason && printed.lower == nil, "\(claim)")
    }
    #expect(few.lower == nil && few.smallestMargin == nil)
    let enough = try answer("P2", attacks: [attacked([perfect(20)])])
    #expect(enough.answer == .doesNotHold)
  }

  @Test func p2IsNotTestableWhereAnAttackIsLeftOut() throws {
    let weak = attack(.a1, success: 0.4...0.6, targets: 100, auc: 0.45...0.55)
    let omitted = OmittedAttack(attack: .a6, isInapplicable: false, reason: "too few subjects")
    #expect(
      try answer("P2", attacks: [attacked([weak], omitted: [omitted])]).reason
        == "A6: too few subjects")
    let inapplicable = OmittedAttack(attack: .a8, isInapplicable: true, reason: "no network")
    #expect(
      try answer("P2", attacks: [attacked([weak], omitted: [inapplicable])]).answer == .holds)
    #expect(
      try answer("P2", attacks: [attacked([attack(.a0, success: 0.4...0.6, targets: 9)])]).reason
        == "no adaptive attack was carried out")
  }

  @Test func p3AndP4LookAtOtherSystems() throws {
    func records(_ success: ClosedRange<Double>) -> [AttackRecord] {
      ["mote", "traditional", "pe-miu-32", "pfrnet"].map {
        attacked([attack(.a0, success: success, targets: 500)], system: $0)
      }
    }
    #expect(try answer("P3", attacks: records(0.86...0.9)).answer == .holds)
    #expect(try answer("P3", attacks: records(0.7...0.85)).answer == .doesNotHold)
    let found = try answers("P4", attacks: records(0.7...0.8)).filter { !$0.isUnrecorded }
    #expect(found.map(\.configuration.system) == ["pe-miu-32", "pfrnet"])
    #expect(found.allSatisfy { $0.answer == .cannotBeToldApart })
  }

  @Test func withoutAttacksOfTheSystemThereAreNoRecords() throws {
    let traditional = attacked([attack(.a0, success: 0.8...0.9, targets: 9)], system: "traditional")
    let found = try answer("P1", attacks: [traditional])
    #expect(found.isUnrecorded && found.reason == "no recorded attacks on mote of LFW ArcFace")
  }
}
