import ArgumentParser
import Biometrics
import Foundation
import Verification

/// `Harness coverage`: how often 95 % intervals hold the truth.
struct Coverage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how often the bootstrap's 95 % intervals hold a known truth.",
    discussion: """
      Draws scores whose true error rates and fairness are known, evaluates them as a run does, and
      counts. "rejected" is the share of paired differences with p < 0.05: power where systems
      differ, false alarms where they are equal.

      Example: Harness coverage --seeds 400
      """)

  @Option(help: "Independent data sets per scenario.")
  var seeds = 300

  @Option(help: "Bootstrap replicates of each.")
  var replicates = 400

  @Option(help: "Threads (default: all cores).")
  var workers = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    if seeds < 1 { throw ValidationError("--seeds is \(seeds), expected 1 or more") }
    if replicates < 40 {
      throw ValidationError("--replicates is \(replicates), expected 40 or more")
    }
    if workers < 1 { throw ValidationError("--workers is \(workers), expected 1 or more") }
  }

  func run() throws {
    for scenario in [CoverageScenario.unequal, .equalSystems, .equalGroups] {
      let lines = try coverageStudy(
        scenario, seeds: seeds, replicates: replicates, workers: workers)
      print(
        "\(scenario.name): \(scenario.subjects) subjects, \(scenario.images) images, "
          + "FMR \(scenario.target), \(seeds) seeds, \(replicates) replicates")
      print("quantity              truth       mean     width  coverage (95 %)         rejected")
      for line in lines {
        let bounds = wilsonInterval(successes: line.held, trials: line.runs) ?? 0...1
        let rejected =
          line.isDifference
          ? String(format: "%8.3f", Double(line.rejected) / Double(max(line.runs, 1))) : ""
        print(
          line.quantity.padding(toLength: 18, withPad: " ", startingAt: 0)
            + String(
              format: "%9.5f  %9.5f %9.5f     %.3f [%.3f, %.3f] ", line.truth, line.meanEstimate,
              line.meanWidth, line.coverage, bounds.lowerBound, bounds.upperBound) + rejected)
      }
      print("")
    }
  }
}
