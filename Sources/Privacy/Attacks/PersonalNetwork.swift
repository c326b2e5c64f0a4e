import Kernels

/// A stolen MOTE reference as a white-box attacker reads it: layer widths and float32 weights.
package struct PersonalNetwork: Sendable {
  /// [d, h1, …, 1].
  package let widths: [Int]
  /// For each layer its weights (out, in) row-major, then its biases.
  package let parameters: [Float]

  /// - Throws: `PrivacyError.sizesDisagree` when the number of parameters does not fit.
  package init(widths: [Int], parameters: [Float]) throws {
    let expected = Float64Network.parameterCount(widths: widths)
    guard parameters.count == expected else {
      throw PrivacyError.sizesDisagree(
        what: "parameters of a network \(widths)", found: parameters.count, expected: expected)
    }
    self.widths = widths
    self.parameters = parameters
  }

  /// The same network in float64.
  package var float64: Float64Network {
    parameters.withUnsafeBufferPointer { Float64Network(widths: widths, float32: $0) }
  }
}
