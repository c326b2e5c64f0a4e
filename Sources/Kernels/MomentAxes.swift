import COpenBLAS

/// Second moments of rows about 0, and the axes that they have. n rows, d components.
package struct MomentAxes: Sendable {
  /// Sum of the moments' diagonal: mean squared length of the rows.
  package let trace: Double
  /// Mean square of the rows along each axis, ascending, [d]; rounding may leave small ones below 0.
  package let variances: [Double]
  /// Axis k is column k, of length 1, [d, d].
  package let columns: [Double]

  /// - Parameter rows: [n, d], row by row.
  /// - Precondition: at least one row and one component, all finite.
  /// - Complexity: n d² + 9 d³.
  package init(of rows: [Double], count n: Int, dimension d: Int) {
    precondition(n > 0 && d > 0 && rows.count == n * d, "\(rows.count) values of \(n) x \(d)")
    var moments = [Double](repeating: 0, count: d * d)
    BLAS.useOneThread()
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, Int32(d), Int32(n), 1 / Double(n), rows, Int32(d), 0,
      &moments, Int32(d))
    trace = (0..<d).reduce(0) { $0 + moments[$1 * d + $1] }
    var variances = [Double](repeating: 0, count: d)
    let status = LAPACKE_dsyevd(
      LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), Int32(d), &moments,
      Int32(d), &variances)
    precondition(status == 0, "eigenvalues of finite moments: \(status)")
    self.variances = variances
    columns = moments
  }
}
