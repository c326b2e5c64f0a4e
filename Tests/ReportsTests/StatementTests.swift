import AttackReports
import Biometrics
import Configurations
import Privacy
import Reports
import Testing

@Suite struct StatementTests {
  private func outcome(_ attack: AttackKind, auc: Estimate) -> AttackOutcome {
    let isFirst = (0..<20).map { $0 < 10 }
    var outcome = AttackOutcome(
      attack: attack, variant: "mean/raw", values: isFirst.map { $0 ? 1 : 0 },
      predictsFirst: isFirst,
      resampling: TargetResampling(isFirst: isFirst, replicates: 1, permutations: 1, seed: 0))
    outcome.auc = auc
    outcome.balancedAccuracy = Estimate(value: 0.5556, lower: 0.41, upper: 0.7)
    return outcome
  }

  private func report(_ outcomes: [AttackOutcome], _ omitted: [OmittedAttack] = []) -> AttackReport
  {
    AttackReport(
      system: "mote", attribute: "gender",
      question: BinaryQuestion(first: "male", second: "female", firstGroup: 0),
      galleryDataset: "Other", gallerySamples: 10, targets: 20, ownReferences: 0,
      outcomes: outcomes, omitted: omitted, galleryCurve: [], differences: [:], isFirstTarget: [])
  }

  private func sentence(_ outcomes: [AttackOutcome], _ omitted: [OmittedAttack] = []) -> String {
    statement(of: "MOTE", in: [report(outcomes, omitted)])
  }

  @Test func preventedOnlyBelowTheBoundEverywhere() {
    let weak = outcome(.a1, auc: Estimate(value: 0.52, lower: 0.47, upper: 0.56))
    #expect(
      sentence([weak])
        == "Gender inference from MOTE is prevented: the upper 95 % bound of the two-sided AUC stays "
        + "below 0.60 in all adaptive attacks (largest 0.56); the strongest is A1 (ranking of mean "
        + "differences, mean/raw): AUC 0.52 [0.50, 0.56], balanced accuracy 55.6 % [41.0 %, 70.0 %], "
        + "20 targets")
  }

  @Test func aRankingBelowChanceLeaksAsMuchAsOneAbove() {
    let reversed = outcome(.a2, auc: Estimate(value: 0.2, lower: 0.15, upper: 0.25))
    #expect(
      sentence([reversed])
        == "Gender inference from MOTE is possible: the strongest attack is A2 (the same on logits, "
        + "mean/raw) with AUC 0.80 [0.75, 0.85], balanced accuracy 55.6 % [41.0 %, 70.0 %], "
        + "20 targets")
  }

  @Test func wideIntervalsProveNothing() {
    let wide = outcome(.a4, auc: Estimate(value: 0.6, lower: 0.4, upper: 0.8))
    #expect(
      sentence([wide])
        == "Gender inference from MOTE is not shown to be prevented: the strongest attack is A4 "
        + "(normalised per attacker sample, mean/raw) with AUC 0.60 [0.50, 0.80], balanced accuracy "
        + "55.6 % [41.0 %, 70.0 %], 20 targets, which neither excludes chance nor stays below 0.60")
  }

  @Test func theCollapsedAttackOfThePaperProvesNothing() {
    let collapsed = outcome(.a0, auc: Estimate(value: 0.5, lower: 0.5, upper: 0.5))
    #expect(
      sentence([collapsed])
        == "Gender inference from MOTE was not tested: no adaptive attack was run")
  }

  @Test func attacksThatCouldNotRunForbidTheClaimInapplicableOnesDoNot() {
    let weak = outcome(.a1, auc: Estimate(value: 0.52, lower: 0.47, upper: 0.56))
    let inapplicable = OmittedAttack(attack: .a8, isInapplicable: true, reason: "no model")
    let failed = OmittedAttack(attack: .a6, isInapplicable: false, reason: "too few")
    #expect(sentence([weak], [inapplicable]).contains("is prevented"))
    #expect(
      sentence([weak], [inapplicable, failed]).hasPrefix(
        "Gender inference from MOTE is not shown to be prevented: the attacks that were run stay "
          + "below AUC 0.60, but A6 could not be run"))
  }

  /// Opposite deviations cancel draw by draw: targets are drawn with all their models.
  @Test func repeatsArePooledDrawByDraw() throws {
    func outcome(_ area: Double, _ sign: Double) -> AttackOutcome {
      var found = self.outcome(.a1, auc: Estimate(value: area, lower: 0.2, upper: 0.9))
      found.aucReplicates = Replicates(
        (0..<200).map { area + sign * 0.001 * (Double(($0 * 37) % 200) - 99.5) })
      return found
    }
    let reports = [report([outcome(0.52, 1)]), report([outcome(0.56, -0.95)])]
    let pooled = try #require(RepeatedAttack.all(in: reports).first)
    #expect(pooled.repeats == 2 && abs(pooled.auc.value - 0.54) < 1e-12)
    #expect(pooled.auc.upper - pooled.auc.lower < 0.01)
    #expect(abs(pooled.aucSpread! - 0.04 / 2.0.squareRoot()) < 1e-12)
    #expect(pooled.methodText(.bca) == "bca, mean of 2 repeats")
    // Each alone reaches 0.60, their mean does not.
    #expect(InferenceVerdict(of: [reports[1]]) == .possible || reports[1].verdict == .undecided)
    #expect(InferenceVerdict(of: reports) == .prevented)
    #expect(statement(of: "MOTE", in: reports).contains("20 targets, mean of 2 repeats"))
    // An attack that one repeat lacks stands in the way of the claim.
    let partial = [reports[0], report([outcome(0.56, -0.95), self.outcome(.a4, auc: pooled.auc)])]
    #expect(InferenceVerdict(of: partial) == .notShown(missing: [.a4]))
  }

  /// The best of many attacks that find nothing looks strong by its own bound alone.
  @Test func theChoiceOfTheStrongestIsPaidFor() throws {
    let outcomes = (0..<30).map { k in
      var found = outcome(.a5, auc: Estimate(value: 0.5, lower: 0.4, upper: 0.6))
      let area = k == 7 ? 0.558 : 0.5
      found.variant = "top-\(k)/raw"
      found.aucReplicates = Replicates(
        (0..<400).map { area + 0.0003 * (Double(($0 * (2 * k + 37)) % 401) - 200) })
      found.auc = Estimate(value: area, replicates: found.aucReplicates!.values)
      return found
    }
    let winner = try #require(StrongestAttack(in: [report(outcomes)]))
    #expect(winner.attack.variant == "top-7/raw" && winner.variants == 30)
    #expect(winner.attack.auc.lower > 0.5 && winner.lowerBound == 0.5 && !winner.isPossible)
    #expect(winner.pValue > 0.05 && winner.method == "max-T over 30, one-sided")
    #expect(InferenceVerdict(of: [report(outcomes)]) == .undecided)
  }
}
