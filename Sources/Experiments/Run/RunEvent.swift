import Records
import Specs

/// What a run tells while it works; the command line turns it into progress and log lines.
package enum RunEvent: Sendable {
  /// A cell is to be evaluated, and why.
  case cell(Cell, reason: String)
  /// All cells are looked at; the work begins.
  case started(cells: Int, cached: Int)
  /// A batch of cells begins; references over all its cells.
  case batch(CellBatch, references: Int)
  /// The attack on a cell begins; so many references are to be made.
  case attack(Cell, references: Int)
  /// A unit of work is finished, or was found on disk.
  case unit(Cell, name: String, references: Int, wasKept: Bool)
  /// Something begins that cannot say how far it is; nil: it is over.
  case stage(String?)
  /// A cell's record is written.
  case evaluated(Cell)
  /// A unit of work failed, or a whole cell (no unit); the run goes on.
  case failed(Cell, unit: String?, message: String)
  case warning(String)
  case information(String)
}

/// How a run ended.
package struct RunSummary: Sendable {
  package var evaluated: [Cell] = []
  package var cached: [Cell] = []
  package var failed: [Failure] = []
  /// Units of work that were scored, not found on disk.
  package var doneUnits = 0
  package var wallSeconds = 0.0
  /// CPU seconds of all threads.
  package var cpuSeconds = 0.0
  /// Largest resident size of the program.
  package var peakBytes = 0

  package init() {}

  /// "6 cells evaluated, 2 kept, in 3 min 5 s (6 min 2 s of CPU time), peak memory 132.4 MiB".
  package var text: String {
    "\(evaluated.count) cell\(evaluated.count == 1 ? "" : "s") evaluated, \(cached.count) kept, in "
      + "\(durationText(wallSeconds)) (\(durationText(cpuSeconds)) of CPU time), "
      + "peak memory \(byteText(peakBytes))"
  }
}
