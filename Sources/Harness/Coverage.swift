import ArgumentParser
import Files
import Foundation
import Reports
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

  @Option(help: "Independent data sets a row of the comparison of interval methods; 0: none.")
  var methodSets = 2_000

  @Flag(help: "A fifth of the data sets, for a first look; verdicts on methods need all of them.")
  var quick = false

  @Flag(help: "The comparison of interval methods alone.")
  var onlyMethods = false

  @Option(
    help: ArgumentHelp(
      "Of the comparison, scenarios whose name begins so; repeatable. Default: all.",
      valueName: "name"))
  var only: [String] = []

  @Option(help: "Folder for coverage.md, methods.md and their CSV files.", completion: .directory)
  var output = "results/coverage"

  @Flag(help: "Replace files that no coverage study wrote.")
  var force = false

  @OptionGroup var threads: WorkerOptions

  func validate() throws {
    if methodSets < 0 {
      throw ValidationError("--method-sets is \(methodSets), expected 0 or more")
    }
    let names = MethodScenario.all.map(\.name) + AttackMethodScenario.all.map(\.name)
    for name in only where !names.contains(where: { $0.hasPrefix(name) }) {
      throw ValidationError(
        "--only is '\(name)', expected the beginning of one of: "
          + names.joined(separator: "; "))
    }
    if seeds < 1 { throw ValidationError("--seeds is \(seeds), expected 1 or more") }
    if replicates < 200 {
      // Below, Holm's smallest p-value, 3 * 2 / (replicates + 1), cannot reach 0.05 safely.
      throw ValidationError("--replicates is \(replicates), expected 200 or more")
    }
  }

  func run() throws {
    let folder = URL(fileURLWithPath: output, isDirectory: true)
    // A bad folder, or files of somebody else, fail before the work.
    do {
      try AtomicFile.makeFolder(folder.path)
      for name in ["coverage", "methods"].flatMap({ stem in
        ["md", "csv", "meta.json"].map { "\(stem).\($0)" }
      }) {
        let path = folder.appendingPathComponent(name).path
        try OutputFile.check(
          path, replaces: force || OutputFile.isGenerated(path, by: "coverage"))
      }
    } catch {
      throw failure(error, code: error is OutputError ? 64 : 1)
    }
    let seeds = quick ? max(1, seeds / 5) : seeds
    let methodSets = quick ? methodSets / 5 : methodSets
    if !onlyMethods { try runVerdicts(seeds: seeds, folder: folder) }
    if methodSets > 0 { try runMethods(sets: methodSets, folder: folder) }
    print("wrote the tables in \(folder.relativePath)")
  }

  /// Intervals and verdicts as tables print them.
  private func runVerdicts(seeds: Int, folder: URL) throws {
    let command = "Harness coverage --seeds \(seeds) --replicates \(replicates)"
    var results: [CoverageResult] = []
    for scenario in CoverageScenario.all {
      let result = try coverageStudy(
        scenario, seeds: seeds, replicates: replicates, workers: threads.workers)
      results.append(result)
      print(CoverageReport.headline(result))
      // Rewritten after every scenario: an interruption loses one.
      try write(
        [
          "coverage.md": CoverageReport.markdown(results, command: command),
          "coverage.csv": CoverageReport.csv(results),
          "coverage.meta.json": CoverageReport.metadata(command: command).text,
        ], folder)
    }
  }

  /// Ways of making intervals, side by side.
  private func runMethods(sets: Int, folder: URL) throws {
    let command =
      "Harness coverage --only-methods --method-sets \(sets) --replicates \(replicates)"
      + only.map { " --only '\($0)'" }.joined()
    var lines: [MethodLine] = []
    func keep(_ found: [MethodLine], _ name: String) throws {
      lines += found
      print("interval methods: \(name)")
      try write(
        [
          "methods.md": MethodReport.markdown(lines, replicates: replicates, command: command),
          "methods.csv": MethodReport.csv(lines, replicates: replicates),
          "methods.meta.json": MethodReport.metadata(command: command).text,
        ], folder)
    }
    for scenario in MethodScenario.all where isWanted(scenario.name) {
      try keep(
        methodStudy(scenario, sets: sets, replicates: replicates, workers: threads.workers),
        scenario.name)
    }
    for scenario in AttackMethodScenario.all where isWanted(scenario.name) {
      try keep(
        attackMethodStudy(
          scenario, sets: sets, replicates: replicates, workers: threads.workers),
        scenario.name)
    }
  }

  /// Whether a scenario of the comparison is among those asked for.
  private func isWanted(_ name: String) -> Bool {
    only.isEmpty || only.contains(where: name.hasPrefix)
  }

  private func write(_ texts: [String: String], _ folder: URL) throws {
    for (name, text) in texts {
      try AtomicFile.write(Data(text.utf8), to: folder.appendingPathComponent(name).path)
    }
  }
}
