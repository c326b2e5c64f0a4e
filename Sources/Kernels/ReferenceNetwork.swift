/// The multilayer perceptron in float64 with dropout, written to be read: the reference that the
/// training engine is held against. A trained network is evaluated by `Float64Network`.
///
/// Layer k: a_k = W_k h_{k-1} + b_k; hidden h_k = relu(a_k) mask_k / keep in training, relu(a_k) in
/// evaluation; the last a is the logit.
package struct ReferenceNetwork: Sendable {
  package let shape: NetworkShape
  /// Flat, in the order of `NetworkShape`.
  package var parameters: [Double]

  package init(shape: NetworkShape, parameters: [Double]) {
    precondition(
      parameters.count == shape.parameterCount,
      "\(parameters.count) parameters for a network with \(shape.parameterCount)")
    self.shape = shape
    self.parameters = parameters
  }

  /// What one sample leaves behind: input and pre-activation of every layer.
  package struct Trace: Sendable {
    package var inputs: [[Double]] = []
    package var preActivations: [[Double]] = []
    package var logit: Double { preActivations[preActivations.count - 1][0] }
  }

  /// Forward pass of one sample.
  ///
  /// - Parameters:
  ///   - masks: for every hidden layer the units' masks (0 or 1), or nil in evaluation.
  ///   - keep: probability of keeping a unit; masks are divided by it.
  package func forward(_ x: [Double], masks: [[Double]]? = nil, keep: Double = 1) -> Trace {
    precondition(x.count == shape.inputs, "input of \(x.count), network takes \(shape.inputs)")
    var trace = Trace()
    var h = x
    for k in 0..<shape.layerCount {
      let inputs = shape.dims[k]
      let weight = shape.parameterOffset(ofLayer: k)
      let bias = shape.biasOffset(ofLayer: k)
      var a = [Double](repeating: 0, count: shape.dims[k + 1])
      for u in a.indices {
        var sum = parameters[bias + u]
        for j in 0..<inputs { sum += parameters[weight + u * inputs + j] * h[j] }
        a[u] = sum
      }
      trace.inputs.append(h)
      trace.preActivations.append(a)
      h = a.map { max($0, 0) }
      if let masks, k < masks.count {
        for u in h.indices { h[u] *= masks[k][u] / keep }
      }
    }
    return trace
  }

  /// Adds `dLogit` times the gradient of the logit to `gradient` (flat) and returns the gradient
  /// with respect to the input.
  @discardableResult
  package func backward(
    _ trace: Trace, dLogit: Double, masks: [[Double]]? = nil, keep: Double = 1,
    into gradient: inout [Double]
  ) -> [Double] {
    var d = [dLogit]
    for k in stride(from: shape.layerCount - 1, through: 0, by: -1) {
      let inputs = shape.dims[k]
      let weight = shape.parameterOffset(ofLayer: k)
      let bias = shape.biasOffset(ofLayer: k)
      var below = [Double](repeating: 0, count: inputs)
      for u in d.indices {
        gradient[bias + u] += d[u]
        for j in 0..<inputs {
          gradient[weight + u * inputs + j] += d[u] * trace.inputs[k][j]
          below[j] += d[u] * parameters[weight + u * inputs + j]
        }
      }
      if k > 0 {
        for j in below.indices {
          if let masks { below[j] *= masks[k - 1][j] / keep }
          if trace.preActivations[k - 1][j] <= 0 { below[j] = 0 }
        }
      }
      d = below
    }
    return d
  }

  /// The logit of `x` in evaluation mode.
  package func logit(_ x: [Double]) -> Double { forward(x).logit }
}
