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
    let watch = StopWatch()
    let runner = Runner(
      spec, options: RunOptions(results: results, workers: workers), interruption: Interruption(),
      report: { _ in })
    let shelf = try DataShelf(spec: spec)
    var statuses: [Cell: ResultStore.Status] = [:]
    for (cell, fingerprint) in spec.fingerprints(dataHashes: shelf.hashes) {
      statuses[cell] = runner.store.status(of: cell, fingerprint, in: spec)
    }

    var sizes: [Cell: CellSize] = [:]
    var bytesOfExtractor: [String: [String: Int]] = [:]
    var jobs: [PilotJob] = []
    func add(_ cells: [Cell], _ size: CellSize, measure: @escaping (Double) throws -> Pilot?) throws
    {
      for cell in cells {
        sizes[cell] = size
        for dataset in spec.datasets(of: cell) {
          let vectors = try shelf.load(dataset, extractor: cell.extractor).vectors
          bytesOfExtractor[cell.extractor, default: [:]][dataset] =
            vectors.rows * vectors.stride * MemoryLayout<Float>.stride
        }
      }
      // Jobs share their embeddings with the shelf; those of one extractor are pilots.
      if cells.contains(where: { statuses[$0]?.isCached != true }),
        jobs.allSatisfy({ $0.cell.extractor == cells[0].extractor })
      {
        jobs.append(PilotJob(cell: cells[0], measure: measure))
      }
    }
    for batch in spec.batches(of: spec.cells().filter { $0.attack == nil }) {
      let data = try BatchData(spec: spec, batch: batch, shelf: shelf)
      try add(batch.cells, CellSize(data, batch.cells[0], spec)) {
        try runner.pilot(batch, data, seconds: $0)
      }
    }
    for cell in spec.attackedCells() {
      let attacked = try AttackData(spec: spec, cell: cell, shelf: shelf)
      try add([cell], CellSize(attacked, cell, spec)) {
        try runner.pilot(cell, attacked, seconds: $0)
      }
    }
    let opening = isCalibrated ? watch.wallSeconds : 0
    let pilots = isCalibrated ? runner.pilots(jobs, seconds: pilotSeconds) : Pilots()
    return RunPlan(
      spec: spec, statuses: statuses, workers: workers,
      // Sets of one extractor are open at a time.
      dataBytes: bytesOfExtractor.values.map { $0.values.reduce(0, +) }.max() ?? 0,
      pilot: isCalibrated ? { pilots.pilot(of: $0, $1) } : nil, openingSeconds: opening,
      measuredBytes: isCalibrated ? StopWatch.peakBytes : 0
    ) { sizes[$0]! }
  }
}
