import ArgumentParser
import Experiments

/// `Harness measure SPEC`: storage, enrolment, comparison and identification costs, Table 5.
struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure what templates cost on this machine: Table 5.",
    discussion: """
      Times enrolment of some subjects (the spec's section 'cost'), writes their templates in every
      precision and scores them again, and searches galleries of growing size. Everything timed runs
      on one core; keep the machine quiet. Timings are kept apart from the records of runs.

      Example:
        Harness measure experiments/table5.yaml
      """)

  @OptionGroup var spec: SpecOptions
  @OptionGroup var kernels: KernelOptions

  @OptionGroup var threads: WorkerOptions

  func run() throws {
    try spec.measureApart(
      outputs: { _ in ["table5"] },
      work: {
        try CostMeasurement(
          $0, results: spec.results, workers: threads.workers, interruption: $1, report: $2
        ).run()
      })
  }
}
