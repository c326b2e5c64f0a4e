import ArgumentParser
import Experiments
import Foundation
import Records
import Reports

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
    let experiment = try spec.load()
    let interruption = Interruption()
    interruption.install()
    do {
      try CostMeasurement(
        experiment, results: spec.results, workers: threads.workers, interruption: interruption
      ) { Console.standardError.line($0) }.run()
      try renderOutputs(
        experiment: URL(fileURLWithPath: spec.results).appendingPathComponent(experiment.name),
        outputs: ["table5"]
      ).tell()
    } catch {
      if let code = interruption.exitCode { throw failure(Interrupted(exitCode: code), code: code) }
      throw failure(error, code: error is StoreError ? 1 : 65)
    }
  }
}
