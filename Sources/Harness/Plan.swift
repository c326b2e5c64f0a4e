import ArgumentParser
import Experiments

/// `Harness plan SPEC`: what a run would do, without doing it.
struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what a run would do: units, comparisons, trainings, time and memory.",
    discussion: """
      Reads and checks the data as a run would, looks up what is there already, and does
      a small part of each system's work on these data (about 20 seconds): enrolments with early
      stopping, comparisons, metrics, attacks. Times follow from that, for cores that nothing
      else uses. Nothing is written.

      Examples:
        Harness plan experiments/table2.yaml
        Harness plan experiments/smoke.yaml --workers 1
        Harness plan experiments/table2.yaml --no-calibration
      """)

  @OptionGroup var spec: SpecOptions
  @OptionGroup var kernels: KernelOptions

  @OptionGroup var threads: WorkerOptions

  @Flag(inversion: .prefixedNo, help: "Measure a small part of the work and estimate times.")
  var calibration = true

  func run() throws {
    let experiment = try spec.load()
    do {
      print(
        try RunPlan.make(
          for: experiment, results: spec.results, workers: threads.workers,
          isCalibrated: calibration
        ).text)
    } catch {
      throw failure(error, code: 65)
    }
  }
}
