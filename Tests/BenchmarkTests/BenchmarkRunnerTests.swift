import Benchmark
import Foundation
import Testing

@Suite struct BenchmarkRunnerTests {
  private func rows(
    _ contestants: [Contestant], rounds: Int = 1, timeout: Double = 180, processors: Int = 2,
    fakes: FakeContestants
  ) throws -> [BenchmarkRow] {
    var rows: [BenchmarkRow] = []
    try fakes.runner(rounds: rounds, timeout: timeout, processors: processors)
      .run(fakeWorkload(contestants)) { rows.append($0) }
    return rows
  }

  @Test func contestantsTakeTurns() throws {
    let fakes = try FakeContestants()
    defer { fakes.remove() }
    let found = try rows(
      [fakeOurs(), fakePeer("one"), fakePeer("two")], rounds: 3, fakes: fakes)
    #expect(
      found.map(\.contestant)
        == Array(repeating: ["ours", "one", "two"], count: 3).flatMap(\.self),
      "\(found.map(\.err))")
    #expect(found.map(\.round) == [1, 1, 1, 2, 2, 2, 3, 3, 3])
    let runs = fakes.diary.filter { $0.hasSuffix("run") }.map { $0.split(separator: " ")[0] }
    #expect(runs == Array(repeating: ["ours", "one", "two"], count: 3).flatMap(\.self))
    // Every process saw the end of its input and left by itself.
    #expect(fakes.diary.filter { $0.hasSuffix("end") }.count == 3)
  }

  @Test func rowsCarryTheAnswer() throws {
    let fakes = try FakeContestants()
    defer { fakes.remove() }
    let row = try #require(try rows([fakeOurs("seconds=0.25")], fakes: fakes).first)
    let run = try #require(row.run, "\(row.err)")
    #expect(run.cpuSeconds == 0.25)
    #expect(run.work == 600)
    #expect(run.items == 2)
    #expect(run.peakBytes == 1_048_576)
    #expect(run.result == 0.5)
    #expect(run.secondsPerItem(.cpu) == 0.125)
    #expect(row.versions == ["fake": "1.0"])
    #expect(row.err.isEmpty)
  }

  @Test(arguments: [
    ("refuses", 0, "ended with status 3: ImportError: no module 'torch'"),
    ("sleeps", 0, "no answer within 5 s (warm-up); raise --timeout"),
    ("babbles", 0, "expected one JSON answer line, found 'hello'"),
    ("dies", 1, "ended with status 9: out of memory"),
    ("hangs", 1, "no answer within 5 s (run); raise --timeout"),
    ("garbles", 1, "expected one JSON answer line, found 'not json'"),
    ("unversioned", 1, "the answer names no version"),
  ])
  func aFailingContestantIsOneRowAndTheOthersGoOn(
    _ behaviour: String, _ round: Int, _ err: String
  ) throws {
    let fakes = try FakeContestants()
    defer { fakes.remove() }
    // The limit holds for ours, too, which a busy machine may let wait.
    let found = try rows(
      [fakeOurs(), fakePeer("bad", behaviour)], rounds: 2,
      timeout: err.contains("within 5 s") ? 5 : 180, fakes: fakes)
    let bad = found.filter { $0.contestant == "bad" }
    #expect(bad.map(\.err) == [err])
    #expect(bad.map(\.round) == [round])
    #expect(bad.first?.run == nil)
    #expect(found.filter { $0.contestant == "ours" && $0.run != nil }.count == 2)
  }

  @Test func slowPeersRunAsOftenAsTheyMay() throws {
    let fakes = try FakeContestants()
    defer { fakes.remove() }
    let found = try rows(
      [fakeOurs(), fakePeer("slow", mostRuns: 1)], rounds: 3, fakes: fakes)
    #expect(found.filter { $0.contestant == "slow" }.map(\.round) == [1])
    #expect(found.filter { $0.contestant == "ours" }.count == 3, "\(found.map(\.err))")
  }

  @Test func twoProcessesAreOneContestant() throws {
    let fakes = try FakeContestants()
    defer { fakes.remove() }
    let found = try rows([fakePeer("pair", "seconds=500", processes: 2)], fakes: fakes)
    let row = try #require(found.first)
    let run = try #require(row.run)
    #expect(found.count == 1)
    #expect(row.processes == 2)
    #expect(run.cpuSeconds == 1000)
    #expect(run.items == 4)
    #expect(run.work == 1200)
    #expect(run.peakBytes == 2_097_152)
    // Elapsed time of the pair is measured from outside, not taken from either answer.
    #expect(run.wallSeconds > 0 && run.wallSeconds < 500)
  }

  @Test func whatTheMachineLacksIsARow() throws {
    let fakes = try FakeContestants()
    defer { fakes.remove() }
    let found = try rows(
      [fakeOurs(threads: 2), fakePeer("huge", neededBytes: 1 << 60)], processors: 1, fakes: fakes)
    #expect(found[0].err == "needs 2 processors, 1 allowed to this process")
    #expect(found[1].err.hasPrefix("needs 1099511627776 MiB of memory, "))
  }

  @Test func aMissingProgramIsARow() throws {
    let fakes = try FakeContestants()
    defer { fakes.remove() }
    var runner = fakes.runner(rounds: 1)
    runner.programs.harness = "/nonexistent/harness"
    var found: [BenchmarkRow] = []
    try runner.run(fakeWorkload([fakeOurs()])) { found.append($0) }
    #expect(found.count == 1)
    #expect(found[0].err.hasPrefix("cannot be started: '/nonexistent/harness'"))
  }

  @Test func withoutInterpreterPeersAreLeftOut() throws {
    let fakes = try FakeContestants()
    defer { fakes.remove() }
    var runner = fakes.runner(rounds: 1)
    runner.programs.python = nil
    var found: [BenchmarkRow] = []
    try runner.run(fakeWorkload([fakeOurs(), fakePeer("one")])) { found.append($0) }
    #expect(found.map(\.contestant) == ["ours"])
  }
}

