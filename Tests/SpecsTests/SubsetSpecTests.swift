import Configurations
import Foundation
import SpecFiles
import Specs
import TestSupport
import Testing

/// The key `subset` of a spec, of a dataset and of a file.
@Suite struct SubsetSpecTests {
  private func subset(of dataset: String, _ changes: [String: String]) throws -> SubjectSubset? {
    try SpecFolder(["spec.yaml": specText(changes)]).load()
      .source(dataset: dataset, extractor: "ArcFace").subset
  }

  @Test func aSubsetHoldsForAllDatasetsAndADatasetMaySayOtherwise() throws {
    #expect(try subset(of: "LFW", [:]) == nil)
    let general = ["subset": "subset: {people: 60}"]
    #expect(try subset(of: "LFW", general) == SubjectSubset(people: 60, seed: 1))
    let own = [
      "subset": "subset: {people: 60}",
      "datasets": """
      datasets:
        LFW: {files: {ArcFace: lfw.h5}, subset: {people: 30, seed: 7}}
        MORPH: {files: {ArcFace: {path: morph.h5, subset: {people: 20}}}}
        Adience: {files: {ArcFace: adience.h5}}
      """,
    ]
    #expect(try subset(of: "LFW", own) == SubjectSubset(people: 30, seed: 7))
    #expect(try subset(of: "MORPH", own) == SubjectSubset(people: 20))
    #expect(try subset(of: "Adience", own) == SubjectSubset(people: 60))
  }

  @Test(arguments: [
    ("{}", "'subset' has no key 'people'"),
    ("{people: 1}", "'people' is '1', expected a whole number of at least 2"),
    ("{people: 60, sede: 1}", "unknown key 'sede'; did you mean 'seed'?"),
  ])
  func mistakesAreNamed(_ section: String, _ text: String) throws {
    let found = try problems(["subset": "subset: \(section)"])
    #expect(found.contains(text), "\(found)")
  }

  /// Inputs of cells without a subset are what they were, letter by letter.
  @Test func aSpecWithoutSubsetHasTheOldInputs() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let source = EmbeddingSource(path: "x")
    let text = String(decoding: try encoder.encode(source), as: UTF8.self)
    #expect(!text.contains("subset"))
    var drawn = source
    drawn.subset = SubjectSubset(people: 60)
    #expect(
      String(decoding: try encoder.encode(drawn), as: UTF8.self)
        .contains(#""subset":{"people":60,"seed":1}"#))
  }
}
