// Grad-CAM++ (Chattopadhay et al. 2018, Eq. 19) of the logit of a personal network, in closed form:
// no backbone is needed beyond its exported last layers (definitions 7).
//   g = dS/dA;  alpha = g^2 / (2 g^2 + (sum_ab A) g^3 [+ eps]);  w_k = sum_ij alpha max(g, 0)
//   L = max(sum_k w_k A_k, 0), shown as (L - min)/(max - min).
// A: feature maps [C, H, W]; S: logit; x: what the network sees.
import Kernels

/// How alpha is computed.
package enum AlphaRule: String, Sendable, Codable, Hashable, CaseIterable {
  /// The denominator plus 1e-6, alpha 0 where g = 0: the common library implementation.
  case library
  /// No epsilon, alpha 0 where the denominator is 0.
  case paper
}

/// Switches of an explanation.
package struct GradCAMConfiguration: Sendable, Codable, Hashable {
  package var alphaRule = AlphaRule.library
  package var epsilon = 1e-6
  /// Whether the network sees the embedding divided by its length.
  package var isNormalised = true
  /// Sum the maps clamped at 0 in the denominator of alpha. `layer4` ends without ReLU, so sums may
  /// be negative and denominators small.
  package var clampsMapsInAlpha = false
  package init() {}
}

/// An explanation of one probe's score.
package struct GradCAMPlusPlus: Sendable {
  package let logit: Double
  /// dS/dA, [C, H, W].
  package let gradient: [Double]
  /// [C, H, W].
  package let alpha: [Double]
  /// Weight of each map, [C].
  package let weights: [Double]
  /// The map, not normalised, [H, W].
  package let map: HeatMap
  /// Share of alpha outside [0, 1]: how far Eq. 19 is from a weighting here.
  package let shareOfAlphaOutsideUnit: Double

  /// The map scaled to [0, 1]; zeros where it is constant.
  package var normalisedMap: HeatMap { map.scaledToUnit() }

  /// - Parameters:
  ///   - maps: last feature maps of the probe.
  ///   - tail: the backbone's last layers.
  ///   - network: the reference that the probe is compared with.
  /// - Throws: `ExplainError.sizesDisagree`.
  package init(
    maps: FeatureMaps, tail: BackboneTail, network: Float64Network,
    configuration: GradCAMConfiguration = GradCAMConfiguration()
  ) throws {
    func expect(_ what: String, _ found: Int, _ expected: Int) throws {
      guard found == expected else {
        throw ExplainError.sizesDisagree(what: what, found: found, expected: expected)
      }
    }
    try expect("channel norm", tail.channelNorm.scale.count, maps.channels)
    try expect(
      "embedding layer", tail.weights.count, tail.dimension * maps.values.count)
    try expect("network input", network.dimension, tail.dimension)

    let embedding = tail.embedding(maps)
    let length = embedding.reduce(0) { $0 + $1 * $1 }.squareRoot()
    // An embedding of zeros has no direction; it is left as it is.
    let isNormalised = configuration.isNormalised && length > 0
    let x = isNormalised ? embedding.map { $0 / length } : embedding
    let (logits, inputGradient) = network.inputGradients(x)
    var slope = inputGradient
    if isNormalised {
      // Jacobian of x = e/|e|: (g - x (x.g)) / |e|.
      let along = zip(x, slope).reduce(0) { $0 + $1.0 * $1.1 }
      for i in slope.indices { slope[i] = (slope[i] - x[i] * along) / length }
    }
    let gradient = tail.backward(slope, channels: maps.channels)
    let area = maps.height * maps.width
    var alpha = [Double](repeating: 0, count: gradient.count)
    var weights = [Double](repeating: 0, count: maps.channels)
    var sums = [Double](repeating: 0, count: area)
    var outside = 0
    for k in 0..<maps.channels {
      let range = (k * area)..<((k + 1) * area)
      let total = maps.values[range].reduce(0) {
        $0 + (configuration.clampsMapsInAlpha ? max($1, 0) : $1)
      }
      for i in range {
        let g = gradient[i]
        let denominator = 2 * g * g + total * (g * g * g)
        switch configuration.alphaRule {
        case .library: alpha[i] = g != 0 ? g * g / (denominator + configuration.epsilon) : 0
        case .paper: alpha[i] = denominator != 0 ? g * g / denominator : 0
        }
        if !(alpha[i] >= 0 && alpha[i] <= 1) { outside += 1 }
        weights[k] += alpha[i] * max(g, 0)
      }
      for i in 0..<area { sums[i] += weights[k] * maps.values[k * area + i] }
    }
    logit = logits[0]
    self.gradient = gradient
    self.alpha = alpha
    self.weights = weights
    map = HeatMap(height: maps.height, width: maps.width, values: sums.map { max($0, 0) })
    shareOfAlphaOutsideUnit = Double(outside) / Double(alpha.count)
  }
}
