import AttackReports
import Configurations
import Foundation
import Kernels
import Privacy

/// Fixture kinds of the Privacy stage.
let privacyFixtureKinds: [FixtureKind] = [
  FixtureKind(name: "attack", check: checkAttack),
  FixtureKind(name: "pemiu", check: checkPEMIU),
  FixtureKind(name: "noise_and_negative", check: checkNoiseAndNegative),
  FixtureKind(name: "pfrnet_loss", check: checkPFRNetLoss),
  FixtureKind(name: "inversion", check: checkInversion),
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
  var found: [String: Found] = [:]
  for (scaleName, variants) in try fixture["expected"].members {
    let scores = try scale(scaleName).apply(to: logits)
    var outcomes: [String: Found] = [:]
    for variant in try variants.members.keys {
      let values = scoreDifferences(
        scores, isFirst: isFirstSample, statistics: [try statistic(variant)])[0]
      outcomes[variant] = outcome(values, isFirst: isFirst, calibration: calibration)
    }
    found[scaleName] = .members(outcomes)
  }
  return try Deviations("attack", .members(found), fixture["expected"])
}

/// What an attack with these score differences achieves.
private func outcome(_ values: [Double], isFirst: [Bool], calibration: Int) -> Found {
  let predicted = values.map(DecisionRule.largerScore.predictsFirst)
  let outcome = AttackOutcome(
    attack: .a0, variant: "", values: values, predictsFirst: predicted,
    resampling: TargetResampling(isFirst: isFirst, replicates: 0, permutations: 0, seed: 0))
  let threshold = calibratedThreshold(
    Array(values.prefix(calibration)), isFirst: Array(isFirst.prefix(calibration)))
  let calibrated = balancedAccuracy(
    Array(values.dropFirst(calibration)), isFirst: Array(isFirst.dropFirst(calibration)),
    rule: .above(threshold))
  return .members([
    "difference": .list(values, relative: 1e-12), "predicted_first": .flags(predicted),
    "ties": .count(outcome.ties), "recall_first": .number(outcome.recallFirst),
    "recall_second": .number(outcome.recallSecond),
    "balanced_accuracy": .number(outcome.balancedAccuracy.value),
    "accuracy": .number(outcome.accuracy),
    "share_predicted_first": .number(outcome.sharePredictedFirst),
    "auc": .number(outcome.auc.value), "auc_two_sided": .number(outcome.twoSidedAUC.value),
    "median_split_balanced_accuracy": .number(outcome.medianSplitBalancedAccuracy),
    "oracle_threshold_balanced_accuracy": .number(outcome.bestThresholdBalancedAccuracy),
    "calibrated": .members([
      "threshold": .number(threshold), "balanced_accuracy": .number(calibrated),
    ]),
  ])
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
  let n = comparison.assignment.count
  var deviations = Deviations()
  deviations.compare("reordered", cosine(left, comparison.reordered), comparison.score)
  try deviations.compare(
    "pemiu",
    .members([
      "protected_reference": .list(left, absolute: 0), "protected_probe": .list(right, absolute: 0),
      "cost_row0": .list(Array(comparison.costs.prefix(n))),
      "total_cost": .number(comparison.totalCost),
      "assignment": .list(comparison.assignment.map(Double.init)),
      "score": .number(comparison.score),
      "score_unprotected": .number(cosine(reference, probe)),
      "score_without_assignment": .number(cosine(left, right)),
    ]), fixture["expected"])
  return deviations
}

private func cosine(_ a: [Double], _ b: [Double]) -> Double {
  func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
  return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
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
    try deviations.compare(
      "csn[\(i)]",
      .members(["x": .list(x, relative: 1e-12), "cosine": .number(cosine(x, v))]), noise["expected"]
    )
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
  let isFirst = try fixture["is_female"].bools
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
  return try Deviations(
    "loss",
    .members([
      "reconstruction": .number(loss.reconstruction), "align": .number(loss.align),
      "separate": .number(loss.separate), "total": .number(loss.total),
    ]), fixture["expected"])
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
  return try Deviations(
    "inversion",
    .members([
      "final": .list(inversion.vectors.values, absolute: 1e-9),
      "logits": .list(inversion.logits[0], absolute: 1e-9),
    ]), fixture["expected"])
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
