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
    outline: ExperimentOutline(title: "", cells: []), failures: [], made: [])

  /// What stands where nobody tried.
  static let notRun = "not run"

  /// - Parameters:
  ///   - outline: what was to be made.
  ///   - failures: what failed, in order of file name; the first of a cell is told.
  ///   - made: the cells that have records.
  package init(outline: ExperimentOutline, failures: [Failure], made: Set<Cell>) {
    title = outline.title
    cells = outline.cells.filter { !made.contains($0) }
    self.failures = Dictionary(
      failures.map {
        ($0.cell, "failed: " + $0.message.split(separator: "\n").joined(separator: "; "))
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Reads the outline and the failures of an experiment's last run; without an outline nothing is
  /// known to be missing.
  ///
  /// - Throws: `ReportError` when one of the files cannot be read.
  init(folder: URL, made: Set<Cell>) throws(ReportError) {
    let path = ResultStore.outlinePath(in: folder.path)
    guard FileManager.default.fileExists(atPath: path) else {
      self = .none
      return
    }
    let outline = try ReportError.reading { () throws(RecordError) in
      try RecordFolder<ExperimentOutline>.read(path)
    }
    let failed = ResultStore.failuresFolder(in: folder.path)
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: failed)) ?? [])
      .filter { $0.hasSuffix(".json") }.sorted()
    var failures: [Failure] = []
    for name in names {
      let file = "\(failed)/\(name)"
      do {
        failures.append(
          try JSONDecoder().decode(
            Failure.self, from: Data(contentsOf: URL(fileURLWithPath: file))))
      } catch {
        throw .badRecord(.unreadable(file: file, reason: describe(error)))
      }
    }
    self.init(outline: outline, failures: failures, made: made)
  }

  /// Why a cell has no record.
  func reason(of cell: Cell) -> String { failures[cell] ?? Self.notRun }

  /// Those that are (or are not) attacked.
  func cells(attacked: Bool) -> MissingCells {
    MissingCells(self, cells: cells.filter { ($0.attack != nil) == attacked })
  }

  private init(_ other: MissingCells, cells: [Cell]) {
    title = other.title
    failures = other.failures
    self.cells = cells
  }
}
