import Records

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
  case ownResults(folder: String)
  case otherInputs(folder: String, cell: String, difference: String)
  case otherDivision(String, Shard, String, Shard)
  /// A folder that was another shard's is to be a shard's.
  case otherShard(folder: String, Shard, wanted: Shard)
  case givenTwice(folder: String)
  case otherVersions(folder: String, differences: [String])
  /// Units that no shard has, of so many shards.
  case missing([Missing], of: Int)

  package var description: String {
    switch self {
    case .ownResults(let folder):
      "shard '\(folder)' is the results folder that the merge writes to; name another with --results"
    case .notAShard(let folder, let looked):
      "'\(folder)' holds no shard of this experiment: no file '\(looked)'; expected the folder that "
        + "`Harness run --shard i/n --results FOLDER` was given"
    case .otherInputs(let folder, let cell, let difference):
      "shard '\(folder)' was made from other inputs (\(cell): \(difference)); "
        + "run it again with this spec, data and program"
    case .otherDivision(let a, let first, let b, let second):
      "shard '\(a)' is \(first), shard '\(b)' is \(second): expected shards of one division"
    case .otherShard(let folder, let found, let wanted):
      "'\(folder)' holds shard \(found), and shard \(wanted) would go there; give every shard a folder of its "
        + "own by --results, or remove this one"
    case .givenTwice(let folder): "shard '\(folder)' is given twice"
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
