import AttackReports
import Configurations
import Foundation
import Kernels
import Privacy

/// Fixture kinds of the Privacy stage.
let privacyFixtureKinds: [FixtureKind] = [
  FixtureKind("attack", check: checkAttack),
  FixtureKind("pemiu", check: checkPEMIU),
  FixtureKind("noise_and_negative", check: checkNoiseAndNegative),
  FixtureKind("pfrnet_loss", check: checkPFRNetLoss),
  FixtureKind("inversion", check: checkInversion),
]

/// Every statistic on every scale of `expected`, with decisions, AUC and thresholds.
@Sendable
private func checkAttack(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  let logits = try rectangle(fixture, "logits")
  let groups = try fixture["groups"].strings
  let isFirstSample = try fixture["attacker_gender"].strings.map { $0 == groups[0] }
  let isFirst = try fixture["target_gender"].strings.map { $0 == groups[0] }
  let calibration = try fixture.optional("n_calibration")?.int ?? 0
  try expect(
    "labels of samples and targets", [isFirstSample.count, isFirst.count],
    [logits.columns, logits.rows])
  try expect(
    "groups among samples and targets", [Set(isFirstSample).count, Set(isFirst).count], [2, 2])
  try expect("calibration targets", (0...isFirst.count).contains(calibration), true)
  var deviations = Deviations()
  for (scaleName, variants) in try fixture["expected"].members.sorted(by: { $0.key < $1.key }) {
    let scores = try scale(scaleName).apply(to: logits)
    for (variant, expected) in try variants.members.sorted(by: { $0.key < $1.key }) {
      let values = scoreDifferences(
        scores, isFirst: isFirstSample, statistics: [try statistic(variant)])[0]
      try compareAttack(
        "\(scaleName)/\(variant)", values, isFirst: isFirst, calibration: calibration,
        expected: expected, into: &deviations)
    }
  }
  return deviations
}

private func compareAttack(
  _ label: String, _ values: [Double], isFirst: [Bool], calibration: Int, expected: JSONValue,
  into deviations: inout Deviations
) throws {
  let predicted = values.map(DecisionRule.largerScore.predictsFirst)
  let outcome = AttackOutcome(
    attack: .a0, variant: label, values: values, predictsFirst: predicted,
    resampling: TargetResampling(isFirst: isFirst, replicates: 0, permutations: 0, seed: 0))
  for (key, value) in try expected.members.sorted(by: { $0.key < $1.key }) {
    let name = "\(label)/\(key)"
    switch key {
    case "difference":
      deviations.compare(name, values, try value.doubles, absolute: 1e-12, relative: 1e-12)
    case "predicted_first":
      deviations.compareExactly(name, predicted, try value.array.map { try $0.bool })
    case "ties": deviations.compareExactly(name, outcome.ties, try value.int)
    case "recall_first": deviations.compare(name, outcome.recallFirst, try value.double)
    case "recall_second": deviations.compare(name, outcome.recallSecond, try value.double)
    case "balanced_accuracy":
      deviations.compare(name, outcome.balancedAccuracy.value, try value.double)
    case "accuracy": deviations.compare(name, outcome.accuracy, try value.double)
    case "share_predicted_first":
      deviations.compare(name, outcome.sharePredictedFirst, try value.double)
    case "auc": deviations.compare(name, outcome.auc.value, try value.double)
    case "auc_two_sided": deviations.compare(name, outcome.twoSidedAUC.value, try value.double)
    case "median_split_balanced_accuracy":
      deviations.compare(name, outcome.medianSplitBalancedAccuracy, try value.double)
    case "oracle_threshold_balanced_accuracy":
      deviations.compare(name, outcome.bestThresholdBalancedAccuracy, try value.double)
    case "calibrated":
      let threshold = calibratedThreshold(
        Array(values.prefix(calibration)), isFirst: Array(isFirst.prefix(calibration)))
      deviations.compare("\(name)/threshold", threshold, try value["threshold"].double)
      deviations.compare(
        "\(name)/balanced_accuracy",
        balancedAccuracy(
          Array(values.dropFirst(calibration)), isFirst: Array(isFirst.dropFirst(calibration)),
          rule: .above(threshold)), try value["balanced_accuracy"].double)
    default: throw FixtureError.wrongType(expected: "known key of an attack", found: "'\(key)'")
    }
  }
}

