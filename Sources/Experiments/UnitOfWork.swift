import Datasets

/// A block of references of one fold, scored against all probes of the fold: what is complete or
/// absent on disk, and what shards are made of.
struct UnitOfWork: Sendable, Hashable {
  /// References of a unit: a compromise between work lost at an interruption and overhead.
  static let references = 64

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

  /// The units of all folds, in order.
  static func units(of comparisons: [ComparisonProtocol]) -> [[UnitOfWork]] {
    comparisons.map { comparison in
      stride(from: 0, to: comparison.referenceCount, by: references).enumerated().map {
        index, start in
        UnitOfWork(
          fold: comparison.fold, index: index,
          rows: start..<min(start + references, comparison.referenceCount))
      }
    }
  }
}
