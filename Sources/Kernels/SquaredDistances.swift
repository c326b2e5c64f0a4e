import CKernels

/// Squared Euclidean distances to a fixed set of rows, in float64.
///
/// Gram form, |x|^2 + |y|^2 - 2 x.y, clamped at 0: exact to rounding of the squares. A value does
/// not depend on the block it is computed in. May be shared by threads: `evaluate` only reads.
package final class SquaredDistances: @unchecked Sendable {
  package let count: Int
  package let dimension: Int
  private let rows: [Double]
  private let squares: [Double]
  private let kernels: mote_kernels
  private let memory = AlignedMemory()
  private let panels: UnsafeMutablePointer<Double>

  /// - Parameter rows: n x d, row-major.
  package init(rows: [Double], count n: Int, dimension d: Int, path: CPUPath = .current) {
    precondition(n >= 1 && d >= 1 && rows.count == n * d, "\(rows.count) values, \(n) x \(d)")
    count = n
    dimension = d
    self.rows = rows
    kernels = path.kernels
    squares = (0..<n).map { i in
      var sum = 0.0
      for j in 0..<d { sum += rows[i * d + j] * rows[i * d + j] }
      return sum
    }
    panels = memory.zeros(Double.self, roundedUp(n, to: MOTE_PAD) * d)
    kernels.pack_doubles(rows, n, d, panels)
  }

  /// Distances of some of the rows to all of them: `out[i * count + j]`.
  package func evaluate(rows range: Range<Int>, into out: UnsafeMutablePointer<Double>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "rows \(range) of \(count)")
    rows.withUnsafeBufferPointer { rows in
      squares.withUnsafeBufferPointer { squares in
        guard let rows = rows.baseAddress, let squares = squares.baseAddress else { return }
        kernels.squared_distances(
          panels, squares, count, dimension, rows + range.lowerBound * dimension,
          squares + range.lowerBound, range.count, out, count)
      }
    }
  }
}
