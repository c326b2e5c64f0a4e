import Kernels

/// The biometric reference that MOTE stores for a subject: the weights of a personal network.
package struct MoteReference: Sendable, Hashable {
  package let shape: NetworkShape
  /// Flat float32 in PyTorch's order: weight (out, in) and bias of each layer in turn.
  package let weights: [Float]

  package init(shape: NetworkShape, weights: [Float]) {
    precondition(
      weights.count == shape.parameterCount,
      "\(weights.count) weights for a network with \(shape.parameterCount)")
    self.shape = shape
    self.weights = weights
  }

  /// Widths from input to output, e.g. [512, 128, 64, 1].
  package var dims: [Int] { shape.dims }

  /// Bytes of the raw float32 weights: 295,940 for 512-128-64-1.
  package var byteCount: Int { weights.count * MemoryLayout<Float>.size }

  /// The same network in float64, for exact input gradients and for checks.
  package var network: Float64Network {
    Float64Network(widths: dims, parameters: weights.map(Double.init))
  }
}

/// The biometric reference of the traditional system: the reference sample itself.
package struct VectorReference: Sendable, Hashable {
  package let vector: [Float]

  package init(vector: [Float]) { self.vector = vector }
}
