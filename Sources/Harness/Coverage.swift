import ArgumentParser
import Files
import Foundation
import Verification

/// `Harness coverage`: how often 95 % intervals hold the truth, and verdicts are right.
struct Coverage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how often 95 % intervals hold a known truth, and verdicts are right.",
    discussion: """
      Draws scores whose true error rates and fairness are known, evaluates and judges them as a run
      does, and counts. Scenarios: genders that differ in spread, with many errors and with few;
      equal systems; equal groups, and such with systems of unequal accuracy. Every share comes with
      its binomial interval and says whether the promise is kept.

      Example: Harness coverage --seeds 300 --output results/coverage
      """)

  @Option(help: "Independent data sets per scenario.")
  var seeds = 300

  @Option(help: "Bootstrap replicates of each.")
  var replicates = 400

  @Option(help: "Folder for coverage.md and coverage.csv.")
  var output = "results/coverage"

  @OptionGroup var threads: WorkerOptions

  func validate() throws {
    if seeds < 1 { throw ValidationError("--seeds is \(seeds), expected 1 or more") }
    if replicates < 200 {
      // Below, Holm's smallest p-value, 3 * 2 / (replicates + 1), cannot reach 0.05 safely.
      throw ValidationError("--replicates is \(replicates), expected 200 or more")
    }
  }

  func run() throws {
    let folder = URL(fileURLWithPath: output, isDirectory: true)
    // A bad folder fails before the work.
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let command = "Harness coverage --seeds \(seeds) --replicates \(replicates)"
    var results: [CoverageResult] = []
    for scenario in CoverageScenario.all {
      let result = try coverageStudy(
        scenario, seeds: seeds, replicates: replicates, workers: threads.workers)
      results.append(result)
      print(CoverageReport.headline(result))
      // Rewritten after every scenario: an interruption loses one.
      for (name, text) in [
        ("coverage.md", CoverageReport.markdown(results, command: command)),
        ("coverage.csv", CoverageReport.csv(results, command: command)),
      ] {
        try AtomicFile.write(Data(text.utf8), to: folder.appendingPathComponent(name).path)
      }
    }
    print("wrote coverage.md and coverage.csv in \(folder.relativePath)")
  }
}
