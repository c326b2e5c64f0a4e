import CKernels
import Glibc

/// Adam and AdamW as PyTorch computes them, definitions 6.1.
///
///     Adam:  g += wd p            AdamW: p *= 1 - lr wd
///     m = b1 m + (1-b1) g         v = b2 v + (1-b2) g^2
///     p -= lr/(1-b1^t) m / (sqrt(v)/sqrt(1-b2^t) + eps)
///
/// With a cycled beta1 the bias correction takes the current beta1 (no product of past values).
package struct AdamStep: Sendable {
  /// How weight decay enters.
  package enum WeightDecay: Sendable {
    /// Added to the gradient (Adam).
    case coupled
    /// Shrinks the parameter (AdamW).
    case decoupled
  }

  package var learningRate: Double
  package var beta1: Double
  package var beta2: Double
  package var epsilon: Double
  package var weightDecay: Double
  package var decay: WeightDecay
  /// Number of this update, from 1.
  package var step: Int

  package init(
    learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, decay: WeightDecay = .coupled, step: Int
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decay = decay
    self.step = step
  }

  /// Reference: updates parameters `p` and moments `m`, `v` with gradient `g`, in float64.
  package func apply(
    to p: inout [Double], gradient: [Double], m: inout [Double], v: inout [Double]
  ) {
    precondition(p.count == gradient.count && p.count == m.count && p.count == v.count)
    let stepSize = learningRate / (1 - pow(beta1, Double(step)))
    let rootScale = (1 - pow(beta2, Double(step))).squareRoot()
    for i in p.indices {
      var g = gradient[i]
      switch decay {
      case .coupled: g += weightDecay * p[i]
      case .decoupled: p[i] *= 1 - learningRate * weightDecay
      }
      m[i] = beta1 * m[i] + (1 - beta1) * g
      v[i] = beta2 * v[i] + (1 - beta2) * g * g
      p[i] -= stepSize * m[i] / (v[i].squareRoot() / rootScale + epsilon)
    }
  }

  /// The constants of one update for the float32 kernels.
  var constants: mote_adam {
    mote_adam(
      beta1: Float(beta1), one_minus_beta1: Float(1 - beta1), beta2: Float(beta2),
      one_minus_beta2: Float(1 - beta2), step: Float(learningRate / (1 - pow(beta1, Double(step)))),
      root_scale: Float(1 / (1 - pow(beta2, Double(step))).squareRoot()), epsilon: Float(epsilon),
      l2: decay == .coupled ? Float(weightDecay) : 0,
      decay: decay == .decoupled ? Float(1 - learningRate * weightDecay) : 1)
  }
}
