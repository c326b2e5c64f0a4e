import Biometrics
import Testing
import Verification

/// A short form of the comparison of interval methods.
@Suite struct MethodStudyTests {
  @Test func workersDoNotMatterAndEveryMethodIsThere() throws {
    let scenario = MethodScenario.errors("few", mean: 4.8)
    let one = try methodStudy(scenario, sets: 3, replicates: 60, workers: 1)
    let two = try methodStudy(scenario, sets: 3, replicates: 60, workers: 2)
    #expect(one == two)
    let fnmr = one.filter { $0.quantity == "fnmr" && $0.convention == "default" }
    #expect(
      Set(fnmr.map(\.method))
        == Set(IntervalMethod.allCases.map(\.rawValue)).subtracting(["rule-of-3"])
        .union(["as printed"]))
    #expect(fnmr.allSatisfy { $0.sets == 3 && abs($0.expectedErrors! - 10) < 1 })
    #expect(Set(one.map(\.convention)).count == 4)
    let csv = MethodReport.csv(one, replicates: 60, command: "c").split(separator: "\n")
    #expect(csv.count == 2 + one.count)
    let markdown = MethodReport.markdown(one, replicates: 60, command: "c")
    #expect(markdown.contains("3 data sets a row") && markdown.contains("double-or-nothing"))
  }

  @Test func threeTrainingsArePooled() throws {
    let lines = try methodStudy(.repeats, sets: 12, replicates: 80, workers: 2)
    func length(_ convention: String) throws -> Double {
      try #require(
        lines.first {
          $0.convention == convention && $0.quantity == "fnmr" && $0.method == "percentile"
        }
      ).meanLength
    }
    #expect(
      try length("default, mean of 3 trainings") < length("default, one training"))
  }

  /// 60 sets cannot tell 0.95 from 0.9, but they notice what is wrong.
  @Test func attackIntervalsHoldTheTruth() {
    let lines = attackMethodStudy(targets: 50, area: 0.7, sets: 60, replicates: 200, workers: 2)
    #expect(lines.map(\.method) == ["percentile", "basic", "recentred", "bca"])
    for line in lines { #expect(line.coverage! > 0.8 && line.meanLength > 0.1) }
  }
}
