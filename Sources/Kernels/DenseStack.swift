// Fully connected layers trained in float32: forward, backward and Adam by sgemm. For auxiliary
// networks (autoencoders, small classifiers); personal networks have their own kernels.
// b rows of a batch; weights are (out, in), row-major.
import CKernels
import COpenBLAS

/// Adam's constants (Kingma and Ba 2015); `weightDecay` is L2, added to the gradient.
package struct AdamConstants: Sendable, Codable, Hashable {
  package var beta1: Double
  package var beta2: Double
  package var epsilon: Double
  package var weightDecay: Double

  package init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }
}

/// A stack of linear layers with ReLU between them and none after the last.
///
/// One stack is used by one thread at a time; its buffers are allocated once for `capacity` rows.
package final class DenseStack {
  /// Layer widths from input to output.
  package let widths: [Int]
  /// Largest number of rows of a batch.
  package let capacity: Int
  /// Number of parameters.
  package let parameterCount: Int
  /// For each layer its weights (out, in), then its biases.
  package let parameters: UnsafeMutablePointer<Float>
  /// Gradient of the loss, same order, as the last `backward` left it.
  package let gradients: UnsafeMutablePointer<Float>

  private let offsets: [Int]
  private let firstMoments: UnsafeMutablePointer<Float>
  private let secondMoments: UnsafeMutablePointer<Float>
  private let activations: [UnsafeMutablePointer<Float>]
  private let deltas: [UnsafeMutablePointer<Float>]
  private var steps = 0

  /// A stack of zeros; call `initialise`.
  package init(widths: [Int], capacity: Int) {
    precondition(widths.count >= 2 && widths.allSatisfy { $0 > 0 } && capacity > 0, "\(widths)")
    self.widths = widths
    self.capacity = capacity
    var offsets: [Int] = []
    var total = 0
    for (fanIn, fanOut) in zip(widths, widths.dropFirst()) {
      offsets.append(total)
      total += (fanIn + 1) * fanOut
    }
    self.offsets = offsets
    parameterCount = total
    func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
      let pointer = UnsafeMutablePointer<Float>.allocate(capacity: count)
      pointer.initialize(repeating: 0, count: count)
      return pointer
    }
    parameters = zeros(total)
    gradients = zeros(total)
    firstMoments = zeros(total)
    secondMoments = zeros(total)
    activations = widths.dropFirst().map { zeros(capacity * $0) }
    let widest = widths.max()!
    deltas = [zeros(capacity * widest), zeros(capacity * widest)]
  }

  deinit {
    for pointer in [parameters, gradients, firstMoments, secondMoments] + activations + deltas {
      pointer.deallocate()
    }
  }

  package var inputWidth: Int { widths[0] }
  package var outputWidth: Int { widths[widths.count - 1] }
  private var layers: Int { widths.count - 1 }

  /// Weights uniform in ±sqrt(gain / fan-in), biases 0. Gain 3 keeps the variance 1/fan-in.
  package func initialise(gain: Double, rng: inout CounterRNG) {
    for layer in 0..<layers {
      let (fanIn, fanOut) = (widths[layer], widths[layer + 1])
      let bound = (gain / Double(fanIn)).squareRoot()
      let weights = parameters + offsets[layer]
      for i in 0..<(fanIn * fanOut) {
        weights[i] = Float((2 * rng.uniform() - 1) * bound)
      }
      (weights + fanIn * fanOut).update(repeating: 0, count: fanOut)
    }
  }

  /// Outputs `[b, outputWidth]` of the inputs `[b, inputWidth]`; valid until the next call.
  package func forward(_ inputs: UnsafePointer<Float>, rows: Int) -> UnsafePointer<Float> {
    precondition(rows >= 0 && rows <= capacity, "\(rows) rows, capacity \(capacity)")
    for layer in 0..<layers where rows > 0 {
      let (fanIn, fanOut) = (widths[layer], widths[layer + 1])
      let weights = parameters + offsets[layer]
      let biases = weights + fanIn * fanOut
      let output = activations[layer]
      for row in 0..<rows { (output + row * fanOut).update(from: biases, count: fanOut) }
      let input = layer == 0 ? inputs : UnsafePointer(activations[layer - 1])
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(fanOut), Int32(fanIn), 1,
        input, Int32(fanIn), weights, Int32(fanIn), 1, output, Int32(fanOut))
      if layer < layers - 1 {
        for i in 0..<(rows * fanOut) { output[i] = max(output[i], 0) }
      }
    }
    return UnsafePointer(activations[layers - 1])
  }

  /// Fills `gradients` for the batch of the last `forward`.
  ///
  /// - Parameters:
  ///   - inputs: the same rows as in `forward`.
  ///   - outputGradients: gradient of the loss with respect to the outputs, `[b, outputWidth]`.
  ///   - inputGradients: receives the gradient with respect to the inputs, `[b, inputWidth]`.
  package func backward(
    inputs: UnsafePointer<Float>, outputGradients: UnsafePointer<Float>, rows: Int,
    inputGradients: UnsafeMutablePointer<Float>? = nil
  ) {
    precondition(rows > 0 && rows <= capacity, "\(rows) rows, capacity \(capacity)")
    var delta = outputGradients
    for layer in stride(from: layers - 1, through: 0, by: -1) {
      let (fanIn, fanOut) = (widths[layer], widths[layer + 1])
      let weights = parameters + offsets[layer]
      let weightGradients = gradients + offsets[layer]
      let input = layer == 0 ? inputs : UnsafePointer(activations[layer - 1])
      cblas_sgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, Int32(fanOut), Int32(fanIn), Int32(rows), 1,
        delta, Int32(fanOut), input, Int32(fanIn), 0, weightGradients, Int32(fanIn))
      let biasGradients = weightGradients + fanIn * fanOut
      biasGradients.update(repeating: 0, count: fanOut)
      for row in 0..<rows {
        for unit in 0..<fanOut { biasGradients[unit] += delta[row * fanOut + unit] }
      }
      guard layer > 0 || inputGradients != nil else { continue }
      let next = layer == 0 ? inputGradients! : deltas[layer & 1]
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(fanIn), Int32(fanOut), 1,
        delta, Int32(fanOut), weights, Int32(fanIn), 0, next, Int32(fanIn))
      if layer > 0 {
        let output = activations[layer - 1]
        for i in 0..<(rows * fanIn) where !(output[i] > 0) { next[i] = 0 }
      }
      delta = UnsafePointer(next)
    }
  }

  /// One Adam step with the present `gradients`.
  package func adamStep(learningRate: Double, _ constants: AdamConstants) {
    steps += 1
    let b1 = Float(constants.beta1)
    let b2 = Float(constants.beta2)
    let c1 = Float(1 - constants.beta1)
    let c2 = Float(1 - constants.beta2)
    let rate = Float(learningRate / (1 - power(constants.beta1, steps)))
    let scale = Float(1 / (1 - power(constants.beta2, steps)).squareRoot())
    let epsilon = Float(constants.epsilon)
    let decay = Float(constants.weightDecay)
    let (p, g, m, v) = (parameters, gradients, firstMoments, secondMoments)
    for i in 0..<parameterCount {
      let gradient = g[i] + decay * p[i]
      let first = b1 * m[i] + c1 * gradient
      let second = b2 * v[i] + c2 * gradient * gradient
      m[i] = first
      v[i] = second
      p[i] -= rate * first / (mote_sqrtf(second) * scale + epsilon)
    }
  }

  /// base^exponent by repeated squaring (exponent >= 0).
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, e) = (1.0, base, exponent)
    while e > 0 {
      if e & 1 == 1 { result *= factor }
      factor *= factor
      e >>= 1
    }
    return result
  }
}
