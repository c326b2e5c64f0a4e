import MOTE
import Testing

@Suite struct FactorChoiceTests {
  private func risk(
    threshold: Double = 0, development: [Float], synthetic: [Float], male: Int
  ) -> ModelRisk {
    development.withUnsafeBufferPointer { development in
      synthetic.withUnsafeBufferPointer { synthetic in
        ModelRisk(
          threshold: threshold, development: development, synthetic: synthetic, maleCount: male)
      }
    }
  }

  /// A risk with an FNMR of 1/2 and a chosen number of false matches in 999 rows.
  private func risk(falseMatches: Int) -> ModelRisk {
    risk(
      development: (0..<999).map { $0 < falseMatches ? 1 : -1 }, synthetic: [-1, 1, -1, 1], male: 2)
  }

  @Test func falseMatchesAreCountedFromTheThresholdOn() {
    let found = risk(development: [-1, -0.5, 0, 2], synthetic: [1, 2, 3, 4], male: 2)
    #expect(found.fmr == 2.5 / 5)
    #expect(risk(development: [-1], synthetic: [1, 2], male: 1).fmr == 0.5 / 2)
  }

  @Test func bothGendersWeighAlikeHoweverManySamplesTheyHave() {
    // Males: mean 1, sd 1: Phi(-1) below 0. Females: mean 0, sd 1: half.
    let male: [Float] = [0, 2, 0, 2, 0, 2, 0, 2, 1]
    let female: [Float] = [-1, 0, 1]
    let found = risk(development: [-1], synthetic: male + female, male: male.count)
    #expect(abs(found.fnmr - (0.158655253931457 + 0.5) / 2) < 1e-9)
    // One gender alone stands for both.
    #expect(abs(risk(development: [-1], synthetic: female, male: 0).fnmr - 0.5) < 1e-12)
  }

  @Test func samplesThatAreAllEqualAreEitherBelowOrNot() {
    #expect(risk(development: [-1], synthetic: [1, 1, -1, -1], male: 2).fnmr == 0.5)
  }

  @Test func everybodyIsBroughtNearTheMedianOfTheBalancedFactor() {
    // At 0.5 the risks grow over the subjects; 0 halves about, 1 doubles about.
    let balanced = [10, 20, 40, 80, 160]
    let risks = [
      balanced.map { risk(falseMatches: $0 / 2) }, balanced.map { risk(falseMatches: $0) },
      balanced.map { risk(falseMatches: 2 * $0) },
    ]
    let choice = FactorChoice(candidates: [0, 0.5, 1], risks: risks)
    #expect(choice.targetRisk == risks[1][2].value)
    #expect(choice.chosen == [2, 2, 1, 0, 0])
  }

  @Test func equalRisksLeaveTheBalancedFactor() {
    let same = [risk(falseMatches: 5), risk(falseMatches: 7)]
    #expect(
      FactorChoice(candidates: [0, 1, 0.4, 0.6], risks: [same, same, same, same]).chosen == [2, 2])
    #expect(FactorChoice(candidates: [0, 0.5], risks: [same, same]).chosen == [1, 1])
  }

  @Test func nobodyIsNoProblem() {
    #expect(FactorChoice(candidates: [0, 1], risks: [[], []]).chosen.isEmpty)
  }
}
