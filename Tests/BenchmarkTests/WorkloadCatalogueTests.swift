import Benchmark
import Testing

@Suite struct WorkloadCatalogueTests {
  @Test(arguments: BenchmarkScale.allCases)
  func namesAreUnique(_ scale: BenchmarkScale) {
    let all = Workload.catalogue(scale)
    #expect(Set(all.map(\.name)).count == all.count)
    for workload in all {
      #expect(Set(workload.contestants.map(\.name)).count == workload.contestants.count)
      #expect(!workload.contestants.isEmpty)
    }
  }

  @Test(arguments: BenchmarkScale.allCases)
  func goalsNameContestantsThatExist(_ scale: BenchmarkScale) {
    for workload in Workload.catalogue(scale) {
      for goal in workload.goals {
        switch goal {
        case .faster(let names, _, _):
          #expect(names.allSatisfy { workload.contestant($0) != nil }, "\(workload.name)")
        case .sameResult(let name, _):
          #expect(workload.contestant(name) != nil, "\(workload.name)")
        case .secondsPerItem, .itemsPerSecond, .peakBytes: break
        }
        #expect(workload.contestant("ours") != nil, "\(workload.name)")
      }
    }
  }

  @Test func quickNeedsNoPython() {
    for workload in Workload.catalogue(.quick) {
      #expect(!workload.contestants.contains { !$0.isOurs }, "\(workload.name)")
    }
  }

  @Test func curvesSpanTwoDecades() {
    let curves = Workload.catalogue(.full).filter { $0.sizeName != nil }
    #expect(!curves.isEmpty)
    for curve in curves {
      let sizes = curve.contestants.compactMap(\.size)
      #expect(sizes.count == curve.contestants.count)
      #expect(sizes.max()! >= 100 * sizes.min()!)
    }
  }

  @Test func selectionKeepsTheOrderAndRefusesUnknownNames() throws {
    let found = try Workload.select(["rates", "train-1"], .full)
    #expect(found.map(\.name) == ["train-1", "rates"])
    #expect(throws: BenchmarkError.self) { try Workload.select(["rate"], .full) }
    let error = #expect(throws: BenchmarkError.self) { try Workload.select(["rate"], .quick) }
    #expect(
      error?.description.hasPrefix("unknown workload 'rate'; known: train-1, train-2, ") == true)
  }
}
