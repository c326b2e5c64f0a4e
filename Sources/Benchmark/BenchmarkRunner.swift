/// Runs workloads: all contestants of a workload are started and warmed up, then take turns.
///
/// Ours, peer 1, peer 2, ours, …: whatever the machine does for a while, it does to neighbours, and
/// the ratio of neighbours hardly feels it. A contestant that fails leaves one row with the reason
/// and drops out; the others go on.
package struct BenchmarkRunner {
  package var programs: ContestantPrograms
  /// Logical processors that contestants may run on, by number.
  package var processors: [Int]
  /// Rounds of each workload.
  package var rounds: Int
  /// Seconds a contestant may take for its start and warm-up, and for each run.
  package var timeout: Double
  /// Called with a line of progress.
  package var report: (String) -> Void

  package init(
    programs: ContestantPrograms, processors: [Int], rounds: Int, timeout: Double,
    report: @escaping (String) -> Void
  ) {
    self.programs = programs
    self.processors = processors
    self.rounds = rounds
    self.timeout = timeout
    self.report = report
  }

  /// Measures one workload.
  ///
  /// - Parameter record: called with each row as soon as it exists.
  package func run(_ workload: Workload, record: (BenchmarkRow) throws -> Void) throws {
    report("\(workload.name): \(workload.title)")
    var groups: [ContestantGroup] = []
    defer { for group in groups { group.end() } }
    for contestant in workload.contestants {
      if !contestant.isOurs && programs.python == nil { continue }
      do {
        groups.append(
          try ContestantGroup(
            contestant, programs: programs, processors: processors, timeout: timeout))
      } catch {
        report("  \(contestant.name): \(error)")
        try record(failed(workload, contestant, round: 0, error))
      }
    }
    for round in 1...max(rounds, 1) {
      var remaining: [ContestantGroup] = []
      for group in groups {
        let contestant = group.contestant
        do {
          let answer = try group.run(timeout: timeout)
          let row = measured(workload, contestant, round: round, answer)
          report("  \(line(row, workload))")
          try record(row)
          if let most = contestant.mostRuns, round >= most {
            group.end()
          } else {
            remaining.append(group)
          }
        } catch let error as ContestantFailure {
          report("  \(contestant.name): \(error)")
          group.end()
          try record(failed(workload, contestant, round: round, error))
        }
      }
      groups = remaining
    }
  }

  /// A row without figures.
  private func row(_ workload: Workload, _ contestant: Contestant, round: Int) -> BenchmarkRow {
    BenchmarkRow(
      workload: workload.name, contestant: contestant.name, size: contestant.size,
      threads: contestant.threads, processes: contestant.processes, round: round)
  }

  private func measured(
    _ workload: Workload, _ contestant: Contestant, round: Int, _ answer: ContestantAnswer
  ) -> BenchmarkRow {
    var row = row(workload, contestant, round: round)
    row.run = BenchmarkRow.Run(
      wallSeconds: answer.wallSeconds, cpuSeconds: answer.cpuSeconds, work: answer.work,
      items: workload.items(of: answer), peakBytes: answer.peakBytes, result: answer.result)
    row.versions = answer.versions
    return row
  }

  private func failed(
    _ workload: Workload, _ contestant: Contestant, round: Int, _ error: any Error
  ) -> BenchmarkRow {
    var row = row(workload, contestant, round: round)
    row.err = String(describing: error)
    return row
  }

  private func line(_ row: BenchmarkRow, _ workload: Workload) -> String {
    guard let run = row.run else { return "\(row.contestant): \(row.err)" }
    return "round \(row.round) \(row.contestant): "
      + "\(Figures.seconds(run.secondsPerItem(workload.clock))) \(workload.clock.rawValue) per "
      + "\(workload.item.rawValue)"
  }
}
