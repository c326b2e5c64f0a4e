import Experiments

/// Our side of the line protocol: warms up, says so, and runs once per line of input.
package enum ContestantServer {
  /// Work that can be repeated.
  package protocol Work {
    /// Does the work once.
    mutating func run() throws -> Done
  }

  /// What one run did.
  package struct Done: Sendable, Equatable {
    package var work: Int
    package var identities: Int
    package var result: Double?

    package init(work: Int, identities: Int, result: Double? = nil) {
      self.work = work
      self.identities = identities
      self.result = result
    }
  }

  /// Serves until the end of input.
  ///
  /// - Parameters:
  ///   - versions: named in every answer.
  ///   - nextLine: the next line of input, nil at its end.
  ///   - answer: called with each output line.
  package static func serve(
    _ work: inout some Work, versions: [String: String], nextLine: () -> String?,
    answer: (String) -> Void
  ) throws {
    _ = try work.run()
    answer(#"{"ready": true}"#)
    while nextLine() != nil {
      let watch = StopWatch()
      let done = try work.run()
      let wallSeconds = watch.wallSeconds
      let cpuSeconds = watch.cpuSeconds
      answer(
        try ContestantAnswer(
          wallSeconds: wallSeconds, cpuSeconds: cpuSeconds, work: done.work,
          identities: done.identities, versions: versions, peakBytes: StopWatch.peakBytes,
          result: done.result
        ).line())
    }
  }
}
