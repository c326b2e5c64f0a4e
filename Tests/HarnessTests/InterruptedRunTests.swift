import Foundation
import TestSupport
import Testing

/// Runs that are killed, stopped, divided and joined give the bytes of a run left alone. The long
/// version is `make crash-test`.
@Suite(.serialized, .enabled(if: harness != nil, "the program Harness is not built"))
struct InterruptedRunTests {
  @Test func tablesDoNotDependOnWhatHappenedToTheRun() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let start = ContinuousClock.now
    let whole = try Invocation(small.arguments("whole", "--workers", "2")).finish()
    #expect(whole.code == 0, "\(whole.text)")
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let tables = try small.files("whole", "tables")
    let templates = try small.files("whole", "templates")
    let people = try small.files("whole", "records/subjects")
    let replicates = try small.files("whole", "records/replicates")
    #expect(tables.count > 4 && templates.count == 4 && !people.isEmpty)
    #expect(replicates.count == people.count)

    // SIGKILL and SIGINT at random moments of one run.
    for (name, signal) in [("killed", SIGKILL), ("stopped", SIGINT)] {
      for attempt in 0..<3 {
        let disturbed = try Invocation(small.arguments(name, "--workers", "2"))
        if attempt == 0 {
          // With its first scores, so that there is a run to disturb however busy the machine is.
          while disturbed.process.isRunning, !small.has(name, "scores") { usleep(1_000) }
        } else {
          usleep(UInt32(Double.random(in: 0.05..<0.9) * seconds * 1e6))
        }
        kill(disturbed.process.processIdentifier, signal)
        let (code, text) = try disturbed.finish()
        #expect(code == 128 + signal || (code == 0 && attempt > 0), "\(text)")
        if code == 130 { #expect(text.contains("to go on: Harness run"), "\(text)") }
      }
      let resumed = try Invocation(small.arguments(name, "--workers", "1")).finish()
      #expect(resumed.code == 0, "\(resumed.text)")
      #expect(try small.files(name, "tables") == tables)
      #expect(try small.files(name, "templates") == templates)
      #expect(try small.files(name, "records/subjects") == people)
      #expect(try small.files(name, "records/replicates") == replicates)
    }

    // Three shards, first without one of them.
    for i in 0..<3 {
      let shard = try Invocation(small.arguments("shard\(i)", "--shard", "\(i)/3")).finish()
      #expect(shard.code == 0, "\(shard.text)")
      #expect(try small.files("shard\(i)", "records").isEmpty)
    }
    let merge = ["merge", small.spec, "--data", small.data, "--results", small.results("merged")]
    let partial = try Invocation(merge + [0, 2].map { small.results("shard\($0)") }).finish()
    #expect(partial.code == 1)
    #expect(partial.text.contains("missing:"), "\(partial.text)")
    #expect(partial.text.contains("run --shard 1/3 again"), "\(partial.text)")
    #expect(try small.files("merged", "records").isEmpty)
    let merged = try Invocation(merge + (0..<3).map { small.results("shard\($0)") }).finish()
    #expect(merged.code == 0, "\(merged.text)")
    #expect(try small.files("merged", "tables") == tables)
    #expect(try small.files("merged", "templates") == templates)
    #expect(try small.files("merged", "records/subjects") == people)
    #expect(try small.files("merged", "records/replicates") == replicates)

    // Stored templates give the run's thresholds meaning: they can be read and scored.
    let file = small.results("whole") + "/small/templates/" + templates.keys.sorted()[0]
    let verified = try run("verify-templates", file)
    #expect(verified.code == 0 && verified.text.contains("float32"), "\(verified.text)")
    let scored = try run("score", "--templates", file, "--probes", small.data + "/made.h5")
    #expect(scored.code == 0 && scored.text.contains("non-mated: "), "\(scored.text)")

    // A cell of a table is traced to its record.
    let traced = try run(
      "trace", small.results("whole") + "/small/tables/table2.csv", "--system", "mote", "--preset",
      "paper", "--group", "male", "--quantity", "fnmr", "--convention", "default")
    #expect(traced.code == 0, "\(traced.text)")
    #expect(traced.text.contains("Made_ArcFace_mote_paper_f0.5_r0.json"))
    #expect(traced.text.contains("(unchanged)"))
  }

