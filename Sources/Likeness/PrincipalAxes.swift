// Principal axes of residuals. n rows, d components.
import Kernels
import Privacy

/// Eigenvectors of the second moments of rows about 0, largest variance first: the directions in which
/// images of one person differ, where the rows are residuals.
package struct PrincipalAxes: Sendable {
  /// Mean square of the rows along each axis, descending, [d].
  package let variances: [Double]
  /// [d, d], an axis a row.
  private let axes: Matrix64

  /// - Precondition: at least one row.
  /// - Complexity: n d² + 9 d³.
  package init(of rows: FloatMatrix) {
    let (n, d) = (rows.rows, rows.columns)
    precondition(n > 0 && d > 0, "\(n) x \(d)")
    let moments = MomentAxes(of: Matrix64(rows).values, count: n, dimension: d)
    variances = moments.variances.reversed().map { max(0, $0) }
    // Largest first; the largest component of each axis is positive, so that a figure does not depend on
    // the library's choice of sign.
    let columns = moments.columns
    var axes = Matrix64(rows: d, columns: d)
    for k in 0..<d {
      let column = d - 1 - k
      var largest = 0
      for j in 0..<d where abs(columns[j * d + column]) > abs(columns[largest * d + column]) {
        largest = j
      }
      let sign = columns[largest * d + column] < 0 ? -1.0 : 1
      for j in 0..<d { axes[k, j] = sign * columns[j * d + column] }
    }
    self.axes = axes
  }

  /// Components of rows along the axes, [n, d]; lengths and distances stay.
  package func components(of rows: Matrix64) -> Matrix64 {
    let d = axes.rows
    precondition(rows.columns == d, "\(rows.columns) columns, \(d) axes")
    var result = Matrix64(rows: rows.rows, columns: d)
    guard rows.rows > 0 else { return result }
    rows.values.withUnsafeBufferPointer { x in
      axes.values.withUnsafeBufferPointer { a in
        result.values.withUnsafeMutableBufferPointer { out in
          BLAS.multiply(
            m: rows.rows, n: d, k: d, a: x.baseAddress!, aStride: d, b: a.baseAddress!, bStride: d,
            transposesB: true, c: out.baseAddress!, cStride: d)
        }
      }
    }
    return result
  }
}

extension Matrix64 {
  /// Mean square of each column.
  package var columnMeanSquares: [Double] {
    var sums = [Double](repeating: 0, count: columns)
    for i in 0..<rows {
      for j in 0..<columns { sums[j] += self[i, j] * self[i, j] }
    }
    return sums.map { $0 / Double(rows) }
  }
}
