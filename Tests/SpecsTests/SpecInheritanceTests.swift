import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

@Suite struct SpecInheritanceTests {
  @Test func mappingsMergeAndEverythingElseIsReplaced() throws {
    let folder = try SpecFolder([
      "base.yaml": specText([
        "bootstrap": "bootstrap: {replicates: 50, seed: 3}",
        "operating_points": "operating_points: [0.1, 0.01]",
        "training": "training: {epochs: 5, patience: 2}",
      ]),
      "spec.yaml": """
      extends: base.yaml
      name: other
      bootstrap: {seed: 4}
      operating_points: [0.001]
      training: {epochs: 6}
      partition: {within: {cohort: 0.4, development: 0.1, evaluation: 0.5}}
      datasets:
        Adience: {normalise: false}
      """,
    ])
    let spec = try folder.load()
    #expect(spec.name == "other" && spec.title == "A small experiment")
    #expect(spec.bootstrap == BootstrapSpec(replicates: 50, seed: 4))
    #expect(spec.operatingPoints == [0.001])
    #expect(spec.configurations[0].training.epochs == 6)
    #expect(spec.configurations[0].training.patience == 2)
    // `partition` is one decision: the inherited `cross` is gone.
    #expect(
      spec.partition
        == .within(cohort: 0.4, development: 0.1, evaluation: 0.5, folds: 1))
    let source = spec.source(dataset: "Adience", extractor: "ArcFace")
    #expect(source.path == "adience.h5" && !source.normalise)
    #expect(spec.datasets.map(\.name) == ["LFW", "MORPH", "Adience"])
  }

  @Test func chainsAreFollowedAcrossFolders() throws {
    let folder = try SpecFolder([
      "shared/base.yaml": specText(),
      "shared/middle.yaml": "extends: base.yaml\nseed: 2\n",
      "spec.yaml": "extends: shared/middle.yaml\ntitle: Third\n",
    ])
    let spec = try folder.load()
    #expect(spec.seed == 2 && spec.title == "Third" && spec.name == "small")
  }

  @Test func problemsAreReportedInTheFileTheyStandIn() throws {
    let folder = try SpecFolder([
      "base.yaml": specText(["seed": "seed: 1.0", "repeats": "repeets: 2"]),
      "spec.yaml": "extends: base.yaml\ntitle: 010\nnaem: x\n",
    ])
    #expect(
      folder.problems() == """
        spec.yaml:3:1: unknown key 'naem'; did you mean 'name'?
        base.yaml:12:7: 'seed' is '1.0', expected a whole number of at least 0; write 1
        base.yaml:13:1: unknown key 'repeets'; did you mean 'repeats'?
        3 problems; nothing was run
        """)
  }

  @Test func aReplacedValueIsNotReported() throws {
    let folder = try SpecFolder([
      "base.yaml": specText(["seed": "seed: wrong"]),
      "spec.yaml": "extends: base.yaml\nseed: 1\n",
    ])
    #expect(folder.problems() == "no problem")
  }

  @Test func circlesEnd() throws {
    let folder = try SpecFolder([
      "spec.yaml": "extends: b.yaml\n", "b.yaml": "extends: ./spec.yaml\n",
      "self.yaml": "extends: self.yaml\n",
    ])
    #expect(
      folder.problems()
        == "b.yaml:1:10: 'extends: ./spec.yaml' closes a circle: spec.yaml -> b.yaml -> ./spec.yaml"
    )
    #expect(
      folder.problems("self.yaml")
        == "self.yaml:1:10: 'extends: self.yaml' closes a circle: self.yaml -> self.yaml")
  }

  @Test func missingFilesAreNamedWithTheNearest() throws {
    let folder = try SpecFolder([
      "common.yaml": specText(), "spec.yaml": "extends: comon.yaml\n", "empty.yaml": "extends:\n",
      "folder.yaml": "extends: data\n", "list.yaml": "extends: [common.yaml]\n",
    ])
    #expect(
      folder.problems()
        == "spec.yaml:1:10: 'extends: comon.yaml' does not exist; did you mean 'common.yaml'?")
    #expect(
      folder.problems("spek.yaml")
        == "spek.yaml:1:1: spec file 'spek.yaml' does not exist; did you mean 'spec.yaml'?")
    #expect(
      folder.problems("folder.yaml") == "folder.yaml:1:10: 'data' is a folder, expected a spec file"
    )
    #expect(
      folder.problems("list.yaml").hasPrefix(
        "list.yaml:1:1: the spec has no key 'name'\n"))
    #expect(
      folder.problems("list.yaml").contains(
        "list.yaml:1:10: 'extends' is a list of 1, expected the name of a spec file beside this one"
      ))
    #expect(
      folder.problems("empty.yaml").contains(
        "'extends' is nothing, expected the name of a spec file beside this one"))
  }
}
