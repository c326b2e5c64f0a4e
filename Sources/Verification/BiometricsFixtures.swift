// Fixtures of the Biometrics stage: error rates, intervals, bootstrap, fairness. Each case goes
// through the plain functions and, where it has comparisons, through the evaluation that the harness
// runs on score matrices.

import Biometrics

/// Fixture kinds of the Biometrics stage.
let biometricsFixtureKinds: [FixtureKind] = [
  FixtureKind("metrics") { fixture, _, _ in try checkMetrics(fixture) },
  FixtureKind("intervals") { fixture, _, _ in try checkIntervals(fixture) },
  FixtureKind("wilson_clusters") { fixture, _, _ in try checkClusters(fixture) },
  FixtureKind("bootstrap") { fixture, _, _ in try checkBootstrap(fixture) },
  FixtureKind("fairness") { fixture, _, _ in try checkFairness(fixture) },
  FixtureKind("fairness_scores") { fixture, _, _ in try checkFairnessScores(fixture) },
]

/// An expected value that this build does not know: a failure, not a pass.
private func unknown(_ name: String, _ deviations: inout Deviations) {
  deviations.compareExactly("'\(name)': not a value that this build computes", false, true)
}

/// Compares a value that may be undefined (null).
private func compare(
  _ name: String, _ actual: Double?, _ expected: JSONValue, _ deviations: inout Deviations
) throws {
  if let actual, !expected.isNull {
    deviations.compare(name, actual, try expected.double)
  } else {
    deviations.compareExactly("\(name): defined", actual != nil, !expected.isNull)
  }
}

// MARK: - metrics

private func checkMetrics(_ fixture: JSONValue) throws -> Deviations {
  var deviations = Deviations()
  let mated = try fixture["genuine"].doubles
  let nonMated = try fixture["impostor"].doubles
  let fixed = try fixture["fixed_threshold"].double
  let points = try ROCPoints(mated: mated, nonMated: nonMated)
  let expected = try fixture["expected"].members
  let streamed = try StreamedScores(mated: mated, nonMated: nonMated, fixedThreshold: fixed)
  for (key, value) in expected {
    switch key {
    case "auc":
      try compare(key, points.area, value, &deviations)
      try compare("\(key), streamed", streamed.value(.auc), value, &deviations)
    case "eer":
      for (name, rate) in try value.members {
        guard let rule = EqualErrorRateRule(rawValue: name) else {
          unknown("eer/\(name)", &deviations)
          continue
        }
        try compare("eer/\(name)", points.equalErrorRate(rule), rate, &deviations)
        try compare(
          "eer/\(name), streamed", streamed.value(.eer, rule: name), rate, &deviations)
      }
    case "fnmr_at_fmr":
      for (target, rules) in try value.members {
        guard let number = Double(target) else {
          unknown("\(key)/\(target)", &deviations)
          continue
        }
        for (name, point) in try rules.members {
          try checkOperatingPoint(
            "\(key)/\(target)/\(name)", points, streamed, number, name, point, &deviations)
        }
      }
    case "accuracy":
      try checkAccuracies(mated, nonMated, fixed, streamed, value, &deviations)
    case "rates_at_fixed":
      for (name, rate) in try value.members {
        switch name {
        case "fmr":
          try compare(
            name, falseMatchRate(nonMated: nonMated, threshold: fixed), rate, &deviations)
        case "fnmr":
          try compare(
            name, falseNonMatchRate(mated: mated, threshold: fixed), rate, &deviations)
        default: unknown("\(key)/\(name)", &deviations)
        }
      }
    case "n_roc_points": deviations.compareExactly(key, points.count, try value.int)
    case "n_roc_points_dropped":
      deviations.compareExactly(key, points.thinnedFlags.count { $0 }, try value.int)
    case "roc":
      for (name, list) in try value.members {
        switch name {
        case "threshold":
          deviations.compare(name, points.thresholds, try list.doubles, absolute: 0)
        case "fmr":
          deviations.compare(name, (0..<points.count).map(points.fmr), try list.doubles)
        case "fnmr":
          deviations.compare(name, (0..<points.count).map(points.fnmr), try list.doubles)
        case "kept_by_drop_intermediate":
          deviations.compareExactly(name, points.thinnedFlags, try list.array.map { try $0.bool })
        default: unknown("roc/\(name)", &deviations)
        }
      }
    default: unknown(key, &deviations)
    }
  }
  return deviations
}

