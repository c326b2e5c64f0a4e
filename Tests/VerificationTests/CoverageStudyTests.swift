import Testing
import Verification

/// A short form of `make coverage`.
@Suite struct CoverageStudyTests {
  @Test func truthIsWhatManyScoresGive() throws {
    var scenario = CoverageScenario.unequal
    scenario.subjects = 240
    let lines = try coverageStudy(scenario, seeds: 4, replicates: 40, workers: 2)
    for line in lines where !line.isDifference && line.quantity != "igarbe" {
      #expect(abs(line.meanEstimate - line.truth) < 0.03, "\(line.quantity)")
    }
    #expect(lines.first { $0.quantity == "fnmr male" }!.truth < 0.1)
  }

  /// 40 seeds cannot tell 0.95 from 0.92, but they notice intervals that are wrong.
  @Test func intervalsHoldTheTruthAboutAsOftenAsTheyPromise() throws {
    let lines = try coverageStudy(.unequal, seeds: 40, replicates: 200, workers: 2)
    for quantity in ["fnmr", "fnmr male", "fnmr female", "fdr", "igarbe", "fdr, B - A"] {
      let line = try #require(lines.first { $0.quantity == quantity })
      #expect(line.runs == 40)
      #expect(line.coverage >= 0.82, "\(quantity): \(line.coverage)")
    }
    let fdr = try #require(lines.first { $0.quantity == "fdr" })
    #expect(fdr.meanWidth > 0 && fdr.truth < 1)
  }

  /// What Table 4 warns of.
  @Test func noIntervalHoldsPerfectFairness() throws {
    let lines = try coverageStudy(.equalGroups, seeds: 10, replicates: 100, workers: 2)
    for quantity in ["fdr", "igarbe"] {
      let line = try #require(lines.first { $0.quantity == quantity })
      #expect(abs(line.truth - 1) < 1e-12 && line.held == 0 && line.runs == 10)
    }
  }

  @Test func equalSystemsAreSeldomToldApart() throws {
    let lines = try coverageStudy(.equalSystems, seeds: 40, replicates: 200, workers: 2)
    for line in lines where line.isDifference {
      #expect(line.truth == 0)
      #expect(line.rejected <= 7, "\(line.quantity): \(line.rejected) of \(line.runs)")
    }
  }
}
