/// Scores of consecutive references against the same samples: row-major float32, `stride` floats from
/// row to row.
///
/// A view: the memory (an array, a mapped file) is kept alive by `owner` and must stay as it is
/// while the matrix is in use.
package struct ScoreMatrix: @unchecked Sendable {
  package let base: UnsafePointer<Float>
  package let rows: Int
  package let columns: Int
  package let stride: Int
  private let owner: AnyObject?

  package init(
    base: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int? = nil,
    owner: AnyObject? = nil
  ) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
    self.owner = owner
  }

  /// A matrix in memory of its own.
  ///
  /// - Parameter fill: writes all rows * columns scores, row after row.
  package init(
    rows: Int, columns: Int, fill: (UnsafeMutablePointer<Float>) throws -> Void
  ) rethrows {
    let storage = ScoreStorage(count: rows * columns)
    try fill(storage.base)
    self.init(base: UnsafePointer(storage.base), rows: rows, columns: columns, owner: storage)
  }

  /// A matrix that owns a copy of `scores`, [rows * columns].
  package init(scores: [Float], rows: Int, columns: Int) {
    precondition(scores.count == rows * columns, "\(scores.count) scores, \(rows)x\(columns)")
    self.init(rows: rows, columns: columns) { target in
      scores.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { target.update(from: base, count: source.count) }
      }
    }
  }

  /// Row `i`, `columns` scores.
  package subscript(row i: Int) -> UnsafeBufferPointer<Float> {
    precondition(i >= 0 && i < rows, "row \(i) of \(rows)")
    return UnsafeBufferPointer(start: base + i * stride, count: columns)
  }

  /// Some rows, in the same memory.
  package func rows(_ range: Range<Int>) -> ScoreMatrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "\(range) of \(rows)")
    return ScoreMatrix(
      base: base + range.lowerBound * stride, rows: range.count, columns: columns, stride: stride,
      owner: owner)
  }

  /// Some columns of all rows, in the same memory.
  package func columns(_ range: Range<Int>) -> ScoreMatrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= columns, "\(range) of \(columns)")
    return ScoreMatrix(
      base: base + range.lowerBound, rows: rows, columns: range.count, stride: stride,
      owner: owner)
  }
}

/// Heap memory of a matrix, zero at first.
private final class ScoreStorage {
  let base: UnsafeMutablePointer<Float>
  init(count: Int) {
    base = .allocate(capacity: max(count, 1))
    base.initialize(repeating: 0, count: max(count, 1))
  }
  deinit { base.deallocate() }
}
