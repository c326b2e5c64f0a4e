import Benchmark
import Testing

@Suite struct GoalVerdictTests {
  private func verdict(_ goal: Goal, _ rows: [BenchmarkRow]) -> GoalVerdict {
    let workload = fakeWorkload([fakeOurs(), fakePeer("slow"), fakePeer("fast")], goals: [goal])
    return GoalVerdict(goal, of: workload, in: MeasurementSet(rows))
  }

  private let rows = [
    fakeRow("ours", round: 1, seconds: 0.1, result: 0.25),
    fakeRow("slow", round: 1, seconds: 0.9, result: 0.25),
    fakeRow("fast", round: 1, seconds: 0.3, result: 0.26),
  ]

  @Test func theFastestPeerDecides() {
    let goal = Goal.faster(than: ["slow", "fast"], times: 3.5, name: "the best")
    let found = verdict(goal, rows)
    #expect(found.outcome == .notMet)
    #expect(found.contestant == "fast")
    #expect(found.goal == "at least 3.5 × the best")
    #expect(found.measured == "3.00 ×")
    #expect(verdict(.faster(than: ["slow"], times: 8.9, name: "it"), rows).outcome == .met)
  }

  @Test func absoluteGoalsCompareTheMedian() {
    #expect(verdict(.secondsPerItem(atMost: 0.1), rows).outcome == .met)
    #expect(verdict(.secondsPerItem(atMost: 0.099), rows).outcome == .notMet)
    #expect(verdict(.itemsPerSecond(atLeast: 10), rows).outcome == .met)
    #expect(verdict(.itemsPerSecond(atLeast: 10.1), rows).outcome == .notMet)
    #expect(verdict(.itemsPerSecond(atLeast: 1.5e6), rows).goal == "at least 1.50 M identities/s")
  }

  @Test func resultsMustAgree() {
    let same = verdict(.sameResult(as: "slow", relative: 0), rows)
    #expect(same.outcome == .met)
    #expect(same.measured == "identical")
    let other = verdict(.sameResult(as: "fast", relative: 1e-9), rows)
    #expect(other.outcome == .notMet)
    #expect(other.measured == "relative difference 3.8e-02")
  }

  @Test func memoryIsTheLargestOfAllRuns() {
    #expect(verdict(.peakBytes(atMost: 100 << 20), rows).outcome == .met)
    #expect(verdict(.peakBytes(atMost: 99 << 20), rows).outcome == .notMet)
  }

  @Test func aGoalWithoutFiguresSaysWhy() {
    let goal = Goal.faster(than: ["slow"], times: 2, name: "it")
    let failed = [rows[0], fakeRow("slow", round: 1, seconds: 0, err: "no torch")]
    #expect(verdict(goal, failed).outcome == .notMeasured)
    #expect(verdict(goal, failed).measured == "no torch")
    #expect(verdict(goal, [rows[0]]).measured == "no peer ran")
    #expect(verdict(goal, []).measured == "ours did not run")
    #expect(verdict(.sameResult(as: "gone", relative: 0), rows).outcome == .notMeasured)
  }
}
