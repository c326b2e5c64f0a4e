import Records
import Specs

/// What a run tells while it works, and remembers for its summary.
final class RunJournal {
  private let store: ResultStore
  private let failsFast: Bool
  /// Receives progress, on the calling thread.
  let report: (RunEvent) -> Void
  private let watch = StopWatch()
  private var summary = RunSummary()

  /// - Parameter failsFast: the first failure ends the run.
  init(store: ResultStore, failsFast: Bool, report: @escaping (RunEvent) -> Void) {
    self.store = store
    self.failsFast = failsFast
    self.report = report
  }

  /// A cell has a current record.
  func found(_ cell: Cell) { summary.cached.append(cell) }

  /// A unit of work was made, not found on disk.
  func made() { summary.doneUnits += 1 }

  /// A cell's record is written.
  func finished(_ cell: Cell) {
    summary.evaluated.append(cell)
    report(.evaluated(cell))
  }

  /// Records a failure on disk and in the summary; the run goes on unless it is to fail fast.
  ///
  /// - Parameter unit: the unit of work; nil: the whole cell.
  /// - Throws: `FailedFast`, `StoreError`.
  func fail(_ cell: Cell, unit: String? = nil, _ error: any Error) throws {
    let failure = Failure(cell: cell, unit: unit, message: describe(error))
    summary.failed.append(failure)
    report(.failed(cell, unit: unit, message: failure.message))
    try store.write(failure)
    if failsFast { throw FailedFast(failure: failure) }
  }

  /// True where a unit of the cell, or all of it, failed: the cell cannot be evaluated.
  func hasFailed(_ cell: Cell) -> Bool { summary.failed.contains { $0.cell == cell } }

  /// The first of the failures so far that is of one of the cells.
  func firstFailure(among cells: [Cell]) -> Failure? {
    summary.failed.first { cells.contains($0.cell) }
  }

  /// The summary, with what the run has cost by now.
  func summarised() -> RunSummary {
    summary.wallSeconds = watch.wallSeconds
    summary.cpuSeconds = watch.cpuSeconds
    summary.peakBytes = StopWatch.peakBytes
    return summary
  }

  /// Errors that end the run: those every other cell would meet too.
  static func isFatal(_ error: any Error) -> Bool {
    error is StoreError || error is Interrupted || error is FailedFast
  }
}

/// The first failure of a run that was to stop there.
package struct FailedFast: Error, CustomStringConvertible {
  package let failure: Failure

  package var description: String { "stopped at the first failure: \(failure)" }
}
