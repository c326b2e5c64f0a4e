// The last layers of an iresnet (ArcFace, MagFace) in evaluation mode (definitions 7): batch norm over
// channels, flattening (channel, row, column), a fully connected layer, batch norm over features.
// C channels of H × W, D embedding dimensions. All in float64.

/// A batch norm in evaluation mode: scale (x - mean) + shift.
package struct FrozenBatchNorm: Sendable {
  package let scale: [Double]
  package let mean: [Double]
  package let shift: [Double]

  /// - Throws: `ExplainError.sizesDisagree`.
  package init(
    gamma: [Double], beta: [Double], mean: [Double], variance: [Double], epsilon: Double
  ) throws {
    for (what, list) in [("beta", beta), ("mean", mean), ("variance", variance)] {
      try ExplainError.expect("batch norm \(what)", list.count, gamma.count)
    }
    scale = zip(gamma, variance).map { $0 / ($1 + epsilon).squareRoot() }
    self.mean = mean
    shift = beta
  }
}

/// From the last feature maps of an iresnet to the embedding.
package struct IresnetTail: Sendable {
  /// Batch norm over channels, [C].
  package let channelNorm: FrozenBatchNorm
  /// Fully connected weights, [D, C·H·W] row-major.
  package let weights: [Double]
  /// [D].
  package let biases: [Double]
  /// Batch norm over features, [D].
  package let featureNorm: FrozenBatchNorm

  /// - Throws: `ExplainError.sizesDisagree`.
  package init(
    channelNorm: FrozenBatchNorm, weights: [Double], biases: [Double],
    featureNorm: FrozenBatchNorm
  ) throws {
    try ExplainError.expect(
      "biases of the embedding layer", biases.count, featureNorm.scale.count)
    guard !biases.isEmpty, weights.count % biases.count == 0 else {
      throw ExplainError.sizesDisagree(
        what: "weights of the embedding layer", found: weights.count, expected: biases.count)
    }
    self.channelNorm = channelNorm
    self.weights = weights
    self.biases = biases
    self.featureNorm = featureNorm
  }

  var dimension: Int { biases.count }

  /// The embedding of feature maps, [D].
  func embedding(_ maps: FeatureMaps) -> [Double] {
    let inputs = maps.values.indices.map { i in
      let k = i / maps.area
      return channelNorm.scale[k] * (maps.values[i] - channelNorm.mean[k]) + channelNorm.shift[k]
    }
    return (0..<dimension).map { r in
      var sum = biases[r]
      for (c, input) in inputs.enumerated() { sum += weights[r * inputs.count + c] * input }
      return featureNorm.scale[r] * (sum - featureNorm.mean[r]) + featureNorm.shift[r]
    }
  }

  /// Gradient with respect to the feature maps from that with respect to the embedding.
  func backward(_ gradient: [Double], channels: Int) -> [Double] {
    let inputs = weights.count / dimension
    var result = [Double](repeating: 0, count: inputs)
    for r in 0..<dimension {
      let slope = featureNorm.scale[r] * gradient[r]
      for c in 0..<inputs { result[c] += weights[r * inputs + c] * slope }
    }
    let area = inputs / channels
    for i in result.indices { result[i] *= channelNorm.scale[i / area] }
    return result
  }

  /// Variance of each embedding component where map cell i has the independent variance v[i], [D].
  func variances(_ cells: [Double], area: Int) -> [Double] {
    let inputs = cells.indices.map { i in
      cells[i] * channelNorm.scale[i / area] * channelNorm.scale[i / area]
    }
    return (0..<dimension).map { r in
      var sum = 0.0
      for (c, input) in inputs.enumerated() {
        let weight = weights[r * inputs.count + c]
        sum += weight * weight * input
      }
      return featureNorm.scale[r] * featureNorm.scale[r] * sum
    }
  }
}
