import Biometrics
import Datasets
import Foundation
import MOTE
import Privacy
import Records
import Specs

/// How a run is carried out; nothing here affects results.
package struct RunOptions: Sendable {
  /// Folder of all experiments' results.
  package var results: String
  /// Threads that enrol and score.
  package var workers: Int
  /// Stop at the first unit of work that fails.
  package var failsFast: Bool
  /// Do this share of the units only, and leave the evaluation to `Runner.merge`.
  package var shard: Shard?
  /// Bytes that the run may use; nil: as many as it needs.
  package var maximumBytes: Int?

  package init(
    results: String = "results", workers: Int = 1, failsFast: Bool = false, shard: Shard? = nil,
    maximumBytes: Int? = nil
  ) {
    self.results = results
    self.workers = workers
    self.failsFast = failsFast
    self.shard = shard
    self.maximumBytes = maximumBytes
  }
}

/// Runs an experiment: every cell that has no current record is scored and evaluated.
///
/// The order is dataset, extractor, repeat, configuration, fold, factor, unit of work: what is
/// expensive to make (data, KDEs, the packed cohort) is made once for all that lies below it.
package struct Runner {
  let spec: ExperimentSpec
  let options: RunOptions
  let store: ResultStore
  let interruption: Interruption
  let report: (RunEvent) -> Void

  /// - Parameter report: receives progress, on the calling thread.
  package init(
    _ spec: ExperimentSpec, options: RunOptions, interruption: Interruption,
    report: @escaping (RunEvent) -> Void
  ) {
    self.spec = spec
    self.options = options
    self.interruption = interruption
    self.report = report
    store = ResultStore(results: options.results, experiment: spec.name)
  }

  /// Does what is not done yet.
  ///
  /// - Throws: `StoreError` (folder in use, disk full), `Interrupted`, `HDF5Error` of unreadable
  ///   data. A unit of work that fails by itself is told in the summary; the rest goes on.
  package func run() throws -> RunSummary { try run { _, _, _ in } }

  /// - Parameter prepare: called with the cells to do, their inputs and the data, under the lock.
  func run(
    prepare: ([Cell], [Cell: CellFingerprint], DataShelf) throws -> Void
  ) throws -> RunSummary {
    let watch = StopWatch()
    let lock = try store.open()
    defer { lock.release() }

    // What is there already, decided by hashes of everything that affects a cell.
    let shelf = try DataShelf(spec: spec)
    let fingerprints = spec.fingerprints(dataHashes: shelf.hashes)
    var summary = RunSummary()
    var toDo: [Cell] = []
    for cell in spec.cells() {
      switch status(of: cell, fingerprints[cell]!) {
      case .cached, .cachedAttack: summary.cached.append(cell)
      case .toDo(let reason):
        toDo.append(cell)
        report(.cell(cell, reason: reason))
      }
    }
    for line in try store.setAsideStale(current: fingerprints) {
      report(.information("record set aside: \(line)"))
    }
    // Left by a run that was stopped between writing a record and tidying up.
    let needed = Set(spec.batches(of: toDo).flatMap(scoredCells))
    for cell in summary.cached where !needed.contains(cell) { try store.removeScores(cell) }
    try prepare(toDo, fingerprints, shelf)
    if let shard = options.shard { try writeManifest(of: shard, fingerprints) }
    report(.started(cells: toDo.count, cached: summary.cached.count))

    let attacked = toDo.filter { $0.attack != nil }
    // Attacks that the data do not allow are told before any training.
    try checkAttacks(attacked, shelf)
    for batch in spec.batches(of: toDo.filter { $0.attack == nil }) {
      try interruption.check()
      do {
        let data = try BatchData(spec: spec, batch: batch, shelf: shelf)
        for line in data.audit { report(.information(line)) }
        for text in data.warnings { report(.warning(text)) }
        let workers = try workersWithinMemory(batch, data, shelf)
        try score(batch, data, fingerprints, workers: workers, &summary)
        if options.shard != nil { continue }
        for cell in batch.cells where !summary.hasFailed(cell) {
          try interruption.check()
          do {
            try evaluateAndKeep(cell, batch, data, fingerprints, shelf, failed: summary.failed)
            summary.evaluated.append(cell)
            report(.evaluated(cell))
          } catch let error where !isFatal(error) {
            try fail(cell, nil, error, &summary)
          }
        }
        if batch.choosesFactors, !batch.cells.contains(where: summary.hasFailed) {
          try scoredCells(of: batch).forEach(store.removeScores)
        }
      } catch let error where !isFatal(error) {
        // The data of the batch cannot be used: nothing of it can be done.
        for cell in batch.cells { try fail(cell, nil, error, &summary) }
      }
    }
    for cell in attacked {
      try interruption.check()
      do {
        if options.shard != nil {
          summary.doneUnits += try observe(
            cell, fingerprints[cell]!, AttackData(spec: spec, cell: cell, shelf: shelf)
          ) { _, _, _ in }
          continue
        }
        try store.write(attack(cell, fingerprints[cell]!, shelf))
        try store.removeScores(cell)
        summary.evaluated.append(cell)
        report(.evaluated(cell))
      } catch let error where !isFatal(error) {
        try fail(cell, nil, error, &summary)
      }
    }
    summary.wallSeconds = watch.wallSeconds
    summary.cpuSeconds = watch.cpuSeconds
    summary.peakBytes = StopWatch.peakBytes
    return summary
  }

  /// What the store holds for a cell; model-templates that are wanted belong to it.
  func status(of cell: Cell, _ fingerprint: CellFingerprint) -> ResultStore.Status {
    let status = store.status(of: cell, fingerprint: fingerprint)
    if let precision = spec.templatePrecision, spec.keepsTemplates(of: cell), status.isCached,
      !FileManager.default.fileExists(atPath: store.templatesPath(cell, precision))
    {
      return .toDo(reason: "no \(precision.rawValue) model-templates")
    }
    return status
  }

  /// Writes a cell's record, and its model-templates where they are wanted; the score blocks have
  /// served then, but for those that factors are chosen by.
  private func evaluateAndKeep(
    _ cell: Cell, _ batch: CellBatch, _ data: BatchData,
    _ fingerprints: [Cell: CellFingerprint], _ shelf: DataShelf, failed: [Failure]
  ) throws {
    if cell.choosesFactor,
      let failure = failed.first(where: { scoredCells(of: batch).contains($0.cell) })
    {
      throw CandidateFailed(candidate: failure.cell)
    }
    let record = try evaluate(cell, data, fingerprints, shelf)
    if let precision = spec.templatePrecision, spec.keepsTemplates(of: cell) {
      try writeTemplates(cell, data, fingerprints[cell]!, record, precision)
    }
    try store.write(record)
    if !batch.choosesFactors { try store.removeScores(cell) }
  }

  /// Records a failure on disk and in the summary; the run goes on unless it is to fail fast.
  func fail(
    _ cell: Cell, _ unit: String?, _ error: any Error, _ summary: inout RunSummary
  ) throws {
    let failure = Failure(cell: cell, unit: unit, message: describe(error))
    summary.failed.append(failure)
    report(.failed(cell, unit: unit, message: failure.message))
    try store.write(failure)
    if options.failsFast { throw FailedFast(failure: failure) }
  }

  /// Errors that end the run: those every other cell would meet too.
  func isFatal(_ error: any Error) -> Bool {
    error is StoreError || error is Interrupted || error is FailedFast
  }
}

/// A factor that people could have been given has no scores.
struct CandidateFailed: Error, CustomStringConvertible {
  let candidate: Cell

  var description: String { "it chooses among other cells, of which \(candidate.title) failed" }
}

/// The first failure of a run that was to stop there.
package struct FailedFast: Error, CustomStringConvertible {
  package let failure: Failure

  package var description: String { "stopped at the first failure: \(failure)" }
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
}
