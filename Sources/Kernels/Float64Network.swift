// A ReLU network with one logit, evaluated in float64: what an attacker or an explanation reads from
// a trained network (gradients, linearisation), where float32 would blur ReLU boundaries.
// d inputs, h hidden units of a layer, b rows of a batch; weights are (out, in), row-major.
import COpenBLAS

/// A feed-forward network with ReLU between its layers and a single linear output, in float64.
package struct Float64Network: Sendable {
  /// Layer widths from input to output: [d, h1, …, 1].
  package let widths: [Int]
  /// For each layer its weights (out, in), then its biases: the order of a PyTorch state dict.
  package let parameters: [Double]
  /// Where each layer's weights begin in `parameters`.
  private let offsets: [Int]

  /// Number of parameters of a network of these widths.
  package static func parameterCount(widths: [Int]) -> Int {
    zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
  }

  /// - Parameters:
  ///   - widths: at least two, all positive, the last 1.
  ///   - parameters: `parameterCount(widths:)` values.
  package init(widths: [Int], parameters: [Double]) {
    precondition(widths.count >= 2 && widths.last == 1 && widths.allSatisfy { $0 > 0 }, "\(widths)")
    precondition(
      parameters.count == Self.parameterCount(widths: widths),
      "\(parameters.count) parameters for widths \(widths)")
    self.widths = widths
    self.parameters = parameters
    var offsets: [Int] = []
    var next = 0
    for (input, output) in zip(widths, widths.dropFirst()) {
      offsets.append(next)
      next += (input + 1) * output
    }
    self.offsets = offsets
  }

  package var dimension: Int { widths[0] }
  private var layers: Int { widths.count - 1 }

  /// Logits of b rows, `[b, d]` row-major.
  package func logits(_ inputs: [Double]) -> [Double] {
    let rows = inputs.count / dimension
    precondition(inputs.count == rows * dimension, "\(inputs.count) values, width \(dimension)")
    return inputs.withUnsafeBufferPointer { forward($0, rows: rows)[layers - 1] }
  }

  /// Logits and their gradients with respect to the inputs, `[b]` and `[b, d]`.
  package func inputGradients(_ inputs: [Double]) -> (logits: [Double], gradients: [Double]) {
    let rows = inputs.count / dimension
    precondition(inputs.count == rows * dimension, "\(inputs.count) values, width \(dimension)")
    let outputs = inputs.withUnsafeBufferPointer { forward($0, rows: rows) }
    let delta = firstLayerGradients(outputs, rows: rows)
    var gradients = [Double](repeating: 0, count: rows * dimension)
    multiply(delta, rows: rows, byWeightsOf: 0, into: &gradients)
    return (outputs[layers - 1], gradients)
  }

  /// Mean over the rows of the gradient of the logit with respect to the input, `[d]`.
  ///
  /// The mean is taken at the first layer's units and multiplied by its weights once, which spares
  /// the largest product of the backward pass.
  package func meanInputGradient(_ inputs: UnsafeBufferPointer<Double>) -> [Double] {
    let rows = inputs.count / dimension
    precondition(rows > 0 && inputs.count == rows * dimension, "\(inputs.count) values")
    let block = 256
    let h = widths[1]
    var sums = [Double](repeating: 0, count: h)
    for start in stride(from: 0, to: rows, by: block) {
      let count = min(block, rows - start)
      let part = UnsafeBufferPointer(
        rebasing: inputs[(start * dimension)..<((start + count) * dimension)])
      let delta = firstLayerGradients(forward(part, rows: count), rows: count)
      for row in 0..<count {
        for unit in 0..<h { sums[unit] += delta[row * h + unit] }
      }
    }
    for unit in 0..<h { sums[unit] /= Double(rows) }
    var gradient = [Double](repeating: 0, count: dimension)
    multiply(sums, rows: 1, byWeightsOf: 0, into: &gradient)
    return gradient
  }

  /// The product W_L … W_2 W_1 of all weight matrices, `[d]`: the network without its ReLUs. Hidden
  /// units may be permuted without changing it.
  package func linearisedProduct() -> [Double] {
    var row = [1.0]
    for layer in stride(from: layers - 1, through: 0, by: -1) {
      var next = [Double](repeating: 0, count: widths[layer])
      multiply(row, rows: 1, byWeightsOf: layer, into: &next)
      row = next
    }
    return row
  }

  /// Outputs of every layer (hidden ones after ReLU), each `[b, width]`.
  private func forward(_ inputs: UnsafeBufferPointer<Double>, rows: Int) -> [[Double]] {
    var outputs: [[Double]] = []
    outputs.reserveCapacity(layers)
    for layer in 0..<layers {
      let (fanIn, fanOut) = (widths[layer], widths[layer + 1])
      let isLast = layer == layers - 1
      let output = [Double](unsafeUninitializedCapacity: rows * fanOut) { buffer, count in
        count = rows * fanOut
        guard rows > 0 else { return }
        parameters.withUnsafeBufferPointer { p in
          let weights = p.baseAddress! + offsets[layer]
          let biases = weights + fanIn * fanOut
          for row in 0..<rows {
            (buffer.baseAddress! + row * fanOut).update(from: biases, count: fanOut)
          }
          func product(_ x: UnsafePointer<Double>) {
            cblas_dgemm(
              CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(fanOut), Int32(fanIn), 1,
              x, Int32(fanIn), weights, Int32(fanIn), 1, buffer.baseAddress!, Int32(fanOut))
          }
          if layer == 0 {
            product(inputs.baseAddress!)
          } else {
            outputs[layer - 1].withUnsafeBufferPointer { product($0.baseAddress!) }
          }
        }
        if !isLast {
          for i in 0..<(rows * fanOut) where buffer[i] < 0 { buffer[i] = 0 }
        }
      }
      outputs.append(output)
    }
    return outputs
  }

  /// Gradient of the logit with respect to the first layer's pre-activations, `[b, h1]`.
  private func firstLayerGradients(_ outputs: [[Double]], rows: Int) -> [Double] {
    var delta = [Double](repeating: 1, count: rows)
    for layer in stride(from: layers - 1, to: 0, by: -1) {
      var next = [Double](repeating: 0, count: rows * widths[layer])
      multiply(delta, rows: rows, byWeightsOf: layer, into: &next)
      // An output of exactly 0 counts as inactive, as in the backward pass of training.
      for i in next.indices where !(outputs[layer - 1][i] > 0) { next[i] = 0 }
      delta = next
    }
    return delta
  }

  /// `[rows, out]` times the layer's weights (out, in) gives `[rows, in]`.
  private func multiply(
    _ left: [Double], rows: Int, byWeightsOf layer: Int, into result: inout [Double]
  ) {
    guard rows > 0 else { return }
    let (fanIn, fanOut) = (Int32(widths[layer]), Int32(widths[layer + 1]))
    parameters.withUnsafeBufferPointer { p in
      cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), fanIn, fanOut, 1, left, fanOut,
        p.baseAddress! + offsets[layer], fanIn, 0, &result, fanIn)
    }
  }
}
