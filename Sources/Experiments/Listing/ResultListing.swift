import Configurations
import Foundation
import Records
import Specs

/// What lies in the results folder of an experiment: cells that are done and missing, and sizes. Only
/// names, sizes and begins of files are looked at, and `run.json`.
package struct ResultListing: Sendable {
  /// What there is of a cell.
  package enum State: Sendable, Equatable {
    /// A record of it is there.
    case done
    /// A record is there, and the file of its replicates is not.
    case lacksReplicates
    /// No record, but so many units of work are scored.
    case begun(units: Int)
    /// It failed in the last run, and why.
    case failed(String)
    case missing

    package var text: String {
      switch self {
      case .done: "done"
      case .lacksReplicates: "its replicates are not there"
      case .begun(let units): "begun, \(counted(units, "unit")) scored"
      case .failed(let message): "failed: \(shortened(message))"
      case .missing: "missing"
      }
    }
  }

  package let name: String
  package let folder: String
  package let title: String
  /// In table order.
  package let cells: [(cell: Cell, state: State, bytes: Int)]
  /// The shard that the folder is of; nil: of none.
  package let shard: Shard?
  /// Whether the spec that is asked about says something else than that of the last run; nil: not
  /// asked, or there was no run.
  package let isEdited: Bool?
  /// Bytes by the part of the folder, those that hold something, in alphabetical order.
  package let parts: [(name: String, bytes: Int)]

  package var done: Int { cells.count { $0.state == .done } }
  package var failed: Int {
    cells.count { if case .failed = $0.state { true } else { false } }
  }
  package var bytes: Int { parts.reduce(0) { $0 + $1.bytes } }

  /// - Parameters:
  ///   - folder: of the experiment.
  ///   - spec: whose cells are listed; nil: those of the last run.
  /// - Throws: `RecordError` where `run.json` or the manifest of a shard cannot be used.
  package init(folder: String, spec: ExperimentSpec? = nil) throws(RecordError) {
    let run = try PresentRun.read(in: folder)
    let manifest = "\(folder)/\(ShardManifest.fileName)"
    shard =
      access(manifest, F_OK) == 0
      ? try RecordFolder<ShardManifest>.read(manifest).shard : nil
    let place = URL(fileURLWithPath: folder)
    name = spec?.name ?? place.standardizedFileURL.lastPathComponent
    self.folder = folder
    title = spec?.title ?? run?.title ?? ""
    isEdited = spec.flatMap { spec in run.map { $0.specHash != spec.specHash } }
    let store = ResultStore(
      results: place.deletingLastPathComponent().relativePath, experiment: place.lastPathComponent)
    let failures = RecordFolder<Failure>(ResultStore.failuresFolder(in: folder))
    var messages: [Cell: String] = [:]
    for name in failures.names {
      // One that cannot be read tells nothing; the next run removes it.
      guard let failure = try? RecordFolder<Failure>.read("\(failures.path)/\(name)") else {
        continue
      }
      messages[failure.cell] = messages[failure.cell] ?? failure.message
    }
    cells = (spec?.cells() ?? run?.cells ?? []).map { cell in
      let record = fileBytes(store.recordPath(cell))
      let others =
        [store.subjectsPath(cell), replicatesPath(of: store.recordPath(cell))]
        + WeightPrecision.allCases.map {
          store.templatesPath(cell, $0)
        }
      let units = fileNames(store.scoresFolder(cell)).count { $0.hasSuffix(".f32") }
      let path = store.recordPath(cell)
      let state: State =
        if record != nil, RecordFolder<EvaluationRecord>.lacksReplicates(path) {
          .lacksReplicates
        } else if record != nil {
          .done
        } else if let message = messages[cell] {
          .failed(message)
        } else {
          units > 0 ? .begun(units: units) : .missing
        }
      let bytes = (record ?? 0) + others.reduce(0) { $0 + (fileBytes($1) ?? 0) }
      return (cell, state, bytes + folderBytes(store.scoresFolder(cell)))
    }
    parts = fileNames(folder).filter { !$0.hasPrefix(".") }.sorted().compactMap { part in
      let path = "\(folder)/\(part)"
      let bytes = fileBytes(path) ?? folderBytes(path)
      return bytes > 0 ? (part, bytes) : nil
    }
  }

  /// Every experiment of a results folder, by name: what holds records, a run or a shard; and why some
  /// cannot be listed.
  package static func all(in results: String) -> (listings: [ResultListing], problems: [String]) {
    var listings: [ResultListing] = []
    var problems: [String] = []
    for name in fileNames(results).sorted() {
      let folder = "\(results)/\(name)"
      let marks = ["records", "run.json", ShardManifest.fileName]
      guard marks.contains(where: { access("\(folder)/\($0)", F_OK) == 0 }) else { continue }
      do throws(RecordError) { listings.append(try ResultListing(folder: folder)) } catch {
        problems.append("\(name): \(error)")
      }
    }
    return (listings, problems)
  }
}

/// Names in a folder; none where it is not there.
private func fileNames(_ folder: String) -> [String] {
  (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
}

/// Bytes of a file; nil where it is none.
private func fileBytes(_ path: String) -> Int? {
  var status = stat()
  guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  return Int(status.st_size)
}

/// Bytes of all files in a folder, to any depth.
private func folderBytes(_ folder: String) -> Int {
  fileNames(folder).reduce(0) { sum, name in
    let path = "\(folder)/\(name)"
    var status = stat()
    guard lstat(path, &status) == 0 else { return sum }
    return sum
      + (status.st_mode & S_IFMT == S_IFDIR ? folderBytes(path) : fileBytes(path) ?? 0)
  }
}
