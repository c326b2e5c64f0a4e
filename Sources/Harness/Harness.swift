import ArgumentParser
import Experiments
import Files
import Foundation
import HDF5Library
import Kernels
import Records
import Revision

/// The command line of the MOTE harness.
@main
struct Harness: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Harness",
    abstract: "Reproduces and audits the experiments of the MOTE paper (arXiv 2505.19920).",
    version: versionText,
    groupedSubcommands: [
      CommandGroup(
        name: "Planning",
        subcommands: [
          Validate.self, Plan.self, Show.self, ProtocolCommand.self, Draft.self,
        ]),
      CommandGroup(
        name: "Experiment",
        subcommands: [
          Run.self, Merge.self, Measure.self, ExplainScores.self, KDE.self, LearningCurves.self,
        ]),
      CommandGroup(
        name: "Result",
        subcommands: [
          ListResults.self, RenderTables.self, GatherClaims.self, Subjects.self, Trace.self,
          Diff.self, Scores.self, Score.self, VerifyTemplates.self,
        ]),
      CommandGroup(
        name: "Data",
        subcommands: [
          Check.self, ImportCommand.self, SubsetCommand.self, Synthesize.self,
          SynthesizeMaps.self,
        ]),
      CommandGroup(
        name: "Program",
        subcommands: [Verify.self, Coverage.self, Bench.self, BenchContestant.self, Help.self]),
    ])

  /// Runs the command line, and ends the program with its exit code. What could not be written to
  /// standard output is an error, of code 1 where there was none before.
  static func main() {
    // Swift takes them from /proc, and has none where that is not there.
    guard !CommandLine.arguments.isEmpty else {
      Console.standardError.line("error: /proc is not there, from which the arguments are read")
      Foundation.exit(70)
    }
    // Of no use to people: the process that reads an HDF5 file for this program.
    if CommandLine.arguments.dropFirst().elementsEqual(["read-hdf5"]) {
      Foundation.exit(answerHDF5Questions())
    }
    StandardOutput.prepare()
    UnfinishedFiles.endWithSignals()
    MappedFile.endWhereCutOff()
    // A file that would be larger than may be is an error of its writer.
    signal(SIGXFSZ, SIG_IGN)
    var code = ExitCode.success
    do {
      try RepeatedOptions.check(Array(CommandLine.arguments.dropFirst()))
      var command = try parseAsRoot()
      guard BLAS.threadsWithRoom(atMost: 1) == 1 else {
        Console.standardError.line(
          "error: too little address space is left for linear algebra; raise the limit (ulimit -v)")
        // Not by way of the library, whose threads may be waiting for memory that never comes.
        _exit(70)
      }
      try command.run()
    } catch {
      code = exitCode(for: error)
      let text = fullMessage(for: error)
      if code == .success {
        if !text.isEmpty { print(text) }
      } else if !text.isEmpty {
        Console.standardError.line(text)
      }
    }
    if let reason = StandardOutput.failure() {
      Console.standardError.line("error: standard output could not be written: \(reason)")
      if code == .success { code = ExitCode(1) }
    }
    Foundation.exit(code.rawValue)
  }
}

/// What `--version` prints: the revision of the build, and what it computes with.
private var versionText: String {
  let versions = Provenance.libraryVersions().sorted { $0.key < $1.key }
  return "mote-harness, revision \(CodeRevision.ofThisBuild)\n"
    + versions.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
}
