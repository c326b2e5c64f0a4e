import Experiments

/// The processes of one contestant, run at once and measured as one.
package final class ContestantGroup {
  package let contestant: Contestant
  private var processes: [ContestantProcess] = []

  /// Starts and warms up every process; several are pinned to processors of their own, the first
  /// of `processors`.
  ///
  /// - Throws: `ContestantFailure`; nothing is left running.
  package init(
    _ contestant: Contestant, programs: ContestantPrograms, processors: [Int], timeout: Double
  ) throws {
    self.contestant = contestant
    let needed = contestant.processes * contestant.threads
    guard processors.count >= needed else {
      throw ContestantFailure.tooFewProcessors(needed: needed, found: processors.count)
    }
    if let available = StopWatch.bytes("MemAvailable", in: "/proc/meminfo"),
      available < contestant.neededBytes
    {
      throw ContestantFailure.tooLittleMemory(needed: contestant.neededBytes, found: available)
    }
    do {
      for k in 0..<contestant.processes {
        let processor = contestant.processes > 1 ? processors[k] : nil
        guard let words = programs.commandLine(of: contestant, processor: processor) else {
          throw ContestantFailure.cannotStart("no Python interpreter was given (--peers)")
        }
        processes.append(
          try ContestantProcess(
            commandLine: words,
            environment: ContestantPrograms.environment(threads: contestant.threads)))
      }
      for process in processes { try process.awaitReady(timeout: timeout) }
    } catch {
      end()
      throw error
    }
  }

  /// One run. Several processes start together; the wall time is then that until the last has
  /// answered, CPU time and work are sums.
  package func run(timeout: Double) throws -> ContestantAnswer {
    let watch = StopWatch()
    for process in processes { try process.startRun() }
    var answers: [ContestantAnswer] = []
    for process in processes { answers.append(try process.awaitAnswer(timeout: timeout)) }
    var total = answers[0]
    guard answers.count > 1 else { return total }
    total.wallSeconds = watch.wallSeconds
    for answer in answers.dropFirst() {
      total.cpuSeconds += answer.cpuSeconds
      total.work += answer.work
      total.identities += answer.identities
      if let peak = answer.peakBytes { total.peakBytes = (total.peakBytes ?? 0) + peak }
    }
    return total
  }

  /// Ends every process.
  package func end() {
    for process in processes { process.end() }
    processes = []
  }
}
