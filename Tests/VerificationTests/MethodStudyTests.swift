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
    let csv = MethodReport.csv(one, replicates: 60).split(separator: "\n")
    #expect(csv.count == 1 + one.count)
    let markdown = MethodReport.markdown(one, replicates: 60, command: "c")
    #expect(markdown.contains("3 data sets a row") && markdown.contains("double-or-nothing"))
  }

  @Test func differencesArePairedAndTheirPrintedIntervalsAreStudied() throws {
    let scenario = MethodScenario.differences("differences", mean: 4.05)
    let one = try methodStudy(scenario, sets: 30, replicates: 100, workers: 1)
    #expect(one == (try methodStudy(scenario, sets: 30, replicates: 100, workers: 2)))
    let fnmr = one.filter { $0.quantity == "fnmr" && $0.convention == "default" }
    #expect(fnmr.map(\.method) == ["percentile", "basic", "recentred", "bca", "as printed"])
    // The other system errs less, and nearly every interval of 30 errors holds by how much.
    #expect(fnmr.allSatisfy { $0.truth > 0.01 && $0.truth < 0.1 && $0.coverage! > 0.75 })
    let (recentred, printed) = (fnmr[2], fnmr[4])
    #expect(recentred.held == printed.held && recentred.meanLength == printed.meanLength)
  }

  /// Below the number of errors from which on an interval holds, tables print none: so few sets count.
  @Test func whatTooFewErrorsWithholdIsNotCountedAsPrinted() throws {
    let lines = try methodStudy(
      .errors("few", mean: 4.8), sets: 20, replicates: 100, workers: 2)
    func line(_ method: String) throws -> MethodLine {
      try #require(
        lines.first {
          $0.convention == "default" && $0.quantity == "igarbe" && $0.method == method
        })
    }
    #expect(try line("percentile").intervals >= 18 && line("as printed").intervals == 0)
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
    let lines = attackMethodStudy(
      AttackMethodScenario(targets: 50, area: 0.7), sets: 60, replicates: 200, workers: 2)
    #expect(lines.map(\.method) == ["percentile", "basic", "recentred", "bca"])
    for line in lines { #expect(line.coverage! > 0.8 && line.meanLength > 0.1) }
  }
}
