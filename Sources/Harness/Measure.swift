import ArgumentParser
import Experiments
import Records

/// `Harness measure SPEC`: storage, enrolment, comparison and identification costs, Table 5, and
/// latency over the number of people.
struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure what templates cost on this machine: Table 5, scale.",
    discussion: """
      Times enrolment of some subjects (the spec's section 'cost'), writes their templates in every
      precision and scores them again, and searches galleries of growing size. Timings of Table 5 are
      of one core; keep the machine quiet. --workers counts for what is not timed, and for
      identification of output scale. Where the section names numbers of people (scale_people), files
      of as many jittered templates are written to the results folder, one at a time, requests to
      them are timed, and they are removed. Timings are kept apart from the records of runs.

      Examples:
        Harness measure experiments/table5.yaml
        Harness measure experiments/scale.yaml
      """)

  @OptionGroup var spec: SpecOptions
  @OptionGroup var kernels: KernelOptions

  @OptionGroup var threads: WorkerOptions

  func run() throws {
    try spec.measureApart(
      outputs: { $0.cost.scalePeople.isEmpty ? ["table5"] : ["table5", "scale"] },
      isOfResults: { error in
        // A limit of the spec is a matter of the spec, the disk one of the results folder.
        if case .limit = error as? ScaleError { return false }
        return error is StoreError || error is ScaleError
      },
      work: {
        try CostMeasurement(
          $0, results: spec.results, workers: threads.workers, interruption: $1, report: $2
        ).run()
      })
  }
}
