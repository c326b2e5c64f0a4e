import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

@Suite struct CellFingerprintTests {
  private static let hashes = ["Adience/ArcFace": "a", "LFW/ArcFace": "l", "MORPH/ArcFace": "m"]

  private func spec(_ changes: [String: String] = [:]) throws -> ExperimentSpec {
    try SpecFolder(["spec.yaml": specText(changes)]).load()
  }

  private func fingerprint(
    _ spec: ExperimentSpec, system: String = "mote", hashes: [String: String] = hashes,
    versions: [String: Int] = ["kernels": 1], repeatIndex: Int = 0
  ) throws -> CellFingerprint {
    let cell = try #require(
      spec.cells().first { $0.system == system && $0.repeatIndex == repeatIndex })
    return CellFingerprint(of: cell, in: spec, dataHashes: hashes, stageVersions: versions)
  }

  @Test func specHashIsOverTheContentNotTheText() throws {
    let plain = try spec()
    let rewritten = try SpecFolder([
      "spec.yaml": """
      # Another text of the same content, keys in another order, defaults spelled out.
      seed: 1
      presets:
        - paper
      partition: {cross: {development: LFW, cohort: MORPH}}
      evaluate: [Adience]
      datasets:
        Adience: {files: {ArcFace: adience.h5}}
        MORPH: {files: {ArcFace: {path: morph.h5, normalise: true}}}
        LFW: {files: {ArcFace: lfw.h5}}
      extractors: ["ArcFace"]
      outputs: [table1]
      title: 'A small experiment'
      name: small
      balancing_factors: [5e-1]
      operating_points: [0.001]
      """
    ]).load()
    #expect(plain.specHash == rewritten.specHash)
    #expect(plain.specHash.count == 64)
    #expect(try plain.specHash != spec(["seed": "seed: 2"]).specHash)
  }

  @Test func whatDoesNotAffectTheNumbersDoesNotChangeTheHash() throws {
    let reference = try fingerprint(spec())
    for changes in [
      ["title": "title: Another title"], ["outputs": "outputs: [table2, figure3]"],
      ["name": "name: other"], ["repeats": "repeats: 3"],
      ["presets": "presets: [paper, hybrid]"], ["balancing_factors": "balancing_factors: [0.5, 1]"],
      ["evaluate": "evaluate: [Adience, LFW]", "allow_overlap": "allow_overlap: [LFW]"],
    ] {
      #expect(try fingerprint(spec(changes)) == reference, "\(changes)")
    }
  }

  @Test func whatAffectsTheNumbersIsNamed() throws {
    let reference = try fingerprint(spec())
    func reason(_ changes: [String: String]) throws -> String? {
      try fingerprint(spec(changes)).difference(from: reference)
    }
    #expect(try reason([:]) == nil)
    #expect(try reason(["seed": "seed: 2"]) == "spec part 'seed' changed")
    #expect(try reason(["training": "training: {epochs: 5}"]) == "spec part 'training' changed")
    #expect(try reason(["kde": "kde: {shrinkage: true}"]) == "spec part 'kde' changed")
    #expect(
      try reason(["protocol": "protocol: {reference: random}"]) == "spec part 'protocol' changed")
    #expect(
      try reason(["limits": "limits: {cohort_subjects: 9}"]) == "spec part 'limits' changed")
    #expect(
      try reason(["bootstrap": "bootstrap: {seed: 2}", "seed": "seed: 3"])
        == "spec part 'bootstrap' changed; spec part 'seed' changed")
    #expect(
      try fingerprint(
        spec(), hashes: ["Adience/ArcFace": "a", "LFW/ArcFace": "l", "MORPH/ArcFace": "new"]
      ).difference(from: reference) == "data of MORPH/ArcFace changed")
    #expect(
      try fingerprint(spec(), versions: ["kernels": 2]).difference(from: reference)
        == "code version of stage 'kernels' changed (1, now 2)")
    #expect(
      try fingerprint(spec(["repeats": "repeats: 2"]), repeatIndex: 1).difference(from: reference)
        == "spec part 'training seed' changed")
  }

  @Test func traditionalCellsDependOnTheirOwnDataOnly() throws {
    let reference = try fingerprint(spec(), system: "traditional", hashes: ["Adience/ArcFace": "a"])
    #expect(
      try fingerprint(
        spec(["training": "training: {epochs: 5}", "seed": "seed: 9"]), system: "traditional")
        == reference)
  }

  @Test func scoresOutliveAChangeOfTheEvaluation() throws {
    let before = try fingerprint(spec())
    let evaluated = try fingerprint(spec(["operating_points": "operating_points: [0.01]"]))
    #expect(before.inputHash != evaluated.inputHash)
    #expect(before.scoreHash == evaluated.scoreHash)
    let trained = try fingerprint(spec(["training": "training: {dropout: 0.1}"]))
    #expect(before.scoreHash != trained.scoreHash)
  }

  @Test func fileNamesAreNotPartOfTheHash() throws {
    let moved = try spec([
      "datasets": """
      datasets:
        LFW: {files: {ArcFace: lfw.h5}}
        MORPH: {files: {ArcFace: lfw.h5}}
        Adience: {files: {ArcFace: adience.h5}}
      """
    ])
    #expect(try fingerprint(moved) == fingerprint(spec()))
  }
}
