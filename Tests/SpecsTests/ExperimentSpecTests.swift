import Biometrics
import Configurations
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

@Suite struct ExperimentSpecTests {
  @Test func smallSpecHasDocumentedDefaults() throws {
    let spec = try SpecFolder(["spec.yaml": specText()]).load()
    #expect(spec.name == "small")
    #expect(spec.outputs == [.table1])
    #expect(spec.balancingFactors == [0.5])
    #expect(spec.operatingPoints == [0.001])
    #expect(spec.bootstrap == BootstrapSpec(replicates: 1_000, seed: 1))
    #expect(spec.repeats == 1)
    #expect(spec.protocolSwitches.selfTrials == .excluded)
    #expect(spec.protocolSwitches.reference == .first)
    #expect(spec.protocolSwitches.unlabelled == .inAllOnly)
    #expect(spec.conventions.map(\.name) == ["default", "paper-compatible"])
    #expect(spec.conventions[0].threshold == .global)
    #expect(spec.conventions[0].rule == .conservative)
    #expect(spec.conventions[1].selfTrials == .included)
    #expect(spec.conventions[1].threshold == .perGroup)
    #expect(spec.conventions[1].nonMated == .reference)
    #expect(spec.conventions[1].rule == .nearestDrop)
    #expect(
      spec.configurations.map(\.training) == [TrainingConfiguration.Preset.paper.configuration])
    #expect(spec.source(dataset: "LFW", extractor: "ArcFace").normalise)
    #expect(spec.limits == LimitsSpec())
  }

  /// As `paper`, but for the horizon of the one-cycle (definitions 6.6).
  @Test func paperAnnealedDiffersFromPaperInTheHorizonAlone() throws {
    let spec = try SpecFolder(["spec.yaml": specText(["presets": "presets: [paper-annealed]"])])
      .load()
    let found = try #require(spec.configurations.first)
    #expect(found.preset == .paperAnnealed && found.training.epochs == 30)
    var paper = TrainingConfiguration.Preset.paper.configuration
    #expect(paper.epochs == 100 && paper.patience == 5)
    paper.epochs = 30
    #expect(found.training == paper)
    #expect(found.kde == TrainingConfiguration.Preset.paper.kde)
    let names = TrainingConfiguration.Preset.allCases.map(\.rawValue)
    #expect(names == ["paper", "paper-annealed", "official-code", "hybrid"])
  }

  @Test func everyHyperParameterCanBeOverridden() throws {
    let spec = try SpecFolder([
      "spec.yaml": specText([
        "presets": "presets: [paper, official-code, wide]",
        "configurations": """
        configurations:
          paper:
            kde: {bandwidth: {male: 0.04}, keep_single_image: true, shrinkage: true}
          wide:
            preset: hybrid
            training:
              hidden_widths: [256, 64]
              loss: hinge
              dropout: 0.25
              optimiser: adam
              beta2: 0.99
              epsilon: 1e-7
              weight_decay: 0
              maximum_learning_rate: 3e-3
              schedule_step: epoch
              epochs: 7
              batch_size: 64
              patience: none
              batching: balanced
              mated_share: 0.75
            kde: {bandwidth: search, search_rows: 500, validation_source: cohort}
        """,
        "training": "training: {epochs: 3, patience: 2}",
        "kde": "kde: {bandwidth: 0.1}",
      ])
    ]).load()
    let (paper, official, wide) = (
      spec.configurations[0], spec.configurations[1], spec.configurations[2]
    )
    #expect(paper.training.epochs == 3 && paper.training.patience == 2)
    #expect(paper.training.hiddenWidths == [128, 64])
    #expect(paper.kde.bandwidths == ["male": 0.04, "female": 0.1])
    #expect(paper.kde.keepSingleImage && paper.kde.shrinkage)
    #expect(paper.kde.validationSource == .cohort)
    #expect(official.training.hiddenWidths == [128, 64, 16] && official.training.epochs == 3)
    #expect(official.kde.keepSingleImage && official.kde.validationSource == .development)
    #expect(wide.name == "wide" && wide.preset == .hybrid)
    #expect(
      wide.training
        == TrainingConfiguration(
          hiddenWidths: [256, 64], loss: .hinge, dropout: 0.25, optimiser: .adam, beta2: 0.99,
          epsilon: 1e-7, weightDecay: 0, maximumLearningRate: 3e-3, scheduleStep: .epoch, epochs: 7,
          batchSize: 64, patience: nil, batching: .balanced, matedShare: 0.75))
    #expect(wide.kde.bandwidths.isEmpty)
    #expect(wide.kde.searchRows == 500 && wide.kde.validationSource == .cohort)
  }

  @Test func noHiddenWidthsAreAChoiceAndAnAbsentKeyIsNone() throws {
    let spec = try SpecFolder([
      "spec.yaml": specText([
        "presets": "presets: [paper, linear]",
        "configurations":
          "configurations: {linear: {preset: paper, training: {hidden_widths: []}}}",
      ])
    ]).load()
    #expect(spec.configurations[0].training.hiddenWidths == [128, 64])
    #expect(spec.configurations[1].training.hiddenWidths == [])
    #expect(spec.configurations.allSatisfy { $0.training.loss == .crossEntropy })
  }

  @Test func theBandwidthOfResidualsIsAWord() throws {
    let spec = try SpecFolder([
      "spec.yaml": specText([
        "presets": "presets: [paper, searched]",
        "configurations":
          "configurations: {searched: {preset: paper, kde: {bandwidth: search}}}",
        "kde": "kde: {bandwidth: residuals}",
      ])
    ]).load()
    #expect(spec.configurations.map(\.kde.bandwidthRule) == [.residuals, .search])
    #expect(spec.configurations.allSatisfy { $0.kde.bandwidths.isEmpty })
  }

  @Test func aGuardIsReadAndOffUnlessAskedFor() throws {
    let spec = try SpecFolder([
      "spec.yaml": specText([
        "presets": "presets: [paper, guarded, shared]",
        "training": "training: {guard: {attempts: 5, limit: 0.1}}",
        "configurations": """
        configurations:
          paper: {training: {guard: none}}
          guarded: {preset: paper, training: {guard: {keep: best, limit: none, proxies: reference}}}
          shared: {preset: paper}
        """,
      ])
    ]).load()
    var expected = EnrolmentGuard()
    (expected.attempts, expected.keep, expected.proxies) = (5, .best, .reference)
    #expect(spec.configurations[0].training.enrolmentGuard == nil)
    #expect(spec.configurations[1].training.enrolmentGuard == expected)
    #expect(spec.configurations[2].training.enrolmentGuard?.limit == 0.1)
    for preset in TrainingConfiguration.Preset.allCases {
      #expect(preset.configuration.enrolmentGuard == nil)
    }
  }

  @Test func datasetsCarryMappingAndGenderCodes() throws {
    let spec = try SpecFolder([
      "spec.yaml": specText([
        "extractors": "extractors: [ArcFace, MagFace]",
        "evaluate": "evaluate: [LFW]",
        "partition": "partition: {within: {cohort: 0.4, development: 0.1, evaluation: 0.5}}",
        "datasets": """
        datasets:
          LFW:
            mapping: {embeddings: vectors, identity: labels/person, attributes: {age: labels/age}}
            gender_codes: {male: [0, "1"], female: [F]}
            normalise: false
            files:
              ArcFace: lfw.h5
              MagFace:
                path: morph.h5
                mapping: {embeddings: features}
                gender_codes: {female: [W]}
                normalise: true
        """,
      ])
    ]).load()
    let arc = spec.source(dataset: "LFW", extractor: "ArcFace")
    let mag = spec.source(dataset: "LFW", extractor: "MagFace")
    #expect(arc.mapping.embeddings == "vectors" && arc.mapping.identity == "labels/person")
    #expect(arc.mapping.attributes == ["age": "labels/age"] && arc.mapping.gender == nil)
    #expect(arc.genderCodes == GenderCodes(male: ["0", "1"], female: ["F"]))
    #expect(!arc.normalise && mag.normalise)
    #expect(mag.mapping.embeddings == "features" && mag.mapping.identity == "labels/person")
    #expect(mag.genderCodes == GenderCodes(male: ["0", "1"], female: ["W"]))
    #expect(spec.usedDatasets == ["LFW"])
  }

  @Test func exceptionsDecideThePartitionOfEachCell() throws {
    let spec = try SpecFolder([
      "spec.yaml": specText([
        "evaluate": "evaluate: [Adience, LFW]",
        "partition": """
        partition:
          cross:
            cohort: MORPH
            development: LFW
            exceptions: {LFW: {development: Adience}}
        """,
        "presets": "presets: [paper, official-code]",
        "configurations": """
        configurations:
          official-code: {development: {LFW: LFW}, allow_overlap: [LFW]}
        """,
      ])
    ]).load()
    #expect(
      spec.partition(evaluating: "Adience", configuration: "paper")
        == .cross(cohort: "MORPH", development: "LFW"))
    #expect(
      spec.partition(evaluating: "LFW", configuration: "paper")
        == .cross(cohort: "MORPH", development: "Adience"))
    #expect(
      spec.partition(evaluating: "LFW", configuration: "official-code")
        == .cross(cohort: "MORPH", development: "LFW"))
    #expect(!spec.allowsOverlap(evaluating: "LFW", configuration: "paper"))
    #expect(spec.allowsOverlap(evaluating: "LFW", configuration: "official-code"))
    #expect(!spec.allowsOverlap(evaluating: "LFW", configuration: nil))
  }

  @Test func cellsAreTheProductInTableOrder() throws {
    let spec = try SpecFolder([
      "spec.yaml": specText([
        "presets": "presets: [paper, hybrid]", "balancing_factors": "balancing_factors: [0, 0.5]",
        "repeats": "repeats: 2",
      ])
    ]).load()
    let cells = spec.cells()
    #expect(cells.count == 10)
    #expect(Set(cells.map(\.slug)).count == 10)
    #expect(cells[0].system == "traditional" && cells[0].preset == nil)
    #expect(cells[1].preset == "paper" && cells[1].balancingFactor == 0)
    #expect(cells[4].preset == "hybrid" && cells[4].balancingFactor == 0.5)
    #expect(cells[5].repeatIndex == 1 && cells[5].system == "traditional")
  }

  @Test(
    arguments: ["table1", "table2", "table3", "table4", "table5", "figure3", "smoke", "lfw-cfp"])
  func shippedSpecsAreClean(name: String) throws {
    let path = repositoryRoot.appendingPathComponent("experiments/\(name).yaml").path
    let spec = try ExperimentSpec.load(path, environment: [:], checksFiles: false)
    #expect(spec.name == name)
    // Tables 1 to 3 and 5 show the readings; Table 4 has a configuration for each factor.
    let shown: [String: [String]] = [
      "table4": ["paper"], "figure3": ["paper", "official-code"],
      "smoke": ["paper", "official-code"], "lfw-cfp": ["paper", "official-code"],
    ]
    #expect(
      spec.configurations.map(\.name)
        == shown[name] ?? ["paper", "paper-annealed", "official-code"])
    // The comment that says what a spec is, how long it takes, what to expect, and the command.
    let head = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .prefix { $0.hasPrefix("# ") }
    for start in ["# Duration: ", "# Expected: ", "# Command: "] {
      #expect(head.contains { $0.hasPrefix(start) }, "\(name): no line '\(start)…'")
    }
    #expect(head.last?.hasPrefix("# Command: ") == true)
  }

  @Test func dataFolderIsTakenFromTheOptionThenTheEnvironmentThenTheSpec() throws {
    let files = try SpecFolder(["spec.yaml": specText(["data": "data: elsewhere"])])
    let path = files.path()
    func folder(_ option: String?, _ environment: [String: String]) throws -> String {
      try ExperimentSpec.load(
        path, dataFolder: option, environment: environment, checksFiles: false
      ).dataFolder
    }
    #expect(try folder("option", ["MOTE_DATA": "environment"]) == "option")
    #expect(try folder(nil, ["MOTE_DATA": "environment"]) == "environment")
    #expect(try folder(nil, ["MOTE_DATA": ""]) == "elsewhere")
  }
}
