// Support vector machine with a radial basis kernel, trained by sequential minimal optimisation with
// second-order choice of the working set (Fan, Chen and Lin 2005; WSS 2 of LIBSVM).
// n samples, a: dual variables, K_ij = exp(-gamma |x_i - x_j|^2), Q_ij = y_i y_j K_ij.
import COpenBLAS
import Glibc

/// A trained kernel decision: positive for the first group.
package struct SupportVectorMachine: Sendable {
  /// y_i a_i of the support vectors.
  package let coefficients: [Double]
  package let supportVectors: Matrix64
  package let offset: Double
  package let gamma: Double

  /// Minimises a'Qa/2 - sum a subject to 0 <= a_i <= C_i and y'a = 0.
  ///
  /// - Parameters:
  ///   - features: n × d, standardised.
  ///   - isFirst: labels; both occur.
  ///   - cost: C of a sample; it is multiplied by weights that balance the groups.
  ///   - gamma: kernel width; nil: 1/d.
  ///   - tolerance: largest violation of the optimality conditions at the end.
  package init(
    _ features: Matrix64, isFirst: [Bool], cost: Double = 1, gamma: Double? = nil,
    tolerance: Double = 1e-3
  ) {
    precondition(features.rows == isFirst.count, "\(isFirst.count) labels, \(features.rows) rows")
    let gamma = gamma ?? 1 / Double(max(features.columns, 1))
    let kernel = rbfKernel(features, features, gamma: gamma)
    let signs = isFirst.map { $0 ? 1.0 : -1.0 }
    let limits = balancedWeights(isFirst).map { $0 * cost }
    let (dual, offset) = sequentialMinimalOptimisation(
      kernel: kernel, signs: signs, limits: limits, tolerance: tolerance)
    let support = dual.indices.filter { dual[$0] > 0 }
    coefficients = support.map { dual[$0] * signs[$0] }
    supportVectors = features.selecting(rows: support)
    self.offset = offset
    self.gamma = gamma
  }

  package func decisions(_ features: Matrix64) -> [Double] {
    let kernel = rbfKernel(features, supportVectors, gamma: gamma)
    return (0..<features.rows).map { i in
      var sum = 0.0
      for j in coefficients.indices { sum += coefficients[j] * kernel[i, j] }
      return sum - offset
    }
  }
}

/// exp(-gamma |a_i - b_j|^2), rows of `a` × rows of `b`.
func rbfKernel(_ a: Matrix64, _ b: Matrix64, gamma: Double) -> Matrix64 {
  var kernel = Matrix64(rows: a.rows, columns: b.rows)
  guard a.rows > 0, b.rows > 0 else { return kernel }
  if a.columns > 0 {
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(a.rows), Int32(b.rows), Int32(a.columns), 1,
      a.values, Int32(a.columns), b.values, Int32(b.columns), 0, &kernel.values, Int32(b.rows))
  }
  func squares(_ m: Matrix64) -> [Double] {
    (0..<m.rows).map { m[row: $0].reduce(0) { $0 + $1 * $1 } }
  }
  let (left, right) = (squares(a), squares(b))
  kernel.values.withUnsafeMutableBufferPointer { values in
    for i in 0..<a.rows {
      for j in 0..<b.rows {
        let product = values[i * b.rows + j]
        values[i * b.rows + j] = exp(-gamma * max(left[i] + right[j] - 2 * product, 0))
      }
    }
  }
  return kernel
}

/// The dual variables and the offset rho of the decision sum_i y_i a_i K(x_i, x) - rho.
func sequentialMinimalOptimisation(
  kernel: Matrix64, signs: [Double], limits: [Double], tolerance: Double
) -> (dual: [Double], offset: Double) {
  let n = signs.count
  var dual = [Double](repeating: 0, count: n)
  // Gradient of the dual objective, Qa - 1.
  var gradient = [Double](repeating: -1, count: n)
  func mayRise(_ t: Int) -> Bool { signs[t] > 0 ? dual[t] < limits[t] : dual[t] > 0 }
  func mayFall(_ t: Int) -> Bool { signs[t] > 0 ? dual[t] > 0 : dual[t] < limits[t] }
  kernel.values.withUnsafeBufferPointer { k in
    for _ in 0..<max(10_000_000, 100 * n) {
      var i = -1
      var highest = -Double.infinity
      for t in 0..<n where mayRise(t) && -signs[t] * gradient[t] > highest {
        (i, highest) = (t, -signs[t] * gradient[t])
      }
      guard i >= 0 else { return }
      var j = -1
      var (best, lowest) = (Double.infinity, Double.infinity)
      for t in 0..<n where mayFall(t) {
        let score = -signs[t] * gradient[t]
        lowest = min(lowest, score)
        let gain = highest - score
        guard gain > 0 else { continue }
        let curvature = max(k[i * n + i] + k[t * n + t] - 2 * k[i * n + t], 1e-12)
        if -gain * gain / curvature < best { (j, best) = (t, -gain * gain / curvature) }
      }
      guard j >= 0, highest - lowest >= tolerance else { return }
      let curvature = max(k[i * n + i] + k[j * n + j] - 2 * k[i * n + j], 1e-12)
      // Move along y_i a_i up, y_j a_j down by `step`, cut at the box.
      var step = (highest + signs[j] * gradient[j]) / curvature
      step = min(step, signs[i] > 0 ? limits[i] - dual[i] : dual[i])
      step = min(step, signs[j] > 0 ? dual[j] : limits[j] - dual[j])
      dual[i] = min(max(dual[i] + signs[i] * step, 0), limits[i])
      dual[j] = min(max(dual[j] - signs[j] * step, 0), limits[j])
      for t in 0..<n { gradient[t] += signs[t] * step * (k[i * n + t] - k[j * n + t]) }
    }
  }
  // rho: mean over free variables of y G, or the middle of its bounds.
  var (sum, free) = (0.0, 0)
  var (lower, upper) = (-Double.infinity, Double.infinity)
  for t in 0..<n {
    let value = signs[t] * gradient[t]
    if dual[t] > 0 && dual[t] < limits[t] {
      sum += value
      free += 1
    } else if (dual[t] == 0) == (signs[t] > 0) {
      upper = min(upper, value)
    } else {
      lower = max(lower, value)
    }
  }
  return (dual, free > 0 ? sum / Double(free) : (lower + upper) / 2)
}
