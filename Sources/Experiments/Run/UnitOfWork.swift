import Datasets
import Records
import Specs

/// A block of references of one fold, scored against all probes of the fold: what is complete or
/// absent on disk, and what shards are made of.
struct UnitOfWork: Sendable, Hashable {
  /// Most references of a unit: a compromise between work lost when the process is killed and
  /// workers that wait for the last of a unit.
  static let references = 32
  /// Of so many workers those that the references of a unit are dealt among.
  static func workers(atMost workers: Int) -> Int { min(workers, references) }

  /// Most scores of a unit (64 MiB), where there are very many probes.
  static let scores = 16 << 20

  let fold: Int
  /// Number within the fold.
  let index: Int
  /// Rows of the score matrix.
  let rows: Range<Int>

  /// File name within the cell, e.g. "fold0-0003".
  var name: String {
    let digits = String(index)
    return "fold\(fold)-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Name of the weights of the unit's references, kept beside its scores.
  var templatesName: String { Self.templatesName(of: name) }

  /// Name of the weights that belong to the scores of a unit.
  static func templatesName(of unit: String) -> String { unit + ".templates" }

  /// The units of all folds, in order. They follow from the data alone, so that runs and shards on
  /// any machine cut alike.
  static func units(of comparisons: [ComparisonProtocol]) -> [[UnitOfWork]] {
    comparisons.map { comparison in
      let references = max(1, min(references, scores / max(1, comparison.probeCount)))
      return stride(from: 0, to: comparison.referenceCount, by: references).enumerated().map {
        index, start in
        UnitOfWork(
          fold: comparison.fold, index: index,
          rows: start..<min(start + references, comparison.referenceCount))
      }
    }
  }
}
