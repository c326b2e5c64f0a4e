import Biometrics
import Configurations
import Datasets
import Foundation
import MOTE
import Privacy
import Records
import Specs

/// What a run finds before it works: the data, and which cells have no current record.
struct Lookup {
  let shelf: DataShelf
  /// What each cell of the spec follows from.
  let inputs: [Cell: CellInputs]
  /// What affects each cell of the spec: inputs, code, libraries.
  let fingerprints: [Cell: CellFingerprint]
  /// Place of each cell in the spec, by which shards are dealt.
  let ordinals: [Cell: Int]
  /// Precision of the model-templates that are wanted; nil: none are.
  let templatePrecision: WeightPrecision?
  /// Cells with a current record.
  let cached: [Cell]
  /// The others, in table order.
  let toDo: [Cell]
  /// Cells to evaluate, by the data they share.
  let batches: [CellBatch]
  /// Cells to attack.
  let attacked: [Cell]

  /// Hashes all data and looks every cell up by everything that affects it; nothing is changed.
  ///
  /// - Throws: `StoreError`, and what is wrong with unreadable data.
  init(_ spec: ExperimentSpec, _ run: RunContext, _ shelf: DataShelf) throws {
    let (store, journal) = (run.store, run.journal)
    self.shelf = shelf
    inputs = spec.inputs(shelf.hashes)
    fingerprints = inputs.mapValues(CellFingerprint.init(now:))
    ordinals = Dictionary(uniqueKeysWithValues: spec.cells().enumerated().map { ($1, $0) })
    templatePrecision = spec.templatePrecision
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
    self.cached = cached
    self.toDo = toDo
    batches = spec.batches(of: toDo.filter { $0.attack == nil })
    attacked = toDo.filter { $0.attack != nil }
  }

  /// Sets aside what no longer fits the spec, its data or the code, and removes score blocks that have
  /// served: the data are known to be usable by now.
  ///
  /// - Throws: `StoreError`.
  func setAsideStale(_ spec: ExperimentSpec, _ run: RunContext) throws {
    let (store, journal) = (run.store, run.journal)
    for line in try store.setAsideStale(current: fingerprints, known: cached)
      + store.setAsideCosts(current: fingerprints)
    {
      journal.report(.information("record set aside: \(line)"))
    }
    let keptTemplates = cached.filter(\.keepsTemplates).compactMap { cell in
      spec.templatePrecision.map { store.templatesPath(cell, $0) }
    }
    for name in try store.setAsideTemplates(except: Set(keptTemplates)) {
      journal.report(.information("model-templates set aside: \(name)"))
    }
    // Left by a run that was stopped between writing a record and tidying up, or of another spec.
    let needed = Set(batches.flatMap { [inputs] in $0.scoredCells(inputs) })
    for cell in cached where !needed.contains(cell) { try store.removeScores(cell) }
    try store.removeScores(except: inputs.keys)
  }

  /// Tells that the work begins; a shard says on disk what its scores are made from.
  func announce(_ run: RunContext) throws {
    if let shard = run.options.shard {
      try run.store.writeManifest(of: shard, run.provenance, fingerprints)
    }
    run.journal.report(.started(cells: toDo.count, cached: cached.count))
  }
}

extension Lookup {
  /// What the cells of a batch have in common, and the first of them alone.
  func inputs(of batch: CellBatch) -> CellInputs { inputs[batch.cells[0]]! }

  /// Precision that a cell's model-templates are kept in; nil: they are not. A cell that chooses
  /// factors has none of its own: its models are among those of the other cells.
  func templatePrecision(of cell: Cell) -> WeightPrecision? {
    cell.keepsTemplates ? templatePrecision : nil
  }
}

extension ResultStore {
  /// What the store holds for a cell; what it keeps of each person belongs to it, and model-templates
  /// where they are wanted, which are current where they name the inputs of the record.
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
    guard status.isCached, cell.keepsTemplates, let precision = spec.templatePrecision else {
      return status
    }
    let path = templatesPath(cell, precision)
    guard FileManager.default.fileExists(atPath: path) else {
      return .toDo(reason: "no \(precision.rawValue) model-templates")
    }
    do {
      let isCurrent =
        try ModelTemplates(path: path).attributes["input_hash"] == fingerprint.inputHash
      return isCurrent
        ? status : .toDo(reason: "\(precision.rawValue) model-templates of other inputs")
    } catch {
      return .toDo(reason: "unreadable \(precision.rawValue) model-templates: \(describe(error))")
    }
  }
}

/// Versions of the stages whose code affects results.
package let stageVersions: [String: Int] = [
  "biometrics": biometricsStageVersion, "datasets": datasetsStageVersion,
  "mote": moteStageVersion, "privacy": privacyStageVersion,
]

extension CellFingerprint {
  /// What these inputs make with this build on this machine.
  init(now inputs: CellInputs) {
    self.init(
      of: inputs, stageVersions: stageVersions, libraries: Provenance.computingVersions())
  }
}

extension ExperimentSpec {
  /// Inputs of each cell.
  func inputs(_ hashes: DataHashes) -> [Cell: CellInputs] {
    Dictionary(uniqueKeysWithValues: cells().map { ($0, inputs(of: $0, hashes)) })
  }
}

extension CellBatch {
  /// The cells whose scores the batch needs: its own with a factor for all, and the candidates of the
  /// cell that chooses, evaluated before or not.
  func scoredCells(_ inputs: [Cell: CellInputs]) -> [Cell] {
    guard let choosing = cells.first(where: \.choosesFactor) else { return cells }
    return inputs[choosing]!.enrolment!.balancingFactors.map(choosing.fixed)
  }
}
