import Specs

/// One share of an experiment's units of work: shard `index` of `count`, from 0.
///
/// Units are dealt like cards: unit u of cell c belongs to shard (u + c) mod count, so that shards
/// are disjoint, together complete, and of nearly equal size even where cells have one unit each.
package struct Shard: Sendable, Codable, Hashable, CustomStringConvertible {
  package let index: Int
  package let count: Int

  /// From "2/8"; nil unless 0 <= index < count.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]),
      count >= 1, (0..<count).contains(index)
    else { return nil }
    self.index = index
    self.count = count
  }

  package var description: String { "\(index)/\(count)" }

  /// Whether the shard does a unit.
  ///
  /// - Parameters:
  ///   - unit: number of the unit within its cell, over all folds.
  ///   - cell: number of the cell among `ExperimentSpec.cells()`.
  package func owns(unit: Int, cell: Int) -> Bool {
    Self.number(unit: unit, cell: cell, of: count) == index
  }

  /// Which of `count` shards does a unit, numbered as in `owns`.
  package static func number(unit: Int, cell: Int, of count: Int) -> Int { (unit + cell) % count }
}

/// What a sharded run says about itself, beside its score blocks: enough for `merge` to refuse what
/// does not belong together.
package struct ShardManifest: Sendable, Codable {
  package static let currentVersion = 2
  package var version = ShardManifest.currentVersion
  package var experiment: String
  package var specHash: String
  package var shard: Shard
  /// Inputs of each cell by its slug.
  package var fingerprints: [String: CellFingerprint]
  /// Versions of libraries and CPU paths: scores differ in the last digits between them.
  package var versions: [String: String]
  package var machine: String

  /// Place of the manifest in the results folder of an experiment.
  package static let fileName = "shard.json"

  package init(
    experiment: String, specHash: String, shard: Shard, fingerprints: [String: CellFingerprint],
    versions: [String: String], machine: String
  ) {
    self.experiment = experiment
    self.specHash = specHash
    self.shard = shard
    self.fingerprints = fingerprints
    self.versions = versions
    self.machine = machine
  }
}
