import ArgumentParser
import Experiments
import Records
import Revision

/// The command line of the MOTE harness.
@main
struct Harness: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Harness",
    abstract: "Reproduces and audits the experiments of the MOTE paper (arXiv 2505.19920).",
    version: versionText,
    subcommands: [
      Run.self, Merge.self, Plan.self, ProtocolCommand.self, Check.self, Synthesize.self,
      RenderTables.self, Subjects.self, Trace.self,
      Measure.self, Score.self, VerifyTemplates.self, Bench.self, BenchContestant.self, Verify.self,
      Coverage.self, Help.self,
    ])
}

/// What `--version` prints: the revision of the build, and what it computes with.
private var versionText: String {
  let versions = Provenance.libraryVersions().sorted { $0.key < $1.key }
  return "mote-harness, revision \(CodeRevision.ofThisBuild)\n"
    + versions.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
}
