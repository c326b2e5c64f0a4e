import Specs

/// What failed in a run, and why.
package struct Failure: VersionedRecord, Sendable, Hashable, CustomStringConvertible {
  package static let currentVersion = 1
  package var version = Failure.currentVersion
  package let cell: Cell
  /// The unit of work; nil: the whole cell.
  package let unit: String?
  package let message: String

  package var description: String {
    cell.slug + (unit.map { " \($0)" } ?? "") + ": " + message
  }

  package init(cell: Cell, unit: String? = nil, message: String) {
    self.cell = cell
    self.unit = unit
    self.message = message
  }
}
