import Datasets

extension RunPlan {
  /// The plan of a spec: opens its data, divides it as a run would, and looks every cell up in the
  /// results folder. Nothing is trained, and nothing is written.
  ///
  /// - Parameters:
  ///   - results: folder of all experiments' results.
  ///   - workers: threads that the run would use.
  ///   - isCalibrated: measure this machine for about a second; otherwise no times are estimated.
  /// - Throws: what a run would throw about its data: `HDF5Error`, `DatasetError`,
  ///   `PartitionError`, `ProtocolError`.
  package static func make(
    for spec: ExperimentSpec, results: String, workers: Int, isCalibrated: Bool = true
  ) throws -> RunPlan {
    let store = ResultStore(results: results, experiment: spec.name)
    let shelf = try DataShelf(spec: spec)
    let fingerprints = spec.fingerprints(dataHashes: shelf.hashes)
    var statuses: [CellKey: ResultStore.Status] = [:]
    for (cell, fingerprint) in fingerprints {
      statuses[cell] = store.status(of: cell, fingerprint: fingerprint)
    }

    var sizes: [CellKey: CellSize] = [:]
    var bytesOfExtractor: [String: [String: Int]] = [:]
    for group in spec.groups(of: spec.cells()) {
      let data = try GroupData(spec: spec, group: group, shelf: shelf)
      let size = CellSize(data, replicates: spec.bootstrap.replicates)
      for cell in group.cells {
        sizes[cell] = size
        if cell.attack != nil {
          sizes[cell]!.add(
            try AttackData(spec: spec, cell: cell, shelf: shelf),
            learns: cell.preset == nil && spec.trains(cell))
        }
        for dataset in spec.datasets(of: cell) {
          let set = try shelf.load(dataset, extractor: group.extractor)
          bytesOfExtractor[group.extractor, default: [:]][dataset] =
            set.vectors.rows * set.vectors.stride * MemoryLayout<Float>.stride
        }
      }
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
      spec: spec, statuses: statuses, rates: rates, workers: workers, dataBytes: dataBytes
    ) { sizes[$0]! }
  }
}

extension CellSize {
  /// Counts of a group's data, all folds together; rows to train and to validate with are the mean
  /// over the folds.
  init(_ data: GroupData, replicates: Int) {
    let folds = max(1, data.partitions.count)
    self.init(
      references: data.references, probes: data.comparisons.reduce(0) { $0 + $1.probeCount },
      comparisons: data.comparisons.reduce(0) { $0 + $1.referenceCount * $1.probeCount },
      cohortRows: data.partitions.reduce(0) { $0 + $1.cohort.rows.count } / folds,
      developmentRows: data.partitions.reduce(0) { $0 + $1.development.rows.count } / folds,
      dimension: data.set.dimension, bootstrapReplicates: replicates)
  }
}