@Suite struct ContestantProgramsTests {
  private let programs = ContestantPrograms(
    harness: "/bin/H", python: "/bin/py", peerScript: "peer.py", inputs: "/in",
    taskset: "/usr/bin/taskset", revision: "abc")

  @Test func commandLinesNameThreadsInputsAndProcessor() {
    let ours = Contestant("ours", "ours", .ours(["train", "--persons", "8"]), threads: 2)
    #expect(
      programs.commandLine(of: ours, processor: nil) == [
        "/bin/H", "bench-contestant", "train", "--persons", "8", "--revision", "abc",
        "--threads", "2", "--data", "/in",
      ])
    let peer = Contestant("p", "p", .peer(["train", "official"]))
    #expect(
      programs.commandLine(of: peer, processor: 3) == [
        "/usr/bin/taskset", "-c", "3", "/bin/py", "peer.py", "train", "official",
        "--threads", "1", "--data", "/in",
      ])
  }

  @Test func withoutTasksetNothingIsPinned() {
    var unpinned = programs
    unpinned.taskset = nil
    let peer = Contestant("p", "p", .peer(["kde", "gram"]))
    #expect(unpinned.commandLine(of: peer, processor: 0)?.first == "/bin/py")
  }

  @Test func threadPoolsAreBounded() {
    #expect(ContestantPrograms.environment(threads: 2)["OMP_NUM_THREADS"] == "2")
    #expect(ContestantPrograms.environment(threads: 2)["OPENBLAS_NUM_THREADS"] == "2")
  }

  @Test(arguments: [
    ("0-2,5", [0, 1, 2, 5]), ("3", [3]), (" 0-1 ", [0, 1]), ("", []), ("5-2", []),
  ])
  func processorListsAreReadAsTheKernelWritesThem(_ text: String, _ expected: [Int]) {
    #expect(MachineLimits.parseProcessorList(text) == expected)
  }
}
