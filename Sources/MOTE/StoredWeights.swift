import Configurations
import Kernels

extension WeightPrecision {
  /// Bytes of the numbers of one network, without the file around them.
  package func bytes(of shape: NetworkShape) -> Int {
    switch self {
    case .float32: 4 * shape.parameterCount
    case .float16: 2 * shape.parameterCount
    case .int8:
      (0..<shape.layerCount).reduce(0) { sum, k in
        sum + shape.dims[k] * shape.dims[k + 1] + 8 * shape.dims[k + 1]
      }
    }
  }

  /// The network that comes back after it was stored.
  package func stored(_ reference: MoteReference) -> MoteReference {
    switch self {
    case .float32: return reference
    case .float16:
      return MoteReference(
        shape: reference.shape, weights: reference.weights.map { Float(Float16($0)) })
    case .int8:
      var weights = reference.weights
      let shape = reference.shape
      for k in 0..<shape.layerCount {
        let (q, scales) = Int8Rows.quantised(reference, layer: k)
        let offset = shape.parameterOffset(ofLayer: k)
        for (row, scale) in scales.enumerated() {
          for j in 0..<shape.dims[k] {
            weights[offset + row * shape.dims[k] + j] =
              Float(q[row * shape.dims[k] + j]) * scale
          }
        }
      }
      return MoteReference(shape: shape, weights: weights)
    }
  }
}

/// A weight matrix in 8 bits, a scale per output row.
enum Int8Rows {
  /// - Returns: values [out, in] and scales [out] of layer `k` (from 0).
  static func quantised(_ reference: MoteReference, layer k: Int) -> ([Int8], [Float]) {
    let shape = reference.shape
    let (inputs, outputs) = (shape.dims[k], shape.dims[k + 1])
    let offset = shape.parameterOffset(ofLayer: k)
    var values = [Int8](repeating: 0, count: inputs * outputs)
    var scales = [Float](repeating: 0, count: outputs)
    for row in 0..<outputs {
      let weights = reference.weights[(offset + row * inputs)..<(offset + (row + 1) * inputs)]
      let largest = weights.reduce(0) { max($0, abs($1)) }
      // A row of zeros keeps the scale 0; so does one with a weight that is not a number, or so small
      // that its scale would be subnormal, which counts as 0 where networks are compared.
      guard largest / 127 >= .leastNormalMagnitude, largest.isFinite else { continue }
      scales[row] = largest / 127
      for (j, weight) in weights.enumerated() where weight.isFinite {
        values[row * inputs + j] = Int8(max(-127, min(127, (weight / scales[row]).rounded())))
      }
    }
    return (values, scales)
  }
}
