import Files
import Foundation
import MOTE
import Records
import Specs

/// Joining shards: their score blocks are taken over after checks, then evaluated as if one run had
/// made them all.
struct Merging {
  let spec: ExperimentSpec
  let run: RunContext
  /// Results folders of the shards.
  let folders: [String]
  /// Accept shards made with other library versions or CPU kernels.
  let allowsMixedVersions: Bool

  /// Takes over the scores that the cells to do need.
  ///
  /// - Throws: `MergeError`, `StoreError`, `Interrupted`, what is wrong with the data.
  func takeOver(_ lookup: Lookup) throws {
    let shards = try folders.map { try ShardFolder($0, of: spec) }
    func place(_ folder: String) -> String {
      URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    }
    for shard in shards where place(shard.store.folder) == place(run.store.folder) {
      throw MergeError.ownResults(folder: shard.folder)
    }
    var places: Set<String> = []
    for shard in shards where !places.insert(place(shard.store.folder)).inserted {
      throw MergeError.givenTwice(folder: shard.folder)
    }
    try check(shards, lookup)
    let count = shards.first?.manifest.shard.count ?? 1
    var missing: [MergeError.Missing] = []
    for (cell, units) in try neededUnits(lookup) {
      for (number, unit) in units.enumerated() {
        try run.interruption.check()
        if try !takeOver(unit.name, rows: unit.rows, cell, lookup, from: shards) {
          missing.append(
            MergeError.Missing(
              cell: cell.slug, unit: unit.name,
              shard: Shard.number(unit: number, cell: lookup.ordinals[cell]!, of: count)))
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
      let units = try BatchData(lookup.inputs(of: batch), shelf: lookup.shelf).units.joined()
      return batch.scoredCells(lookup.inputs).map { cell in
        (cell: cell, units: units.map { (name: $0.name, rows: $0.rows.count) })
      }
    }
    let attacked = try lookup.attacked.map { cell in
      let units = try AttackData(lookup.inputs[cell]!, shelf: lookup.shelf).units
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
        if found.scoreHashOfAnyLibrary != wanted.scoreHashOfAnyLibrary {
          throw MergeError.otherInputs(
            folder: shard.folder, cell: cell.slug,
            difference: wanted.difference(from: found) ?? "inputs changed")
        }
      }
      if shard.manifest.shard.count != shards[0].manifest.shard.count {
        throw MergeError.otherDivision(
          shard.folder, shard.manifest.shard, shards[0].folder, shards[0].manifest.shard)
      }
      if !allowsMixedVersions, !shard.otherVersions.isEmpty {
        throw MergeError.otherVersions(folder: shard.folder, differences: shard.otherVersions)
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
    // The weights come first: a unit with scores is complete.
    if own.keepsTemplates,
      try !takeOver(
        UnitOfWork.templatesName(of: unit), as: TemplateShape.self, rows, own, from: shards)
    {
      return false
    }
    return try takeOver(unit, as: UnitOutcome.self, rows, own, from: shards) { outcome, shard in
      outcome.otherVersions = [shard.otherVersions.joined(separator: ", ")]
    }
  }

  /// Links or copies one file, unless this store has it. Scores of other versions, where they are
  /// accepted, are written anew as this run's, and say so.
  private func takeOver<Metadata: Codable & Sendable>(
    _ name: String, as type: Metadata.Type, _ rows: Int, _ own: CellBlocks,
    from shards: [ShardFolder], marking: (inout Metadata, ShardFolder) -> Void = { _, _ in }
  ) throws -> Bool {
    if try own.intact(name, rows: rows, as: type) != nil { return true }
    for shard in shards {
      var theirs = own
      theirs.store = shard.store
      theirs.scoreHash = shard.manifest.fingerprints[own.cell.slug]?.scoreHash ?? own.scoreHash
      guard var block = try theirs.intact(name, rows: rows, as: type) else { continue }
      if theirs.scoreHash == own.scoreHash {
        try stored(
          AtomicFile.linkOrCopy(
            shard.store.scoresPath(own.cell, name), to: own.store.scoresPath(own.cell, name)))
      } else {
        marking(&block.metadata, shard)
        try own.store.writeScores(block, cell: own.cell, name: name, scoreHash: own.scoreHash)
      }
      return true
    }
    return false
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

extension ShardFolder {
  /// Versions that differ from those of this build and machine: "cpu-path avx2, here avx512".
  var otherVersions: [String] {
    let (own, others) = (Provenance.computingVersions(), manifest.versions)
    return Set(own.keys).union(others.keys).sorted().filter { own[$0] != others[$0] }
      .map { "\($0) \(others[$0] ?? "none"), here \(own[$0] ?? "none")" }
  }
}

extension ResultStore {
  /// Writes what a shard's scores are made from.
  ///
  /// - Throws: `MergeError.otherShard` where the folder is that of another one.
  func writeManifest(
    of shard: Shard, _ run: Provenance, _ fingerprints: [Cell: CellFingerprint]
  ) throws {
    let path = "\(folder)/\(ShardManifest.fileName)"
    // One that cannot be read is replaced.
    if let old = try? RecordFolder<ShardManifest>.read(path), old.shard != shard {
      throw MergeError.otherShard(folder: folder, old.shard, wanted: shard)
    }
    let manifest = ShardManifest(
      experiment: run.experiment, specHash: run.specHash, shard: shard,
      fingerprints: Dictionary(
        uniqueKeysWithValues: fingerprints.map { ($0.key.slug, $0.value) }),
      versions: Provenance.computingVersions(), machine: run.machine)
    try RecordFolder.write(manifest, to: path)
  }
}
