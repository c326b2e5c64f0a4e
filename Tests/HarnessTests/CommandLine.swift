import Foundation
import TestSupport
import Testing

/// The built program, beside this test bundle; nil where only the tests were built.
let harness: URL? = {
  let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("Harness")
  let candidates = [
    program, repositoryRoot.appendingPathComponent(".build/release/Harness"),
    repositoryRoot.appendingPathComponent(".build/debug/Harness"),
  ]
  return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
}()

/// A running `Harness`, its output kept in files so that no pipe can fill up.
struct Invocation {
  let process = Process()
  private let output: URL

  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    output = FileManager.default.temporaryDirectory
      .appendingPathComponent("harness-\(UUID().uuidString).log")
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    process.executableURL = harness
    process.arguments = arguments
    process.currentDirectoryURL = repositoryRoot
    process.environment = testEnvironment.merging(environment) { _, new in new }
    let file = try FileHandle(forWritingTo: output)
    process.standardOutput = file
    process.standardError = file
    try process.run()
  }

  /// Waits for the end: exit code (128 + signal where a signal ended it) and all that was printed.
  func finish() throws -> (code: Int32, text: String) {
    process.waitUntilExit()
    defer { try? FileManager.default.removeItem(at: output) }
    let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    let isSignal = process.terminationReason == .uncaughtSignal
    return ((isSignal ? 128 : 0) + process.terminationStatus, text)
  }
}

/// Runs `Harness` to its end.
@discardableResult
func run(_ arguments: String...) throws -> (code: Int32, text: String) {
  try Invocation(arguments).finish()
}

/// A folder with the data of the small experiment and the results of an undisturbed run.
struct SmallExperiment {
  let folder: URL
  let spec = repositoryRoot.appendingPathComponent("Tests/System/small.yaml").path
  var data: String { folder.appendingPathComponent("data").path }

  init() throws {
    folder = try temporaryFolder("small")
    try FileManager.default.createDirectory(
      atPath: folder.appendingPathComponent("data").path, withIntermediateDirectories: true)
    let made = try HarnessTests.run(
      "synthesize", "--subjects", "100", "--rows", "400", "--dimension", "64", "--output",
      data + "/made.h5")
    #expect(made.code == 0, "\(made.text)")
  }

  func results(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Arguments of a run into the results folder of that name.
  func arguments(_ name: String, _ more: String...) -> [String] {
    ["run", spec, "--data", data, "--results", results(name)] + more
  }

  /// Files of a part of the results by name.
  func files(_ name: String, _ part: String) throws -> [String: Data] {
    let folder = results(name) + "/small/" + part
    var found: [String: Data] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
      found[file] = FileManager.default.contents(atPath: folder + "/" + file)
    }
    return found
  }

  /// Whether there is a part of the results.
  func has(_ name: String, _ part: String) -> Bool {
    FileManager.default.fileExists(atPath: results(name) + "/small/" + part)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}
