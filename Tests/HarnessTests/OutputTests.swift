import Foundation
import TestSupport
import Testing

/// Nothing that is there is destroyed, and nothing that could not be read or written is passed over.
@Suite(.serialized, .enabled(if: harness != nil, "the program Harness is not built"))
struct OutputTests {
  /// A folder with `made.h5`, written by the words of `synthesize`.
  private static let synthesize = [
    "synthesize", "--subjects", "100", "--rows", "400", "--dimension", "64", "--output",
  ]

  private func invoke(_ arguments: [String]) throws -> (code: Int32, text: String) {
    try Invocation(arguments).finish()
  }

  /// Runs a line of shell in which `$H` is the program.
  private func shell(_ line: String, in folder: URL) throws -> (code: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "exec 2>errors; " + line]
    process.currentDirectoryURL = folder
    process.environment = testEnvironment.merging(["H": harness!.path]) { _, new in new }
    try process.run()
    process.waitUntilExit()
    let errors = try String(
      contentsOf: folder.appendingPathComponent("errors"), encoding: .utf8)
    return (process.terminationStatus, errors)
  }

  @Test func synthesizeReplacesOnlyWhatItWrote() throws {
    let folder = try temporaryFolder("output")
    defer { try? FileManager.default.removeItem(at: folder) }
    let made = folder.appendingPathComponent("made.h5")
    let link = folder.appendingPathComponent("link.h5").path
    #expect(try invoke(Self.synthesize + [made.path]).code == 0)
    let bytes = try Data(contentsOf: made)
    // The same command may run again; another one may not.
    #expect(try invoke(Self.synthesize + [made.path]).code == 0)
    let other = Self.synthesize.dropLast() + ["--seed", "9", "--output"]
    let refused = try invoke(other + [made.path])
    #expect(refused.code == 64 && refused.text.contains("--force"), "\(refused.text)")
    #expect(try Data(contentsOf: made) == bytes)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: made.path)
    let linked = try invoke(Self.synthesize + [link, "--force"])
    #expect(linked.code == 64 && linked.text.contains("is a link"), "\(linked.text)")
    #expect(try Data(contentsOf: made) == bytes)
    #expect(try invoke(other + [made.path, "--force"]).code == 0)
    #expect(try Data(contentsOf: made) != bytes)
  }

  @Test func whatARunTrustsIsChecked() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let arguments = small.arguments("r", "--workers", "2")
    #expect(try invoke(arguments).code == 0)
    let results = small.results("r") + "/small"
    let tables = try small.files("r", "tables")
    let record = results + "/records/Made_ArcFace_mote_paper_f0.5_r0.json"
    let templates = try FileManager.default.contentsOfDirectory(atPath: results + "/templates")
      .sorted().map { results + "/templates/" + $0 }

    // Scores of templates never replace an input or another file.
    let probes = small.data + "/made.h5"
    let score = ["score", "--templates", templates[0], "--probes", probes, "--output"]
    for input in [templates[0], probes] {
      let (code, text) = try invoke(score + [input, "--force"])
      #expect(code == 64 && text.contains("it is the input"), "\(text)")
    }
    let scores = small.folder.appendingPathComponent("scores.h5").path
    #expect(try invoke(score + [scores]).code == 0)
    #expect(try invoke(score + [scores]).code == 0)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: scores))
    let kept = try invoke(score + [scores])
    #expect(kept.code == 65 && kept.text.contains("--force"), "\(kept.text)")
    #expect(FileManager.default.contents(atPath: scores) == Data("mine".utf8))
    #expect(try invoke(score + [scores, "--force"]).code == 0)

    // A record edited by hand.
    let text = try String(contentsOfFile: record, encoding: .utf8)
    let edited = text.replacing("\"subjects\" : ", with: "\"subjects\" : 1")
    #expect(edited != text)
    try Data(edited.utf8).write(to: URL(fileURLWithPath: record))
    let name = "Made_ArcFace_mote_paper_f0.5_r0.json: it was changed after it was written"
    for command in [["table", results], ["trace", results + "/tables/table2.csv"]] {
      let (code, output) = try invoke(command)
      #expect(code == 65 && output.contains(name), "\(command): \(output)")
      #expect(output.contains("delete the file and run the command again that made it"))
    }

    // A file of templates with another weight.
    var weights = try Data(contentsOf: URL(fileURLWithPath: templates[1]))
    weights[weights.count / 2] ^= 1
    try weights.write(to: URL(fileURLWithPath: templates[1]))
    for command in [
      ["verify-templates", templates[1]],
      ["score", "--templates", templates[1], "--probes", probes],
    ] {
      let (code, output) = try invoke(command)
      #expect(code == 65 && output.contains("'\(templates[1])': it was changed"), "\(output)")
    }

    // A run does both again, and says so.
    let again = try invoke(arguments)
    #expect(again.code == 0, "\(again.text)")
    for file in [record, templates[1]] {
      let line = again.text.split(separator: "\n").first {
        $0.contains(" again: ") && $0.contains(file)
      }
      #expect(line?.contains("it was changed after it was written") == true, "\(again.text)")
    }
    #expect(try small.files("r", "tables") == tables)
    #expect(try invoke(["verify-templates"] + templates).code == 0)
  }

  @Test(.timeLimit(.minutes(1)))
  func pipesAndDevicesAsInputsAreErrorsAtOnce() throws {
    let folder = try temporaryFolder("pipes")
    defer { try? FileManager.default.removeItem(at: folder) }
    let pipe = folder.appendingPathComponent("pipe.yaml").path
    mkfifo(pipe, 0o600)
    let spec = repositoryRoot.appendingPathComponent("Tests/System/small.yaml").path
    try FileManager.default.createDirectory(
      atPath: folder.appendingPathComponent("data").path, withIntermediateDirectories: true)
    mkfifo(folder.appendingPathComponent("data/made.h5").path, 0o600)
    let results = folder.appendingPathComponent("r").path
    let data = ["--data", folder.appendingPathComponent("data").path, "--results", results]
    let fixtures = folder.appendingPathComponent("fixtures").path
    try FileManager.default.createDirectory(
      atPath: fixtures, withIntermediateDirectories: true)
    mkfifo(fixtures + "/metrics.json", 0o600)
    for arguments in [
      ["plan", pipe], ["run", pipe], ["run", "/dev/zero"], ["check", pipe], ["check", "/dev/zero"],
      ["trace", pipe], ["bench", "--render", pipe], ["verify", fixtures], ["verify", pipe],
      ["verify-templates", pipe], ["verify-templates", "/dev/zero"],
      ["score", "--templates", pipe, "--probes", pipe], ["run", spec] + data,
      ["plan", spec, "--no-calibration"] + data, ["protocol", spec] + data,
      ["measure", spec] + data, ["table", pipe], ["merge", spec] + data + [pipe],
    ] {
      let (code, text) = try invoke(arguments)
      #expect([1, 65].contains(code) && !text.isEmpty, "\(arguments): \(code) \(text)")
    }
  }

  @Test(arguments: [
    "--help", "--version", "help spec", "check made.h5",
    "synthesize --subjects 10 --rows 40 --output s.h5",
    "plan SPEC --no-calibration", "protocol SPEC", "run SPEC", "bench --list", "verify FIXTURES",
  ])
  func outputThatCannotBeWrittenIsAnError(_ words: String) throws {
    let folder = try temporaryFolder("full")
    defer { try? FileManager.default.removeItem(at: folder) }
    let made = folder.appendingPathComponent("made.h5").path
    #expect(try invoke(Self.synthesize + [made]).code == 0)
    let spec = repositoryRoot.appendingPathComponent("Tests/System/small.yaml").path
    let fixtures = folder.appendingPathComponent("fixtures")
    try FileManager.default.createDirectory(at: fixtures, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: fixturesFolder.appendingPathComponent("bce.json"),
      to: fixtures.appendingPathComponent("bce.json"))
    let command = words.replacing("SPEC", with: "'\(spec)' --data .")
      .replacing("FIXTURES", with: "fixtures")
    for end in ["> /dev/full", "| true; exit ${PIPESTATUS[0]}", ">&-"] {
      // The reader of the pipe has gone before anything is written.
      let line = end.hasPrefix("|") ? "(sleep 0.3; $H \(command)) \(end)" : "$H \(command) \(end)"
      let (code, errors) = try shell(line, in: folder)
      #expect(code == 1, "\(line): \(code) \(errors)")
      #expect(
        errors.contains("error: standard output could not be written: "), "\(line): \(errors)")
    }
  }

  @Test func emptyPathsAndBrokenLinksAreNamed() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let empty = try invoke(["run", small.spec, "--data", small.data, "--results", ""])
    #expect(empty.code == 64 && empty.text.contains("'--results' is empty"), "\(empty.text)")
    try FileManager.default.createSymbolicLink(
      atPath: small.results("link"), withDestinationPath: "/nonexistent/x")
    let broken = try invoke(small.arguments("link"))
    #expect(broken.code == 1, "\(broken.text)")
    #expect(broken.text.contains("a broken link to '/nonexistent/x'"), "\(broken.text)")
    let fixtures = small.results("fixtures")
    try FileManager.default.createDirectory(
      atPath: fixtures, withIntermediateDirectories: true)
    #expect(try invoke(["verify", fixtures]).code == 1)
  }
}