private func scale(_ name: String) throws -> ScoreScale {
  switch name {
  case "probability": .probability
  case "logit": .raw
  case "logit_row_z": .rawByRow
  case "logit_col_z": .rawByColumn
  default: throw FixtureError.wrongType(expected: "known score scale", found: "'\(name)'")
  }
}

private func statistic(_ name: String) throws -> GroupStatistic {
  let parts = name.split(separator: "_")
  switch (parts.first, parts.count > 1 ? Int(parts[1]) : nil) {
  case ("mean", nil): return .mean
  case ("max", nil): return .top(1)
  case ("top", let n?): return .top(n)
  case ("log", let n?): return .logarithmic(n)
  case ("linear", let n?): return .linear(n)
  default: throw FixtureError.wrongType(expected: "known statistic", found: "'\(name)'")
  }
}

/// Protection by given permutations, costs, assignment and scores.
@Sendable
private func checkPEMIU(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  let block = try fixture["block"].int
  let reference = try fixture["reference"].doubles
  let probe = try fixture["probe"].doubles
  try expect("blocks of a reference", block > 0 && reference.count % max(block, 1) == 0, true)
  try expect("length of the probe", probe.count, reference.count)
  func protected(_ v: [Double], _ permutation: [Int]) throws -> [Double] {
    try expect("permutation", permutation.sorted(), Array(0..<(v.count / block)))
    return permutation.flatMap { v[($0 * block)..<(($0 + 1) * block)] }
  }
  let left = try protected(reference, try fixture["perm_reference"].ints)
  let right = try protected(probe, try fixture["perm_probe"].ints)
  let comparison = BlockComparison(reference: left, probe: right, block: block)
  func cosine(_ a: [Double], _ b: [Double]) -> Double {
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
  }
  var deviations = Deviations()
  for (key, value) in try fixture["expected"].members.sorted(by: { $0.key < $1.key }) {
    switch key {
    case "protected_reference": deviations.compare(key, left, try value.doubles, absolute: 0)
    case "protected_probe": deviations.compare(key, right, try value.doubles, absolute: 0)
    case "cost_row0":
      let n = comparison.assignment.count
      deviations.compare(key, Array(comparison.costs.prefix(n)), try value.doubles)
    case "total_cost": deviations.compare(key, comparison.totalCost, try value.double)
    case "assignment": deviations.compareExactly(key, comparison.assignment, try value.ints)
    case "score":
      deviations.compare(key, comparison.score, try value.double)
      deviations.compare("\(key)/reordered", cosine(left, comparison.reordered), try value.double)
    case "score_unprotected":
      deviations.compare(key, cosine(reference, probe), try value.double)
    case "score_without_assignment":
      deviations.compare(key, cosine(left, right), try value.double)
    default: throw FixtureError.wrongType(expected: "known key of PE-MIU", found: "'\(key)'")
    }
  }
  return deviations
}

/// Cosine-sensitive noise with given draws, and negative scores.
@Sendable
private func checkNoiseAndNegative(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  var deviations = Deviations()
  for (i, noise) in (try fixture.optional("csn")?.array ?? []).enumerated() {
    let v = try noise["v"].doubles
    let x = CosineSensitiveNoise.perturb(
      v, normals: try noise["r"].doubles, similarity: try noise["similarity"].double,
      length: try noise["length"].double)
    let expected = try noise["expected"]
    deviations.compare(
      "csn[\(i)]/x", x, try expected["x"].doubles, absolute: 1e-12, relative: 1e-12)
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    deviations.compare(
      "csn[\(i)]/cosine", dot(x, v) / (dot(x, x) * dot(v, v)).squareRoot(),
      try expected["cosine"].double)
  }
  for (i, negative) in (try fixture.optional("nfr")?.array ?? []).enumerated() {
    deviations.compare(
      "nfr[\(i)]",
      NegativeFaceRecognition.score(
        positive: try negative["positive"].ints, negative: try negative["negative"].ints),
      try negative["expected"].double)
  }
  return deviations
}

