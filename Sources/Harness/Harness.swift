import ArgumentParser

/// The command line of the MOTE harness.
@main
struct Harness: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Harness",
    abstract: "Reproduces and audits the experiments of the MOTE paper (arXiv 2505.19920).",
    subcommands: [
      Run.self, Merge.self, Plan.self, Check.self, Synthesize.self, RenderTables.self, Trace.self,
      Measure.self, Score.self, VerifyTemplates.self, Bench.self, BenchContestant.self, Verify.self,
      Coverage.self, Help.self,
    ])
}
