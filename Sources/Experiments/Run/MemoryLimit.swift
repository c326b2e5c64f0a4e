import Configurations
import Datasets
import MOTE
import Records
import Specs

/// Memory: what a cell needs at once, against the limit of the run.
extension RunContext {
  /// Threads that a cell, evaluated or attacked, can use within the memory limit of the run.
  ///
  /// - Parameters:
  ///   - size: of the cell.
  ///   - training: of its networks; nil: it has none.
  /// - Throws: `MemoryExceeded` when it cannot be done with one.
  func workersWithinMemory(
    _ size: CellSize, _ training: TrainingConfiguration?, _ lookup: Lookup
  ) throws -> Int {
    guard let maximum = options.maximumBytes else { return options.workers }
    // The program as it stands: libraries, and the embeddings as far as they are read by now.
    let held = max(lookup.shelf.bytes, StopWatch.residentBytes)
    func needed(_ workers: Int) -> Int {
      held + size.bytes(training, workers: workers)
    }
    let fitting = (1...options.workers).last { needed($0) <= maximum }
    guard let fitting else { throw MemoryExceeded(needed: needed(1), maximum: maximum) }
    if fitting < options.workers {
      journal.report(
        .warning(
          "\(fitting) of \(options.workers) workers are used: more would exceed "
            + "\(byteText(maximum)) (--max-memory)"))
    }
    return fitting
  }
}

/// A cell needs more memory than the run may use.
struct MemoryExceeded: Error, CustomStringConvertible {
  let needed: Int
  let maximum: Int

  var description: String {
    "one worker needs about \(byteText(needed)) at once, --max-memory is \(byteText(maximum)): allow more, "
      + "or limit the subjects in the spec"
  }
}
