import Datasets
import Records
import Specs

extension RunPlan {
  /// The plan of a spec: opens its data, divides it as a run would, and looks every cell up in the
  /// results folder. Nothing is trained, and nothing is written.
  ///
  /// - Parameters:
  ///   - results: folder of all experiments' results.
  ///   - workers: threads that the run would use.
  ///   - isCalibrated: measure this machine and enrol a few references of the spec's own data;
  ///     otherwise no times are estimated.
  ///   - pilotSeconds: time for these enrolments, roughly.
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
    var batches: [(batch: CellBatch, data: BatchData)] = []
    for batch in spec.batches(of: spec.cells()) {
      let data = try BatchData(spec: spec, batch: batch, shelf: shelf)
      let size = CellSize(data, replicates: spec.bootstrap.replicates)
      for cell in batch.cells {
        sizes[cell] = size
        if cell.attack != nil {
          sizes[cell]!.add(
            try AttackData(spec: spec, cell: cell, shelf: shelf),
            learns: cell.preset == nil && spec.trains(cell))
        }
        for dataset in spec.datasets(of: cell) {
          let set = try shelf.load(dataset, extractor: batch.extractor)
          bytesOfExtractor[batch.extractor, default: [:]][dataset] =
            set.vectors.rows * set.vectors.stride * MemoryLayout<Float>.stride
        }
      }
      let isOpen = batch.cells.contains { statuses[$0]?.isCached != true }
      // Groups share their embeddings with the shelf; those of one extractor are pilots at a time.
      if isOpen, batches.last.map({ $0.batch.extractor == batch.extractor }) ?? true {
        batches.append((batch, data))
      }
    }
    let opening = (clock.now - start) / .seconds(1)
    let pilots = isCalibrated ? try runner.pilots(batches, seconds: pilotSeconds) : [:]
    let measuredBytes = StopWatch.peakBytes
    func pilot(_ cell: Cell) -> Pilot? {
      let isSameData: (CellBatch) -> Bool = {
        $0.dataset == cell.dataset && $0.repeatIndex == cell.repeatIndex
      }
      let known = batches.indices.filter { batches[$0].batch.configuration == cell.preset }
      let own = known.first {
        batches[$0].batch.extractor == cell.extractor && isSameData(batches[$0].batch)
      }
      // Another extractor of the same dataset takes about as long.
      return (own ?? known.first { isSameData(batches[$0].batch) }).flatMap { pilots[$0] }
    }
    let dimension = sizes.values.map(\.dimension).max() ?? 512
    var rates =
      isCalibrated
      ? try CalibratedRates.measured(dimension: dimension, conventions: spec.conventions) : nil
    if let attack = spec.attack, sizes.values.contains(where: { $0.attack != nil }) {
      rates?.attack = isCalibrated ? try .measured(dimension: dimension, attack) : nil
    }
    // Sets of one extractor are open at a time.
    let dataBytes = bytesOfExtractor.values.map { $0.values.reduce(0, +) }.max() ?? 0
    return RunPlan(
      spec: spec, statuses: statuses, rates: rates, workers: workers, dataBytes: dataBytes,
      pilot: pilot, openingSeconds: isCalibrated ? opening : 0,
      measuredBytes: isCalibrated ? measuredBytes : 0
    ) { sizes[$0]! }
  }
}

extension CellSize {
  /// Counts of a batch's data, all folds together; rows to train and to validate with are the mean
  /// over the folds.
  init(_ data: BatchData, replicates: Int) {
    let folds = max(1, data.partitions.count)
    self.init(
      references: data.references, probes: data.comparisons.reduce(0) { $0 + $1.probeCount },
      comparisons: data.comparisons.reduce(0) { $0 + $1.referenceCount * $1.probeCount },
      cohortRows: data.partitions.reduce(0) { $0 + $1.cohort.rows.count } / folds,
      developmentRows: data.partitions.reduce(0) { $0 + $1.development.rows.count } / folds,
      dimension: data.set.dimension, bootstrapReplicates: replicates)
  }
}