extension ROCPoints {
  /// Which points scikit-learn's thinned curve keeps.
  fileprivate var thinnedFlags: [Bool] { (0..<count).map { isKeptWhenThinned($0) == true } }
}

private func checkOperatingPoint(
  _ name: String, _ points: ROCPoints, _ streamed: StreamedScores, _ target: Double,
  _ ruleName: String, _ expected: JSONValue, _ deviations: inout Deviations
) throws {
  guard let rule = OperatingPointRule(rawValue: ruleName),
    let point = points.operatingPoint(atFMR: target, rule: rule)
  else {
    unknown(name, &deviations)
    return
  }
  let streamedPoint = streamed.operatingPoint(target: target, rule: rule)
  for (key, value) in try expected.members {
    guard let rate = point.value(key) else {
      unknown("\(name)/\(key)", &deviations)
      continue
    }
    try compare("\(name)/\(key)", rate.isNaN ? nil : rate, value, &deviations)
    guard let streamedPoint else { continue }
    let other = [
      "threshold": streamedPoint.threshold, "fmr": streamedPoint.fmr, "fnmr": streamedPoint.fnmr,
    ]
    try compare("\(name)/\(key), streamed", other[key] ?? nil, value, &deviations)
  }
}

extension OperatingPoint {
  /// The value under a fixture's name; NaN for a threshold that the rule does not have.
  fileprivate func value(_ key: String) -> Double? {
    switch key {
    case "threshold": threshold ?? .nan
    case "fmr": fmr
    case "fnmr": fnmr
    default: nil
    }
  }
}

private func checkAccuracies(
  _ mated: [Double], _ nonMated: [Double], _ fixed: Double, _ streamed: StreamedScores,
  _ expected: JSONValue, _ deviations: inout Deviations
) throws {
  let atFixed = try verificationAccuracy(mated: mated, nonMated: nonMated, threshold: fixed)
  let best = try bestVerificationAccuracy(mated: mated, nonMated: nonMated)
  let point = try operatingPoint(atFMR: 1e-3, mated: mated, nonMated: nonMated)
  let atTarget = try verificationAccuracy(
    mated: mated, nonMated: nonMated, threshold: point.threshold ?? .infinity)
  for (key, value) in try expected.members {
    switch key {
    case "at_fixed":
      try compare(key, atFixed.accuracy, value, &deviations)
      try compare(
        "\(key), streamed", streamed.value(.accuracy, rule: "at-0.5"), value, &deviations)
    case "balanced_at_fixed":
      try compare(key, atFixed.balanced, value, &deviations)
      try compare(
        "\(key), streamed", streamed.value(.balancedAccuracy, rule: "at-0.5"), value,
        &deviations)
    case "best":
      try compare(key, best.accuracy, value, &deviations)
      try compare(
        "\(key), streamed", streamed.value(.accuracy, rule: "best"), value, &deviations)
    case "best_threshold":
      try compare(key, best.threshold, value, &deviations)
      try compare("\(key), streamed", streamed.bestThreshold, value, &deviations)
    case "at_target_fmr": try compare(key, atTarget.accuracy, value, &deviations)
    case "reject_all":
      try compare(key, best.rejectAll, value, &deviations)
      try compare(
        "\(key), streamed", streamed.value(.accuracy, rule: "reject-all"), value, &deviations)
    default: unknown("accuracy/\(key)", &deviations)
    }
  }
}

// MARK: - intervals

private func checkIntervals(_ fixture: JSONValue) throws -> Deviations {
  var deviations = Deviations()
  let k = try fixture["k"].int
  let n = try fixture["n"].int
  for (key, value) in try fixture["expected"].members {
    switch key {
    case "wilson95", "clopper_pearson95":
      let interval =
        key == "wilson95"
        ? wilsonInterval(successes: k, trials: n) : clopperPearsonInterval(successes: k, trials: n)
      deviations.compare(
        key, interval.map { [$0.lowerBound, $0.upperBound] } ?? [], try value.doubles)
    case "rule_of_30_met":
      deviations.compareExactly(key, meetsRuleOf30(errors: k), try value.bool)
    case "rule_of_3_upper95":
      try compare(key, ruleOf3(errors: k, trials: n), value, &deviations)
    default: unknown(key, &deviations)
    }
  }
  return deviations
}

// MARK: - wilson_clusters

