import Benchmark
import Foundation
import TestSupport
import Testing

@Suite struct BenchmarkRunTests {
  private func options(_ fakes: FakeContestants, _ change: (inout BenchmarkRun.Options) -> Void)
    -> BenchmarkRun.Options
  {
    var options = BenchmarkRun.Options(
      scale: .full, rounds: 2, workloads: ["bootstrap"], programs: fakes.programs(python: false),
      output: fakes.folder.appendingPathComponent("out/benchmark").path, timeout: 180,
      command: "Harness bench")
    change(&options)
    return options
  }

  @Test func measuringLeavesCSVAndReport() throws {
    let fakes = try FakeContestants()
    defer { fakes.remove() }
    let options = options(fakes) { _ in }
    let file = try BenchmarkRun.measure(options) { _ in }
    #expect(try MeasurementFile(reading: options.csv) == file)
    #expect(file.rows.count == 2)
    #expect(try String(contentsOf: options.markdown, encoding: .utf8).contains("at most 30.0 s"))
  }

  @Test func aBadOutputFailsBeforeAnythingRuns() throws {
    let fakes = try FakeContestants()
    defer { fakes.remove() }
    let options = options(fakes) { $0.output = fakes.script.path + "/benchmark" }
    #expect(throws: BenchmarkError.self) { try BenchmarkRun.measure(options) { _ in } }
    #expect(fakes.diary.isEmpty)
  }

  @Test func missingInterpreterAndScriptAreErrors() throws {
    let fakes = try FakeContestants()
    defer { fakes.remove() }
    let gone = options(fakes) { $0.programs.python = "/nonexistent/python" }
    #expect(throws: BenchmarkError.noInterpreter("/nonexistent/python")) {
      try BenchmarkRun.measure(gone) { _ in }
    }
    let lost = options(fakes) {
      $0.programs.python = "/bin/sh"
      $0.programs.peerScript = "/nonexistent/peer.py"
    }
    #expect(throws: BenchmarkError.noPeerScript("/nonexistent/peer.py")) {
      try BenchmarkRun.measure(lost) { _ in }
    }
    #expect(
      "\(BenchmarkError.noInterpreter("x"))"
        == "'x' is not an executable file; expected a Python interpreter with the packages of "
        + "experiments/peers/requirements.txt ('make bench' sets one up), or --quick without peers")
  }
}

@Suite struct ContestantServerTests {
  /// Counts its runs; the first is the warm-up.
  private struct Counting: ContestantServer.Work {
    var runs = 0
    mutating func run() -> ContestantServer.Done {
      runs += 1
      return ContestantServer.Done(work: 10 * runs, identities: runs, result: 0.5)
    }
  }

  @Test func everyLineIsOneRunAfterOneWarmUp() throws {
    var lines = ["run", ""]
    var answers: [String] = []
    var work = Counting()
    try ContestantServer.serve(
      &work, versions: ["harness": "abc"],
      nextLine: { lines.isEmpty ? nil : lines.removeFirst() }, answer: { answers.append($0) })
    #expect(work.runs == 3)
    #expect(answers.first == #"{"ready": true}"#)
    let parsed = try answers.dropFirst().map(ContestantAnswer.parse)
    #expect(parsed.map(\.work) == [20, 30])
    #expect(parsed.map(\.identities) == [2, 3])
    #expect(parsed.allSatisfy { $0.result == 0.5 && $0.versions == ["harness": "abc"] })
    #expect(parsed.allSatisfy { ($0.peakBytes ?? 0) > 1 << 20 })
  }
}
