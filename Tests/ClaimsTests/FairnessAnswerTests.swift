import Biometrics
import Claims
import Records
import Results
import Testing

private let factors = [0.0, 0.4, 0.5, 0.6, 1.0]

/// MOTE at the five factors with these differences of FDR and iGARBE from traditional templates, all
/// resampled in orders of their own; half the interval is about 0.95 spread.
private func records(
  fdr: [Double], igarbe: [Double], spread: Double = 0.01, dataset: String = "LFW"
) -> [EvaluationRecord] {
  factors.indices.map { i in
    evaluation(
      factor: factors[i], dataset: dataset,
      [
        measurement(.fdr, 0.5 + fdr[i], spread: spread, step: 2 * i + 3),
        measurement(.igarbe, 0.5 + igarbe[i], spread: spread, step: 2 * i + 17),
      ])
  } + [
    evaluation(
      system: "traditional", dataset: dataset,
      [measurement(.fdr, 0.5, spread: 0), measurement(.igarbe, 0.5, spread: 0)])
  ]
}

private func five(_ value: Double) -> [Double] { Array(repeating: value, count: 5) }

@Suite struct FairnessAnswerTests {
  @Test func f1NeedsBothMeasuresAtEveryFactor() throws {
    let all = try answer("F1", records(fdr: five(0.02), igarbe: five(0.1)))
    #expect(all.answer == .holds && all.convention == "default")
    #expect(all.configuration.balancingFactor == nil && all.cells.count == 6)
    #expect(all.note == "weakest of 10: FDR at factor 0.0")
    #expect(abs(all.smallestMargin! - (0.02 - 0.0095)) < 1e-9)
    // One of the ten spans 0.
    let open = try answer(
      "F1", records(fdr: [0.02, 0.02, 0.005, 0.02, 0.02], igarbe: five(0.1)))
    #expect(open.answer == .cannotBeToldApart && open.note == "weakest of 10: FDR at factor 0.5")
    // One is certainly below.
    let lost = try answer(
      "F1", records(fdr: five(0.1), igarbe: [0.1, 0.1, 0.1, 0.1, -0.1]))
    #expect(lost.answer == .doesNotHold && lost.note == "weakest of 10: iGARBE at factor 1.0")
    #expect(lost.upper! < 0)
  }

  /// −0.0096 ± 0.0095 excludes 0 alone, but not as the lowest of ten.
  @Test func thatSomeFactorIsNotFairerPaysForTheChoice() throws {
    let found = try answer("F1", records(fdr: [-0.0096, 0, 0, 0, 0], igarbe: five(0)))
    #expect(found.answer == .cannotBeToldApart && found.upper! > 0)
  }

  @Test func f1sIsCorrectedByHolm() throws {
    let some = try answer(
      "F1s", records(fdr: [0, 0, 0.1, 0, 0], igarbe: [0, 0, 0.1, 0, 0]))
    // p = 2/102 at best, times five factors.
    #expect(some.answer == .cannotBeToldApart && some.note.hasSuffix("p 0.098"))
    let two = claim("F1s")
    var fewer = two
    fewer.factors = [0.4, 0.5]
    let held = try answer(
      "F1s", records(fdr: [0, 0, 0.1, 0, 0], igarbe: [0, 0, 0.1, 0, 0]), claim: fewer)
    #expect(held.answer == .holds && held.note.contains("factor 0.5, p 0.039"))
    // Better by one measure and worse by the other is not fairer.
    let mixed = try answer("F1s", records(fdr: five(0.1), igarbe: five(-0.1)), claim: fewer)
    #expect(mixed.answer == .doesNotHold && mixed.upper! < 0)
  }

