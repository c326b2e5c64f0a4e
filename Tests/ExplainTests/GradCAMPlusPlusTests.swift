import Configurations
import Explain
import Kernels
import Testing

@Suite struct GradCAMPlusPlusTests {
  private let c = 3
  private let h = 4
  private let w = 2
  private let d = 5

  private func draws(_ count: Int, _ seed: UInt64, _ low: Double, _ high: Double) -> [Double] {
    var rng = CounterRNG(seed: seed, purpose: .syntheticDataset)
    return (0..<count).map { _ in low + (high - low) * rng.uniform() }
  }

  private func maps(_ values: [Double]? = nil) throws -> FeatureMaps {
    try FeatureMaps(
      channels: c, height: h, width: w, values: values ?? draws(c * h * w, 1, -0.5, 1))
  }

  private func tail() throws -> BackboneTail {
    func norm(_ n: Int, _ seed: UInt64) throws -> FrozenBatchNorm {
      try FrozenBatchNorm(
        gamma: draws(n, seed, 0.5, 1.5), beta: draws(n, seed + 1, -0.2, 0.2),
        mean: draws(n, seed + 2, 0, 0.5), variance: draws(n, seed + 3, 0.2, 1), epsilon: 1e-5)
    }
    return .iresnet(
      try IresnetTail(
        channelNorm: try norm(c, 10), weights: draws(d * c * h * w, 20, -0.5, 0.5),
        biases: draws(d, 21, -0.1, 0.1), featureNorm: try norm(d, 30)))
  }

  private var network: Float64Network {
    let widths = [d, 6, 3, 1]
    return Float64Network(
      widths: widths,
      parameters: draws(Float64Network.parameterCount(widths: widths), 40, -1, 1))
  }

  @Test(arguments: [true, false]) func gradientAgreesWithCentralDifferences(
    isNormalised: Bool
  ) throws {
    var configuration = GradCAMConfiguration()
    configuration.isNormalised = isNormalised
    let tail = try tail()
    let base = try maps()
    let explanation = try GradCAMPlusPlus(
      maps: base, tail: tail, score: .network(network), configuration: configuration)
    #expect(explanation.gradient.contains { abs($0) > 1e-4 })
    for i in base.values.indices {
      func logit(_ step: Double) throws -> Double {
        var values = base.values
        values[i] += step
        return try GradCAMPlusPlus(
          maps: maps(values), tail: tail, score: .network(network), configuration: configuration
        ).score
      }
      let quotient = try (logit(1e-6) - logit(-1e-6)) / 2e-6
      #expect(abs(quotient - explanation.gradient[i]) < 1e-7)
    }
  }

  @Test func weightsAndMapFollowFromGradientAndAlpha() throws {
    let maps = try maps()
    let explanation = try GradCAMPlusPlus(maps: maps, tail: try tail(), score: .network(network))
    let area = h * w
    for k in 0..<c {
      let expected = (0..<area).reduce(0.0) {
        $0 + explanation.alpha[k * area + $1] * max(explanation.gradient[k * area + $1], 0)
      }
      #expect(abs(explanation.weights[k] - expected) < 1e-12)
    }
    #expect(explanation.map.values.allSatisfy { $0 >= 0 })
    let share = explanation.alpha.filter { $0 < 0 || $0 > 1 }.count
    #expect(explanation.shareOfAlphaOutsideUnit == Double(share) / Double(c * area))
  }

  /// Eq. 19 by hand for one value: g^2 / (2 g^2 + S g^3).
  @Test func alphaRulesDifferByTheEpsilon() throws {
    let maps = try maps()
    var configuration = GradCAMConfiguration()
    let library = try GradCAMPlusPlus(
      maps: maps, tail: try tail(), score: .network(network), configuration: configuration)
    configuration.alphaRule = .paper
    let paper = try GradCAMPlusPlus(
      maps: maps, tail: try tail(), score: .network(network), configuration: configuration)
    configuration.clampsMapsInAlpha = true
    let clamped = try GradCAMPlusPlus(
      maps: maps, tail: try tail(), score: .network(network), configuration: configuration)
    let (g, sum) = (paper.gradient[0], maps.values[0..<(h * w)].reduce(0, +))
    let positive = maps.values[0..<(h * w)].reduce(0) { $0 + max($1, 0) }
    func alpha(_ sum: Double, _ epsilon: Double) -> Double {
      g * g / (2 * g * g + sum * g * g * g + epsilon)
    }
    #expect(g != 0)
    #expect(abs(paper.alpha[0] - alpha(sum, 0)) < 1e-12)
    #expect(abs(library.alpha[0] - alpha(sum, 1e-6)) < 1e-12)
    #expect(abs(clamped.alpha[0] - alpha(positive, 0)) < 1e-12)
  }

  @Test func aNetworkWithoutGradientGivesAnEmptyMap() throws {
    let dead = Float64Network(widths: [d, 1], parameters: [Double](repeating: 0, count: d + 1))
    for rule in AlphaRule.allCases {
      var configuration = GradCAMConfiguration()
      configuration.alphaRule = rule
      let explanation = try GradCAMPlusPlus(
        maps: try maps(), tail: try tail(), score: .network(dead), configuration: configuration)
      #expect(explanation.alpha.allSatisfy { $0 == 0 })
      #expect(explanation.normalisedMap.values.allSatisfy { $0 == 0 })
      #expect(explanation.shareOfAlphaOutsideUnit == 0)
    }
  }

  @Test func tensorsOfDifferentBackbonesAreRefused() throws {
    let error = ExplainError.sizesDisagree(what: "inputs of the score", found: 4, expected: 5)
    #expect(throws: error) {
      try GradCAMPlusPlus(
        maps: try maps(), tail: try tail(),
        score: .network(Float64Network(widths: [4, 1], parameters: [0, 0, 0, 0, 0])))
    }
    #expect(
      "\(error)"
        == "inputs of the score: found 4 values, expected 5; export all tensors from one backbone")
    #expect(throws: ExplainError.self) {
      try FeatureMaps(channels: 2, height: 2, width: 2, values: [1])
    }
  }
}
