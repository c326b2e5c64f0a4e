import Files
import Foundation
import Specs

/// The run that a results folder was last brought up to date by: tables name its spec and data,
/// whichever runs their records were made in, and what it was to make and did not.
package struct PresentRun: VersionedRecord, Sendable {
  package static let currentVersion = 1
  package var version = PresentRun.currentVersion
  /// Of the experiment; empty: it has none.
  package var title: String
  /// Every cell of the spec, in table order: tables name those that are missing.
  package var cells: [Cell]
  /// Ways to read the paper that cells were made for; nil: the spec has none.
  package var readings: ReadingsSpec?
  package var specPath: String
  package var specHash: String
  /// Seed of each repeat.
  package var seeds: [UInt64]
  /// SHA-256 by file path of every dataset of the spec.
  package var dataHashes: [String: String]
  /// Tables, figures and pages that runs have written, relative to the folder of the experiment.
  package var files: [String] = []
  /// Hash of what each file of a division was made from, a blank, and that of its bytes, by its name.
  package var divisions: [String: String] = [:]

  /// - Parameters:
  ///   - provenance: what holds for every record of the run.
  ///   - repeats, title, cells, readings: of the spec.
  package init(
    _ provenance: Provenance, repeats: Int = 1, title: String = "", cells: [Cell] = [],
    readings: ReadingsSpec? = nil
  ) {
    seeds = (0..<UInt64(repeats)).map { provenance.seed &+ $0 }
    (self.title, self.cells, self.readings) = (title, cells, readings)
    specPath = provenance.specPath
    specHash = provenance.specHash
    dataHashes = provenance.dataHashes
  }

  /// Place of the file in the folder of an experiment.
  package static func path(in folder: String) -> String { folder + "/run.json" }

  /// Reads it back; nil where no run has written any.
  package static func read(in folder: String) throws(RecordError) -> PresentRun? {
    let path = path(in: folder)
    guard access(path, F_OK) == 0 else { return nil }
    return try RecordFolder.read(path)
  }
}

extension PresentRun {
  /// A run of a spec.
  package init(_ provenance: Provenance, of spec: ExperimentSpec) {
    self.init(
      provenance, repeats: spec.repeats, title: spec.title, cells: spec.cells(),
      readings: spec.readings)
  }
}

extension ResultStore {
  /// Says which run brings the folder up to date from now on; what earlier runs have written is
  /// remembered.
  package func begin(_ run: PresentRun) throws(StoreError) {
    var present = run
    // One that cannot be read has nothing to say about earlier files.
    if let earlier = try? PresentRun.read(in: folder) {
      (present.files, present.divisions) = (earlier.files, earlier.divisions)
    }
    try RecordFolder.write(present, to: PresentRun.path(in: folder))
  }
}
