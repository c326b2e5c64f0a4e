import Datasets
import Foundation
import Kernels
import Records
import Specs

extension RunPlan {
  /// The plan of a spec: opens its data, divides it as a run would, and looks every cell up in the
  /// results folder. Nothing is written.
  ///
  /// - Parameters:
  ///   - results: folder of all experiments' results.
  ///   - workers: threads that the run would use, or each of its shards.
  ///   - shards: parts that the run would be divided into.
  ///   - isCalibrated: measure a few references of the spec's own data; otherwise no times are
  ///     estimated.
  ///   - pilotSeconds: time for these measurements, roughly.
  /// - Throws: what a run would throw about its data: `HDF5Error`, `DatasetError`,
  ///   `PartitionError`, `ProtocolError`, `DataProblems` for what a key of the spec is to blame for.
  package static func make(
    for spec: ExperimentSpec, results: String, workers: Int, shards: Int = 1,
    isCalibrated: Bool = true,
    pilotSeconds: Double = 20
  ) throws -> RunPlan {
    BLAS.useOneThread()
    let watch = StopWatch()
    let store = ResultStore(results: results, experiment: spec.name)
    let shelf = try DataShelf(spec: spec)
    var reasons: [Cell: String] = [:]
    let inputs = spec.inputs(shelf.hashes)
    for (cell, inputs) in inputs {
      if case .toDo(let reason) = store.status(of: cell, CellFingerprint(now: inputs), in: spec) {
        reasons[cell] = reason
      }
    }
    let measurement = PilotMeasurement(workers: workers)
    var pilots = Pilots(of: Array(reasons.keys), limit: pilotSeconds)
    var sizes: [Cell: CellSize] = [:]
    var kept: [Cell: Int] = [:]
    var dataBytes = 0
    for batch in spec.batches(of: spec.cells().filter { $0.attack == nil }) {
      let scored = inputs[batch.scoredCells(inputs)[0]]!
      let data = try placing(spec) { try BatchData(scored, shelf: shelf) }
      dataBytes = max(dataBytes, shelf.bytes)
      for cell in batch.cells {
        sizes[cell] = CellSize(data, scored.enrolment?.training)
        if reasons[cell] != nil, !cell.choosesFactor {
          kept[cell] = store.referencesScored(
            of: cell, CellFingerprint(now: inputs[cell]!), data.comparisons)
        }
      }
      if isCalibrated, let cell = batch.cells.first(where: { reasons[$0] != nil }) {
        pilots.measure(cell) { try measurement.pilot(scored, data, seconds: $0) }
      }
    }
    for cell in spec.attackedCells() {
      let attacked = try placing(spec) { try AttackData(inputs[cell]!, shelf: shelf) }
      dataBytes = max(dataBytes, shelf.bytes)
      sizes[cell] = CellSize(attacked)
      if isCalibrated, reasons[cell] != nil {
        pilots.measure(cell) { try measurement.pilot(attacked, seconds: $0) }
      }
    }
    let measured = pilots
    return RunPlan(
      spec: spec,
      units: spec.cells().map {
        Unit($0, reason: reasons[$0], size: sizes[$0]!, scored: kept[$0] ?? 0)
      },
      workers: workers, shards: shards, dataBytes: dataBytes,
      openingSeconds: watch.wallSeconds - measured.seconds,
      measuredBytes: isCalibrated ? StopWatch.peakBytes : 0,
      pilot: isCalibrated ? { measured.pilot(of: $0) } : nil)
  }

  /// An error that a key of the spec is to blame for says where that stands.
  private static func placing<Value>(_ spec: ExperimentSpec, _ body: () throws -> Value) throws
    -> Value
  {
    do { return try body() } catch let error as SubjectGroupsError {
      throw DataProblems(problems: [DataCheck.text(of: error, groupsAt: spec.groupsLocation)])
    }
  }
}

extension ResultStore {
  /// References of a cell whose scores an interrupted run has left complete, for the same inputs.
  fileprivate func referencesScored(
    of cell: Cell, _ fingerprint: CellFingerprint, _ comparisons: [ComparisonProtocol]
  ) -> Int {
    /// Whatever a block says beside its scores.
    struct Anything: Codable {}
    guard FileManager.default.fileExists(atPath: scoresFolder(cell)) else { return 0 }
    return UnitOfWork.units(of: comparisons).joined().reduce(0) { sum, unit in
      let block = try? scores(
        cell: cell, name: unit.name, scoreHash: fingerprint.scoreHash, metadata: Anything.self)
      return sum + (block?.scores.rows ?? 0)
    }
  }
}
