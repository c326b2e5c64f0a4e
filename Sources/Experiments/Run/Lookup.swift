import Biometrics
import Datasets
import Foundation
import MOTE
import Privacy
import Records
import Specs

/// What a run finds before it works: the data, and which cells have no current record.
struct Lookup {
  let shelf: DataShelf
  /// What affects each cell of the spec.
  let fingerprints: [Cell: CellFingerprint]
  /// Cells with a current record.
  let cached: [Cell]
  /// The others, in table order.
  let toDo: [Cell]
  /// Cells to evaluate, by the data they share.
  let batches: [CellBatch]
  /// Cells to attack.
  let attacked: [Cell]

  /// Hashes all data and looks every cell up by everything that affects it; records that no longer
  /// fit are set aside, and score blocks that have served are removed.
  ///
  /// - Throws: `StoreError`, and what is wrong with unreadable data.
  init(_ run: RunContext) throws {
    let (spec, store, journal) = (run.spec, run.store, run.journal)
    shelf = try DataShelf(spec: spec)
    fingerprints = spec.fingerprints(dataHashes: shelf.hashes)
    var cached: [Cell] = []
    var toDo: [Cell] = []
    for cell in spec.cells() {
      switch store.status(of: cell, fingerprints[cell]!, in: spec) {
      case .cached, .cachedAttack:
        cached.append(cell)
        journal.found(cell)
      case .toDo(let reason):
        toDo.append(cell)
        journal.report(.cell(cell, reason: reason))
      }
    }
    for line in try store.setAsideStale(current: fingerprints) {
      journal.report(.information("record set aside: \(line)"))
    }
    // Left by a run that was stopped between writing a record and tidying up.
    let needed = Set(spec.batches(of: toDo).flatMap(spec.scoredCells))
    for cell in cached where !needed.contains(cell) { try store.removeScores(cell) }
    self.cached = cached
    self.toDo = toDo
    batches = spec.batches(of: toDo.filter { $0.attack == nil })
    attacked = toDo.filter { $0.attack != nil }
  }

  /// Tells that the work begins; a shard says on disk what its scores are made from.
  func announce(_ run: RunContext) throws {
    if let shard = run.options.shard {
      try run.store.writeManifest(of: shard, run.spec, fingerprints)
    }
    run.journal.report(.started(cells: toDo.count, cached: cached.count))
  }
}

extension ResultStore {
  /// What the store holds for a cell; what it keeps of each person belongs to it, and model-templates
  /// where they are wanted.
  func status(of cell: Cell, _ fingerprint: CellFingerprint, in spec: ExperimentSpec) -> Status {
    let status = status(of: cell, fingerprint: fingerprint)
    if case .cached(let record) = status {
      do throws(RecordError) {
        let people = try SubjectRecord.read(
          from: subjectsPath(cell), inputHash: record.inputHash)
        if people == nil { return .toDo(reason: "no per-subject results") }
      } catch {
        return .toDo(reason: "unusable per-subject results: \(error.reason)")
      }
    }
    if let precision = spec.templatePrecision, spec.keepsTemplates(of: cell), status.isCached {
      let path = templatesPath(cell, precision)
      guard FileManager.default.fileExists(atPath: path) else {
        return .toDo(reason: "no \(precision.rawValue) model-templates")
      }
      do {
        _ = try ModelTemplates(path: path)
      } catch {
        return .toDo(reason: "unreadable \(precision.rawValue) model-templates: \(describe(error))")
      }
    }
    return status
  }
}

/// Versions of the stages whose code affects results.
package let stageVersions: [String: Int] = [
  "biometrics": biometricsStageVersion, "datasets": datasetsStageVersion,
  "mote": moteStageVersion, "privacy": privacyStageVersion,
]

extension ExperimentSpec {
  /// Fingerprint of each cell.
  package func fingerprints(dataHashes: [String: String]) -> [Cell: CellFingerprint] {
    var all: [Cell: CellFingerprint] = [:]
    for cell in cells() {
      all[cell] = CellFingerprint(
        of: cell, in: self, dataHashes: dataHashes, stageVersions: stageVersions)
    }
    return all
  }

  /// The cells whose scores a batch needs: its own with a factor for all, and the candidates of the
  /// cell that chooses, evaluated before or not.
  func scoredCells(of batch: CellBatch) -> [Cell] {
    guard let choosing = batch.cells.first(where: \.choosesFactor) else { return batch.cells }
    return balancingFactors.map(choosing.fixed)
  }
}