/// The cluster-robust Wilson interval: `trials` and `errors` by subject, `alpha`.
private func checkClusters(_ fixture: JSONValue) throws -> Deviations {
  var deviations = Deviations()
  let trials = try fixture["trials"].array.map { try $0.int }
  let errors = try fixture["errors"].array.map { try $0.int }
  guard trials.count == errors.count, zip(trials, errors).allSatisfy({ 0 <= $1 && $1 <= $0 }) else {
    throw FixtureError.wrongType(
      expected: "as many 'errors' as 'trials', none larger",
      found: "\(errors.count) and \(trials.count)")
  }
  let clusters = ClusteredErrors(trials: trials, errors: errors)
  let alpha = try fixture.optional("alpha")?.double ?? 0.05
  let bounds = clusters.wilsonInterval(alpha: alpha)
  for (key, value) in try fixture["expected"].members {
    let found: Double?
    switch key {
    case "rate": found = clusters.rate
    case "variance": found = clusters.variance
    case "effective_trials": found = clusters.effectiveTrials
    case "lower": found = bounds?.lower
    case "upper": found = bounds?.upper
    default:
      unknown(key, &deviations)
      continue
    }
    deviations.compare(key, found ?? .nan, try value.double, absolute: 1e-15, relative: 1e-12)
  }
  return deviations
}

// MARK: - fairness

private func checkFairness(_ fixture: JSONValue) throws -> Deviations {
  var deviations = Deviations()
  let fmr = try fixture["fmr"].doubles
  let fnmr = try fixture["fnmr"].doubles
  for (key, values) in try fixture["expected"].members {
    guard let alpha = Double(key) else {
      unknown(key, &deviations)
      continue
    }
    try compareFairness(key, fmr: fmr, fnmr: fnmr, alpha: alpha, values, &deviations)
  }
  return deviations
}

/// Compares every fairness measure of group rates.
func compareFairness(
  _ name: String, fmr: [Double], fnmr: [Double], alpha: Double, _ expected: JSONValue,
  _ deviations: inout Deviations
) throws {
  for (key, value) in try expected.members {
    let actual: Double?
    switch key {
    case "A": actual = largestDifference(fmr)
    case "B": actual = largestDifference(fnmr)
    case "FDR": actual = try fairnessDiscrepancyRate(fmr: fmr, fnmr: fnmr, alpha: alpha)
    case "gini_fmr": actual = giniCoefficient(fmr)
    case "gini_fnmr": actual = giniCoefficient(fnmr)
    case "GARBE": actual = try garbe(fmr: fmr, fnmr: fnmr, alpha: alpha)
    case "iGARBE": actual = 1 - (try garbe(fmr: fmr, fnmr: fnmr, alpha: alpha))
    case "IR": actual = try inequityRate(fmr: fmr, fnmr: fnmr, alpha: alpha)
    default:
      unknown("\(name)/\(key)", &deviations)
      continue
    }
    if let actual, !value.isNull, key == "IR" {
      // A ratio, not a rate: relative tolerance.
      deviations.compare("\(name)/\(key)", actual, try value.double, relative: 1e-12)
    } else {
      try compare("\(name)/\(key)", actual, value, &deviations)
    }
  }
}

// MARK: - bootstrap

