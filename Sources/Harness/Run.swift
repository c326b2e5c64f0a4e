import ArgumentParser
import Datasets
import Experiments
import Foundation
import Logging
import Reports

extension LogFormat: ExpressibleByArgument {}

/// `Harness run SPEC`: everything an experiment asks for, from data to tables.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run an experiment: enrol, compare, evaluate, write tables and figures.",
    discussion: """
      What is there already is kept: a cell is evaluated again only when the spec, the data or the
      code that affects it has changed, and the reason is printed. An interrupted run goes on where
      it stopped. Results do not depend on the number of workers.

      Exit codes: 0 done, 1 some cells failed, 64 bad command line, 65 bad spec or data, 70 internal
      error, 130 and 143 interrupted.

      Examples:
        Harness run experiments/table2.yaml
        Harness run experiments/smoke.yaml --workers 2 --results /scratch/results
      """)

  @OptionGroup var spec: SpecOptions

  @Option(help: "Threads that enrol and compare (default: all cores).")
  var workers = ProcessInfo.processInfo.activeProcessorCount

  @Flag(help: "Stop at the first cell that fails.")
  var failFast = false

  @Flag(help: "Log every step.")
  var verbose = false

  @Option(help: "Log lines as text or as JSON objects.")
  var logFormat = LogFormat.text

  func validate() throws {
    if workers < 1 { throw ValidationError("--workers is \(workers), expected 1 or more") }
  }

  func run() throws {
    startLogging(verbose: verbose, format: logFormat)
    let experiment = try spec.load()
    let interruption = Interruption()
    interruption.install()
    let watcher = RunWatcher()
    do {
      let summary = try Runner(
        experiment,
        options: RunOptions(results: spec.results, workers: workers, failsFast: failFast),
        interruption: interruption, report: watcher.receive
      ).run()
      watcher.finish()
      try render(experiment)
      Console.standardError.line(summary.text)
      guard summary.failed.isEmpty else {
        Console.standardError.line(
          "\(summary.failed.count) of \(experiment.cells().count) cells failed:")
        for failure in summary.failed {
          Console.standardError.line("  \(failure.cell.slug): \(failure.message)")
        }
        throw ExitCode(1)
      }
    } catch let error as Interrupted {
      watcher.finish()
      throw failure(error, code: error.exitCode)
    } catch let error as ExitCode {
      throw error
    } catch let error as StoreError {
      throw failure(error, code: 1)
    } catch {
      throw failure(error, code: 65)
    }
  }

  /// Writes the outputs that the spec wants and prints the tables.
  private func render(_ experiment: ExperimentSpec) throws {
    let folder = URL(fileURLWithPath: spec.results).appendingPathComponent(experiment.name)
    let rendered = try renderOutputs(
      experiment: folder, outputs: experiment.outputs.map(\.rawValue))
    print(rendered.markdown, terminator: "")
    for warning in rendered.warnings { Console.standardError.line("warning: \(warning)") }
    for file in rendered.files { Console.standardError.line("wrote \(file.relativePath)") }
  }
}

/// Turns the events of a run into progress and log lines.
private final class RunWatcher {
  private let log = Logger(label: "run")
  private var progress: RunProgress?

  func receive(_ event: RunEvent) {
    switch event {
    case .cell(let cell, let reason): log.debug("\(cell.slug): to do, \(reason)")
    case .started(let cells, let cached):
      log.info("\(cells) cells to do, \(cached) kept from earlier runs")
    case .group(let group, let references):
      finish()
      progress = RunProgress(
        total: references, what: group.configuration == nil ? "references" : "subjects")
    case .attack(let cell, let references):
      finish()
      progress = RunProgress(
        total: references, what: cell.preset == nil ? "references" : "subjects")
    case .unit(let cell, _, let references, _):
      progress?.advance(by: references, current: cell.title)
    case .evaluated(let cell): log.debug("\(cell.slug): evaluated")
    case .failed(let cell, let message): log.error("\(cell.slug): \(message)")
    case .warning(let text): log.warning("\(text)")
    case .information(let text): log.info("\(text)")
    }
  }

  /// Ends the progress line.
  func finish() {
    progress?.finish()
    progress = nil
  }
}
