// Fixtures of the Biometrics stage: error rates, intervals, bootstrap, fairness. Each case goes
// through the plain functions and, where it has comparisons, through the evaluation that the harness
// runs on score matrices.

import Biometrics

/// Fixture kinds of the Biometrics stage.
let biometricsFixtureKinds: [FixtureKind] = [
  FixtureKind(name: "metrics") { fixture, _, _ in try checkMetrics(fixture) },
  FixtureKind(name: "intervals") { fixture, _, _ in try checkIntervals(fixture) },
  FixtureKind(name: "wilson_clusters") { fixture, _, _ in try checkClusters(fixture) },
  FixtureKind(name: "bootstrap") { fixture, _, _ in try checkBootstrap(fixture) },
  FixtureKind(name: "fairness") { fixture, _, _ in try checkFairness(fixture) },
  FixtureKind(name: "fairness_scores") { fixture, _, _ in try checkFairnessScores(fixture) },
]

// MARK: - metrics

private func checkMetrics(_ fixture: JSONValue) throws -> Deviations {
  let mated = try fixture["genuine"].doubles
  let nonMated = try fixture["impostor"].doubles
  let fixed = try fixture["fixed_threshold"].double
  let expected = try fixture["expected"]
  let points = try ROCPoints(mated: mated, nonMated: nonMated)
  var deviations = Deviations()
  try deviations.compare(
    "plain",
    .members([
      "auc": .number(points.area),
      "eer": .byRule { (rule: EqualErrorRateRule) in .number(points.equalErrorRate(rule)) },
      "fnmr_at_fmr": operatingPoints { target, rule in
        points.operatingPoint(atFMR: target, rule: rule).map { ($0.threshold, $0.fmr, $0.fnmr) }
      },
      "accuracy": try accuracies(mated: mated, nonMated: nonMated, fixed: fixed),
      "rates_at_fixed": .members([
        "fmr": .number(falseMatchRate(nonMated: nonMated, threshold: fixed)),
        "fnmr": .number(falseNonMatchRate(mated: mated, threshold: fixed)),
      ]),
      "n_roc_points": .count(points.count),
      "n_roc_points_dropped": .count(points.thinnedFlags.count { $0 }),
      "roc": .members([
        "threshold": .list(points.thresholds, absolute: 0),
        "fmr": .list((0..<points.count).map(points.fmr)),
        "fnmr": .list((0..<points.count).map(points.fnmr)),
        "kept_by_drop_intermediate": .flags(points.thinnedFlags),
      ]),
    ]), expected)
  let streamed = try StreamedScores(mated: mated, nonMated: nonMated, fixedThreshold: fixed)
  try deviations.compare("streamed", streamed.found, expected, isPartial: true)
  return deviations
}

extension ROCPoints {
  /// Which points scikit-learn's thinned curve keeps.
  fileprivate var thinnedFlags: [Bool] { (0..<count).map { isKeptWhenThinned($0) == true } }
}

/// Operating points by FMR target and rule; nil: the rule has none at the target.
private func operatingPoints(
  _ point: (Double, OperatingPointRule) -> (threshold: Double?, fmr: Double, fnmr: Double)?
) -> Found {
  .members(
    Dictionary(
      uniqueKeysWithValues: StreamedScores.targets.map { target in
        let rules = Found.byRule { (rule: OperatingPointRule) in
          point(target, rule).map {
            .members([
              "threshold": .number($0.threshold), "fmr": .number($0.fmr), "fnmr": .number($0.fnmr),
            ])
          }
        }
        return ("\(target)", rules)
      }))
}

private func accuracies(mated: [Double], nonMated: [Double], fixed: Double) throws -> Found {
  let atFixed = try verificationAccuracy(mated: mated, nonMated: nonMated, threshold: fixed)
  let best = try bestVerificationAccuracy(mated: mated, nonMated: nonMated)
  let point = try operatingPoint(atFMR: 1e-3, mated: mated, nonMated: nonMated)
  let atTarget = try verificationAccuracy(
    mated: mated, nonMated: nonMated, threshold: point.threshold ?? .infinity)
  return .members([
    "at_fixed": .number(atFixed.accuracy), "balanced_at_fixed": .number(atFixed.balanced),
    "best": .number(best.accuracy), "best_threshold": .number(best.threshold),
    "reject_all": .number(best.rejectAll), "at_target_fmr": .number(atTarget.accuracy),
  ])
}