private func checkBootstrap(_ fixture: JSONValue) throws -> Deviations {
  var deviations = Deviations()
  let scores = try fixture["scores"].doubles
  let references = try fixture["ref_subject"].ints
  let probes = try fixture["probe_subject"].ints
  let isMated = try fixture["genuine"].array.map { try $0.bool }
  let subjects = try fixture["n_subjects"].int
  let target = try fixture["target_fmr"].double
  let fixed = try fixture["fixed_threshold"].double
  let draws = try fixture["resampled_subjects"].array.map { try $0.ints }
  for i in scores.indices where isMated[i] != (references[i] == probes[i]) {
    deviations.compareExactly("comparison \(i) is mated", references[i] == probes[i], isMated[i])
  }
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
  var atTarget = EvaluationConvention.default
  atTarget.name = "at target"
  var atFixed = EvaluationConvention.default
  atFixed.name = "fixed"
  atFixed.threshold = .development
  atFixed.givenThresholds = [.init(target: target, threshold: map.threshold(fixed))]
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
  func metric(_ name: String) -> MetricValue? {
    let (quantity, convention): (Quantity?, String) =
      switch name {
      case "fmr_fixed": (.fmr, atFixed.name)
      case "fnmr_fixed": (.fnmr, atFixed.name)
      case "fnmr_at_target": (.fnmr, atTarget.name)
      default: (nil, "")
      }
    return evaluation.measurements.first {
      $0.quantity == quantity && $0.convention == convention
    }
  }
  for (part, values) in try fixture["expected"].members {
    for (name, value) in try values.members {
      guard let metric = metric(name), part == "replicates" || part == "percentile95" else {
        unknown("\(part)/\(name)", &deviations)
        continue
      }
      // Tables may print an interval of another method.
      let replicates = metric.replicates?.values ?? []
      let actual =
        part == "replicates"
        ? replicates
        : percentileInterval(replicates).map { [$0.lowerBound, $0.upperBound] } ?? []
      deviations.compare("\(part)/\(name)", actual, try value.doubles)
    }
  }
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
      unknown(name, &deviations)
      continue
    }
    let convention = EvaluationConvention(
      name: name, selfTrials: .excluded, threshold: threshold, nonMated: nonMated,
      denominator: denominator, rule: rule, alpha: 0.5)
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
    let isMated = try fixture["genuine"].array.map { try $0.bool }
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

  func check(
    _ convention: EvaluationConvention, _ expected: JSONValue, _ deviations: inout Deviations
  ) throws {
    let name = convention.name
    let plain = try groupRates(
      comparisons, groups: groups.count, target: target, convention: convention)
    for (key, values) in try expected.members {
      if key == "groups" {
        for (group, rates) in try values.members {
          guard let index = groups.firstIndex(of: group) else {
            unknown("\(name)/\(group)", &deviations)
            continue
          }
          for (quantity, value) in try rates.members {
            let label = "\(name)/\(group)/\(quantity)"
            guard let known = plain[index]?.value(quantity) else {
              unknown(label, &deviations)
              continue
            }
            try compare(label, known, value, &deviations)
          }
        }
        try checkStreamed(convention, values, &deviations)
      } else if key.hasPrefix("alpha_"),
        let alpha = Double(key.dropFirst(6).replacing("_", with: "."))
      {
        try compareFairness(
          "\(name)/\(key)", fmr: plain.compactMap { $0?.fmr },
          fnmr: plain.compactMap { $0?.fnmr }, alpha: alpha, values, &deviations)
        try checkStreamed(convention, alpha, values, &deviations)
      } else {
        unknown("\(name)/\(key)", &deviations)
      }
    }
  }

  private func evaluated(_ convention: EvaluationConvention) throws -> [MetricValue] {
    try evaluate(
      trials, EvaluationRequest(conventions: [convention], targets: [target], workers: 2)
    ).measurements
  }

  /// The groups' rates through the evaluation of score matrices.
  private func checkStreamed(
    _ convention: EvaluationConvention, _ expected: JSONValue, _ deviations: inout Deviations
  ) throws {
    let values = try evaluated(convention)
    for (group, rates) in try expected.members {
      for quantity in [Quantity.fmr, .fnmr] {
        guard let rate = rates.optional(quantity.rawValue),
          let metric = values.first(where: { $0.quantity == quantity && $0.group == group }),
          metric.value != nil
        else { continue }
        try compare(
          "\(convention.name)/\(group)/\(quantity), streamed", metric.value, rate, &deviations)
      }
    }
  }

  /// The fairness measures through the evaluation of score matrices.
  private func checkStreamed(
    _ convention: EvaluationConvention, _ alpha: Double, _ expected: JSONValue,
    _ deviations: inout Deviations
  ) throws {
    var convention = convention
    convention.alpha = alpha
    let values = try evaluated(convention)
    for (key, quantity) in [("FDR", Quantity.fdr), ("iGARBE", .igarbe), ("IR", .inequityRate)] {
      guard let value = expected.optional(key),
        let metric = values.first(where: { $0.quantity == quantity }), metric.value != nil,
        // A note: some group cannot be measured at this target and was left out.
        metric.note == nil
      else { continue }
      try compare("\(convention.name)/\(key), streamed", metric.value, value, &deviations)
    }
  }
}

extension GroupRates {
  /// The value under a fixture's name.
  fileprivate func value(_ key: String) -> Double? {
    switch key {
    case "threshold": threshold
    case "fmr": fmr
    case "fnmr": fnmr
    case "n_genuine": Double(counts.mated)
    case "n_impostor": Double(counts.nonMated)
    default: nil
    }
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
