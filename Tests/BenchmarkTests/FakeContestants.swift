import Benchmark
import Foundation

/// A shell script that speaks the line protocol and misbehaves on request, so that the benchmark is
/// tested without Python and without work. A word of its arguments says what it does.
struct FakeContestants {
  let folder: URL
  let script: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("fake-contestants-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    script = folder.appendingPathComponent("fake.sh")
    try Self.text.write(to: script, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: script.path)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// Lines that the script wrote in the order in which its processes did things.
  var diary: [String] {
    let text = (try? String(contentsOf: folder.appendingPathComponent("diary"), encoding: .utf8))
    return (text ?? "").split(separator: "\n").map(String.init)
  }

  func programs(python: Bool = true, taskset: String? = nil) -> ContestantPrograms {
    ContestantPrograms(
      harness: script.path, python: python ? "/bin/sh" : nil, peerScript: script.path,
      inputs: folder.path, taskset: taskset, revision: "abc")
  }

  func runner(rounds: Int, timeout: Double = 180, processors: Int = 2) -> BenchmarkRunner {
    BenchmarkRunner(
      programs: programs(), processors: Array(0..<processors),
      rounds: rounds, timeout: timeout,
      report: { _ in })
  }

  private static let text = """
    #!/bin/sh
    folder=$(dirname "$0")
    name=$(echo "$*" | sed -n 's/.*name=\\([^ ]*\\).*/\\1/p')
    seconds=$(echo "$*" | sed -n 's/.*seconds=\\([^ ]*\\).*/\\1/p')
    note() { echo "$name $1" >> "$folder/diary"; }
    case "$*" in
      *refuses*) echo "first line" >&2; echo "ImportError: no module 'torch'" >&2; exit 3;;
      *sleeps*) exec sleep 60;;
      *babbles*) echo "hello";;
      *) echo '{"ready": true}';;
    esac
    while read -r line; do
      note run
      case "$*" in
        *dies*) echo "out of memory" >&2; exit 9;;
        *hangs*) exec sleep 60;;
        *garbles*) echo "not json";;
        *unversioned*) echo '{"wall_seconds":1,"cpu_seconds":1,"work":1,"identities":1,"versions":{}}';;
        *) echo "{\\"wall_seconds\\":${seconds:-1},\\"cpu_seconds\\":${seconds:-1},\\"work\\":600,\\"identities\\":2,\\"versions\\":{\\"fake\\":\\"1.0\\"},\\"peak_bytes\\":1048576,\\"result\\":0.5}";;
      esac
    done
    note end

    """
}

/// A workload of fake contestants: name and argument words of each, ours first.
func fakeWorkload(_ contestants: [Contestant], goals: [Goal] = []) -> Workload {
  Workload(
    "train-1", "Fake work", details: "nothing", clock: .cpu, item: .identity, workUnit: "samples",
    contestants: contestants, goals: goals)
}

/// Ours, played by the script.
func fakeOurs(_ words: String..., threads: Int = 1) -> Contestant {
  Contestant("ours", "ours", .ours(["name=ours"] + words), threads: threads)
}

/// A peer, played by the script.
func fakePeer(
  _ name: String, _ words: String..., processes: Int = 1, mostRuns: Int? = nil, neededBytes: Int = 0
) -> Contestant {
  Contestant(
    name, name, .peer(["name=\(name)"] + words), processes: processes, mostRuns: mostRuns,
    neededBytes: neededBytes)
}

/// A row as a run of so many CPU seconds per item would leave it.
func fakeRow(
  _ contestant: String, round: Int, seconds: Double, workload: String = "train-1",
  size: Int? = nil, result: Double? = nil, err: String = ""
) -> BenchmarkRow {
  BenchmarkRow(
    workload: workload, contestant: contestant, size: size, round: round,
    run: err.isEmpty
      ? BenchmarkRow.Run(
        wallSeconds: seconds * 2, cpuSeconds: seconds * 2, work: 120_000, items: 2,
        peakBytes: 100 << 20, result: result) : nil,
    versions: ["fake": "1.0"], err: err)
}

/// The context of fake measurements.
let fakeContext = MeasurementContext(
  scale: .full, started: "2025-01-02T03:04:05Z", machine: "Fake CPU, \"2\" processors",
  revision: "0123456789ab", command: "Harness bench --peers python")