  @Test func f2ComparesTheNamedFactorsWithAllOthers() throws {
    func found(_ igarbe: [Double]) throws -> ClaimAnswer {
      try answers("F2", records(fdr: five(0), igarbe: igarbe, dataset: "Adience")).first {
        !$0.isUnrecorded
      }!
    }
    let best = try found([0, 0, 0.1, 0, 0])
    #expect(best.answer == .holds && abs(best.estimate! - 0.1) < 1e-12)
    #expect(best.note == "factor 0.5 against the best of 3 others")
    // The two named factors need not be told from each other.
    #expect(try found([0, 0, 0.1, 0.1, 0]).answer == .holds)
    #expect(try found([0, 0.1, 0, 0, 0]).answer == .doesNotHold)
    #expect(try found([0, 0.1, 0.1, 0, 0]).answer == .cannotBeToldApart)
    #expect(try answers("F2", records(fdr: five(0), igarbe: five(0))).allSatisfy(\.isUnrecorded))
  }

  /// Least squares: iGARBE = 0.6 − 0.1 factor exactly.
  @Test func f3IsTheSlopeOverFactors() throws {
    let falling = try answer("F3", records(fdr: five(0), igarbe: factors.map { 0.1 - 0.1 * $0 }))
    #expect(abs(falling.estimate! + 0.1) < 1e-12 && falling.answer == .holds)
    #expect(falling.smallestMargin == falling.upper)
    let rising = try answer("F3", records(fdr: five(0), igarbe: factors.map { 0.1 * $0 }))
    #expect(rising.answer == .doesNotHold)
    #expect(
      try answer("F3", records(fdr: five(0), igarbe: five(0))).answer == .cannotBeToldApart)
  }

  @Test func everyFactorOfTheClaimMustHaveARecord() throws {
    let some = records(fdr: five(0.1), igarbe: five(0.1)).filter {
      $0.key.balancingFactor != 0.4 && $0.key.balancingFactor != 1
    }
    for id in ["F1", "F1s", "F3"] {
      #expect(try answer(id, some).reason == "no records at factor 0.4, 1.0")
    }
  }

  @Test func whatCannotBeMeasuredIsNamed() throws {
    var all = records(fdr: five(0.1), igarbe: five(0.1))
    all[2].measurements[1].value = nil
    #expect(
      try answer("F1", all).reason
        == "iGARBE at factor 0.5: MOTE or traditional templates have no value")
    #expect(try answer("F3", all).reason == "iGARBE at factor 0.5: no value, or no replicates")
  }

  /// Gaps 0.02 and 0.06; FNMR 0.004 or 0.03 worse.
  @Test(arguments: [
    (0.02, 0.004, ClaimAnswer.Answer.holds), (0.02, 0.03, .doesNotHold),
    (0.12, 0.004, .doesNotHold), (0.06, 0.004, .cannotBeToldApart),
    (0.02, 0.01, .cannotBeToldApart),
  ])
  func f4NeedsASmallerGapAndNoLossOfRecognition(
    gap: Double, loss: Double, expected: ClaimAnswer.Answer
  ) throws {
    func system(_ factor: Double?, _ rule: String?, _ gap: Double, _ fnmr: Double, _ step: Int)
      -> EvaluationRecord
    {
      evaluation(
        factor: factor, rule: rule,
        [
          measurement(.fnmr, fnmr, spread: 0.002, step: step),
          measurement(.fnmr, 0.1, spread: 0.002, group: "male", step: step + 2),
          measurement(.fnmr, 0.1 + gap, spread: 0.002, group: "female", step: step + 4),
        ])
    }
    let found = try answer(
      "F4",
      [system(0.5, nil, 0.06, 0.1, 3), system(nil, "per-subject", gap, 0.1 + loss, 19)])
    #expect(found.answer == expected && abs(found.estimate! - (gap - 0.06)) < 1e-12)
    #expect(found.note.hasSuffix("must be below +0.01"))
  }

  @Test func f4NeedsTheFixedFactor() throws {
    let alone = evaluation(
      factor: nil, rule: "per-subject", [measurement(.fnmr, 0.1, spread: 0.01)])
    #expect(try answer("F4", [alone]).reason == "no records at factor 0.5")
  }
}
