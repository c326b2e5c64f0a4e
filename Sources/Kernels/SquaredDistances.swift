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
    squares = rows.withUnsafeBufferPointer { rows in
      (0..<n).map { i in Self.square(UnsafeBufferPointer(rebasing: rows[i * d..<(i + 1) * d])) }
    }
    panels = memory.zeros(Double.self, roundedUp(n, to: MOTE_PAD) * d)
    kernels.pack_doubles(rows, n, d, panels)
  }

  /// |x|^2, in eight sums.
  private static func square(_ x: UnsafeBufferPointer<Double>) -> Double {
    var sums = SIMD8<Double>()
    var j = 0
    while j + 8 <= x.count {
      for l in 0..<8 { sums[l] += x[j + l] * x[j + l] }
      j += 8
    }
    var sum = sums.sum()
    while j < x.count {
      sum += x[j] * x[j]
      j += 1
    }
    return sum
  }

  /// Distances of some of the rows to some of them: `out[(i - rows.lowerBound) * stride + j]` for i
  /// of `rows` and j of `columns`. Up to MOTE_PAD - 1 columns before the first are written too.
  package func evaluate(
    rows range: Range<Int>, columns: Range<Int>, into out: UnsafeMutablePointer<Double>,
    stride: Int
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "rows \(range) of \(count)")
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= min(count, stride),
      "columns \(columns) of \(count), stride \(stride)")
    if columns.isEmpty { return }
    // Panels begin at multiples of MOTE_PAD on every path.
    let first = columns.lowerBound / Int(MOTE_PAD) * Int(MOTE_PAD)
    rows.withUnsafeBufferPointer { rows in
      squares.withUnsafeBufferPointer { squares in
        guard let rows = rows.baseAddress, let squares = squares.baseAddress else { return }
        kernels.squared_distances(
          panels + first * dimension, squares + first, columns.upperBound - first, dimension,
          rows + range.lowerBound * dimension, squares + range.lowerBound, range.count,
          out + first, stride)
      }
    }
  }
}
