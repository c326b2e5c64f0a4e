import Datasets
import Records
import Specs

extension RunPlan {
  /// The plan of a spec: opens its data, divides it as a run would, and looks every cell up in the
  /// results folder. Nothing is written.
  ///
  /// - Parameters:
  ///   - results: folder of all experiments' results.
  ///   - workers: threads that the run would use.
  ///   - isCalibrated: measure a few references of the spec's own data; otherwise no times are
  ///     estimated.
  ///   - pilotSeconds: time for these measurements, roughly.
  /// - Throws: what a run would throw about its data: `HDF5Error`, `DatasetError`,
  ///   `PartitionError`, `ProtocolError`.
  package static func make(
    for spec: ExperimentSpec, results: String, workers: Int, isCalibrated: Bool = true,
    pilotSeconds: Double = 20
  ) throws -> RunPlan {
    let clock = ContinuousClock()
    let start = clock.now
    let runner = Runner(
      spec, options: RunOptions(results: results, workers: workers), interruption: Interruption(),
      report: { _ in })
    let shelf = try DataShelf(spec: spec)
    let fingerprints = spec.fingerprints(dataHashes: shelf.hashes)
    var statuses: [Cell: ResultStore.Status] = [:]
    for (cell, fingerprint) in fingerprints {
      statuses[cell] = runner.store.status(of: cell, fingerprint, in: spec)
    }

    var sizes: [Cell: CellSize] = [:]
    var bytesOfExtractor: [String: [String: Int]] = [:]
    var jobs: [PilotJob] = []
    func add(_ job: PilotJob, _ size: CellSize, of cells: [Cell]) throws {
      for cell in cells {
        sizes[cell] = size
        for dataset in spec.datasets(of: cell) {
          let set = try shelf.load(dataset, extractor: cell.extractor)
          bytesOfExtractor[cell.extractor, default: [:]][dataset] =
            set.vectors.rows * set.vectors.stride * MemoryLayout<Float>.stride
        }
      }
      // Jobs share their embeddings with the shelf; those of one extractor are pilots.
      if cells.contains(where: { statuses[$0]?.isCached != true }),
        jobs.allSatisfy({ $0.cell.extractor == cells[0].extractor })
      {
        jobs.append(job)
      }
    }
    for batch in spec.batches(of: spec.cells().filter { $0.attack == nil }) {
      let data = try BatchData(spec: spec, batch: batch, shelf: shelf)
      try add(.batch(batch, data), CellSize(data), of: batch.cells)
    }
    for cell in spec.attackedCells() {
      let attacked = try AttackData(spec: spec, cell: cell, shelf: shelf)
      try add(.attack(cell, attacked), CellSize(attacked), of: [cell])
    }
    let opening = (clock.now - start) / .seconds(1)
    let pilots = isCalibrated ? runner.pilots(jobs, seconds: pilotSeconds) : Pilots()
    // Sets of one extractor are open at a time.
    let dataBytes = bytesOfExtractor.values.map { $0.values.reduce(0, +) }.max() ?? 0
    return RunPlan(
      spec: spec, statuses: statuses, workers: workers, dataBytes: dataBytes,
      pilot: isCalibrated ? { pilots.pilot(of: $0, $1, in: spec) } : nil,
      openingSeconds: isCalibrated ? opening : 0,
      measuredBytes: isCalibrated ? StopWatch.peakBytes : 0
    ) { sizes[$0]! }
  }
}
