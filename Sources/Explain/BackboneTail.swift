// The last layers of an ArcFace-style backbone in evaluation mode (definitions 7): batch norm over
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
    for (what, list) in [("beta", beta), ("mean", mean), ("variance", variance)]
    where list.count != gamma.count {
      throw ExplainError.sizesDisagree(
        what: "batch norm \(what)", found: list.count, expected: gamma.count)
    }
    scale = zip(gamma, variance).map { $0 / ($1 + epsilon).squareRoot() }
    self.mean = mean
    shift = beta
  }
}

/// From the last feature maps to the embedding.
package struct BackboneTail: Sendable {
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
    guard biases.count == featureNorm.scale.count else {
      throw ExplainError.sizesDisagree(
        what: "biases of the embedding layer", found: biases.count,
        expected: featureNorm.scale.count)
    }
    guard !biases.isEmpty, weights.count % biases.count == 0 else {
      throw ExplainError.sizesDisagree(
        what: "weights of the embedding layer", found: weights.count, expected: biases.count)
    }
    self.channelNorm = channelNorm
    self.weights = weights
    self.biases = biases
    self.featureNorm = featureNorm
  }

  package var dimension: Int { biases.count }

  /// The embedding of feature maps, before L2 normalisation, [D].
  package func embedding(_ maps: FeatureMaps) -> [Double] {
    let area = maps.height * maps.width
    let inputs = maps.values.indices.map { i in
      let k = i / area
      return channelNorm.scale[k] * (maps.values[i] - channelNorm.mean[k]) + channelNorm.shift[k]
    }
    return (0..<dimension).map { r in
      var sum = biases[r]
      for (c, input) in inputs.enumerated() { sum += weights[r * inputs.count + c] * input }
      return featureNorm.scale[r] * (sum - featureNorm.mean[r]) + featureNorm.shift[r]
    }
  }

  /// Gradient with respect to the feature maps from the gradient with respect to the embedding.
  package func backward(_ gradient: [Double], channels: Int) -> [Double] {
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
}

/// The output of the backbone's last convolutional stage for one probe.
package struct FeatureMaps: Sendable, Equatable {
  package let channels: Int
  package let height: Int
  package let width: Int
  /// [C, H, W] row-major.
  package let values: [Double]

  /// - Throws: `ExplainError.sizesDisagree`.
  package init(channels: Int, height: Int, width: Int, values: [Double]) throws {
    guard channels > 0, height > 0, width > 0, values.count == channels * height * width else {
      throw ExplainError.sizesDisagree(
        what: "feature maps \(channels)x\(height)x\(width)", found: values.count,
        expected: channels * height * width)
    }
    self.channels = channels
    self.height = height
    self.width = width
    self.values = values
  }
}

/// What can be wrong with the inputs of an explanation.
package enum ExplainError: Error, CustomStringConvertible, Equatable {
  case sizesDisagree(what: String, found: Int, expected: Int)

  package var description: String {
    switch self {
    case .sizesDisagree(let what, let found, let expected):
      "\(what): found \(found) values, expected \(expected); export all tensors from one backbone"
    }
  }
}
