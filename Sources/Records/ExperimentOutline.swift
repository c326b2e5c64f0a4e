import Specs

/// What the last run of an experiment was to make, kept beside its records: tables name what is
/// missing by it, and take the experiment's title from it.
package struct ExperimentOutline: VersionedRecord, Sendable {
  package static let currentVersion = 1
  package var version = ExperimentOutline.currentVersion
  package var title: String
  /// Every cell of the spec, in table order.
  package var cells: [Cell]

  package init(title: String, cells: [Cell]) {
    self.title = title
    self.cells = cells
  }
}

extension ResultStore {
  /// File of the outline.
  package static func outlinePath(in folder: String) -> String { folder + "/experiment.json" }

  /// Writes what the run is to make; it replaces that of an earlier run.
  package func write(_ outline: ExperimentOutline) throws(StoreError) {
    try RecordFolder.write(outline, to: Self.outlinePath(in: folder))
  }
}
