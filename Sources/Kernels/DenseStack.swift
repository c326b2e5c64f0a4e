// Fully connected layers trained in float32: forward, backward and Adam by sgemm. For auxiliary
// networks (autoencoders, small classifiers); personal networks have their own kernels.
// b rows of a batch; weights are (out, in), row-major.
import CKernels
import COpenBLAS

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

  private let memory = AlignedMemory()
  private let offsets: [Int]
  private let firstMoments: UnsafeMutablePointer<Float>
  private let secondMoments: UnsafeMutablePointer<Float>
  private let activations: [UnsafeMutablePointer<Float>]
  private let deltas: [UnsafeMutablePointer<Float>]

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
    let memory = self.memory
    parameters = memory.zeros(Float.self, total)
    gradients = memory.zeros(Float.self, total)
    firstMoments = memory.zeros(Float.self, total)
    secondMoments = memory.zeros(Float.self, total)
    activations = widths.dropFirst().map { memory.zeros(Float.self, capacity * $0) }
    let widest = widths.max()!
    deltas = (0..<2).map { _ in memory.zeros(Float.self, capacity * widest) }
  }

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

  /// Outputs `[b, outputWidth]` of the inputs `[b, widths[0]]`; valid until the next call.
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
  ///   - inputGradients: receives the gradient with respect to the inputs, `[b, widths[0]]`.
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

  /// One update of the parameters with the present `gradients`.
  package func update(_ adam: AdamStep) {
    let c = adam.constants
    let (p, g, m, v) = (parameters, gradients, firstMoments, secondMoments)
    for i in 0..<parameterCount {
      let gradient = g[i] + c.l2 * p[i]
      let first = c.beta1 * m[i] + c.one_minus_beta1 * gradient
      let second = c.beta2 * v[i] + c.one_minus_beta2 * gradient * gradient
      m[i] = first
      v[i] = second
      p[i] = c.decay * p[i] - c.step * first / (mote_sqrtf(second) * c.root_scale + c.epsilon)
    }
  }
}
