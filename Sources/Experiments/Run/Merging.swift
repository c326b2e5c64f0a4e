import Files
import Foundation
import MOTE
import Records
import Specs

/// Joining shards: their score blocks are taken over after checks, then evaluated as if one run had
/// made them all.
struct Merging {
  let run: RunContext
  /// Results folders of the shards.
  let folders: [String]
  /// Accept shards made with other library versions or CPU kernels.
  let allowsMixedVersions: Bool

  /// Takes over the scores that the cells to do need.
  ///
  /// - Throws: `MergeError`, `StoreError`, `Interrupted`, what is wrong with the data.
  func takeOver(_ lookup: Lookup) throws {
    let shards = try folders.map { try ShardFolder($0, of: run.spec) }
    try check(shards, lookup)
    let count = shards.first?.manifest.shard.count ?? 1
    let ordinals = Dictionary(
      uniqueKeysWithValues: run.spec.cells().enumerated().map { ($1, $0) })
    var missing: [MergeError.Missing] = []
    for (cell, units) in try neededUnits(lookup) {
      for (number, unit) in units.enumerated() {
        try run.interruption.check()
        if try !takeOver(unit.name, rows: unit.rows, cell, lookup, from: shards) {
          missing.append(
            MergeError.Missing(
              cell: cell.slug, unit: unit.name, shard: (number + ordinals[cell]!) % count))
        }
      }
    }
    guard missing.isEmpty else { throw MergeError.missing(missing, of: count) }
  }

  /// The units that the cells to do are made of, by name and rows, in the order that shards count
  /// them in.
  private func neededUnits(_ lookup: Lookup) throws -> [(
    cell: Cell, units: [(name: String, rows: Int)]
  )] {
    let evaluated = try lookup.batches.flatMap { batch in
      let units = try BatchData(spec: run.spec, batch: batch, shelf: lookup.shelf).units.joined()
      return run.spec.scoredCells(of: batch).map { cell in
        (cell: cell, units: units.map { (name: $0.name, rows: $0.rows.count) })
      }
    }
    let attacked = try lookup.attacked.map { cell in
      let units = try AttackData(spec: run.spec, cell: cell, shelf: lookup.shelf).units
      return (
        cell: cell, units: units.map { (name: $0.side.name($0.unit), rows: $0.unit.rows.count) }
      )
    }
    return evaluated + attacked
  }

  /// Refuses shards that do not belong to this spec, data and code, or not together.
  private func check(_ shards: [ShardFolder], _ lookup: Lookup) throws {
    for shard in shards {
      for cell in lookup.toDo {
        let wanted = lookup.fingerprints[cell]!
        guard let found = shard.manifest.fingerprints[cell.slug] else {
          throw MergeError.otherInputs(
            folder: shard.folder, cell: cell.slug, difference: "the shard's spec has no such cell")
        }
        if found.scoreHash != wanted.scoreHash {
          throw MergeError.otherInputs(
            folder: shard.folder, cell: cell.slug,
            difference: wanted.difference(from: found) ?? "inputs changed")
        }
      }
      if shard.manifest.shard.count != shards[0].manifest.shard.count {
        throw MergeError.otherDivision(
          shard.folder, shard.manifest.shard, shards[0].folder, shards[0].manifest.shard)
      }
      let (own, others) = (Provenance.libraryVersions(), shard.manifest.versions)
      if !allowsMixedVersions, own != others {
        let keys = Set(own.keys).union(others.keys).sorted().filter { own[$0] != others[$0] }
        throw MergeError.otherVersions(
          folder: shard.folder,
          differences: keys.map { "\($0) \(others[$0] ?? "none"), here \(own[$0] ?? "none")" })
      }
    }
  }

  /// Links or copies the files of a unit into this store, unless it has them.
  ///
  /// - Returns: false when neither this store nor any shard has the unit complete.
  private func takeOver(
    _ unit: String, rows: Int, _ cell: Cell, _ lookup: Lookup, from shards: [ShardFolder]
  ) throws -> Bool {
    let own = run.blocks(of: cell, lookup)
    let weights = UnitOfWork.templatesName(of: unit)
    // The weights come first: a unit with scores is complete.
    return try (own.keepsTemplates ? [weights, unit] : [unit]).allSatisfy { name in
      func isIntact(in store: ResultStore) throws -> Bool {
        var blocks = own
        blocks.store = store
        return try name == unit
          ? blocks.intact(name, as: UnitOutcome.self)?.scores.rows == rows
          : blocks.intact(name, as: TemplateShape.self)?.scores.rows == rows
      }
      if try isIntact(in: own.store) { return true }
      for shard in shards where try isIntact(in: shard.store) {
        try stored(
          AtomicFile.linkOrCopy(
            "\(shard.store.scoresFolder(cell))/\(name).f32",
            to: "\(own.store.scoresFolder(cell))/\(name).f32"))
        return true
      }
      return false
    }
  }
}

/// The results folder of one shard.
private struct ShardFolder {
  let folder: String
  let store: ResultStore
  let manifest: ShardManifest

  /// - Throws: `MergeError.notAShard`, `RecordError`.
  init(_ folder: String, of spec: ExperimentSpec) throws {
    self.folder = folder
    store = ResultStore(results: folder, experiment: spec.name)
    let path = "\(store.folder)/\(ShardManifest.fileName)"
    guard FileManager.default.fileExists(atPath: path) else {
      throw MergeError.notAShard(folder: folder, looked: path)
    }
    manifest = try RecordFolder.read(path)
  }
}

extension ResultStore {
  /// Writes what a shard's scores are made from.
  func writeManifest(
    of shard: Shard, _ spec: ExperimentSpec, _ fingerprints: [Cell: CellFingerprint]
  ) throws {
    let manifest = ShardManifest(
      experiment: spec.name, specHash: spec.specHash, shard: shard,
      fingerprints: Dictionary(
        uniqueKeysWithValues: fingerprints.map { ($0.key.slug, $0.value) }),
      versions: Provenance.libraryVersions(), machine: Machine.current.description)
    try RecordFolder.write(manifest, to: "\(folder)/\(ShardManifest.fileName)")
  }
}
