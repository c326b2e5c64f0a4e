// Figure 4 (definitions 7): what personal networks look at, beside traditional templates.
import Configurations
import Datasets
import Explain
import Files
import Foundation
import HDF5Library
import Kernels
import Records
import Specs

/// Explains the scores of every MOTE configuration of a spec, at its first balancing factor and first
/// repeat, for the people of a file of exported maps, and writes a `MapRecord` and the maps of each.
package struct ExplanationRun {
  private let spec: ExperimentSpec
  private let store: ResultStore
  private let maps: String
  private let occluded: [String]
  private let workers: Int
  private let interruption: Interruption
  private let report: (String) -> Void

  /// Lines of the contact sheet.
  private static let examples = 6

  /// - Parameters:
  ///   - maps: path of the file of exported maps.
  ///   - occluded: paths of files of occluded faces, at most one per cell.
  ///   - report: receives a line per step.
  package init(
    _ spec: ExperimentSpec, maps: String, occluded: [String] = [], results: String, workers: Int,
    interruption: Interruption, report: @escaping (String) -> Void
  ) {
    self.spec = spec
    self.maps = maps
    self.occluded = occluded
    self.workers = workers
    self.interruption = interruption
    self.report = report
    store = ResultStore(results: results, experiment: spec.name)
  }

  /// - Throws: `MapsError`, `OcclusionError`, `ExplainError`, `StoreError`, `Interrupted`, what the data throw.
  package func run() throws {
    let exported = try ExportedMaps(path: maps)
    report(
      "\(maps): \(exported.count) images of \(Set(exported.identities).count) people, "
        + "\(exported.channels) maps of \(exported.height)x\(exported.width), \(exported.tail.name) tail; "
        + "embeddings reproduced to \(String(format: "%.2g", exported.deviation)) "
        + "(allowed \(String(format: "%.2g", exported.tolerance)))")
    let cells = spec.cells().filter {
      $0.preset != nil && $0.attack == nil && $0.repeatIndex == 0 && $0.evaluated == nil
        && $0.balancingFactor != nil && $0.balancingFactor == spec.balancingFactors.first
    }
    guard !cells.isEmpty else { throw MappedPeopleError.noNetworks(spec: spec.path) }
    let greyed = try GreyedCells(occluded, maps: exported, cells: cells.map(\.slug))
    let lock = try store.open()
    defer { lock.release() }
    try store.keep(spec, replaces: false)
    if let warning = lock.warning { report("warning: \(warning)") }
    try stored(AtomicFile.makeFolder(store.mapsFolder))
    let shelf = try DataShelf(spec: spec)
    for line in try store.setAsideMaps(
      current: spec.inputs(shelf.hashes).mapValues(CellFingerprint.init(now:)))
    {
      report("record set aside: \(line)")
    }
    for cell in cells {
      try interruption.check()
      let clock = ProvenanceClock()
      let inputs = spec.inputs(of: cell, shelf.hashes)
      let data = try BatchData(inputs, shelf: shelf)
      report("\(cell.title): \(data.partitions[0].cohort.rows.count) cohort rows")
      var record = try explain(inputs, data, exported, greyed)
      var hashes = shelf.hashesByPath
      hashes[maps] = exported.sha256
      record.provenance = clock.provenance(.current(spec: spec, dataHashes: hashes), cell)
      try store.write(record)
      report("  \(store.mapRecordPath(cell))")
    }
  }

  private func explain(
    _ inputs: CellInputs, _ data: BatchData, _ exported: ExportedMaps, _ greyed: GreyedCells
  ) throws -> MapRecord {
    let people = try MappedPeople(exported, data)
    let inputHash = CellFingerprint(now: inputs).inputHash
    let faces = try greyed.faces(of: inputs.cell.slug, inputHash: inputHash)
    let networks = try PersonalNetworks(
      store: store, inputs: inputs, data: data, workers: workers, interruption: interruption
    ).networks(
      of: people, inputHash: inputHash, templates: spec.templatePrecision, report: report)
    let explained = try ExplainedTrials(
      exported, people, networks: networks,
      references: people.referenceRows.map { data.set.vectors[row: Int($0)].map(Double.init) },
      isNormalised: data.set.isNormalised, seed: data.protocolSeed, workers: workers,
      interruption: interruption)
    report("  \(people.trials.count) trials explained")
    try write(explained, cell: inputs.cell, inputHash: inputHash)
    let bootstrap = inputs.evaluation.bootstrap
    let statistics = MapStatistics(
      explained,
      bootstrap: PeopleBootstrap(
        people: people.count, replicates: bootstrap.replicates, seed: bootstrap.seed))
    let pixels = try faces.map { faces in
      let trials = try GreyedTrials(
        faces, explained, isNormalised: data.set.isNormalised, workers: workers,
        interruption: interruption)
      report("  deletion by pixels scored from \(faces.path)")
      return greyed.record(faces, drops: statistics.deletion(trials))
    }
    return MapRecord(
      key: inputs.cell, inputHash: inputHash, mapsHash: exported.sha256,
      isSynthetic: exported.isSynthetic || data.set.isSynthetic, tail: exported.tail.name,
      shape: [exported.channels, exported.height, exported.width], deviation: exported.deviation,
      tolerance: exported.tolerance, people: people.count, images: exported.count,
      matedTrials: people.matedTrials,
      nonMatedTrials: people.trials.count - people.matedTrials,
      replicates: bootstrap.replicates, scores: statistics.scores(),
      attention: statistics.attention(), likeness: statistics.likeness(),
      deletion: statistics.deletion(), pixelDeletion: pixels,
      examples: statistics.examples(Self.examples))
  }

  /// Writes all maps of a cell, a row per trial.
  private func write(_ explained: ExplainedTrials, cell: Cell, inputHash: String) throws {
    let (people, trials) = (explained.people, explained.people.trials)
    let writer = try HDF5Writer(path: store.mapsPath(cell), isSealed: true)
    try writer.setAttribute("format", "mote-heat-maps-1")
    try writer.setAttribute("cell", cell.slug)
    try writer.setAttribute("input_hash", inputHash)
    try writer.setAttribute("maps_sha256", explained.maps.sha256)
    try writer.setAttribute("synthetic", explained.maps.isSynthetic ? "true" : "false")
    try writer.writeStrings("reference", trials.map { people.identities[$0.reference] })
    try writer.writeStrings("probe", trials.map { people.identities[$0.person] })
    try writer.writeVector("image", trials.map { Double($0.image) }, as: .int32)
    for system in ExplainedSystem.allCases {
      let found = explained.found[system]!
      try writer.writeVector("\(system.rawValue)/score", found.map(\.score), as: .float64)
      for rule in AlphaRule.allCases {
        let name = "\(system.rawValue)/\(rule.rawValue)"
        try writer.create(
          name, .float32, shape: [trials.count, explained.maps.height, explained.maps.width])
        let values = found.flatMap { $0.map(rule).values.map(Float.init) }
        try values.withUnsafeBufferPointer {
          try writer.write(name, rows: 0..<trials.count, from: $0.baseAddress!)
        }
      }
    }
    try writer.finish()
  }
}
