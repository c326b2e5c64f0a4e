// Grad-CAM++ (Chattopadhay et al. 2018, Eq. 19) of a score, in closed form:
// no backbone is needed beyond its exported last layers (definitions 7).
//   g = dS/dA;  alpha = g^2 / (2 g^2 + (sum_ab A) g^3 [+ eps]);  w_k = sum_ij alpha max(g, 0)
//   L = max(sum_k w_k A_k, 0), shown as (L - min)/(max - min).
// A: feature maps [C, H, W]; S: score (MOTE: logit of the personal network).
import Configurations

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
  /// S.
  package let score: Double
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
  ///   - score: of the reference that the probe is compared with.
  /// - Throws: `ExplainError.sizesDisagree`.
  package init(
    maps: FeatureMaps, tail: BackboneTail, score: ExplainedScore,
    configuration: GradCAMConfiguration = GradCAMConfiguration()
  ) throws {
    self.init(
      maps: maps,
      gradient: try MapGradient(
        maps: maps, tail: tail, score: score, isNormalised: configuration.isNormalised),
      configuration: configuration)
  }

  /// From a gradient that is known.
  package init(
    maps: FeatureMaps, gradient mapGradient: MapGradient,
    configuration: GradCAMConfiguration = GradCAMConfiguration()
  ) {
    let gradient = mapGradient.values
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
    score = mapGradient.score
    self.gradient = gradient
    self.alpha = alpha
    self.weights = weights
    map = HeatMap(height: maps.height, width: maps.width, values: sums.map { max($0, 0) })
    shareOfAlphaOutsideUnit = Double(outside) / Double(alpha.count)
  }
}
