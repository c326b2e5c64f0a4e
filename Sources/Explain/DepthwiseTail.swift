// The last layers of a MobileFaceNet (definitions 7): a depthwise convolution over the whole map, then a
// linear layer, batch norms folded into both.
//   y_c = sum_ij D_c,ij A_c,ij + b_c,   e = W y + o

/// From the last feature maps of a MobileFaceNet to the embedding. C channels of H × W, D dimensions.
package struct DepthwiseTail: Sendable {
  /// D, [C, H, W] row-major.
  package let kernel: [Double]
  /// b, [C].
  package let kernelBiases: [Double]
  /// W, [D, C] row-major.
  package let weights: [Double]
  /// o, [D].
  package let biases: [Double]

  /// - Throws: `ExplainError.sizesDisagree`.
  package init(
    kernel: [Double], kernelBiases: [Double], weights: [Double], biases: [Double]
  ) throws {
    guard !kernelBiases.isEmpty, !kernel.isEmpty, kernel.count % kernelBiases.count == 0 else {
      throw ExplainError.sizesDisagree(
        what: "depthwise kernel", found: kernel.count, expected: kernelBiases.count)
    }
    try ExplainError.expect("linear layer", weights.count, biases.count * kernelBiases.count)
    self.kernel = kernel
    self.kernelBiases = kernelBiases
    self.weights = weights
    self.biases = biases
  }

  var channels: Int { kernelBiases.count }
  var dimension: Int { biases.count }

  /// The embedding of feature maps, [D].
  func embedding(_ maps: FeatureMaps) -> [Double] {
    let sums = (0..<channels).map { c in
      var sum = kernelBiases[c]
      for i in (c * maps.area)..<((c + 1) * maps.area) { sum += kernel[i] * maps.values[i] }
      return sum
    }
    return (0..<dimension).map { r in
      var sum = biases[r]
      for c in 0..<channels { sum += weights[r * channels + c] * sums[c] }
      return sum
    }
  }

  /// Gradient with respect to the feature maps from that with respect to the embedding:
  /// g_c,ij = D_c,ij (W^T ge)_c.
  func backward(_ gradient: [Double]) -> [Double] {
    var slopes = [Double](repeating: 0, count: channels)
    for r in 0..<dimension {
      for c in 0..<channels { slopes[c] += weights[r * channels + c] * gradient[r] }
    }
    let area = kernel.count / channels
    return kernel.indices.map { kernel[$0] * slopes[$0 / area] }
  }

  /// Variance of each embedding component where map cell i has the independent variance v[i], [D].
  func variances(_ cells: [Double], area: Int) -> [Double] {
    let sums = (0..<channels).map { c in
      var sum = 0.0
      for i in (c * area)..<((c + 1) * area) { sum += kernel[i] * kernel[i] * cells[i] }
      return sum
    }
    return (0..<dimension).map { r in
      var sum = 0.0
      for c in 0..<channels {
        sum += weights[r * channels + c] * weights[r * channels + c] * sums[c]
      }
      return sum
    }
  }
}
