import ArgumentParser
import Claims
import Experiments
import Foundation
import Logging
import Records
import Reports
import Results
import SpecFiles
import Specs

extension LogFormat: ExpressibleByArgument {}

/// The options of commands that run an experiment, and how such a run is carried out: signals,
/// progress, exit codes, tables.
struct RunExecution: ParsableArguments {
  @OptionGroup var threads: WorkerOptions

  @Option(
    help: """
      Most memory to use, e.g. 6G: fewer workers are used, or cells refused, evaluated and attacked \
      ones alike.
      """)
  var maxMemory: ByteCount?

  @Flag(help: "Log every step.")
  var verbose = false

  @Option(help: "Log lines as text or as JSON objects.")
  var logFormat = LogFormat.text

  /// Loads the spec, lets `work` do its part with a runner, and renders what the spec asks for.
  func carryOut(
    _ options: SpecOptions, failsFast: Bool, shard: Shard?,
    work: (Runner) throws -> RunSummary
  ) throws {
    startLogging(verbose: verbose, format: logFormat)
    let experiment = try options.load()
    let interruption = Interruption()
    interruption.install { Console.standardError.line(Self.howToContinue) }
    let watcher = RunWatcher()
    do {
      let runner = Runner(
        experiment,
        options: RunOptions(
          results: options.results, workers: threads.workers, failsFast: failsFast, shard: shard,
          maximumBytes: maxMemory?.bytes), interruption: interruption, report: watcher.receive)
      let summary = try work(runner)
      watcher.finish()
      var answers = ""
      if shard == nil {
        answers = try render(
          experiment, in: options.results,
          hasRecords: !summary.evaluated.isEmpty || !summary.cached.isEmpty)
      }
      Console.standardError.line(summary.text)
      print(answers, terminator: "")
      guard summary.failed.isEmpty else { throw failed(summary.failed) }
      if let shard { Console.standardError.line(afterShard(shard, options)) }
    } catch let error as ExitCode {
      throw error
    } catch {
      watcher.finish()
      if let code = interruption.exitCode {
        Console.standardError.line("\(Interrupted(exitCode: code)). \(Self.howToContinue)")
        throw ExitCode(code)
      }
      switch error {
      // Units that are missing are work to be done; other shards than expected are bad input.
      case is StoreError, is FailedFast, MergeError.missing, is ReportError, is ResultsError:
        throw failure(error, code: 1)
      default: throw failure(error, code: 65)
      }
    }
  }

  private static let howToContinue =
    "Finished units of work are kept; to go on: \(Provenance.commandText(CommandLine.arguments))"

  /// What is to be done when a shard is.
  private func afterShard(_ shard: Shard, _ options: SpecOptions) -> String {
    var words = ["Harness", "merge", options.spec]
    if let data = options.data { words += ["--data", data] }
    for setting in options.settings.set { words += ["--set", setting] }
    return "shard \(shard.index) of \(shard.count) is done. When all are: "
      + "\(Provenance.commandText(words)) FOLDER…, with the results folders of the \(shard.count) shards; "
      + "this one is \(options.results)"
  }

  private func failed(_ failures: [Failure]) -> ExitCode {
    Console.standardError.line(
      "\(failures.count) failed; the rest is done and kept. The same command tries these again:")
    for failure in failures.prefix(50) { Console.standardError.line("  \(failure)") }
    if failures.count > 50 {
      Console.standardError.line("  and \(failures.count - 50) more, see the folder 'failures'")
    }
    return ExitCode(1)
  }

  /// Writes the outputs that the spec wants and prints the tables; without records there are none.
  ///
  /// - Returns: what the records answer to the paper's claims.
  private func render(
    _ experiment: ExperimentSpec, in results: String, hasRecords: Bool
  ) throws -> String {
    let folder = URL(fileURLWithPath: results).appendingPathComponent(experiment.name)
    defer { RenderedOutputs.updateIndex(of: URL(fileURLWithPath: results)) }
    guard hasRecords else {
      try removeOutputs(experiment: folder)
      return ""
    }
    let outputs = experiment.outputs.map(\.rawValue)
    let rendered = try renderOutputs(
      experiment: folder, outputs: outputs, onPage: outputs, replacesEarlier: true,
      readClaims: { try Claim.load($0) })
    rendered.tell()
    return rendered.answers
  }
}

/// An amount of memory as it is typed: "512M", "6G", "6GiB", "1000000".
struct ByteCount: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let text = argument.uppercased()
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let factors = ["": 1.0, "K": 0x1p10, "M": 0x1p20, "G": 0x1p30, "T": 0x1p40]
    let unit = text.dropFirst(digits.count).replacing("IB", with: "").replacing("B", with: "")
    guard let value = Double(digits), let factor = factors[String(unit)], value * factor >= 1,
      value * factor < 0x1p60
    else { return nil }
    bytes = Int(value * factor)
  }
}

/// Turns the events of a run into progress and log lines.
private final class RunWatcher {
  private let log = Logger(label: "run")
  private var progress: RunProgress?
  private var stage: RunStage?
  /// Cells to do by reason.
  private var reasons: [String: Int] = [:]

  func receive(_ event: RunEvent) {
    switch event {
    case .cell(let cell, let reason):
      reasons[reason, default: 0] += 1
      log.debug("\(cell.slug): to do, \(reason)")
    case .started(let cells, let cached):
      log.info("\(cells) cells to do, \(cached) kept from earlier runs")
      for (reason, count) in reasons.sorted(by: { $0.key < $1.key }) where reason != "no record" {
        log.info("\(count) of them again: \(reason)")
      }
    case .batch(let batch, let references):
      finish()
      progress = RunProgress(
        total: references, what: batch.configuration == nil ? "references" : "subjects")
    case .attack(let cell, let references):
      finish()
      progress = RunProgress(
        total: references, what: cell.preset == nil ? "references" : "subjects")
    case .unit(let cell, _, let references, _):
      progress?.advance(by: references, current: cell.title)
    case .stage(let what):
      finish()
      stage = what.map { RunStage($0) }
    case .evaluated(let cell): log.debug("\(cell.slug): evaluated")
    case .failed(let cell, let unit, let message):
      log.error("\(cell.slug)\(unit.map { " \($0)" } ?? ""): \(message)")
    case .warning(let text): log.warning("\(text)")
    case .information(let text): log.info("\(text)")
    }
  }

  /// Ends the progress line and the stage.
  func finish() {
    progress?.finish()
    progress = nil
    stage?.finish()
    stage = nil
  }
}
