// L2-regularised logistic regression by Newton's method with conjugate gradients (the trust-region
// scheme of Lin, Weng and Keerthi 2008, here with step halving). n samples, d features, f = Xw + b.
import COpenBLAS
import Glibc

/// A linear decision: positive for the first group.
package struct LogisticRegression: Sendable {
  package let weights: [Double]
  package let intercept: Double

  /// Minimises (1/n) sum_i c_i log(1 + exp(-y_i f_i)) + (penalty/2) |w|^2 with y = +1 for the first
  /// group; the intercept is not penalised.
  ///
  /// - Parameters:
  ///   - features: n × d, standardised.
  ///   - isFirst: labels; both occur.
  ///   - sampleWeights: c_i; nil: both groups weigh the same.
  ///   - penalty: > 0.
  /// - Complexity: a few hundred products with `features`.
  package init(
    _ features: Matrix64, isFirst: [Bool], sampleWeights: [Double]? = nil, penalty: Double
  ) {
    var solver = LogisticSolver(
      features: features, isFirst: isFirst,
      sampleWeights: sampleWeights ?? balancedWeights(isFirst), penalty: penalty)
    solver.solve()
    weights = Array(solver.parameters.dropLast())
    intercept = solver.parameters[features.columns]
  }

  package func decisions(_ features: Matrix64) -> [Double] {
    precondition(features.columns == weights.count, "\(features.columns) features")
    return affineProduct(features, weights + [intercept])
  }
}

/// State of one minimisation; the last parameter is the intercept.
private struct LogisticSolver {
  let features: Matrix64
  let signs: [Double]
  let sampleWeights: [Double]
  let penalty: Double
  var parameters: [Double]

  init(features: Matrix64, isFirst: [Bool], sampleWeights: [Double], penalty: Double) {
    precondition(features.rows == isFirst.count && sampleWeights.count == isFirst.count)
    precondition(features.rows > 0 && penalty > 0, "penalty \(penalty)")
    self.features = features
    signs = isFirst.map { $0 ? 1 : -1 }
    self.sampleWeights = sampleWeights
    self.penalty = penalty
    parameters = [Double](repeating: 0, count: features.columns + 1)
  }

  mutating func solve() {
    var margins = affineProduct(features, parameters)
    var objective = value(margins, parameters)
    var firstNorm = 0.0
    for iteration in 0..<100 {
      let probabilities = margins.indices.map { 1 / (1 + exp(signs[$0] * margins[$0])) }
      let n = Double(features.rows)
      let slopes = margins.indices.map { -signs[$0] * probabilities[$0] * sampleWeights[$0] / n }
      var gradient = transposedProduct(slopes)
      for j in 0..<features.columns { gradient[j] += penalty * parameters[j] }
      let norm = length(gradient)
      if iteration == 0 { firstNorm = norm }
      if norm <= 1e-10 * max(firstNorm, 1e-300) || norm < 1e-14 { return }
      let curvatures = probabilities.indices.map {
        probabilities[$0] * (1 - probabilities[$0]) * sampleWeights[$0] / n
      }
      let step = newtonStep(gradient, curvatures: curvatures)
      let slope = dot(gradient, step)
      let marginStep = affineProduct(features, step)
      var scale = 1.0
      while true {
        let trial = zip(parameters, step).map { $0 + scale * $1 }
        let trialMargins = zip(margins, marginStep).map { $0 + scale * $1 }
        let trialObjective = value(trialMargins, trial)
        if trialObjective <= objective + 1e-4 * scale * slope {
          (parameters, margins, objective) = (trial, trialMargins, trialObjective)
          break
        }
        scale /= 2
        // No decrease within rounding: the minimum is reached.
        if scale < 1e-8 { return }
      }
    }
  }

  /// Solves H s = -g by conjugate gradients to a residual of min(0.1, sqrt |g|) |g|.
  private func newtonStep(_ gradient: [Double], curvatures: [Double]) -> [Double] {
    var step = [Double](repeating: 0, count: gradient.count)
    var residual = gradient.map { -$0 }
    var direction = residual
    var energy = dot(residual, residual)
    let norm = energy.squareRoot()
    let goal = min(0.1, norm.squareRoot()) * norm
    for _ in 0..<min(500, 2 * gradient.count + 10) where energy.squareRoot() > goal {
      var curved = affineProduct(features, direction)
      for i in curved.indices { curved[i] *= curvatures[i] }
      var image = transposedProduct(curved)
      for j in 0..<features.columns { image[j] += penalty * direction[j] }
      let curvature = dot(direction, image)
      guard curvature > 0 else { break }
      let length = energy / curvature
      for j in step.indices {
        step[j] += length * direction[j]
        residual[j] -= length * image[j]
      }
      let next = dot(residual, residual)
      for j in direction.indices { direction[j] = residual[j] + next / energy * direction[j] }
      energy = next
    }
    return step
  }

  private func value(_ margins: [Double], _ parameters: [Double]) -> Double {
    var loss = 0.0
    for i in margins.indices {
      let margin = signs[i] * margins[i]
      // log(1 + exp(-m)) without overflow.
      loss += sampleWeights[i] * (max(-margin, 0) + log1p(exp(-abs(margin))))
    }
    var square = 0.0
    for j in 0..<features.columns { square += parameters[j] * parameters[j] }
    return loss / Double(features.rows) + penalty / 2 * square
  }

  /// (X^T v, sum v).
  private func transposedProduct(_ v: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: features.columns + 1)
    if features.columns > 0 {
      cblas_dgemv(
        CblasRowMajor, CblasTrans, Int32(features.rows), Int32(features.columns), 1,
        features.values, Int32(features.columns), v, 1, 0, &result, 1)
    }
    result[features.columns] = v.reduce(0, +)
    return result
  }
}

/// Xw + b, where the last of `parameters` is b.
private func affineProduct(_ features: Matrix64, _ parameters: [Double]) -> [Double] {
  let (rows, columns) = (Int32(features.rows), Int32(features.columns))
  var result = [Double](repeating: parameters[features.columns], count: features.rows)
  if rows > 0, columns > 0 {
    cblas_dgemv(
      CblasRowMajor, CblasNoTrans, rows, columns, 1, features.values, columns, parameters, 1, 1,
      &result, 1)
  }
  return result
}

private func length(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
