import Foundation
import MOTE
import Records
import Specs

/// Joining shards: their score blocks are taken over after checks, then evaluated as if one run had
/// made them all.
extension Runner {
  /// Takes over the scores of shards and evaluates all cells.
  ///
  /// - Parameters:
  ///   - folders: results folders of the shards (what they were given with `--results`).
  ///   - allowsMixedVersions: accept shards made with other library versions or CPU kernels.
  /// - Throws: `MergeError` for shards of another spec, other data or code, and for units that no
  ///   shard has; what `run` throws.
  package func merge(_ folders: [String], allowsMixedVersions: Bool = false) throws -> RunSummary {
    try run { toDo, fingerprints, shelf in
      let shards = try folders.map { try shardStore($0) }
      try check(shards, toDo, fingerprints, allowsMixedVersions: allowsMixedVersions)
      let ordinals = Dictionary(
        uniqueKeysWithValues: spec.cells().enumerated().map { ($1, $0) })
      let count = shards.first?.manifest.shard.count ?? 1
      var missing: [MergeError.Missing] = []
      func takeOver(_ blocks: [(name: String, rows: Int)], of cell: Cell) throws {
        for (number, block) in blocks.enumerated() {
          try interruption.check()
          let isThere = try self.takeOver(
            block.name, rows: block.rows, cell, fingerprints[cell]!, from: shards.map(\.store))
          if !isThere {
            missing.append(
              MergeError.Missing(
                cell: cell.slug, unit: block.name, shard: (number + ordinals[cell]!) % count))
          }
        }
      }
      for batch in spec.batches(of: toDo.filter { $0.attack == nil }) {
        let units = try BatchData(spec: spec, batch: batch, shelf: shelf).units.joined()
        for cell in scoredCells(of: batch) {
          try takeOver(units.map { ($0.name, $0.rows.count) }, of: cell)
        }
      }
      for cell in toDo where cell.attack != nil {
        let units = try AttackData(spec: spec, cell: cell, shelf: shelf).units
        try takeOver(units.map { ($0.side.name($0.unit), $0.unit.rows.count) }, of: cell)
      }
      guard missing.isEmpty else { throw MergeError.missing(missing, of: count) }
    }
  }

  /// Writes what a shard's scores are made from.
  func writeManifest(of shard: Shard, _ fingerprints: [Cell: CellFingerprint]) throws {
    let manifest = ShardManifest(
      experiment: spec.name, specHash: spec.specHash, shard: shard,
      fingerprints: Dictionary(
        uniqueKeysWithValues: fingerprints.map { ($0.key.slug, $0.value) }),
      versions: Provenance.libraryVersions(), machine: Machine.current.description)
    try AtomicFile.write(
      canonicalJSON(manifest), to: "\(store.folder)/\(ShardManifest.fileName)")
  }

  private func shardStore(_ folder: String) throws -> (
    folder: String, store: ResultStore, manifest: ShardManifest
  ) {
    let store = ResultStore(results: folder, experiment: spec.name)
    let path = "\(store.folder)/\(ShardManifest.fileName)"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw MergeError.notAShard(folder: folder, looked: path)
    }
    do {
      let manifest = try JSONDecoder().decode(ShardManifest.self, from: data)
      return (folder, store, manifest)
    } catch {
      throw MergeError.badManifest(path: path, reason: describe(error))
    }
  }

  /// Refuses shards that do not belong to this spec, data and code, or not together.
  private func check(
    _ shards: [(folder: String, store: ResultStore, manifest: ShardManifest)], _ toDo: [Cell],
    _ fingerprints: [Cell: CellFingerprint], allowsMixedVersions: Bool
  ) throws {
    for shard in shards {
      for cell in toDo {
        let wanted = fingerprints[cell]!
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
    _ unit: String, rows: Int, _ cell: Cell, _ fingerprint: CellFingerprint,
    from shards: [ResultStore]
  ) throws -> Bool {
    // The weights come first: a unit with scores is complete.
    let weights = spec.keepsTemplates(of: cell) ? [UnitOfWork.templatesName(of: unit)] : []
    return try (weights + [unit]).allSatisfy { name in
      func isIntact(in store: ResultStore) throws -> Bool {
        do {
          let hash = fingerprint.scoreHash
          return name == unit
            ? try store.scores(
              cell: cell, name: name, scoreHash: hash, metadata: UnitOutcome.self)?.scores.rows
              == rows
            : try store.scores(
              cell: cell, name: name, scoreHash: hash, metadata: TemplateShape.self)?.scores.rows
              == rows
        } catch StoreError.badBlock(let path, let reason) {
          report(.warning("'\(path)' is damaged (\(reason))"))
          return false
        }
      }
      if try isIntact(in: store) { return true }
      for shard in shards where try isIntact(in: shard) {
        try AtomicFile.linkOrCopy(
          "\(shard.scoresFolder(cell))/\(name).f32", to: "\(store.scoresFolder(cell))/\(name).f32")
        return true
      }
      return false
    }
  }
}

/// Why shards cannot be merged.
package enum MergeError: Error, CustomStringConvertible {
  /// A unit of work that no shard has.
  package struct Missing: Sendable, Hashable {
    package let cell: String
    package let unit: String
    /// Number of the shard that it belongs to.
    package let shard: Int
  }

  case notAShard(folder: String, looked: String)
  case badManifest(path: String, reason: String)
  case otherInputs(folder: String, cell: String, difference: String)
  case otherDivision(String, Shard, String, Shard)
  case otherVersions(folder: String, differences: [String])
  /// Units that no shard has, of so many shards.
  case missing([Missing], of: Int)

  package var description: String {
    switch self {
    case .notAShard(let folder, let looked):
      "'\(folder)' holds no shard of this experiment: no file '\(looked)'; expected the folder that "
        + "`Harness run --shard i/n --results FOLDER` was given"
    case .badManifest(let path, let reason):
      "'\(path)' cannot be read: \(reason); run the shard again"
    case .otherInputs(let folder, let cell, let difference):
      "shard '\(folder)' was made from other inputs (\(cell): \(difference)); "
        + "run it again with this spec, data and program"
    case .otherDivision(let a, let first, let b, let second):
      "shard '\(a)' is \(first), shard '\(b)' is \(second): expected shards of one division"
    case .otherVersions(let folder, let differences):
      "shard '\(folder)' was made with other versions (\(differences.joined(separator: "; "))), so "
        + "that scores may differ in their last digits; --allow-mixed-versions accepts that"
    case .missing(let units, let count):
      (["\(units.count) unit\(units.count == 1 ? " is" : "s are") missing:"]
        + units.prefix(20).map { "  \($0.cell) \($0.unit)" }
        + (units.count > 20 ? ["  and \(units.count - 20) more"] : [])
        + [
          "run "
            + Set(units.map(\.shard)).sorted().map { "--shard \($0)/\(count)" }
            .joined(separator: ", ") + " again, then merge again; nothing was evaluated"
        ]).joined(separator: "\n")
    }
  }
}