/// The terms of the loss of one batch.
@Sendable
private func checkPFRNetLoss(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  let x = try rectangle(fixture, "x")
  let reconstruction = try rectangle(fixture, "reconstruction")
  let independent = try rectangle(fixture, "z_ind")
  let dependent = try rectangle(fixture, "z_dep")
  let isFirst = try fixture["is_female"].array.map { try $0.bool }
  for matrix in [x, reconstruction, independent, dependent] {
    try expect("rows of a batch", matrix.rows, isFirst.count)
  }
  try expect("width of the reconstruction", reconstruction.columns, x.columns)
  let loss = PFRNetLoss(
    x: x.values, reconstruction: reconstruction.values, dimension: x.columns,
    independent: independent.values, independentWidth: independent.columns,
    dependent: dependent.values, dependentWidth: dependent.columns,
    isFirst: isFirst,
    weights: PFRNetConfiguration.Weights(
      align: try fixture["lambda_align"].double, separate: try fixture["lambda_separate"].double))
  let expected = try fixture["expected"]
  var deviations = Deviations()
  deviations.compare("reconstruction", loss.reconstruction, try expected["reconstruction"].double)
  deviations.compare("align", loss.align, try expected["align"].double)
  deviations.compare("separate", loss.separate, try expected["separate"].double)
  deviations.compare("total", loss.total, try expected["total"].double)
  return deviations
}

/// Projected gradient ascent from the given start.
@Sendable
private func checkInversion(_ fixture: JSONValue, _: URL, _: String) throws -> Deviations {
  let network = try fixtureNetwork(fixture)
  let start = try fixture["start"].doubles
  try expect("length of the start", start.count, network.dimension)
  let inversion = ModelInversion(
    network, starts: Matrix64([start]), step: try fixture["step"].double,
    iterations: try fixture["iterations"].int)
  let expected = try fixture["expected"]
  var deviations = Deviations()
  deviations.compare(
    "final", inversion.vectors.values, try expected["final"].doubles, absolute: 1e-9)
  deviations.compare(
    "logits", inversion.logits[0], try expected["logits"].doubles, absolute: 1e-9)
  return deviations
}

/// A nested list whose rows have one length.
private func rectangle(_ fixture: JSONValue, _ key: String) throws -> Matrix64 {
  let rows = try fixture[key].matrix
  try expect("lengths of the rows of '\(key)'", Set(rows.map(\.count)).count, 1)
  return Matrix64(rows)
}

/// - Throws: `FixtureError.wrongType` unless both are equal.
private func expect<T: Equatable>(_ what: String, _ found: T, _ expected: T) throws {
  guard found == expected else {
    throw FixtureError.wrongType(expected: "\(what) \(expected)", found: "\(found)")
  }
}

/// The network of `weights` (out, in) and `biases`.
func fixtureNetwork(_ fixture: JSONValue) throws -> Float64Network {
  let weights = try fixture["weights"].array.map { try $0.matrix }
  let biases = try fixture["biases"].array.map { try $0.doubles }
  guard let first = weights.first?.first, weights.count == biases.count else {
    throw FixtureError.wrongType(expected: "weights and biases of each layer", found: "none")
  }
  let widths = [first.count] + biases.map(\.count)
  let parameters = zip(weights, biases).flatMap { $0.flatMap { $0 } + $1 }
  guard widths.last == 1, parameters.count == Float64Network.parameterCount(widths: widths) else {
    throw FixtureError.wrongType(
      expected: "a network with one output", found: "\(parameters.count) values for \(widths)")
  }
  return Float64Network(widths: widths, parameters: parameters)
}
