import CKernels

/// Inner products of float32 rows in float64: out[i][j] = row i . column row j.
///
/// Products of two float32 numbers are exact in float64, and each sum runs in the order of the
/// dimension: a value does not depend on the CPU path or on the block it is computed in. Belongs to
/// one thread.
package final class ExactProducts {
  package let dimension: Int
  private let kernels: mote_kernels
  private let memory = AlignedMemory()
  private let widened: UnsafeMutablePointer<Double>
  private let panels: UnsafeMutablePointer<Double>
  private let rows: UnsafeMutablePointer<Double>

  /// Most columns, and most rows, that `evaluate` takes at a time: they stay in the L2 cache.
  package static let columnsPerPass = 64
  package static let rowsPerPass = 32

  package init(dimension: Int, path: CPUPath = .current) {
    precondition(dimension > 0, "dimension \(dimension)")
    self.dimension = dimension
    kernels = path.kernels
    widened = memory.zeros(Double.self, dimension * Self.columnsPerPass)
    panels = memory.zeros(Double.self, dimension * Self.columnsPerPass)
    rows = memory.zeros(Double.self, dimension * Self.rowsPerPass)
  }

  /// Takes the column rows that the next products are with.
  ///
  /// - Parameter range: rows of `matrix`, at most `columnsPerPass`.
  package func load(columns matrix: FloatMatrix, _ range: Range<Int>) {
    precondition(range.count <= Self.columnsPerPass)
    widen(matrix, range, into: widened)
    kernels.pack_doubles(widened, range.count, dimension, panels)
  }

  /// Products of some rows with the `columns` loaded ones.
  ///
  /// - Parameters:
  ///   - range: rows of `matrix`, at most `rowsPerPass`.
  ///   - out: a row of `columns` products for each, `stride` apart.
  package func evaluate(
    rows matrix: FloatMatrix, _ range: Range<Int>, columns: Int,
    into out: UnsafeMutablePointer<Double>, stride: Int
  ) {
    precondition(
      range.count <= Self.rowsPerPass && columns <= Self.columnsPerPass && columns <= stride)
    widen(matrix, range, into: rows)
    kernels.float64_products(panels, columns, dimension, rows, range.count, out, stride)
  }

  private func widen(
    _ matrix: FloatMatrix, _ range: Range<Int>, into target: UnsafeMutablePointer<Double>
  ) {
    precondition(matrix.columns == dimension, "\(matrix.columns) columns, dimension \(dimension)")
    for (place, i) in range.enumerated() {
      let source = matrix.base + i * matrix.stride
      let row = target + place * dimension
      for k in 0..<dimension { row[k] = Double(source[k]) }
    }
  }
}
