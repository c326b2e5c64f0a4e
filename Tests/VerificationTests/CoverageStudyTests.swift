import Testing
import Verification

/// A short form of `make coverage`.
@Suite struct CoverageStudyTests {
  private func line(_ result: CoverageResult, _ quantity: String, _ system: String) throws
    -> CoverageLine
  {
    try #require(result.lines.first { $0.quantity == quantity && $0.system == system })
  }

  @Test func truthIsWhatManyScoresGive() throws {
    var scenario = CoverageScenario.unequalSpread
    scenario.subjects = 240
    let result = try coverageStudy(scenario, seeds: 4, replicates: 40, workers: 2)
    for line in result.lines
    where !line.system.contains("−") && !["igarbe", "inequity-rate"].contains(line.quantity) {
      #expect(
        abs(line.meanEstimate - line.truth) < 0.04, "\(line.quantity) of \(line.system)")
    }
    // What is planted: females err more, and more so the larger the factor.
    let gaps = try CoverageScenario.systems.map { system in
      try line(result, "fnmr female", system).truth - line(result, "fnmr male", system).truth
    }
    #expect(gaps[0] > 0 && gaps[1] < gaps[2] && gaps[2] < gaps[3])
  }

  /// 40 seeds cannot tell 0.95 from 0.92, but they notice intervals that are wrong.
  @Test func intervalsHoldTheTruthAboutAsOftenAsTheyPromise() throws {
    let result = try coverageStudy(.unequalSpread, seeds: 40, replicates: 200, workers: 2)
    #expect(result.lines.count == 10 * (4 + 3 + 2))
    for line in result.lines {
      // Fairness measures of few errors get no interval, nor do differences of FNMR, nor FNIR at a
      // threshold that few people set.
      let fewest =
        ["igarbe", "inequity-rate"].contains(line.quantity)
        ? 8
        : line.quantity == "fnmr male" && line.system.contains("−")
          || line.quantity.hasPrefix("fnir") ? 30 : 40
      #expect((fewest...40).contains(line.runs), "\(line.quantity), \(line.system)")
      #expect(line.coverage >= 0.8, "\(line.quantity), \(line.system): \(line.coverage)")
      #expect(line.meanWidth > 0)
    }
    // The largest planted difference is found.
    let fdr = try #require(
      result.verdicts.first { $0.measure == "fdr" && $0.family == "factor − 0.5" })
    #expect(fdr.trueNulls == 0 && fdr.power! > 0.1)
  }

  /// What Table 4 warns of.
  @Test func noIntervalHoldsPerfectFairness() throws {
    let result = try coverageStudy(.equalGroups, seeds: 12, replicates: 100, workers: 2)
    for quantity in ["fdr", "igarbe", "inequity-rate"] {
      let line = try line(result, quantity, "0.5")
      #expect(abs(line.truth - 1) < 1e-12 && line.held == 0 && line.runs >= 6)
      #expect(line.verdict == .edge)
    }
  }

  @Test func equalSystemsAreSeldomToldApart() throws {
    for scenario in [CoverageScenario.equalSystems, .equalGroups] {
      let result = try coverageStudy(scenario, seeds: 40, replicates: 200, workers: 2)
      #expect(result.verdicts.count == 6)
      for line in result.verdicts {
        #expect(line.trueNulls == line.tests && line.families == 40 && line.power == nil)
        #expect(line.falseFamilies <= 7, "\(line.measure), \(line.family): \(line.falseFamilies)")
      }
    }
  }

  @Test func workersDoNotMatterAndReportsSayWhatWasCounted() throws {
    let one = try coverageStudy(.fewErrors, seeds: 3, replicates: 50, workers: 1)
    let two = try coverageStudy(.fewErrors, seeds: 3, replicates: 50, workers: 2)
    let csv = CoverageReport.csv([one])
    #expect(csv == CoverageReport.csv([two]))
    let lines = csv.split(separator: "\n")
    #expect(lines.count == 1 + 90 + 6)
    #expect(
      lines.allSatisfy {
        $0.split(separator: ",", omittingEmptySubsequences: false).count == 14
      })
    let markdown = CoverageReport.markdown([one], command: "c")
    #expect(markdown.contains("| few errors |") && markdown.contains("3 seeds, 50 replicates"))
  }

  @Test func verdictsFollowTheBinomialInterval() {
    var line = CoverageLine(quantity: "fdr", system: "0.5", truth: 1, isAtEdge: false)
    #expect(line.verdict == .notMeasured)
    (line.held, line.runs) = (285, 300)
    #expect(line.verdict == .asPromised)
    line.held = 270
    #expect(line.verdict == .tooLow)
    line.held = 298
    #expect(line.verdict == .conservative)
  }
}
