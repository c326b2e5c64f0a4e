import ArgumentParser
import Experiments
import Reports

/// `Harness plan SPEC`: what a run would do, without doing it.
struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what a run would do: units, comparisons, trainings, time and memory.",
    discussion: """
      Reads and checks the data as a run would, looks up what is there already, and does
      a small part of each system's work on these data (about 20 seconds): enrolments with early
      stopping, comparisons, metrics, attacks. Times follow from that, for cores that nothing
      else uses; with more --workers than this machine has cores, for as many cores like its own.
      Where one enrolment takes seconds, the measurements take minutes: four people are enrolled on
      each dataset at least. Nothing is written.

      Examples:
        Harness plan experiments/table2.yaml
        Harness plan experiments/smoke.yaml --workers 1
        Harness plan experiments/sweep.yaml --shards 32 --workers 2 --calibration-seconds 120
        Harness plan experiments/table2.yaml --no-calibration
      """)

  @OptionGroup var spec: SpecOptions
  @OptionGroup var kernels: KernelOptions

  @OptionGroup var threads: WorkerOptions

  @Option(
    help: "Parts that the run is divided into (run --shard): the time of each, and of merging.")
  var shards = 1

  @Flag(inversion: .prefixedNo, help: "Measure a small part of the work and estimate times.")
  var calibration = true

  @Option(help: "Seconds for these measurements, roughly; more people make times more certain.")
  var calibrationSeconds = 20.0

  func validate() throws {
    if shards < 1 { throw ValidationError("--shards is \(shards), expected 1 or more") }
    if !(calibrationSeconds > 0 && calibrationSeconds.isFinite) {
      throw ValidationError(
        "--calibration-seconds is \(calibrationSeconds), expected a number above 0")
    }
  }

  func run() throws {
    let experiment = try spec.load()
    do {
      print(
        try RunPlan.make(
          for: experiment, results: spec.results, workers: threads.workers,
          shards: shards, isCalibrated: calibration, pilotSeconds: calibrationSeconds
        ).text)
      let apart = OutputDeclaration.all.filter {
        $0.command != nil && experiment.outputs.contains($0.output)
      }
      for (command, made) in Dictionary(grouping: apart, by: { $0.command! }).sorted(by: {
        $0.key < $1.key
      }) {
        Console.standardError.line(
          "note: '\(command.replacing("SPEC", with: spec.spec))' makes "
            + made.map(\.output.rawValue).joined(separator: " and ") + ", no part of this plan")
      }
    } catch {
      throw failure(error, code: 65)
    }
  }
}
