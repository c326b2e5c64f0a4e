import Foundation
import SpecFiles
import Specs
import TestSupport
import Testing

/// The spec as one file says what the spec says.
@Suite struct ResolvedSpecTests {
  /// The spec files of the repository.
  static let files: [String] = {
    let folder = repositoryRoot.appendingPathComponent("experiments").path
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasSuffix(".yaml") && !["common.yaml", "paper-setup.yaml"].contains($0) }
      .sorted()
  }()

  @Test(arguments: files) func everySpecReadsBack(_ name: String) throws {
    let path = repositoryRoot.appendingPathComponent("experiments/" + name).path
    let spec = try ExperimentSpec.load(path, environment: [:], checksFiles: false)
    let folder = try SpecFolder(["spec.yaml": spec.resolvedYAML])
    let again = try ExperimentSpec.load(folder.path(), environment: [:], checksFiles: false)
    #expect(again.specHash == spec.specHash && again.dataFolder == spec.dataFolder)
    #expect(again.resolvedYAML == spec.resolvedYAML)
    #expect(!spec.resolvedYAML.contains("extends") && !spec.resolvedYAML.contains("#"))
  }

  @Test func itHasAFormOfItsOwn() throws {
    let folder = try SpecFolder([
      "spec.yaml": """
      seed: 1   # comes first in the file
      extends: base.yaml
      title: "Quotes \\" and: colons"
      training: {epochs: 3, hidden_widths: [64, 32]}
      """, "base.yaml": specText(),
    ])
    #expect(
      try folder.load().resolvedYAML == """
        name: small
        title: "Quotes \\" and: colons"
        outputs: [table1]
        extractors: [ArcFace]
        datasets:
          LFW:
            files:
              ArcFace: lfw.h5
          MORPH:
            files:
              ArcFace: morph.h5
          Adience:
            files:
              ArcFace: adience.h5
        evaluate: [Adience]
        partition:
          cross:
            cohort: MORPH
            development: LFW
        presets: [paper]
        training:
          epochs: 3
          hidden_widths: [64, 32]
        seed: 1

        """)
  }

  @Test func textOfAllKindsIsReadBack() throws {
    for text in [
      "a, b", "x # y", "- a", "yes", "null", "1e-3", "it's", "tab\tand \u{1F600}", "{a}", "&b",
      "12 %",
      "ends with:", "back\\slash",
    ] {
      let node = SpecNode(
        location: SourceLocation(file: "made"),
        content: .mapping([
          .init(
            key: "a key: \(text)", keyLocation: SourceLocation(file: "made"),
            value: SpecNode(
              location: SourceLocation(file: "made"),
              content: .sequence([
                SpecNode(
                  location: SourceLocation(file: "made"), content: .scalar(text, isPlain: false))
              ])))
        ]))
      let (root, problems) = SpecDocument.read(Data(node.yaml.utf8), file: "made")
      #expect(problems.isEmpty && root?.leaves == node.leaves, "\(text): \(node.yaml)")
      #expect(root?.yaml == node.yaml)
    }
  }
}
