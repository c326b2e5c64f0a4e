// A kernel that has the shape of the residuals (definitions 5). n residuals, d components.
import COpenBLAS
import Kernels

/// Covariance of a density's kernel for h = 1: the second moments S of the residuals, shrunk towards the
/// mean variance m of the axes that hold all but a thousandth of it: there (1 - a) S + a m I with the a of
/// Ledoit and Wolf (2004), and S in the others.
///
/// An isotropic kernel adds noise of norm h sqrt(d) in directions that no residual takes, and so would
/// one that is shrunk towards the identity; this one adds as little there as the residuals have.
package struct KernelShape: Sendable {
  /// a, 0 … 1.
  package let shrinkage: Double
  /// m: mean variance of the axes that are shrunk.
  package let meanVariance: Double
  /// How many these are.
  package let axes: Int
  /// Most of the variance that the other axes hold together.
  private static let leftOut = 1e-3
  /// Symmetric square root of the covariance, [d, d].
  package let root: FloatMatrix
  /// Inverse of the root, [d, d] in float64.
  private let inverseRoot: [Double]

  /// Nil where every residual is 0.
  package init?(_ residuals: FloatMatrix) {
    let (n, d) = (residuals.rows, residuals.columns)
    guard n > 0 else { return nil }
    var rows: [Double] = []
    rows.reserveCapacity(n * d)
    var fourth = 0.0
    for i in 0..<n {
      var square = 0.0
      for value in residuals[row: i] {
        rows.append(Double(value))
        square += Double(value) * Double(value)
      }
      fourth += square * square
    }
    let axes = MomentAxes(of: rows, count: n, dimension: d)
    guard axes.trace > 0 else { return nil }
    let variances = axes.variances
    // Ascending: the first that together hold too little are left as they are.
    var (first, sum) = (0, max(0, variances[0]))
    while first < d - 1, sum <= Self.leftOut * axes.trace {
      first += 1
      sum += max(0, variances[first])
    }
    let shown = variances[first...]
    let mean = shown.reduce(0, +) / Double(shown.count)
    // |S - m I|² and the mean squared error of S, both in the Frobenius norm.
    let square = shown.reduce(0) { $0 + $1 * $1 }
    let distance = shown.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (fourth / Double(n) - square) / Double(n)
    let shrinkage = distance > 0 ? min(1, max(0, error / distance)) : 1
    // Variances that rounding leaves are raised, so that the root has an inverse.
    let shrunk = variances.enumerated().map { k, variance in
      max(k < first ? variance : (1 - shrinkage) * variance + shrinkage * mean, 1e-9 * mean)
    }
    func power(_ exponent: (Double) -> Double) -> [Double] {
      var scaled = axes.columns
      for i in 0..<d { for j in 0..<d { scaled[i * d + j] *= exponent(shrunk[j]) } }
      var result = [Double](repeating: 0, count: d * d)
      BLAS.multiply(
        m: d, n: d, k: d, a: scaled, aStride: d, b: axes.columns, bStride: d, transposesB: true,
        c: &result, cStride: d)
      return result
    }
    let root = FloatMatrix(rows: d, columns: d)
    for (k, value) in power({ $0.squareRoot() }).enumerated() { root.base[k] = Float(value) }
    self.root = root
    self.shrinkage = shrinkage
    self.axes = shown.count
    meanVariance = mean
    inverseRoot = power { 1 / $0.squareRoot() }
  }

  /// Residuals in units of the kernel, [n, d]: an isotropic kernel fits them as this one fits the
  /// residuals.
  package func whitened(_ residuals: FloatMatrix) -> FloatMatrix {
    let (n, d) = (residuals.rows, residuals.columns)
    let result = FloatMatrix(rows: n, columns: d)
    var row = [Double](repeating: 0, count: d)
    var image = [Double](repeating: 0, count: d)
    for i in 0..<n {
      for j in 0..<d { row[j] = Double(residuals[row: i][j]) }
      cblas_dsymv(
        CblasRowMajor, CblasUpper, Int32(d), 1, inverseRoot, Int32(d), row, 1, 0, &image, 1)
      for j in 0..<d { result[row: i][j] = Float(image[j]) }
    }
    return result
  }

  /// Adds h A z to a row. The product is made row by row, so that it does not depend on the others.
  func add(
    _ h: Float, _ noise: UnsafePointer<Float>, to row: UnsafeMutablePointer<Float>
  ) {
    let d = Int32(root.columns)
    cblas_sgemv(CblasRowMajor, CblasNoTrans, d, d, h, root.base, d, noise, 1, 1, row, 1)
  }
}
