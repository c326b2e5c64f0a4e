import Foundation
import Records
import Specs

/// Cells that an experiment asks for and that have no record, with the reason; and the experiment's
/// title, which stands in the same file.
package struct MissingCells: Sendable {
  package let title: String
  /// In table order.
  package let cells: [Cell]
  private let failures: [Cell: String]

  /// Nothing is known to be missing.
  package static let none = MissingCells(
    title: "", cells: [], failures: [], made: [])

  /// What stands where nobody tried.
  package static let notRun = "not run"

  /// - Parameters:
  ///   - title: of the experiment; empty: it has none, or none is known.
  ///   - cells: what was to be made.
  ///   - failures: what failed, in order of file name; the first of a cell is told.
  ///   - made: the cells that have records.
  package init(title: String, cells: [Cell], failures: [Failure], made: Set<Cell>) {
    self.title = title
    self.cells = cells.filter { !made.contains($0) }
    self.failures = Dictionary(
      failures.map {
        ($0.cell, "failed: " + $0.message.split(separator: "\n").joined(separator: "; "))
      }, uniquingKeysWith: { first, _ in first })
  }

  /// What the last run was to make, and its failures; without a run nothing is known to be missing.
  ///
  /// - Throws: `ResultsError` when a failure cannot be read.
  package init(run: PresentRun?, folder: URL, made: Set<Cell>) throws(ResultsError) {
    guard let run else {
      self = .none
      return
    }
    let folder = RecordFolder<Failure>(ResultStore.failuresFolder(in: folder.path))
    let failures = try ResultsError.reading { () throws(RecordError) in try folder.records() }
    self.init(title: run.title, cells: run.cells, failures: failures, made: made)
  }

  /// Why a cell has no record.
  package func reason(of cell: Cell) -> String { failures[cell] ?? Self.notRun }

  /// Those that are (or are not) attacked.
  package func cells(attacked: Bool) -> MissingCells {
    MissingCells(self, cells: cells.filter { ($0.attack != nil) == attacked })
  }

  private init(_ other: MissingCells, cells: [Cell]) {
    title = other.title
    failures = other.failures
    self.cells = cells
  }
}