extension StreamedScores {
  /// What the evaluation of score matrices gives of a metrics case.
  fileprivate var found: Found {
    .members([
      "auc": .number(value(.auc)),
      "eer": .byRule { (rule: EqualErrorRateRule) in .number(value(.eer, rule: rule.rawValue)) },
      "fnmr_at_fmr": operatingPoints { operatingPoint(target: $0, rule: $1) },
      "accuracy": .members([
        "at_fixed": .number(value(.accuracy, rule: "at-0.5")),
        "balanced_at_fixed": .number(value(.balancedAccuracy, rule: "at-0.5")),
        "best": .number(value(.accuracy, rule: "best")),
        "best_threshold": .number(bestThreshold),
        "reject_all": .number(value(.accuracy, rule: "reject-all")),
      ]),
    ])
  }
}

// MARK: - intervals

private func checkIntervals(_ fixture: JSONValue) throws -> Deviations {
  let k = try fixture["k"].int
  let n = try fixture["n"].int
  func bounds(_ interval: ClosedRange<Double>?) -> Found {
    .list(interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
  }
  return try Deviations(
    "interval",
    .members([
      "wilson95": bounds(wilsonInterval(successes: k, trials: n)),
      "clopper_pearson95": bounds(clopperPearsonInterval(successes: k, trials: n)),
      "rule_of_30_met": .flags([meetsRuleOf30(errors: k)]),
      "rule_of_3_upper95": .number(ruleOf3(errors: k, trials: n)),
    ]), fixture["expected"])
}

// MARK: - wilson_clusters

/// The cluster-robust Wilson interval: `trials` and `errors` by subject, `alpha`.
private func checkClusters(_ fixture: JSONValue) throws -> Deviations {
  let trials = try fixture["trials"].ints
  let errors = try fixture["errors"].ints
  guard trials.count == errors.count, zip(trials, errors).allSatisfy({ 0 <= $1 && $1 <= $0 }) else {
    throw FixtureError.wrongType(
      expected: "as many 'errors' as 'trials', none larger",
      found: "\(errors.count) and \(trials.count)")
  }
  let clusters = ClusteredErrors(trials: trials, errors: errors)
  let alpha = try fixture.optional("alpha")?.double ?? 0.05
  let bounds = clusters.wilsonInterval(alpha: alpha)
  func number(_ value: Double?) -> Found { .number(value, absolute: 1e-15, relative: 1e-12) }
  return try Deviations(
    "clusters",
    .members([
      "rate": number(clusters.rate), "variance": number(clusters.variance),
      "effective_trials": number(clusters.effectiveTrials), "lower": number(bounds?.lower),
      "upper": number(bounds?.upper),
    ]), fixture["expected"])
}

// MARK: - fairness

private func checkFairness(_ fixture: JSONValue) throws -> Deviations {
  let fmr = try fixture["fmr"].doubles
  let fnmr = try fixture["fnmr"].doubles
  var found: [String: Found] = [:]
  for key in try fixture["expected"].members.keys {
    found[key] = try Double(key).map { try fairness(fmr: fmr, fnmr: fnmr, alpha: $0) }
  }
  return try Deviations("alpha", .members(found), fixture["expected"])
}

/// Every fairness measure of group rates.
private func fairness(fmr: [Double], fnmr: [Double], alpha: Double) throws -> Found {
  let garbe = try garbe(fmr: fmr, fnmr: fnmr, alpha: alpha)
  return .members([
    "A": .number(largestDifference(fmr)), "B": .number(largestDifference(fnmr)),
    "FDR": .number(try fairnessDiscrepancyRate(fmr: fmr, fnmr: fnmr, alpha: alpha)),
    "gini_fmr": .number(giniCoefficient(fmr)), "gini_fnmr": .number(giniCoefficient(fnmr)),
    "GARBE": .number(garbe), "iGARBE": .number(1 - garbe),
    // A ratio, not a rate: relative tolerance.
    "IR": .number(try inequityRate(fmr: fmr, fnmr: fnmr, alpha: alpha), relative: 1e-12),
  ])
}

// MARK: - bootstrap

private func checkBootstrap(_ fixture: JSONValue) throws -> Deviations {
  var deviations = Deviations()
  let scores = try fixture["scores"].doubles
  let references = try fixture["ref_subject"].ints
  let probes = try fixture["probe_subject"].ints
  let isMated = try fixture["genuine"].bools
  let subjects = try fixture["n_subjects"].int
  let target = try fixture["target_fmr"].double
  let fixed = try fixture["fixed_threshold"].double
  let draws = try fixture["resampled_subjects"].array.map { try $0.ints }
  deviations.compareExactly("mated comparisons", zip(references, probes).map(==), isMated)
  let map = ScoreMap(scores)
  // One fold per reference: no comparison has to be left out of its row.
  var rows: [StreamedRow] = []
  for i in scores.indices {
    if rows.last?.reference != Int32(references[i]) {
      rows.append(StreamedRow(reference: Int32(references[i])))
    }
    rows[rows.count - 1].probes.append(Int32(probes[i]))
    rows[rows.count - 1].scores.append(map.float(scores[i]))
  }
  let atTarget = EvaluationConvention(name: "at target")
  let atFixed = EvaluationConvention(name: "fixed") {
    $0.threshold = .development
    $0.givenThresholds = [.init(target: target, threshold: map.threshold(fixed))]
  }
  let evaluation = try evaluate(
    TrialSet(
      strata: rows.map(\.stratum), subjectGroup: [UInt8](repeating: 255, count: subjects),
      groups: []),
    EvaluationRequest(
      conventions: [atTarget, atFixed], targets: [target],
      bootstrap: BootstrapDraws(replicates: draws.count) { replicate, m in
        m.update(repeating: 0)
        for subject in draws[replicate] { m[subject] += 1 }
      }, workers: 2))
  func found(_ part: (MetricValue) -> [Double]) -> Found {
    var members: [String: Found] = [:]
    for (name, quantity, convention) in [
      ("fmr_fixed", Quantity.fmr, atFixed.name), ("fnmr_fixed", .fnmr, atFixed.name),
      ("fnmr_at_target", .fnmr, atTarget.name),
    ] {
      members[name] = evaluation.measurements.first {
        $0.quantity == quantity && $0.convention == convention
      }.map { .list(part($0)) }
    }
    return .members(members)
  }
  try deviations.compare(
    "bootstrap",
    .members([
      "replicates": found { $0.replicates?.values ?? [] },
      // Tables may print an interval of another method.
      "percentile95": found {
        percentileInterval($0.replicates?.values ?? []).map { [$0.lowerBound, $0.upperBound] }
          ?? []
      },
    ]), fixture["expected"])
  return deviations
}

// MARK: - fairness_scores

private func checkFairnessScores(_ fixture: JSONValue) throws -> Deviations {
  var deviations = Deviations()
  let cases = try GroupedScores(fixture)
  for (name, expected) in try fixture["expected"].members {
    let parts = name.split(separator: "/").map(String.init)
    guard parts.count == 4,
      let threshold: EvaluationConvention.Threshold =
        ["global": .global, "per_group": .perGroup][parts[0]],
      let nonMated = EvaluationConvention.NonMatedOf(rawValue: parts[1]),
      let denominator = EvaluationConvention.Denominator(rawValue: parts[2]),
      let rule = OperatingPointRule(rawValue: parts[3])
    else {
      deviations.compareExactly("\(name): a convention of this build", false, true)
      continue
    }
    let convention = EvaluationConvention(name: name) {
      ($0.threshold, $0.nonMated) = (threshold, nonMated)
      ($0.denominator, $0.rule) = (denominator, rule)
    }
    try cases.check(convention, expected, &deviations)
  }
  return deviations
}

/// The comparisons of a fairness_scores case.
private struct GroupedScores {
  let groups: [String]
  let target: Double
  let comparisons: [LabelledComparison]
  let map: ScoreMap
  let trials: TrialSet

  init(_ fixture: JSONValue) throws {
    let names = try fixture["groups"].array.map { try $0.label }
    groups = names
    target = try fixture["target_fmr"].double
    let scores = try fixture["scores"].doubles
    let isMated = try fixture["genuine"].bools
    let referenceGroup = try fixture["ref_group"].array.map { names.firstIndex(of: try $0.label) }
    let probeGroup = try fixture["probe_group"].array.map { names.firstIndex(of: try $0.label) }
    comparisons = scores.indices.map { i in
      LabelledComparison(
        score: scores[i], isMated: isMated[i], referenceGroup: referenceGroup[i] ?? -1,
        probeGroup: probeGroup[i] ?? -1)
    }
    map = ScoreMap(scores)
    // A fold per group of references; its reference and its mated probes are one subject, the
    // non-mated probes are one subject per group.
    let codes = names.count + 1
    var rows = (0..<codes).map { StreamedRow(reference: Int32($0)) }
    for comparison in comparisons {
      let group = comparison.referenceGroup < 0 ? names.count : comparison.referenceGroup
      let other = comparison.probeGroup < 0 ? names.count : comparison.probeGroup
      rows[group].probes.append(Int32(comparison.isMated ? group : codes + other))
      rows[group].scores.append(map.float(comparison.score))
    }
    trials = TrialSet(
      strata: rows.map(\.stratum), subjectGroup: (0..<2 * codes).map { UInt8($0 % codes) },
      groups: names)
  }

  /// Compares rates and fairness of the plain functions, then those of score matrices.
  func check(
    _ convention: EvaluationConvention, _ expected: JSONValue, _ deviations: inout Deviations
  ) throws {
    let plain = try groupRates(
      comparisons, groups: groups.count, target: target, convention: convention)
    var found: [String: Found] = [:]
    var streamed: [String: Found] = [:]
    for key in try expected.members.keys {
      if key == "groups" {
        found[key] = byGroup { group in plain[group].map(\.found) }
        let values = try evaluated(convention)
        streamed[key] = byGroup { group in
          measured(values.filter { $0.group == groups[group] }, ["fmr": .fmr, "fnmr": .fnmr])
        }
      } else if key.hasPrefix("alpha_"),
        let alpha = Double(key.dropFirst(6).replacing("_", with: "."))
      {
        found[key] = try fairness(
          fmr: plain.compactMap { $0?.fmr }, fnmr: plain.compactMap { $0?.fnmr }, alpha: alpha)
        var convention = convention
        convention.alpha = alpha
        // A note: some group cannot be measured at this target and was left out.
        streamed[key] = measured(
          try evaluated(convention).filter { $0.note == nil },
          ["FDR": .fdr, "iGARBE": .igarbe, "IR": .inequityRate])
      }
    }
    try deviations.compare(convention.name, .members(found), expected)
    try deviations.compare(
      "\(convention.name), streamed", .members(streamed), expected, isPartial: true)
  }

  private func evaluated(_ convention: EvaluationConvention) throws -> [MetricValue] {
    try evaluate(
      trials, EvaluationRequest(conventions: [convention], targets: [target], workers: 2)
    ).measurements
  }

  private func byGroup(_ found: (Int) -> Found?) -> Found {
    var members: [String: Found] = [:]
    for (index, group) in groups.enumerated() { members[group] = found(index) }
    return .members(members)
  }

  /// The first value of each quantity that has one.
  private func measured(_ values: [MetricValue], _ quantities: [String: Quantity]) -> Found {
    .members(
      quantities.compactMapValues { quantity in
        values.first { $0.quantity == quantity }?.value.map { .number($0) }
      })
  }
}

extension GroupRates {
  fileprivate var found: Found {
    .members([
      "threshold": .number(threshold), "fmr": .number(fmr), "fnmr": .number(fnmr),
      "n_genuine": .count(counts.mated), "n_impostor": .count(counts.nonMated),
    ])
  }
}

extension JSONValue {
  /// A label: a string, or a number written as one.
  fileprivate var label: String {
    get throws {
      if case .number(let value) = self { return "\(value)" }
      return try string
    }
  }
}
