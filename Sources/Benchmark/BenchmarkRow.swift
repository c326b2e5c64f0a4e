/// One row of the benchmark's CSV: one timed run, or the reason why there is none.
package struct BenchmarkRow: Sendable, Equatable {
  package var workload: String
  package var contestant: String
  /// Position on a cost curve; nil outside of curves.
  package var size: Int?
  package var threads: Int
  package var processes: Int
  /// Number of the interleaved round, from 1; 0: failed before the first.
  package var round: Int
  /// Wall and CPU seconds, work and items of the run; nil when it failed.
  package var run: Run?
  /// Versions by name.
  package var versions: [String: String]
  /// Why there is no run; empty when there is one.
  package var err: String

  /// The figures of a run that succeeded.
  package struct Run: Sendable, Equatable {
    package var wallSeconds: Double
    package var cpuSeconds: Double
    package var work: Int
    package var items: Int
    package var peakBytes: Int?
    package var result: Double?

    package init(
      wallSeconds: Double, cpuSeconds: Double, work: Int, items: Int, peakBytes: Int? = nil,
      result: Double? = nil
    ) {
      self.wallSeconds = wallSeconds
      self.cpuSeconds = cpuSeconds
      self.work = work
      self.items = items
      self.peakBytes = peakBytes
      self.result = result
    }

    /// Seconds an item takes by the given clock.
    package func secondsPerItem(_ clock: Workload.Clock) -> Double {
      (clock == .cpu ? cpuSeconds : wallSeconds) / Double(items)
    }
  }

  package init(
    workload: String, contestant: String, size: Int? = nil, threads: Int = 1, processes: Int = 1,
    round: Int, run: Run? = nil, versions: [String: String] = [:], err: String = ""
  ) {
    self.workload = workload
    self.contestant = contestant
    self.size = size
    self.threads = threads
    self.processes = processes
    self.round = round
    self.run = run
    self.versions = versions
    self.err = err
  }
}

/// What holds for all rows of one benchmark; repeated in each row, so that rows of several files can
/// be put together.
package struct MeasurementContext: Sendable, Equatable {
  /// Sizes of the catalogue: full or quick.
  package var scale: BenchmarkScale
  /// ISO 8601, UTC.
  package var started: String
  package var machine: String
  /// Commit of the code, with "+changes" when the working tree had any; "unknown" without git.
  package var revision: String
  /// The command that measured.
  package var command: String

  package init(
    scale: BenchmarkScale, started: String, machine: String, revision: String, command: String
  ) {
    self.scale = scale
    self.started = started
    self.machine = machine
    self.revision = revision
    self.command = command
  }
}

/// Which sizes the workloads have.
package enum BenchmarkScale: String, Sendable, CaseIterable {
  /// The sizes the goals are stated for.
  case full
  /// Ours alone, in half a minute.
  case quick
}
