import CKernels

/// Rows packed once for many products with other rows: a gallery of vectors.
///
/// Products are the same bits as those of `DenseProducts`: each is summed over the dimension in order.
/// Read-only, for several threads at once.
package final class PackedRows: @unchecked Sendable {
  package let count: Int
  package let dimension: Int
  private let kernels: mote_kernels
  private let memory = AlignedMemory()
  private let panels: UnsafeMutablePointer<Float>

  /// Ranges of products begin at multiples of this.
  package static let rowsPerPanel = Int(MOTE_PANEL)

  /// - Parameter rows: at least one row, of at least one number.
  package init(_ rows: FloatMatrix, path: CPUPath = .current) {
    precondition(rows.rows > 0 && rows.columns > 0, "\(rows.rows) rows of \(rows.columns)")
    count = rows.rows
    dimension = rows.columns
    kernels = path.kernels
    panels = memory.zeros(Float.self, roundedUp(count, to: Self.rowsPerPanel) * dimension)
    kernels.pack(rows.base, rows.stride, count, dimension, panels)
  }

  /// out[i * stride + r] = probe i . row r, for the rows of a range.
  ///
  /// - Parameters:
  ///   - range: begins at a multiple of `rowsPerPanel`.
  ///   - probes: [count, dimension].
  package func products(
    _ range: Range<Int>, with probes: FloatMatrix, into out: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count && stride >= count
        && range.lowerBound % Self.rowsPerPanel == 0 && probes.columns == dimension,
      "\(range) of \(count) rows, \(probes.columns) columns, dimension \(dimension)")
    kernels.dense_products(
      panels + range.lowerBound * dimension, range.count, dimension, probes.base, probes.stride,
      probes.rows, out + range.lowerBound, stride)
  }
}
