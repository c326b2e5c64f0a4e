import ArgumentParser
import Claims
import Experiments
import SpecFiles

/// `Harness kde SPEC`: synthetic samples beside real ones, definitions 14.
struct KDE: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kde",
    abstract:
      "Compare synthetic samples with real ones of people whom the densities have not seen.",
    discussion: """
      Fits the densities of every configuration as enrolment does, draws from them around the references \
      of the evaluated people, and compares with the people's other images: distances, classifiers, \
      variances, with controls and expectations. No network is trained. A run of a spec with the output \
      'kde' does the same at its end.

      Example:
        Harness kde experiments/lfw-half-kde.yaml
      """)

  @OptionGroup var spec: SpecOptions
  @OptionGroup var kernels: KernelOptions
  @OptionGroup var threads: WorkerOptions

  func run() throws {
    try spec.measureApart(
      outputs: { _ in ["kde"] }, readClaims: { try Claim.load($0) },
      work: {
        try KDEValidation(
          $0, results: spec.results, workers: threads.workers, interruption: $1, report: $2
        ).run()
      })
  }
}
