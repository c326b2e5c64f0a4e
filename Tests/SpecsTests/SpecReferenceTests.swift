import Configurations
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// The reference of spec keys says what the reader does.
@Suite struct SpecReferenceTests {
  private static let article = repositoryRoot.appendingPathComponent(
    "Sources/Harness/Harness.docc/Specs.md")

  @Test func theArticleIsWhatTheDeclarationsSay() throws {
    let text = SpecReference().article
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try Data(text.utf8).write(to: Self.article, options: .atomic)
      return
    }
    let recorded = try String(contentsOf: Self.article, encoding: .utf8)
    guard text != recorded else { return }
    let line = zip(text.split(separator: "\n"), recorded.split(separator: "\n"))
      .first { $0 != $1 }
    Issue.record(
      "the article differs at '\(line?.0 ?? "the end")'; re-record with RECORD_SNAPSHOTS=1")
  }

  /// A spec in which everything has a place: four datasets, a convention of its own, an attack.
  private func spec(
    _ preset: TrainingConfiguration.Preset, _ more: [String] = [], dataset: [String] = [],
    within: [String] = [], convention: [String] = [], attack: [String] = []
  ) throws -> ExperimentSpec {
    func keys(_ lines: [String]) -> String { lines.map { ", " + $0 }.joined() }
    // What is written here anyway has its default in the sections below.
    let own = more.filter { !$0.hasPrefix("conventions:") }
    return try SpecFolder([
      "spec.yaml": specText([
        "outputs": "outputs: [table1, table3]", "presets": "presets: [\(preset.rawValue)]",
        "partition":
          "partition: {within: {cohort: 0.4, development: 0.1, evaluation: 0.5\(keys(within))}}",
        "datasets": """
        datasets:
          LFW: {files: {ArcFace: lfw.h5}}
          MORPH: {files: {ArcFace: morph.h5}}
          Adience: {files: {ArcFace: adience.h5}\(keys(dataset))}
        """,
        "conventions": "conventions: [default, {name: own\(keys(convention))}]",
        "attack": "attack: {attributes: [gender]\(keys(attack))}",
        "more": own.joined(separator: "\n"),
      ])
    ]).load()
  }

  /// A section with all the defaults that the reference shows, as YAML on one line, and their number.
  func defaults(
    of name: String, preset: TrainingConfiguration.Preset
  ) -> (lines: [String], count: Int) {
    let sections = SpecReference().sections
    guard let section = sections.first(where: { $0.name == name }) else { return ([], 0) }
    var (lines, count): ([String], Int) = ([], 0)
    for key in section.keys {
      if let text = key.defaults[preset] {
        lines.append("\(key.name): \(text)")
        count += 1
      } else if key.absent == "what its keys have" {
        let inner = defaults(of: name.isEmpty ? key.name : "\(name).\(key.name)", preset: preset)
        if inner.count > 0 { lines.append("\(key.name): {\(inner.lines.joined(separator: ", "))}") }
        count += inner.count
      }
    }
    return (lines, count)
  }

  /// The defaults that the reference shows, written out, change nothing.
  @Test(arguments: TrainingConfiguration.Preset.allCases)
  func defaultsShownAreTheDefaultsUsed(preset: TrainingConfiguration.Preset) throws {
    let silent = try spec(preset)
    func written(_ section: String) -> [String] {
      defaults(of: section, preset: preset).lines
    }
    let explicit = try spec(
      preset, written(""), dataset: written("datasets"), within: written("partition.within"),
      convention: written("conventions"),
      attack: written("attack").filter { !$0.hasPrefix("attributes:") })
    #expect(explicit.specHash == silent.specHash)
    #expect(written("").contains("data: data"))
    #expect(
      try ExperimentSpec.load(
        SpecFolder(["spec.yaml": specText()]).path(), environment: [:], checksFiles: false
      ).dataFolder == "data")
    // The two that had to be left out above.
    let bare = try SpecFolder(["spec.yaml": specText()]).load()
    let conventions = try #require(written("").first { $0.hasPrefix("conventions:") })
    let listed = try SpecFolder(["spec.yaml": specText(["more": conventions])]).load()
    #expect(listed.specHash == bare.specHash)
    #expect(silent.attack?.observation.attributes == ["gender"])
    #expect(written("attack").contains("attributes: [gender]"))
  }

  /// Many keys have a default, and a value that differs is seen: the comparison above is no comparison
  /// of nothing.
  @Test func defaultsOfManyKeysAreCompared() throws {
    func count(_ section: String) -> Int {
      defaults(of: section, preset: .paper).count
    }
    #expect(count("training") >= 13 && count("kde") >= 5 && count("bootstrap") >= 2)
    #expect(count("") >= 35 && count("attack") >= 17)
    let one = try spec(.paper, ["training: {epochs: 99}"]).specHash
    #expect(try one != spec(.paper).specHash)
  }

  /// A key that is declared is read: a value that fits none is reported under its name.
  @Test func everyDeclaredKeyIsRead() throws {
    /// Where a section stands in a spec, with one key given a list in a list.
    func line(_ section: String, _ key: String) -> String {
      let wrong = "{\(key): [[]]}"
      return switch section {
      case "": "\(key): [[]]"
      case "datasets": "datasets: {LFW: \(wrong)}"
      case "datasets.files": "datasets: {LFW: {files: {ArcFace: \(wrong)}}}"
      case "datasets.mapping", "datasets.gender_codes":
        "datasets: {LFW: {\(section.split(separator: ".")[1]): \(wrong)}}"
      case "partition.cross.exceptions":
        "partition: {cross: {exceptions: {Adience: \(wrong)}}}"
      case "configurations": "configurations: {own: \(wrong)}"
      case "readings.switches": "readings: {switches: {own: {other: \(wrong)}}}"
      case "conventions": "conventions: [\(wrong)]"
      default:
        section.split(separator: ".").joined(separator: ": {") + ": \(wrong)"
          + String(repeating: "}", count: section.count { $0 == "." })
      }
    }
    for section in SpecReference().sections {
      for key in section.keys {
        let line = line(section.name, key.name)
        let found = try problems([String(line.prefix { $0 != ":" }): line])
        #expect(found.contains("'\(key.name)' is a"), "\(line): \(found)")
      }
    }
  }

  @Test func everyKeyIsDescribedInSentencesAndSectionsAreFound() {
    let reference = SpecReference()
    #expect(reference.sections.count > 25)
    for section in reference.sections {
      #expect(section.summary.hasSuffix("."), "\(section.name)")
      for key in section.keys {
        #expect(key.meaning.hasSuffix("."), "\(section.name).\(key.name)")
        #expect(!key.values.isEmpty && !key.absent.isEmpty, "\(section.name).\(key.name)")
        #expect(key.definition?.wholeMatch(of: /[0-9]+(\.[0-9]+)?/) != nil || key.definition == nil)
      }
    }
    #expect(
      reference.sections(under: "kde")?.map(\.name) == ["kde", "kde.bandwidth"])
    #expect(reference.sections(under: "gallery")?.map(\.name) == ["attack.gallery"])
    #expect(reference.sections(under: "kd") == nil && reference.sections(under: "") == nil)
    #expect(reference.unknown("kd") == "unknown section 'kd'; did you mean 'kde'?")
    #expect(
      reference.unknown("replicates") == "'replicates' is no section but a key of 'bootstrap'")
    #expect(reference.unknown("seed") == "'seed' is no section but a key of the spec itself")
  }

  /// Definitions that keys cite exist.
  @Test func citedDefinitionsExist() throws {
    let path = Self.article.deletingLastPathComponent().appendingPathComponent("Definitions.md")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return }
    for section in SpecReference().sections {
      for key in section.keys {
        guard let number = key.definition else { continue }
        #expect(
          text.contains("\n### \(number) ") || text.contains("\n## \(number). "),
          "\(section.name).\(key.name) cites \(number)")
      }
    }
  }
}
