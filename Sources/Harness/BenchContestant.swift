import ArgumentParser
import Benchmark
import Experiments
import Foundation
import Kernels
import Records

/// `Harness bench-contestant`: our side of a benchmark's workload; started by `Harness bench`.
struct BenchContestant: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play our part in a benchmark: every line of input is one timed run.",
    shouldDisplay: false)

  /// What to do.
  enum Work: String, CaseIterable, ExpressibleByArgument {
    case train, score, search, cosine, rates, evaluate, bandwidth, bootstrap
    case readGallery = "read-gallery"
    case denseTrain = "dense-train"
    case denseScore = "dense-score"
  }

  @Argument(
    help: "The work: train, score, search, cosine, rates, evaluate, bandwidth or bootstrap.")
  var work: Work

  @Option(help: "Folder with the inputs of the benchmark.", completion: .directory)
  var data: String

  @Option var threads = 1
  @Option(help: "Version to name in answers.") var revision = "unknown"
  @Option(help: "paper or code.") var architecture = "paper"
  @Option var cohort = 4_000
  @Option(help: "Rows whose loss is taken after every epoch; 0: none.") var development = 0
  @Option var epochs = 10
  @Option var persons = 1
  @Option var models = 16
  @Option var probes = LFWLayout.images
  @Option(help: "Probes that are compared together in a search.") var batch = 1
  @Option(help: "float32, float16 or int8.") var precision = "float32"
  @Option var rows = 2_000
  @Option var replicates = 1_000
  @Option var repeats = 1

  func run() throws {
    do {
      try serve()
    } catch {
      throw failure(error, code: 70)
    }
  }

  /// Serves runs until the end of standard input.
  private func serve() throws {
    let inputs = URL(fileURLWithPath: data)
    // The paper's network is 512-128-64-1, that of the code 512-128-64-16-1.
    let hiddenWidths = architecture == "code" ? [128, 64, 16] : [128, 64]
    switch work {
    case .train:
      try serve(
        OurTraining(
          inputs: inputs, hiddenWidths: hiddenWidths, cohortRows: cohort,
          developmentRows: development, epochs: epochs, persons: persons, threads: threads))
    case .score:
      try serve(
        OurScoring(inputs: inputs, references: models, probes: probes, threads: threads))
    case .search, .readGallery:
      try serve(
        OurSearch(
          inputs: inputs, people: models, precisionName: precision, probes: probes, batch: batch,
          threads: threads, purpose: work == .search ? .scores : .reading))
    case .cosine:
      try serve(
        OurCosines(
          inputs: inputs, people: models, probes: probes, batch: batch, threads: threads))
    case .rates: try serve(OurOperatingPoint(inputs: inputs, threads: threads))
    case .evaluate: try serve(OurEvaluation(inputs: inputs, replicates: 0, threads: threads))
    case .bootstrap:
      try serve(
        OurEvaluation(inputs: inputs, replicates: replicates, repeats: repeats, threads: threads))
    case .denseTrain:
      try serve(
        DenseProductsAlone(
          hiddenWidths: hiddenWidths, isTraining: true, samples: epochs * (cohort + cohort / 2),
          networks: persons))
    case .denseScore:
      try serve(
        DenseProductsAlone(
          hiddenWidths: hiddenWidths, isTraining: false, samples: probes, networks: models))
    case .bandwidth: try serve(OurBandwidth(inputs: inputs, rows: rows, threads: threads))
    }
  }

  /// Serves one kind of work; answers name the code, the kernels' instruction set, compiler and
  /// libraries.
  private func serve(_ work: some ContestantServer.Work) throws {
    var work = work
    let versions = Provenance.libraryVersions()
      .merging(["harness": revision, "kernels": CPUPath.current.name]) { $1 }
    try ContestantServer.serve(
      &work, versions: versions, nextLine: { readLine() },
      answer: { line in
        // A failed write is told when the program ends; whoever asks has gone then.
        print(line)
        fflush(nil)
      })
  }
}
