import Glibc

/// A float32 matrix on the heap, row-major, 64-byte aligned, rows `stride` floats apart.
///
/// The owner of large arrays (embeddings, scores): allocated once, shared by reference. Writing is
/// up to whoever made it; after it has been handed on it is read-only by convention.
package final class FloatMatrix: @unchecked Sendable {
  package let rows: Int
  package let columns: Int
  /// Floats from one row to the next, at least `columns`; the padding is zero.
  package let stride: Int
  package let base: UnsafeMutablePointer<Float>

  /// Bytes from which a matrix asks for large pages: rows taken from it at random, as training does,
  /// each cost a walk through page tables otherwise.
  private static let large = 16 << 20
  private static let largePage = 2 << 20

  /// A matrix of zeros.
  package init(rows: Int, columns: Int, stride: Int? = nil) {
    let stride = stride ?? columns
    precondition(rows >= 0 && columns >= 0 && stride >= columns, "\(rows)x\(columns)/\(stride)")
    self.rows = rows
    self.columns = columns
    self.stride = stride
    let bytes = max(rows * stride, 1) * MemoryLayout<Float>.stride
    let isLarge = bytes >= Self.large
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: isLarge ? Self.largePage : 64)
    // Refused where there are none; then pages are small.
    if isLarge { madvise(raw, bytes, MADV_HUGEPAGE) }
    base = raw.bindMemory(to: Float.self, capacity: max(rows * stride, 1))
    base.initialize(repeating: 0, count: max(rows * stride, 1))
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// Row `i`, `columns` floats. Valid as long as something holds the matrix: do not take a row of a
  /// temporary (`values(ofRow:)` copies).
  package subscript(row i: Int) -> UnsafeMutableBufferPointer<Float> {
    precondition(i >= 0 && i < rows, "row \(i) of \(rows)")
    return UnsafeMutableBufferPointer(start: base + i * stride, count: columns)
  }

  /// A copy of row `i`.
  package func values(ofRow i: Int) -> [Float] {
    withExtendedLifetime(self) { Array(self[row: i]) }
  }

  /// A copy of some rows, in the order given, without padding.
  package func selecting<Index: BinaryInteger>(rows indices: some Collection<Index>) -> FloatMatrix
  {
    let matrix = FloatMatrix(rows: indices.count, columns: columns)
    for (i, row) in indices.enumerated() {
      _ = matrix[row: i].update(fromContentsOf: self[row: Int(row)])
    }
    return matrix
  }
}
