/// What a run tells while it works; the command line turns it into progress and log lines.
package enum RunEvent: Sendable {
  /// A cell is to be evaluated, and why.
  case cell(CellKey, reason: String)
  /// All cells are looked at; the work begins.
  case started(cells: Int, cached: Int)
  /// A group of cells begins; references over all its cells.
  case group(CellGroup, references: Int)
  /// The attack on a cell begins; so many references are to be made.
  case attack(CellKey, references: Int)
  /// A unit of work is finished, or was found on disk.
  case unit(CellKey, name: String, references: Int, wasKept: Bool)
  /// A cell's record is written.
  case evaluated(CellKey)
  /// A cell failed; the run goes on.
  case failed(CellKey, message: String)
  case warning(String)
  case information(String)
}

/// How a run ended.
package struct RunSummary: Sendable {
  package struct Failure: Sendable {
    package let cell: CellKey
    package let message: String
  }

  package var evaluated: [CellKey] = []
  package var cached: [CellKey] = []
  package var failed: [Failure] = []
  package var wallSeconds = 0.0
}
