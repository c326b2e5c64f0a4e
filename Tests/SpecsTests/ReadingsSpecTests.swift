import Configurations
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// What a section `readings` becomes.
@Suite struct ReadingsSpecTests {
  /// Both bases, a switch whose second option is the other base, one of two options, one of none that
  /// is trained.
  private static let section = """
    readings:
      bases: [paper, paper-annealed]
      switches:
        horizon: {"12": {training: {epochs: 12}}, "30": {training: {epochs: 30}}}
        batches: {shuffled: {training: {batching: shuffled}}}
        decision: {per-group: {convention: per-group}}
    """

  private static let conventions = "conventions: [default, per-group]"

  private func spec(
    _ section: String = section, _ changes: [String: String] = [:]
  ) throws -> ExperimentSpec {
    let all = ["readings": section, "conventions": Self.conventions]
      .merging(changes) { $1 }
    return try SpecFolder(["spec.yaml": specText(all)]).load()
  }

  @Test func basesStandFirstThenOneSwitchAtATime() throws {
    let readings = try #require(try spec().readings)
    #expect(readings.bases == ["paper", "paper-annealed"])
    #expect(
      readings.switches == [
        .init("horizon", options: ["12", "30"]), .init("batches", options: ["shuffled"]),
        .init("decision", options: ["per-group"]),
      ])
    #expect(
      readings.readings.map { "\($0.name) \($0.configuration) \($0.convention)" } == [
        "paper paper default",
        "paper-annealed paper-annealed default",
        "paper+horizon=12 paper+horizon=12 default",
        "paper+horizon=30 paper-annealed default",
        "paper+batches=shuffled paper+batches=shuffled default",
        "paper+decision=per-group paper per-group",
        "paper-annealed+horizon=12 paper+horizon=12 default",
        "paper-annealed+batches=shuffled paper-annealed+batches=shuffled default",
        "paper-annealed+decision=per-group paper-annealed per-group",
      ])
    #expect(readings.readings[2].choices == [.init("horizon", "12")])
    #expect(readings.readings.allSatisfy { $0.isOneAtATime && !$0.isSampled })
  }

  @Test func equalSettingsAreTrainedOnceAndKnownByAllTheirNames() throws {
    let spec = try spec()
    #expect(
      spec.configurations.map(\.name) == [
        "paper", "paper-annealed", "paper+horizon=12", "paper+batches=shuffled",
        "paper-annealed+batches=shuffled",
      ])
    #expect(spec.configuration("paper+horizon=12").training.epochs == 12)
    let shuffled = spec.configuration("paper-annealed+batches=shuffled").training
    #expect(shuffled.batching == .shuffled && shuffled.epochs == 30)
    let names = try #require(spec.readings).distinct.map { $0.map(\.name) }
    #expect(names.contains(["paper-annealed", "paper+horizon=30"]))
    #expect(names.contains(["paper+horizon=12", "paper-annealed+horizon=12"]))
    #expect(names.contains(["paper+decision=per-group"]))
    #expect(names.count == 7)
  }

  /// A configuration that the spec names is taken where its settings are asked for.
  @Test func namedConfigurationsServeReadings() throws {
    let spec = try spec(
      Self.section,
      [
        "presets": "presets: [short, paper]",
        "configurations": "configurations: {short: {preset: paper, training: {epochs: 12}}}",
      ])
    #expect(spec.configurations.first?.name == "short")
    let readings = try #require(spec.readings).readings
    #expect(readings.first { $0.name == "paper+horizon=12" }?.configuration == "short")
  }

  @Test func withoutBasesThePresetsAreTheBases() throws {
    let section = "readings: {switches: {horizon: {\"12\": {training: {epochs: 12}}}}}"
    let readings = try spec(section, ["presets": "presets: [hybrid, paper]"]).readings
    #expect(readings?.bases == ["hybrid", "paper"])
    #expect(
      readings?.readings.map(\.name) == [
        "hybrid", "paper", "hybrid+horizon=12", "paper+horizon=12",
      ])
  }

  // MARK: - The sample

  private func sampled(_ size: Int, seed: Int, oneAtATime: Bool = true) throws -> [Reading] {
    let section =
      Self.section + "\n  sample: \(size)\n  seed: \(seed)\n  one_at_a_time: \(oneAtATime)"
    return try #require(try spec(section).readings).readings
  }

  /// Two bases, three options of the horizon, two of each other switch: 24 members.
  @Test func theWholeProductIsReachedByASampleOfItsSize() throws {
    let names = Set(try sampled(24, seed: 1).map(\.name))
    // The horizon of 30 is what paper-annealed has anyway: 12 of paper, 8 of paper-annealed.
    #expect(names.count == 20)
    #expect(names.contains("paper+horizon=12+batches=shuffled+decision=per-group"))
    #expect(!names.contains("paper-annealed+horizon=30"))
  }

  @Test func aSmallerSampleBeginsALargerOneAndTheSeedDecides() throws {
    func names(_ size: Int, _ seed: Int) throws -> [String] {
      try sampled(size, seed: seed, oneAtATime: false).filter(\.isSampled).map(\.name)
    }
    let five = try names(5, 1)
    #expect(!five.isEmpty && five.count <= 5)
    #expect(Set(five).isSubset(of: Set(try names(10, 1))))
    #expect(try names(5, 1) == five)
    #expect(try names(5, 2) != five)
  }

  /// What one switch makes is no reading of its own when the sample meets it.
  @Test func sampledMembersThatAreThereAreMarkedAndNotRepeated() throws {
    let readings = try sampled(24, seed: 3)
    #expect(Set(readings.map(\.name)).count == readings.count)
    #expect(readings.prefix(9).allSatisfy { $0.isOneAtATime && $0.isSampled })
    let spec = try spec(Self.section + "\n  sample: 24")
    let names = spec.configurations.map(\.name)
    // Horizon and batches alone are trained: 3 x 2, whichever base they are reached from.
    #expect(Set(names).count == names.count && names.count == 6)
  }

  // MARK: - Cells

  @Test func cellsOfReadingsHaveFileNamesOfTheirOwn() throws {
    let spec = try spec(Self.section + "\n  sample: 24")
    let slugs = spec.cells().map(\.slug)
    #expect(Set(slugs).count == slugs.count)
    #expect(slugs.contains("Adience_ArcFace_mote_paper+horizon=12_f0.5_r0"))
    #expect(slugs.allSatisfy { !$0.contains("/") && $0.count < 200 })
  }

  /// The first repeat alone, and no member of the sample that changes more than a switch.
  @Test func attacksRunUnderOneSwitchAtATime() throws {
    let section = """
      readings:
        switches:
          horizon: {"12": {training: {epochs: 12}}}
          batches: {shuffled: {training: {batching: shuffled}}}
        sample: 4
      """
    let spec = try spec(
      section,
      [
        "outputs": "outputs: [readings]", "repeats": "repeats: 2",
        "attack": "attack: {attacker: same_dataset, systems: [traditional, mote]}",
      ])
    #expect(spec.configurations.count == 4)
    #expect(
      spec.attackedCells().map { $0.preset ?? $0.system } == [
        "traditional", "paper", "paper+horizon=12", "paper+batches=shuffled",
      ])
    #expect(spec.attackedCells().allSatisfy { $0.repeatIndex == 0 })
    #expect(spec.evaluatedCells().count == 2 * 5)
  }

  @Test func readingsStandInTheHashOfASpecThatHasThem() throws {
    let without = try SpecFolder(["spec.yaml": specText(["conventions": Self.conventions])]).load()
    #expect(try spec().specHash != without.specHash)
    let other = Self.section + "\n  sample: 3"
    #expect(try spec(other).specHash != spec().specHash)
  }

  /// Reports read them without the spec.
  @Test func aRunTellsItsReadings() throws {
    let spec = try spec()
    let run = PresentRun(Provenance(), of: spec)
    let data = try JSONEncoder().encode(run)
    #expect(try JSONDecoder().decode(PresentRun.self, from: data).readings == spec.readings)
  }
}
