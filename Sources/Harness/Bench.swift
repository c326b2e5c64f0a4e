import ArgumentParser
import Benchmark
import Experiments
import Files
import Foundation
import Records
import Revision
import Specs

/// `Harness bench`: ours and its peers side by side.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure enrolment, scoring, searches and metrics beside PyTorch, FAISS and others.",
    discussion: """
      Contestants take turns, several rounds after a warm-up. Every run is a row of OUTPUT.csv;
      OUTPUT.md, OUTPUT-curves.svg and .png (with rsvg-convert) are rendered from it. The peers need a
      Python interpreter with the packages of experiments/peers/requirements.txt ('make bench' sets one
      up); without --peers ours runs alone. Exits 1 when a contestant failed.

      Examples:
        Harness bench --quick
        Harness bench --peers .venv/bin/python --only train-1 --only rates
        Harness bench --render results/benchmark.csv
      """)

  @OptionGroup var kernels: KernelOptions

  @Flag(help: "Ours alone, on smaller work, in half a minute.")
  var quick = false

  @Option(help: "Rounds of each workload (default: 7, with --quick 3).")
  var repeats: Int?

  @Option(help: "Python interpreter that runs the peers.")
  var peers: String?

  @Option(help: "The script that plays the peers.")
  var peerScript = "experiments/peers/peer.py"

  @Option(help: "Workload to measure; repeatable. Default: all.")
  var only: [String] = []

  @Option(help: "Seconds a contestant may take for its start, and for one run.")
  var timeout = 900.0

  @Option(help: "Where results go, without extension.")
  var output = "results/benchmark"

  @Option(help: "Only render the report of this CSV again; measures nothing.")
  var render: String?

  @Flag(help: "Replace files that no benchmark wrote.")
  var force = false

  @Flag(help: "List workloads and contestants; measures nothing.")
  var list = false

  func validate() throws {
    if quick && peers != nil {
      throw ValidationError("'--quick' runs ours alone; leave out '--quick' or '--peers'")
    }
    if let repeats, repeats < 1 {
      throw ValidationError("'--repeats' is \(repeats), expected 1 or more")
    }
    guard timeout > 0 else {
      throw ValidationError("'--timeout' is \(timeout), expected more than 0 seconds")
    }
  }

  func run() throws {
    let scale: BenchmarkScale = quick ? .quick : .full
    do {
      if list { return try listWorkloads(scale) }
      if let render {
        let csv = URL(fileURLWithPath: render)
        try BenchmarkRun.protect(
          csv.deletingPathExtension().path, inputs: [render], isRendering: true, replaces: force)
        return try BenchmarkRun.render(csv: csv)
      }
      try BenchmarkRun.protect(
        output, inputs: [peers, peerScript].compactMap(\.self), replaces: force)
      let options = BenchmarkRun.Options(
        scale: scale, rounds: repeats ?? (quick ? 3 : 7), workloads: only,
        programs: ContestantPrograms(python: peers, peerScript: peerScript, revision: revision),
        output: output, timeout: timeout,
        command: Provenance.commandText(CommandLine.arguments))
      let file = try BenchmarkRun.measure(options) { Console.standardError.line($0) }
      for (workload, verdict) in BenchmarkReport.verdicts(file) {
        print("\(workload.name): \(verdict.goal): \(verdict.outcome.rawValue), \(verdict.measured)")
      }
      Console.standardError.line(
        "wrote \(options.csv.relativePath) and \(options.markdown.relativePath)")
      if file.rows.contains(where: { !$0.err.isEmpty }) { throw ExitCode(1) }
    } catch let error as BenchmarkError {
      throw failure(error, code: 65)
    } catch let error as OutputError {
      throw failure(error, code: 64)
    }
  }

  /// Commit of this executable, with "+changes" when the sources differed from it.
  private var revision: String {
    let code = CodeRevision.ofThisBuild
    return code.revision.prefix(12) + (code.isDirty ? "+changes" : "")
  }

  private func listWorkloads(_ scale: BenchmarkScale) throws {
    for workload in try Workload.select(only, scale) {
      print("\(workload.name): \(workload.title)")
      for contestant in workload.contestants { print("  \(contestant.name): \(contestant.title)") }
    }
  }
}
