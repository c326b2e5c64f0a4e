import Kernels
import Testing

/// Every path this machine can run.
let availablePaths = CPUPath.allCases.filter(\.isAvailable)

@Suite struct CPUPathTests {
  @Test func baselineRunsEverywhereAndBestIsAvailable() {
    #expect(CPUPath.baseline.isAvailable)
    #expect(CPUPath.best.isAvailable)
  }

  @Test func pathIsFoundByItsName() throws {
    for path in availablePaths { #expect(try CPUPath(named: path.name) == path) }
  }

  @Test func unknownNameIsAnErrorThatListsTheNames() {
    #expect {
      try CPUPath(named: "sse9")
    } throws: { error in
      "\(error)" == "unknown CPU path 'sse9', expected one of 'baseline', 'avx2', 'avx512'"
    }
  }
}
