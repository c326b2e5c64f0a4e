import CKernels

/// All inner products of two sets of rows: out[i][j] = row i . column row j.
///
/// Every product is summed over the dimension in order, so a value does not depend on the block it
/// is computed in. Belongs to one thread.
package final class DenseProducts {
  package let dimension: Int
  private let kernels: mote_kernels
  private let memory = AlignedMemory()
  private let panels: UnsafeMutablePointer<Float>

  /// Column rows that are packed at a time: their panels stay in the L2 cache.
  private static let columnsPerPass = 64

  package init(dimension: Int, path: CPUPath = .current) {
    precondition(dimension > 0, "dimension \(dimension)")
    self.dimension = dimension
    kernels = path.kernels
    panels = memory.zeros(Float.self, dimension * DenseProducts.columnsPerPass)
  }

  /// - Parameters:
  ///   - rows: [r, d].
  ///   - columns: [c, d].
  ///   - out: r rows of c products, `stride` floats apart.
  package func evaluate(
    rows: FloatMatrix, columns: FloatMatrix, into out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    precondition(
      rows.columns == dimension && columns.columns == dimension && stride >= columns.rows,
      "\(rows.columns) and \(columns.columns) columns, dimension \(dimension), stride \(stride)")
    var first = 0
    while first < columns.rows {
      let count = min(DenseProducts.columnsPerPass, columns.rows - first)
      kernels.pack(
        columns.base + first * columns.stride, columns.stride, count, dimension, panels)
      kernels.dense_products(
        panels, count, dimension, rows.base, rows.stride, rows.rows, out + first, stride)
      first += count
    }
  }
}
