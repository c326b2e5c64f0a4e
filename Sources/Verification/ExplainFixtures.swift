import Configurations
import Explain
import Foundation
import Kernels

/// Fixture kinds of the Explain stage.
let explainFixtureKinds: [FixtureKind] = [
  FixtureKind(name: "gradcampp", check: checkGradCAM)
]

/// All settings of `expected` ("l2norm/library", "raw/paper", …) for one set of maps.
@Sendable
private func checkGradCAM(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  let (maps, tail, network) =
    if let recipe = fixture.optional("recipe") {
      try GradCAMRecipe(try recipe.string).inputs()
    } else {
      try inputs(in: fixture)
    }
  let size = try fixture["upsample_to"].ints
  guard size.count == 2, size.allSatisfy({ $0 > 0 }) else {
    throw FixtureError.wrongType(expected: "height and width in 'upsample_to'", found: "\(size)")
  }
  var found: [String: Found] = [:]
  for setting in try fixture["expected"].members.keys {
    var configuration = GradCAMConfiguration()
    let parts = setting.split(separator: "/").map(String.init)
    guard parts.count == 2, let rule = AlphaRule(rawValue: parts[1]),
      ["l2norm", "raw"].contains(parts[0])
    else { throw FixtureError.wrongType(expected: "known setting", found: "'\(setting)'") }
    configuration.alphaRule = rule
    configuration.isNormalised = parts[0] == "l2norm"
    configuration.epsilon = try fixture.optional("alpha_eps")?.double ?? 1e-6
    let explanation = try GradCAMPlusPlus(
      maps: maps, tail: tail, score: .network(network), configuration: configuration)
    found[setting] = members(of: explanation, maps: maps, size: size)
  }
  return try Deviations("gradcampp", .members(found), fixture["expected"])
}

/// The members of one setting; a trailing number selects a channel or a row.
private func members(of explanation: GradCAMPlusPlus, maps: FeatureMaps, size: [Int]) -> Found {
  let upsampled = explanation.normalisedMap.resampled(height: size[0], width: size[1]).values
  var members: [String: Found] = [
    "logit": .number(explanation.score, absolute: 1e-9),
    "weights": .list(explanation.weights, absolute: 1e-9),
    "cam": .list(explanation.map.values, absolute: 1e-9),
    "cam01": .list(explanation.normalisedMap.values, absolute: 1e-9),
    "cam01_upsampled": .list(upsampled, absolute: 1e-9),
  ]
  for row in 0..<size[0] {
    members["cam01_upsampled_row\(row)"] = .list(
      Array(upsampled[(row * size[1])..<((row + 1) * size[1])]), absolute: 1e-9)
  }
  let area = maps.height * maps.width
  for k in 0..<maps.channels {
    let channel = (k * area)..<((k + 1) * area)
    members["grad_channel\(k)"] = .list(Array(explanation.gradient[channel]), absolute: 1e-9)
    members["alpha_channel\(k)"] = .list(
      Array(explanation.alpha[channel]), absolute: 1e-9, relative: 1e-9)
  }
  return .members(members)
}

/// Inputs that the case carries itself.
private func inputs(
  in fixture: JSONValue
) throws -> (maps: FeatureMaps, tail: BackboneTail, network: Float64Network) {
  let maps = try fixture["feature_maps"].array.map { try $0.matrix }
  func norm(_ prefix: String) throws -> FrozenBatchNorm {
    try FrozenBatchNorm(
      gamma: try fixture["\(prefix)_gamma"].doubles, beta: try fixture["\(prefix)_beta"].doubles,
      mean: try fixture["\(prefix)_mean"].doubles, variance: try fixture["\(prefix)_var"].doubles,
      epsilon: try fixture["\(prefix)_eps"].double)
  }
  return (
    maps: try FeatureMaps(
      channels: maps.count, height: maps.first?.count ?? 0, width: maps.first?.first?.count ?? 0,
      values: try fixture["feature_maps"].numbers),
    tail: .iresnet(
      try IresnetTail(
        channelNorm: try norm("bn2"), weights: try fixture["fc_w"].numbers,
        biases: try fixture["fc_b"].doubles, featureNorm: try norm("bn1"))),
    network: try fixtureNetwork(fixture)
  )
}
