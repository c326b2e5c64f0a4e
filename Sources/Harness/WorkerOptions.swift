import ArgumentParser
import Foundation

/// How many threads a command uses; results do not depend on it.
struct WorkerOptions: ParsableArguments {
  @Option(help: "Threads (default: all cores); results do not depend on their number.")
  var workers = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    if workers < 1 { throw ValidationError("--workers is \(workers), expected 1 or more") }
  }
}
