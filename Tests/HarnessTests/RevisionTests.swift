import Foundation
import Revision
import TestSupport
import Testing

/// What a build says about its own sources.
@Suite struct RevisionTests {
  @Test func theBuildNamesACommitAndThePinnedPackages() throws {
    let build = CodeRevision.ofThisBuild
    #expect(build.revision == "unknown" || build.revision.wholeMatch(of: /[0-9a-f]{40}/) != nil)
    let manifest = try String(
      contentsOf: repositoryRoot.appendingPathComponent("Package.swift"), encoding: .utf8)
    #expect(!CodeRevision.dependencies.isEmpty)
    for (name, version) in CodeRevision.dependencies {
      let pin = manifest.split(separator: "\n").first {
        $0.contains(".package(") && $0.lowercased().contains("/\(name)\"")
      }
      #expect(pin?.contains("exact: \"\(version)\"") == true, "\(name) \(version)")
    }
    #expect(!manifest.contains("from: \""), "a package is not pinned")
  }

  @Test(.enabled(if: harness != nil, "the program Harness is not built"))
  func versionPrintsTheRevisionOfTheBuild() throws {
    let (code, text) = try run("--version")
    #expect(code == 0)
    #expect(
      text.wholeMatch(of: /mote-harness, revision ([0-9a-f]{40}|unknown)[^\n]*\n.+\n/) != nil,
      "\(text)")
    #expect(text.contains("yams \(CodeRevision.dependencies["yams"] ?? "?")"), "\(text)")
  }

  @Test func theRevisionIsThatOfThePackageItselfAndKnowsChanges() throws {
    let folder = try temporaryFolder("mote git")
    defer { try? FileManager.default.removeItem(at: folder) }
    let package = folder.appendingPathComponent("package")
    let sources = package.appendingPathComponent("Sources")
    try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
    let output = folder.appendingPathComponent("Recorded.swift")
    func recorded() throws -> String {
      try command(
        "/bin/sh",
        repositoryRoot.appendingPathComponent("Plugins/RecordRevision/revision.sh").path,
        package.path, output.path, "yams 6.2.2")
      return try String(contentsOf: output, encoding: .utf8)
    }
    func git(_ arguments: String..., in place: URL) throws {
      try command(
        "/usr/bin/env",
        ["git", "-C", place.path, "-c", "user.name=x", "-c", "user.email=x@example.org"]
          + arguments)
    }
    // No git, and somebody else's checkout around the package: nothing is known.
    #expect(try recorded().contains("\"unknown\""))
    try git("init", "-q", in: folder)
    try git("commit", "-q", "--allow-empty", "-m", "first", in: folder)
    #expect(try recorded().contains("\"unknown\""))
    // The package's own checkout; what is not compiled does not make it differ.
    try git("init", "-q", in: package)
    try git("commit", "-q", "--allow-empty", "-m", "first", in: package)
    try Data("x".utf8).write(to: package.appendingPathComponent("notes.txt"))
    let articles = sources.appendingPathComponent("Harness/Harness.docc")
    try FileManager.default.createDirectory(at: articles, withIntermediateDirectories: true)
    try Data("x".utf8).write(to: articles.appendingPathComponent("Article.md"))
    let clean = try recorded()
    #expect(clean.contains(/recordedRevision\(\) -> String \{ "[0-9a-f]{40}" \}/))
    #expect(clean.contains("recordedChanges() -> Bool { false }"))
    #expect(clean.contains("(\"yams\", \"6.2.2\")"))
    // An unchanged answer leaves the file alone, so that nothing is compiled again.
    let written = try modified(output)
    #expect(try recorded() == clean && modified(output) == written)
    try Data("x".utf8).write(to: sources.appendingPathComponent("New.swift"))
    #expect(try recorded().contains("recordedChanges() -> Bool { true }"))
  }

  private func modified(_ file: URL) throws -> Date? {
    try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
  }

  private func command(_ path: String, _ arguments: String...) throws {
    try command(path, arguments)
  }

  private func command(_ path: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }
}
