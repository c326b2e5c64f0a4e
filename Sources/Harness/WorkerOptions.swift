import ArgumentParser
import Foundation
import Kernels

/// How many threads a command uses; results do not depend on it.
struct WorkerOptions: ParsableArguments {
  @Option(help: "Threads (default: all cores); results do not depend on their number.")
  var workers = max(
    1, BLAS.threadsWithRoom(atMost: ProcessInfo.processInfo.activeProcessorCount))

  func validate() throws {
    // Each has memory of its own; no machine has more cores than this.
    let most = 1024
    if workers < 1 || workers > most {
      throw ValidationError("--workers is \(workers), expected 1 to \(most)")
    }
    let room = BLAS.threadsWithRoom(atMost: workers)
    if room >= 1, room < workers {
      throw ValidationError(
        "--workers is \(workers), and the address space that is left is enough for linear algebra of"
          + " \(room); raise the limit (ulimit -v) or lower --workers")
    }
  }
}