  @Test func whatFailsIsToldAndTheRestIsDone() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    // With so few cohort subjects, the men's or the women's density cannot be made; the traditional
    // system needs none.
    let made = try run(
      "synthesize", "--subjects", "100", "--rows", "400", "--dimension", "64", "--male-share",
      "0.1", "--force", "--output", small.data + "/made.h5")
    #expect(made.code == 0, "\(made.text)")
    let spec = small.folder.appendingPathComponent("few.yaml")
    try (String(contentsOfFile: small.spec, encoding: .utf8) + "limits: {cohort_subjects: 3}\n")
      .write(to: spec, atomically: true, encoding: .utf8)
    func arguments(_ name: String, _ more: String...) -> [String] {
      ["run", spec.path, "--data", small.data, "--results", small.results(name)] + more
    }
    let failed = try Invocation(arguments("failed")).finish()
    #expect(failed.code == 1, "\(failed.text)")
    #expect(failed.text.contains("failed; the rest is done and kept"), "\(failed.text)")
    #expect(!(try small.files("failed", "failures")).isEmpty)
    #expect(try small.files("failed", "records").keys.contains("Made_ArcFace_traditional_r0.json"))
    let fast = try Invocation(arguments("fast", "--fail-fast")).finish()
    #expect(fast.code == 1)
    #expect(fast.text.contains("stopped at the first failure"), "\(fast.text)")
  }

  @Test func aLimitOfMemoryIsKept() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let refused = try Invocation(small.arguments("small", "--max-memory", "100K")).finish()
    #expect(refused.code == 1)
    #expect(refused.text.contains("--max-memory is 100.0 KiB"), "\(refused.text)")
    #expect(try run("run", small.spec, "--max-memory", "lots").code == 64)
    #expect(try run("run", small.spec, "--shard", "4/4").code == 64)
  }

  /// Kernels differ in the last digits, so that no folder mixes them unless it is asked to, and says so
  /// then.
  @Test func kernelsAreNotMixed() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    func made(_ name: String, _ more: String...) throws -> (code: Int32, text: String) {
      try Invocation(small.arguments(name) + more).finish()
    }
    #expect(try made("one", "--cpu-path", "baseline").code == 0)
    let other = try made("one")
    #expect(other.code == 0, "\(other.text)")
    guard !other.text.contains("cpu-path baseline") else { return }
    #expect(other.text.contains("again: cpu-path changed (baseline, now "), "\(other.text)")
    #expect(try made("two").code == 0)
    #expect(try small.files("one", "tables") == small.files("two", "tables"))

    #expect(try made("shard0", "--shard", "0/2", "--cpu-path", "baseline").code == 0)
    #expect(try made("shard1", "--shard", "1/2").code == 0)
    let merge = [
      "merge", small.spec, "--data", small.data, "--results", small.results("merged"),
      small.results("shard0"), small.results("shard1"),
    ]
    let refused = try Invocation(merge).finish()
    #expect(refused.code == 65 && refused.text.contains("(cpu-path baseline, here "), "\(refused)")
    let merged = try Invocation(merge + ["--allow-mixed-versions"]).finish()
    #expect(merged.code == 0, "\(merged.text)")
    let texts = try small.files("merged", "records").values.map {
      String(decoding: $0, as: UTF8.self)
    }
    #expect(
      texts.contains {
        $0.contains("some scores were made with other versions: cpu-path baseline, here ")
      })
  }

  @Test func kernelsCanBeForced() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let run = try Invocation(small.arguments("slow", "--cpu-path", "baseline")).finish()
    #expect(run.code == 0 && run.text.contains("cpu-path baseline"), "\(run.text)")
    let wrong = try Invocation(small.arguments("wrong", "--cpu-path", "mmx")).finish()
    #expect(wrong.code == 64)
    #expect(wrong.text.contains("unknown CPU path 'mmx', expected one of 'baseline'"))
    let environment = try Invocation(
      small.arguments("wrong"), environment: ["MOTE_CPU_PATH": "mmx"]
    ).finish()
    #expect(environment.code == 64)
    #expect(environment.text.contains("MOTE_CPU_PATH: unknown CPU path 'mmx'"))
  }
}
