// How far the score of a stored network can lie from that of the float32 network: a bound, not an
// estimate.
//
// h_k are the activations of the float32 network as computed, h'_k those of the stored one, |.| the
// Euclidean norm, relu changes no norm of a difference upwards. With the largest singular values
// N_k >= |W_k| and E_k >= |W'_k - W_k|, and r_k, r'_k for the rounding of a computed layer:
//
//     |h_k|        <= N_k |h_(k-1)| + |b_k| + r_k,             h_0 = x
//     |h'_k|       <= (N_k + E_k) |h'_(k-1)| + |b'_k| + r'_k
//     |h'_k - h_k| <= N_k |h'_(k-1) - h_(k-1)| + E_k |h'_(k-1)| + |b'_k - b_k| + r_k + r'_k
//
// A float32 sum of n products in any order, fused or not, errs by at most g = m u / (1 - m u) times
// the sum of absolute values, m = n + 8, u = 2^-24; so r_k <= g (|W_k|_F |h_(k-1)| + |b_k|). All of
// it is linear in |x|: the bound of a person is two numbers.
import COpenBLAS
import Kernels

/// |score of the stored network - score of the float32 network| <= slope |x| + offset.
package struct ScoreBound: Sendable, Equatable {
  package let slope: Double
  package let offset: Double
  /// No number met on the way is larger than this slope |x| and offset.
  private let largest: Line

  /// Of networks of zeros, which score 0.
  static let zero = ScoreBound(slope: 0, offset: 0, largest: Line(slope: 0, offset: 0))

  private init(slope: Double, offset: Double, largest: Line) {
    (self.slope, self.offset, self.largest) = (slope, offset, largest)
  }

  /// - Parameters:
  ///   - exact: the float32 network.
  ///   - stored: what comes back of it after it was stored in another precision.
  package init(exact: MoteReference, stored: MoteReference) {
    precondition(exact.shape == stored.shape, "\(exact.dims) and \(stored.dims)")
    let shape = exact.shape
    var exactNorm = Line(slope: 1, offset: 0)
    var storedNorm = exactNorm
    var difference = Line(slope: 0, offset: 0)
    var largest = Line(slope: 1, offset: 0)
    for k in 0..<shape.layerCount {
      let (inputs, units) = (shape.dims[k], shape.dims[k + 1])
      let weights = shape.parameterOffset(ofLayer: k)..<shape.biasOffset(ofLayer: k)
      let biases = shape.biasOffset(ofLayer: k)..<shape.parameterOffset(ofLayer: k + 1)
      let w = exact.weights[weights].map(Double.init)
      let changes = zip(stored.weights[weights], w).map { Double($0) - $1 }
      let norm = largestSingularValue(atMostOf: w, rows: units, columns: inputs)
      let change = largestSingularValue(atMostOf: changes, rows: units, columns: inputs)
      let bias = euclideanNorm(exact.weights[biases].map(Double.init))
      let storedBias = euclideanNorm(stored.weights[biases].map(Double.init))
      let biasChange = euclideanNorm(
        zip(stored.weights[biases], exact.weights[biases]).map { Double($0) - Double($1) })
      let m = Double(inputs + 8) * 0x1p-24
      let rounding = m / (1 - m)
      let flushed = Line(slope: 0, offset: Double(inputs * units) * 0x1p-120)
      let exactSums = euclideanNorm(w) * exactNorm + Line(slope: 0, offset: bias)
      let storedSums =
        euclideanNorm(stored.weights[weights].map(Double.init)) * storedNorm
        + Line(slope: 0, offset: storedBias)
      largest = largest + exactSums + storedSums
      let exactRounding = rounding * exactSums + flushed
      let storedRounding = rounding * storedSums + flushed
      difference =
        norm * difference + change * storedNorm + Line(slope: 0, offset: biasChange)
        + exactRounding + storedRounding
      exactNorm = norm * exactNorm + Line(slope: 0, offset: bias) + exactRounding
      storedNorm =
        (norm + change) * storedNorm + Line(slope: 0, offset: storedBias) + storedRounding
    }
    // The bound itself is computed in float64.
    slope = difference.slope * (1 + 1e-6)
    offset = difference.offset * (1 + 1e-6)
    self.largest = largest
  }

  /// The bound for a probe of length `norm`; infinite where float32 might overflow.
  package func largestDifference(norm: Double) -> Double {
    largest.slope * norm + largest.offset < 1e37 ? slope * norm + offset : .infinity
  }
}

/// slope |x| + offset.
private struct Line: Equatable {
  var slope: Double
  var offset: Double

  static func + (a: Line, b: Line) -> Line {
    Line(slope: a.slope + b.slope, offset: a.offset + b.offset)
  }
  static func * (factor: Double, line: Line) -> Line {
    Line(slope: factor * line.slope, offset: factor * line.offset)
  }
}

private func euclideanNorm(_ x: [Double]) -> Double {
  x.reduce(0) { $0 + $1 * $1 }.squareRoot()
}

/// An upper bound of the largest singular value of a row-major matrix, at most rows^(1/32) too large;
/// infinite where a value is no finite number.
///
/// With the Gram matrix G of the shorter side, |G^8|_F^(1/8) lies between the largest eigenvalue and
/// size^(1/16) times that.
func largestSingularValue(atMostOf a: [Double], rows: Int, columns: Int) -> Double {
  BLAS.useOneThread()
  let trace = a.reduce(0) { $0 + $1 * $1 }
  guard trace.isFinite else { return .infinity }
  // Squares of smaller numbers would lose digits.
  guard trace > 1e-200 else { return 1e-90 }
  let size = min(rows, columns)
  let (n, k) = (Int32(size), Int32(max(rows, columns)))
  var gram = [Double](repeating: 0, count: size * size)
  cblas_dgemm(
    CblasRowMajor, rows <= columns ? CblasNoTrans : CblasTrans,
    rows <= columns ? CblasTrans : CblasNoTrans, n, n, k, 1 / trace, a, Int32(columns), a,
    Int32(columns), 0, &gram, n)
  for _ in 0..<3 {
    var square = gram
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, gram, n, gram, n, 0, &square, n)
    gram = square
  }
  let eighth = euclideanNorm(gram).squareRoot().squareRoot().squareRoot()
  // The products err by less than this share (sizes up to some thousands).
  return (trace * eighth).squareRoot() * (1 + 1e-6)
}
