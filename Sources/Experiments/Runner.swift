import Biometrics
import Datasets
import Foundation
import MOTE
import Privacy

/// How a run is carried out; nothing here affects results.
package struct RunOptions: Sendable {
  /// Folder of all experiments' results.
  package var results: String
  /// Threads that enrol and score.
  package var workers: Int
  /// Stop at the first cell that fails.
  package var failsFast: Bool

  package init(results: String = "results", workers: Int = 1, failsFast: Bool = false) {
    self.results = results
    self.workers = workers
    self.failsFast = failsFast
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

  /// - Throws: `StoreError` (folder in use, disk full), `Interrupted`, `HashError` of unreadable
  ///   data. A group of cells that fails by itself is told in the summary; the rest goes on.
  package func run() throws -> RunSummary {
    let watch = StopWatch()
    let lock = try store.open()
    defer { lock.release() }

    // What is there already, decided by hashes of everything that affects a cell.
    let shelf = try DataShelf(spec: spec)
    let fingerprints = spec.fingerprints(dataHashes: shelf.hashes)
    for line in try store.setAsideStale(current: fingerprints) {
      report(.information("record set aside: \(line)"))
    }
    var summary = RunSummary()
    var toDo: [CellKey] = []
    for cell in spec.cells() {
      switch store.status(of: cell, fingerprint: fingerprints[cell]!) {
      case .cached, .cachedAttack: summary.cached.append(cell)
      case .toDo(let reason):
        toDo.append(cell)
        report(.cell(cell, reason: reason))
      }
    }
    report(.started(cells: toDo.count, cached: summary.cached.count))

    let attacked = toDo.filter { $0.attack != nil }
    // Attacks that the data do not allow are told before any training.
    try checkAttacks(attacked, shelf)
    for group in spec.groups(of: toDo.filter { $0.attack == nil }) {
      do {
        let data = try GroupData(spec: spec, group: group, shelf: shelf)
        for line in data.audit { report(.information(line)) }
        for text in data.warnings { report(.warning(text)) }
        try score(group, data, fingerprints)
        for cell in group.cells {
          let record = try evaluate(cell, data, fingerprints, shelf)
          try store.write(record)
          summary.evaluated.append(cell)
          report(.evaluated(cell))
          // Scores that factors are chosen by stay until that is done.
          if !group.choosesFactors { try store.removeScores(cell) }
        }
        if group.choosesFactors { try scoredCells(of: group).forEach(store.removeScores) }
      } catch let error where !isFatal(error) {
        for cell in group.cells where !summary.evaluated.contains(cell) {
          summary.failed.append(RunSummary.Failure(cell: cell, message: describe(error)))
          report(.failed(cell, message: describe(error)))
        }
        if options.failsFast { break }
      }
    }
    for cell in attacked where !(options.failsFast && !summary.failed.isEmpty) {
      do {
        try store.write(attack(cell, fingerprints[cell]!, shelf))
        try store.removeScores(cell)
        summary.evaluated.append(cell)
        report(.evaluated(cell))
      } catch let error where !isFatal(error) {
        summary.failed.append(RunSummary.Failure(cell: cell, message: describe(error)))
        report(.failed(cell, message: describe(error)))
      }
    }
    summary.wallSeconds = watch.wallSeconds
    summary.cpuSeconds = watch.cpuSeconds
    summary.peakBytes = StopWatch.peakBytes
    return summary
  }

  /// Errors that end the run: those every other cell would meet too.
  private func isFatal(_ error: any Error) -> Bool {
    error is StoreError || error is Interrupted
  }
}

/// Versions of the stages whose code affects results.
package let stageVersions: [String: Int] = [
  "biometrics": biometricsStageVersion, "datasets": datasetsStageVersion,
  "mote": moteStageVersion, "privacy": privacyStageVersion,
]

extension ExperimentSpec {
  /// Fingerprint of each cell.
  package func fingerprints(dataHashes: [String: String]) -> [CellKey: CellFingerprint] {
    var all: [CellKey: CellFingerprint] = [:]
    for cell in cells() {
      all[cell] = CellFingerprint(
        of: cell, in: self, dataHashes: dataHashes, stageVersions: stageVersions)
    }
    return all
  }
}
