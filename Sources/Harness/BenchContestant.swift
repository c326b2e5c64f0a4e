import ArgumentParser
import Benchmark
import Foundation

/// `Harness bench-contestant`: our side of a benchmark's workload; started by `Harness bench`.
struct BenchContestant: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play our part in a benchmark: every line of input is one timed run.",
    shouldDisplay: false)

  @Argument(help: "The work: train, score, identify, rates, evaluate, bandwidth or bootstrap.")
  var work: OurContestant.Work

  @Option(help: "Folder with the inputs of the benchmark.")
  var data: String

  @Option var threads = 1
  @Option var revision = "unknown"
  @Option(help: "paper or code.") var architecture = "paper"
  @Option var cohort = 4_000
  @Option var epochs = 10
  @Option var persons = 1
  @Option var models = 16
  @Option var probes = LFWLayout.images
  @Option var rows = 2_000
  @Option var replicates = 1_000

  func run() throws {
    var contestant = OurContestant(work: work, inputs: URL(fileURLWithPath: data))
    contestant.threads = threads
    contestant.revision = revision
    contestant.usesCodeNetwork = architecture == "code"
    contestant.cohortRows = cohort
    contestant.epochs = epochs
    contestant.persons = persons
    contestant.references = models
    contestant.probes = probes
    contestant.rows = rows
    contestant.replicates = replicates
    do {
      try contestant.serve()
    } catch {
      throw failure(error, code: 70)
    }
  }
}

extension OurContestant.Work: ExpressibleByArgument {}
