import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

@Suite struct CellFingerprintTests {
  private static let hashes = ["Adience/ArcFace": "a", "LFW/ArcFace": "l", "MORPH/ArcFace": "m"]
  private static let libraries = ["cpu-path": "avx2", "openblas": "0.3.21"]

  private func spec(_ changes: [String: String] = [:]) throws -> ExperimentSpec {
    try SpecFolder(["spec.yaml": specText(changes)]).load()
  }

  private func fingerprint(
    _ spec: ExperimentSpec, system: String = "mote", hashes: [String: String] = hashes,
    versions: [String: Int] = ["kernels": 1], libraries: [String: String] = libraries,
    repeatIndex: Int = 0
  ) throws -> CellFingerprint {
    let cell = try #require(
      spec.cells().first { $0.system == system && $0.repeatIndex == repeatIndex })
    return CellFingerprint(
      of: spec.inputs(of: cell, DataHashes(embeddings: hashes)), stageVersions: versions,
      libraries: libraries)
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
      try reason(["protocol": "protocol: {reference: random}"]) == "spec part 'reference' changed")
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
      try fingerprint(spec(), libraries: ["cpu-path": "avx512", "openblas": "0.3.21"])
        .difference(from: reference) == "cpu-path changed (avx2, now avx512)")
    #expect(
      try fingerprint(spec(["repeats": "repeats: 2"]), repeatIndex: 1).difference(from: reference)
        == "spec part 'training seed' changed")
  }

  @Test func traditionalCellsDependOnTheirOwnDataOnly() throws {
    func traditional(_ changes: [String: String], hashes: [String: String] = Self.hashes) throws
      -> CellFingerprint
    {
      try fingerprint(spec(changes), system: "traditional", hashes: hashes)
    }
    let reference = try traditional([:], hashes: ["Adience/ArcFace": "a"])
    #expect(
      try traditional(["training": "training: {epochs: 5}", "seed": "seed: 9"]) == reference)
    #expect(try traditional(["limits": "limits: {cohort_subjects: 9}"]) == reference)
  }

  /// The convention reads development rows: their data, their dataset, and how many of them.
  @Test func underADevelopmentThresholdTraditionalCellsDependOnItsData() throws {
    func traditional(_ changes: [String: String], hashes: [String: String] = Self.hashes) throws
      -> CellFingerprint
    {
      let development = ["conventions": "conventions: [development]"]
      return try fingerprint(
        spec(development.merging(changes) { $1 }), system: "traditional", hashes: hashes)
    }
    let reference = try traditional([:])
    var other = Self.hashes
    other["LFW/ArcFace"] = "other"
    #expect(
      try traditional([:], hashes: other).difference(from: reference)
        == "data of LFW/ArcFace changed")
    #expect(
      try traditional(["limits": "limits: {development_subjects: 9}"]).difference(from: reference)
        == "spec part 'limits' changed; spec part 'seed' changed")
    let moved = try traditional([
      "partition": "partition: {cross: {cohort: LFW, development: MORPH}}"
    ])
    #expect(moved.inputHash != reference.inputHash)
    var cohort = Self.hashes
    cohort["MORPH/ArcFace"] = "other"
    #expect(try traditional([:], hashes: cohort) == reference)
  }

  /// Every stored value of the inputs is a part of the fingerprint: none can be forgotten, also not
  /// one that is added later.
  @Test func everyInputIsAPart() throws {
    let spec = try spec([
      "outputs": "outputs: [table1, table3b]",
      "datasets": """
      datasets:
        LFW: {files: {ArcFace: lfw.h5}}
        MORPH: {files: {ArcFace: morph.h5}}
        Adience: {files: {ArcFace: adience.h5}}
        Free: {files: {ArcFace: lfw.h5}}
      """, "attack": "attack: {systems: [traditional, mote]}",
    ])
    var hashes = Self.hashes
    hashes["Free/ArcFace"] = "f"
    for cell in spec.cells() {
      let inputs = spec.inputs(of: cell, DataHashes(embeddings: hashes))
      let encoded = try #require(
        JSONSerialization.jsonObject(with: canonicalJSON(inputs)) as? [String: Any])
      let fingerprint = CellFingerprint(of: inputs, stageVersions: [:], libraries: [:])
      let names = Set(fingerprint.parts.keys.map { String($0.split(separator: " ")[1]) })
      for (stage, value) in encoded {
        guard let values = value as? [String: Any], stage != "cell" else { continue }
        for key in values.keys {
          let name = key.map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
          #expect(names.contains(name), "\(stage).\(key)")
        }
      }
      #expect(fingerprint.dataHashes.count == inputs.datasets.count)
    }
  }

  /// Records of specs that ask for no searches keep their names.
  @Test func searchesAreAPartOnlyWhereTheyAreAskedFor() throws {
    let before = try fingerprint(spec())
    #expect(!before.parts.keys.contains { $0.contains("identification") })
    let after = try fingerprint(spec(["identification": "identification: [0.003, 0.01]"]))
    #expect(after.parts["evaluation identification"] == "[0.003,0.01]")
    #expect(before.inputHash != after.inputHash && before.scoreHash == after.scoreHash)
    #expect(after.difference(from: before) == "spec part 'identification' changed")
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
