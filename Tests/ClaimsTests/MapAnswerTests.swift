import Biometrics
import Claims
import Configurations
import Records
import Results
import Specs
import Testing

@Suite struct MapAnswerTests {
  private func estimate(_ value: Double, _ spread: Double = 0.01) -> MeanOverPeople {
    MeanOverPeople(
      value: value, interval: (value - spread)...(value + spread), method: "percentile")
  }

  private func record(
    againstUniform: Double, againstTraditional: Double, likeness: Double = 0.05, samePairs: Int = 3
  ) -> MapRecord {
    let random = estimate(againstUniform)
    let other = estimate(againstTraditional)
    return MapRecord(
      key: Cell(
        dataset: "LFW", extractor: "ArcFace", system: "mote", preset: "paper",
        balancingFactor: 0.5), inputHash: "00", mapsHash: "00", isSynthetic: false,
      tail: "depthwise", shape: [3, 2, 2], deviation: 0, tolerance: 1e-4, people: 4, images: 12,
      matedTrials: 8, nonMatedTrials: 12, replicates: 100,
      attention: [true, false].map { isMated in
        // What is non-mated must not be asked.
        RegionAttention(
          system: "mote", rule: .library, isMated: isMated, regions: FaceRegion.central,
          share: estimate(0.3), uniform: 0.1, againstUniform: isMated ? random : estimate(-1),
          againstTraditional: isMated ? other : estimate(-1))
      },
      likeness: LikenessOfMaps.Pairing.allCases.map { pairing in
        LikenessOfMaps(
          system: "mote", rule: .library, form: "top 10 %", pairing: pairing, same: estimate(0.4),
          different: estimate(0.35), difference: estimate(pairing == .own ? likeness : 0.02),
          samePairs: samePairs, differentPairs: 9)
      })
  }

  private func answers(_ id: String, _ record: MapRecord) throws -> [ClaimAnswer] {
    claimAnswers(
      [claim(id)],
      ExperimentRecords(results: try RecordSet(records: []), maps: [record]), paperValues
    ).filter { $0.dataset == "LFW" && $0.extractor == "ArcFace" }
  }

  @Test(arguments: [
    (0.2, 0.1, ClaimAnswer.Answer.holds), (0.2, -0.1, .doesNotHold), (-0.2, 0.1, .doesNotHold),
    (0.2, 0.005, .cannotBeToldApart), (0.005, 0.1, .cannotBeToldApart),
  ])
  func attentionMustBeatRandomPixelsAndTheTraditionalMap(
    random: Double, traditional: Double, expected: ClaimAnswer.Answer
  ) throws {
    let found = try answers(
      "E1", record(againstUniform: random, againstTraditional: traditional))
    #expect(found.map(\.convention) == ["alpha rule library", "alpha rule paper"])
    #expect(found[0].answer == expected)
    // The part that decides is what is printed, and where both would hold.
    #expect(found[0].estimate == min(random, traditional))
    #expect(found[0].smallestMargin == min(random, traditional) - 0.01)
    #expect(found[1].reason == "the file of maps has no regions of faces")
  }

  @Test func likenessIsThatOfMapsAgainstTheirOwnReferences() throws {
    let found = try answers("E2", record(againstUniform: 0, againstTraditional: 0))
    #expect(found.count == 2)
    #expect(found[0].answer == .holds && found[0].estimate == 0.05)
    #expect(found[0].note == "where no reference is shared +0.020")
    let none = try answers(
      "E2", record(againstUniform: 0, againstTraditional: 0, samePairs: 0))
    #expect(none[0].reason == "nobody has two images besides the reference")
  }
}
