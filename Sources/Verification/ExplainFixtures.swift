import Explain
import Foundation
import Kernels

/// Fixture kinds of the Explain stage.
let explainFixtureKinds: [FixtureKind] = [
  FixtureKind("gradcampp", check: checkGradCAM)
]

/// All settings of `expected` ("l2norm/library", "raw/paper", …) for one set of maps.
@Sendable
private func checkGradCAM(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  let inputs =
    if let recipe = fixture.optional("recipe") {
      try inputs(of: GradCAMRecipe(try recipe.string))
    } else {
      try inputs(in: fixture)
    }
  let size = try fixture["upsample_to"].ints
  guard size.count == 2, size.allSatisfy({ $0 > 0 }) else {
    throw FixtureError.wrongType(expected: "height and width in 'upsample_to'", found: "\(size)")
  }
  var deviations = Deviations()
  for (setting, expected) in try fixture["expected"].members.sorted(by: { $0.key < $1.key }) {
    var configuration = GradCAMConfiguration()
    let parts = setting.split(separator: "/").map(String.init)
    guard parts.count == 2, let rule = AlphaRule(rawValue: parts[1]),
      ["l2norm", "raw"].contains(parts[0])
    else { throw FixtureError.wrongType(expected: "known setting", found: "'\(setting)'") }
    configuration.alphaRule = rule
    configuration.isNormalised = parts[0] == "l2norm"
    configuration.epsilon = try fixture.optional("alpha_eps")?.double ?? 1e-6
    let explanation = try GradCAMPlusPlus(
      maps: inputs.maps, tail: inputs.tail, network: inputs.network, configuration: configuration)
    try compare(
      explanation, maps: inputs.maps, size: size, label: setting, expected: expected,
      into: &deviations)
  }
  return deviations
}

private func compare(
  _ explanation: GradCAMPlusPlus, maps: FeatureMaps, size: [Int], label: String,
  expected: JSONValue, into deviations: inout Deviations
) throws {
  let area = maps.height * maps.width
  func channel(_ values: [Double], _ k: Int) -> [Double] {
    Array(values[(k * area)..<((k + 1) * area)])
  }
  let upsampled = explanation.normalisedMap.resampled(height: size[0], width: size[1])
  for (key, value) in try expected.members.sorted(by: { $0.key < $1.key }) {
    let name = "\(label)/\(key)"
    // A trailing number selects a channel or a row.
    let digits = String(key.reversed().prefix { $0.isNumber }.reversed())
    let stem = key.dropLast(digits.count)
    let number = Int(digits) ?? 0
    guard
      number < (stem.hasSuffix("row") ? size[0] : stem.hasSuffix("channel") ? maps.channels : .max)
    else { throw FixtureError.wrongType(expected: "row or channel that exists", found: "'\(key)'") }
    switch key {
    case "logit":
      deviations.compare(name, explanation.logit, try value.double, absolute: 1e-9)
    case "weights":
      deviations.compare(name, explanation.weights, try value.doubles, absolute: 1e-9)
    case "cam":
      deviations.compare(
        name, explanation.map.values, try value.matrix.flatMap { $0 }, absolute: 1e-9)
    case "cam01":
      deviations.compare(
        name, explanation.normalisedMap.values, try value.matrix.flatMap { $0 }, absolute: 1e-9)
    case "cam01_upsampled":
      deviations.compare(
        name, upsampled.values, try value.matrix.flatMap { $0 }, absolute: 1e-9)
    case _ where stem == "cam01_upsampled_row":
      let row = number
      deviations.compare(
        name, Array(upsampled.values[(row * size[1])..<((row + 1) * size[1])]),
        try value.doubles, absolute: 1e-9)
    case _ where stem == "grad_channel":
      deviations.compare(
        name, channel(explanation.gradient, number), try value.matrix.flatMap { $0 },
        absolute: 1e-9)
    case _ where stem == "alpha_channel":
      deviations.compare(
        name, channel(explanation.alpha, number), try value.matrix.flatMap { $0 },
        absolute: 1e-9, relative: 1e-9)
    default: throw FixtureError.wrongType(expected: "known key of a map", found: "'\(key)'")
    }
  }
}

private struct GradCAMInputs {
  let maps: FeatureMaps
  let tail: BackboneTail
  let network: Float64Network
}

private func inputs(of recipe: GradCAMRecipe) throws -> GradCAMInputs {
  let (maps, tail, network) = try recipe.inputs()
  return GradCAMInputs(maps: maps, tail: tail, network: network)
}

/// Inputs that the case carries itself.
private func inputs(in fixture: JSONValue) throws -> GradCAMInputs {
  let maps = try fixture["feature_maps"].array.map { try $0.matrix }
  func norm(_ prefix: String) throws -> FrozenBatchNorm {
    try FrozenBatchNorm(
      gamma: try fixture["\(prefix)_gamma"].doubles, beta: try fixture["\(prefix)_beta"].doubles,
      mean: try fixture["\(prefix)_mean"].doubles, variance: try fixture["\(prefix)_var"].doubles,
      epsilon: try fixture["\(prefix)_eps"].double)
  }
  return GradCAMInputs(
    maps: try FeatureMaps(
      channels: maps.count, height: maps.first?.count ?? 0, width: maps.first?.first?.count ?? 0,
      values: maps.flatMap { $0.flatMap { $0 } }),
    tail: try BackboneTail(
      channelNorm: try norm("bn2"), weights: try fixture["fc_w"].matrix.flatMap { $0 },
      biases: try fixture["fc_b"].doubles, featureNorm: try norm("bn1")),
    network: try fixtureNetwork(fixture))
}
