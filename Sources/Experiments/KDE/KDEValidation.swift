// Are synthetic samples like real ones? (definitions 14)
import Biometrics
import Datasets
import Foundation
import Likeness
import MOTE
import Records
import Specs

/// Compares the densities of a spec's configurations with real images of people whom they have not seen,
/// and writes a `KDERecord` for every cohort's densities that has none. Nothing is trained.
package struct KDEValidation {
  private let spec: ExperimentSpec
  private let store: ResultStore
  private let workers: Int
  private let interruption: Interruption
  private let report: (String) -> Void

  /// - Parameters:
  ///   - workers: threads; records do not depend on them.
  ///   - report: receives a line per step.
  package init(
    _ spec: ExperimentSpec, results: String, workers: Int, interruption: Interruption,
    report: @escaping (String) -> Void
  ) {
    self.init(
      spec, store: ResultStore(results: results, experiment: spec.name), workers: workers,
      interruption: interruption, report: report)
  }

  init(
    _ spec: ExperimentSpec, store: ResultStore, workers: Int, interruption: Interruption,
    report: @escaping (String) -> Void
  ) {
    self.spec = spec
    self.store = store
    self.workers = workers
    self.interruption = interruption
    self.report = report
  }

  /// - Throws: `StoreError`, `Interrupted`, what the data throw.
  package func run() throws {
    let lock = try store.open()
    defer { lock.release() }
    try store.keep(spec, replaces: false)
    if let warning = lock.warning { report("warning: \(warning)") }
    try validate(DataShelf(spec: spec))
  }

  /// The same in a folder that is open.
  func validate(_ shelf: DataShelf) throws {
    let cells = spec.firstCells.map { spec.inputs(of: $0, shelf.hashes) }
    // Configurations that differ in their networks share densities.
    var groups: [(inputs: KDEInputs, cells: [CellInputs])] = []
    for cell in cells {
      guard let inputs = KDEInputs(cell) else { continue }
      if let i = groups.firstIndex(where: { $0.inputs == inputs }) {
        groups[i].cells.append(cell)
      } else {
        groups.append((inputs, [cell]))
      }
    }
    let hashes = Dictionary(
      uniqueKeysWithValues: groups.map {
        ($0.cells[0].cell, inputHash(of: $0.inputs, versions: versions))
      })
    for line in try store.setAsideKDE(current: hashes) { report("record set aside: \(line)") }
    for (inputs, cells) in groups {
      try interruption.check()
      let key = cells[0].cell
      let names = cells.compactMap(\.cell.preset)
      if var record = store.kdeRecord(key, inputHash: hashes[key]!) {
        // Other configurations may have come to share the densities.
        if record.configurations != names {
          record.configurations = names
          try store.write(record)
        }
        report("\(key.title): densities compared before")
        continue
      }
      let clock = ProvenanceClock()
      let data = try BatchData(cells[0], shelf: shelf)
      report("\(key.title): densities of \(names.joined(separator: ", "))")
      let comparison = DensityComparison(
        data, inputs, workers: workers, interruption: interruption)
      let record = KDERecord(
        key: key, configurations: names, inputHash: hashes[key]!, isSynthetic: data.set.isSynthetic,
        genders: try comparison.compared(),
        provenance: clock.provenance(
          .current(spec: spec, dataHashes: shelf.hashesByPath), key))
      try store.write(record)
    }
  }

  /// What the numbers follow from besides the inputs.
  private var versions: [String: String] {
    Provenance.computingVersions().merging(
      [
        "datasets": datasetsStageVersion, "mote": moteStageVersion,
        "likeness": likenessStageVersion, "biometrics": biometricsStageVersion,
      ].mapValues { "\($0)" }
    ) { own, _ in own }
  }
}
