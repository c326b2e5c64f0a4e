import Foundation
import SpecFiles
import Specs
import TestSupport
import Testing

/// What `--set` makes of a spec.
@Suite struct SpecSettingTests {
  /// The small spec with changes, and settings laid over it.
  private func spec(_ settings: [String], _ changes: [String: String] = [:]) throws
    -> ExperimentSpec
  {
    let folder = try SpecFolder(["spec.yaml": specText(changes)])
    return try ExperimentSpec.load(
      folder.path(), dataFolder: folder.path("data"), settings: try SpecSetting.all(settings),
      environment: [:])
  }

  private func problems(_ settings: [String], _ changes: [String: String] = [:]) -> String {
    do {
      _ = try spec(settings, changes)
      return "no problem"
    } catch {
      return "\(error)"
    }
  }

  @Test func aValueReplacesThatOfTheFileAndLeavesWhatStandsBesideIt() throws {
    let file = ["training": "training: {epochs: 9, batch_size: 32}"]
    let changed = try spec(["training.epochs=20", "title=Another one"], file)
    #expect(changed.configurations[0].training.epochs == 20)
    #expect(changed.configurations[0].training.batchSize == 32)
    #expect(changed.title == "Another one")
    #expect(changed.settings == ["training.epochs=20", "title=Another one"])
    // The same spec as a file with these values.
    let edited = try spec(
      [], ["training": "training: {epochs: 20, batch_size: 32}", "title": "title: Another one"])
    #expect(changed.specHash == edited.specHash && changed.resolvedYAML == edited.resolvedYAML)
    #expect(try spec([], file).specHash != changed.specHash)
  }

  @Test func aKeyInsideThePartitionIsSetAlone() throws {
    let within = "partition: {within: {cohort: 0.5, development: 0.2, evaluation: 0.3}}"
    let changed = try spec(
      ["partition.within.cohort=0.4"], ["partition": within])
    let edited = try spec(
      [], ["partition": within.replacing("cohort: 0.5", with: "cohort: 0.4")])
    #expect(changed.specHash == edited.specHash)
  }

  @Test func severalValuesAreTheListOfAKeyThatHoldsOne() throws {
    #expect(try spec(["balancing_factors=0.4,0.6"]).balancingFactors == [0.4, 0.6])
    #expect(try spec(["balancing_factors=[0.4, 0.6]"]).balancingFactors == [0.4, 0.6])
    #expect(try spec(["balancing_factors=0.4"]).balancingFactors == [0.4])
    #expect(
      try spec(["presets=paper,official-code"]).configurations.map(\.name)
        == ["paper", "official-code"])
  }

  @Test func severalValuesOfTrainingAreReadings() throws {
    let swept = try spec(["training.batch_size=32,64"])
    let readings = try #require(swept.readings)
    #expect(readings.bases == ["paper"])
    #expect(readings.switches == [.init("batch-size", options: ["32", "64"])])
    #expect(
      swept.configurations.map { "\($0.name) \($0.training.batchSize)" }
        == ["paper 128", "paper+batch-size=32 32", "paper+batch-size=64 64"])
    #expect(swept.outputs.map(\.rawValue) == ["table1", "readings"])
    // Lists are values too.
    let widths = try spec(["training.hidden_widths=[64],[32, 16]"])
    #expect(widths.configurations.dropFirst().map(\.training.hiddenWidths) == [[64], [32, 16]])
    #expect(widths.readings?.switches == [.init("hidden-widths", options: ["64", "32-16"])])
  }

  @Test func unknownKeysAreToldWithTheOption() {
    #expect(
      problems(["trainig.epochs=3"])
        == "--set trainig.epochs=3: unknown key 'trainig'; did you mean 'training'?")
    #expect(
      problems(["training.epoch=3"])
        == "--set training.epoch=3: unknown key 'epoch'; did you mean 'epochs'?")
    #expect(
      problems(["training.epoch=3,4"])
        == "--set training.epoch=3,4: unknown key 'epoch'; did you mean 'epochs'?")
    #expect(
      problems(["training.epochs=many"])
        == "--set training.epochs=many: 'epochs' is 'many', expected a whole number from 1 to 1000000"
    )
  }

  @Test func settingsThatAreNoneSayWhy() {
    #expect(
      problems(["training.epochs"])
        == "--set training.epochs: found no '=', expected key=value, e.g. training.epochs=20")
    #expect(
      problems(["training..epochs=3"])
        == "--set training..epochs=3: a key is empty, expected key=value, e.g. training.epochs=20")
    #expect(
      problems(["seed="]) == "--set seed=: has no value; write null where nothing is meant")
    #expect(problems(["seed=[1"]).hasPrefix("--set seed=[1: not readable as YAML: "))
    #expect(
      problems(["extends=other.yaml"])
        == "--set extends=other.yaml: 'extends' names the file that a spec stands on; set it in the file"
    )
    #expect(
      problems(["seed=1", "seed=2"])
        == "--set seed=2: the same key is set by '--set seed=1'; several values stand in one option, "
        + "with commas between them")
    #expect(
      problems(["seed=1,2"])
        == "--set seed=1,2: 'seed' holds one value and has 2 here; several are possible for keys that "
        + "hold a list, and for keys of training and kde, limits.cohort_subjects and "
        + "protocol.reference, of which readings are made; text with a comma stands in quotes: "
        + "--set 'seed=\"a, b\"'")
    #expect(
      problems(["kde.bandwidth=0.05,0.05"])
        == "--set kde.bandwidth=0.05,0.05: '0.05' is given twice")
  }
}
