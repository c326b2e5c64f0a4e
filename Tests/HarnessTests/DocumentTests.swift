import Foundation
import TestSupport
import Testing

/// The documents hold together: what is cited exists, and links lead somewhere.
@Suite struct DocumentTests {
  private static let catalogue = "Sources/Harness/Harness.docc"

  @Test func everyCitedSectionOfTheDefinitionsExists() throws {
    let sections = try self.sections()
    #expect(sections.isSuperset(of: ["1.3", "6.6", "15"]))
    var cited: Set<String> = []
    for file in try files(in: ["Sources", "Tests", "experiments"], ending: Self.texts)
      + Self.documents
    {
      let text = try self.text(file)
      // A comment may break a line between the word and its number.
      let lines = text.replacing(/\n\s*(?:\/\/\/?|#)?\s*/, with: " ")
      for match in lines.matches(of: Self.citation) {
        for section in match.output.1.matches(of: /[0-9]+(?:\.[0-9]+)*/) {
          cited.insert(String(section.output))
          #expect(
            sections.contains(String(section.output)),
            "\(file) cites definitions \(section.output), which does not exist")
        }
      }
    }
    #expect(cited.count > 20, "the citations are not found: \(cited.sorted())")
  }

  @Test func sectionsOfTheDefinitionsAreNumberedInOrder() throws {
    let numbers = try sectionList().map { $0.split(separator: ".").map { Int($0)! } }
    for (before, after) in zip(numbers, numbers.dropFirst()) {
      let follows =
        after.count > before.count
        ? after == before + [1]
        : after.dropLast() == before.prefix(after.count - 1)
          && after.last == before[after.count - 1] + 1
      #expect(follows, "\(after) after \(before)")
    }
  }

  @Test(arguments: documents)
  func linksLeadToFilesAndHeadings(_ document: String) throws {
    let folder = repositoryRoot.appendingPathComponent(document).deletingLastPathComponent()
    for match in try text(document).matches(of: /\]\(([^)\s]+)\)/) {
      let link = String(match.output.1)
      if link.hasPrefix("https://") { continue }
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let target =
        parts[0].isEmpty
        ? repositoryRoot.appendingPathComponent(document)
        : folder.appendingPathComponent(String(parts[0])).standardizedFileURL
      #expect(
        FileManager.default.fileExists(atPath: target.path), "\(document) links to '\(link)'")
      #expect(
        target.path.hasPrefix(repositoryRoot.path), "\(document) links out of the repository")
      if parts.count == 2 {
        let anchors = try String(contentsOf: target, encoding: .utf8)
          .matches(of: /(?:^|\n)#+ ([^\n]+)/).map { anchor(String($0.output.1)) }
        #expect(anchors.contains(String(parts[1])), "\(document) links to '\(link)'")
      }
    }
  }

  @Test(arguments: documents)
  func filesThatARecipeNamesExist(_ document: String) throws {
    let paths = try text(document)
      .matches(of: /`((?:Sources|Tests|Plugins|experiments)\/[A-Za-z0-9_.\/-]+)`/)
    for path in paths.map({ String($0.output.1) }) {
      let file = repositoryRoot.appendingPathComponent(path).path
      #expect(FileManager.default.fileExists(atPath: file), "\(document) names '\(path)'")
    }
  }

  /// Release builds, which `make test` tests, have no internals for tests.
  @Test func noTestLooksIntoAModule() throws {
    for file in try files(in: ["Tests"], ending: ["swift"]) {
      #expect(try !text(file).contains("@" + "testable"), "\(file) does not build in release")
    }
  }

  @Test func everyArticleIsReachedFromTheLandingPage() throws {
    let landing = try text("\(Self.catalogue)/Harness.md")
    for article in try files(in: [Self.catalogue], ending: ["md"]) {
      let name = URL(fileURLWithPath: article).lastPathComponent
      #expect(name == "Harness.md" || landing.contains("](\(name))"), "\(name) is not linked")
    }
  }

  @Test func commandsOfTheDocumentsAreThoseOfTheMakefile() throws {
    let targets = Set(
      try text("Makefile").matches(of: /(?:^|\n)([a-z0-9-]+):/).map { String($0.output.1) })
    // What the change log says of the past is past.
    for document in Self.documents where document != "CHANGELOG.md" {
      for match in try text(document).matches(of: /`make ([a-z0-9-]+)/) {
        #expect(
          targets.contains(String(match.output.1)), "\(document) names 'make \(match.output.1)'")
      }
    }
  }

  // MARK: - Reading

  private static let texts: Set = ["swift", "c", "h", "md", "yaml", "py", "sh"]

  /// "definitions 1.3", "definitions 1.2, 1.3 and 1.7", "definitions section 8". A computed
  /// property, because a regex cannot be shared between tests.
  private static var citation: Regex<(Substring, Substring)> {
    /[Dd]efinitions(?:\.md)?,? (?:sections? )?([0-9]+(?:\.[0-9]+)*(?:(?:, | and | to )[0-9]+\.[0-9]+)*)/
  }

  /// The articles and the documents at the root.
  static let documents: [String] = {
    let folder = repositoryRoot.appendingPathComponent(catalogue)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "datasets.md", "results/README.md"]
      + names.filter { $0.hasSuffix(".md") }.sorted().map { "\(catalogue)/\($0)" }
  }()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: repositoryRoot.appendingPathComponent(path), encoding: .utf8)
  }

  /// Files below some folders, their paths from the root of the repository.
  private func files(in folders: [String], ending extensions: Set<String>) throws -> [String] {
    try folders.flatMap { folder in
      try FileManager.default
        .subpathsOfDirectory(atPath: repositoryRoot.appendingPathComponent(folder).path)
        .filter { extensions.contains(($0 as NSString).pathExtension) }
        .sorted().map { "\(folder)/\($0)" }
    }
  }

  /// Numbers of the sections of the definitions, in order.
  private func sectionList() throws -> [String] {
    try text("\(Self.catalogue)/Definitions.md")
      .matches(of: /\n#{2,3} ([0-9]+(?:\.[0-9]+)*)[.\s]/).map { String($0.output.1) }
  }

  private func sections() throws -> Set<String> { Set(try sectionList()) }

  /// The anchor that GitHub gives a heading.
  private func anchor(_ heading: String) -> String {
    heading.lowercased().replacing(/[^\p{L}\p{N} _-]/, with: "").replacing(" ", with: "-")
  }
}
