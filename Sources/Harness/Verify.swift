import ArgumentParser
import Foundation
import Verification

/// `Harness verify DIR`: fixtures of independent implementations against this one.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check this build against fixture files.",
    discussion: """
      Runs every *.json fixture of a folder and prints a line per case with the largest deviation.
      The kind of a file is the longest known kind that begins its name. Exits 1 when a case fails
      or its kind is unknown.

      Examples:
        Harness verify Tests/Fixtures
        Harness verify Tests/Fixtures --cpu-path baseline
      """)

  @Argument(help: "Folder with fixture files.")
  var folder: String

  @OptionGroup var kernels: KernelOptions

  func run() throws {
    let result: FixtureRun
    do {
      result = try FixtureRun.run(folder: URL(fileURLWithPath: folder)) { print($0) }
    } catch {
      throw failure(error, code: 65)
    }
    print(result.summary)
    if result.passed == 0 || result.failed > 0 || result.unknown > 0 { throw ExitCode(1) }
  }
}
