import Experiments
import Foundation
import Kernels
import Records

/// Our side of a workload as its arguments describe it.
package struct OurContestant: Sendable {
  /// What to do.
  package enum Work: String, Sendable, CaseIterable {
    case train, score, identify, rates, evaluate, bandwidth, bootstrap
    case denseTrain = "dense-train"
    case denseScore = "dense-score"
  }

  package var work: Work
  /// Folder with the shared inputs.
  package var inputs: URL
  package var threads = 1
  /// Version to name in answers.
  package var revision = "unknown"
  /// Network of the code (512-128-64-16-1) instead of the paper's (512-128-64-1).
  package var usesCodeNetwork = false
  package var cohortRows = 4_000
  package var epochs = 10
  package var persons = 1
  package var references = 16
  package var probes = LFWLayout.images
  package var rows = 2_000
  package var replicates = 1_000

  package init(work: Work, inputs: URL) {
    self.work = work
    self.inputs = inputs
  }

  /// Serves runs until the end of standard input.
  package func serve() throws {
    switch work {
    case .train:
      try serve(
        try OurTraining(
          inputs: inputs, hiddenWidths: hiddenWidths, cohortRows: cohortRows, epochs: epochs,
          persons: persons, threads: threads))
    case .score, .identify:
      try serve(
        try OurScoring(
          inputs: inputs, references: references, probes: probes, threads: threads,
          purpose: work == .score ? .verification : .identification))
    case .rates: try serve(try OurOperatingPoint(inputs: inputs, threads: threads))
    case .evaluate: try serve(try OurEvaluation(inputs: inputs, replicates: 0, threads: threads))
    case .bootstrap:
      try serve(try OurEvaluation(inputs: inputs, replicates: replicates, threads: threads))
    case .denseTrain:
      let samples = epochs * (cohortRows + cohortRows / 2)
      try serve(
        DenseProductsAlone(
          hiddenWidths: hiddenWidths, isTraining: true, samples: samples, networks: persons))
    case .denseScore:
      try serve(
        DenseProductsAlone(
          hiddenWidths: hiddenWidths, isTraining: false, samples: probes, networks: references))
    case .bandwidth: try serve(try OurBandwidth(inputs: inputs, rows: rows, threads: threads))
    }
  }

  private var hiddenWidths: [Int] { usesCodeNetwork ? [128, 64, 16] : [128, 64] }

  /// What answers name: the code, the kernels' instruction set, compiler and libraries.
  private var versions: [String: String] {
    Provenance.libraryVersions()
      .merging(["harness": revision, "kernels": CPUPath.current.name]) { $1 }
  }

  private func serve(_ work: some ContestantServer.Work) throws {
    var work = work
    try ContestantServer.serve(
      &work, versions: versions,
      nextLine: { readLine() },
      answer: { line in
        // A failed write is told when the program ends; whoever asks has gone then.
        print(line)
        fflush(nil)
      })
  }
}
