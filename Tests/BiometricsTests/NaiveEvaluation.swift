import Biometrics

/// The evaluation written down naively: every comparison in a list, every replicate a list in which
/// a comparison of weight w stands w times, every number by the plain functions. The reference that
/// the streaming evaluation is held against.
struct NaiveEvaluation {
  private struct Comparison {
    var score: Double
    var reference: Int
    var probe: Int
    var isSelf: Bool
    var isMated: Bool { reference == probe }
  }
  private var comparisons: [Comparison] = []
  private let subjectGroup: [UInt8]
  private let groups: [String]

  init(_ trials: TrialSet) {
    subjectGroup = trials.subjectGroup
    groups = trials.groups
    for stratum in trials.strata {
      var row = 0
      for block in stratum.blocks {
        for i in 0..<block.rows {
          for column in 0..<block.columns {
            comparisons.append(
              Comparison(
                score: Double(block.base[i * block.stride + column]),
                reference: Int(stratum.referenceSubject[row]),
                probe: Int(stratum.probeSubject[column]),
                isSelf: Int(stratum.ownColumn[row]) == column))
          }
          row += 1
        }
      }
    }
  }

  /// Key of a measurement: quantity/group/rule/target.
  static func key(_ metric: MetricValue) -> String {
    "\(metric.quantity)/\(metric.group)/\(metric.rule ?? "-")/\(metric.target ?? 0)"
  }

  /// Every measurement of a convention by key; nil where it is not defined.
  ///
  /// - Parameter m: multiplicity of each subject; nil: the data as they are.
  func measure(
    _ convention: EvaluationConvention, targets: [Double], fixed: Double?, m: [Int]? = nil
  ) -> [String: Double?] {
    var list: [LabelledComparison] = []
    for c in comparisons where convention.selfTrials == .included || !c.isSelf {
      let weight = m.map { c.isMated ? $0[c.reference] : $0[c.reference] * $0[c.probe] } ?? 1
      for _ in 0..<weight {
        list.append(
          LabelledComparison(
            score: c.score, isMated: c.isMated, referenceGroup: Int(subjectGroup[c.reference]),
            probeGroup: Int(subjectGroup[c.probe])))
      }
    }
    let mated = list.filter(\.isMated).map(\.score)
    let nonMated = list.filter { !$0.isMated }.map(\.score)
    var result: [String: Double?] = [:]
    let rule = convention.rule.rawValue
    for target in targets {
      let isMeasurable = m != nil || 1 / Double(nonMated.count) <= target
      var common: Rates?
      if convention.threshold == .development {
        common = convention.givenThreshold(target: target, group: nil)
          .map { Rates($0, mated, nonMated) }
      } else if isMeasurable {
        common = Rates(
          try? operatingPoint(
            atFMR: target, mated: mated, nonMated: nonMated, rule: convention.rule))
      }
      result["fnmr/all/\(rule)/\(target)"] = common?.fnmr
      result["fmr/all/\(rule)/\(target)"] = common?.fmr
      var rates: [(fmr: Double, fnmr: Double)] = []
      for (g, name) in groups.enumerated() {
        let own = list.filter {
          $0.referenceGroup == g && (convention.nonMated == .reference || $0.probeGroup == g)
        }
        let a = own.filter(\.isMated).map(\.score)
        let b = own.filter { !$0.isMated }.map(\.score)
        var point: Rates?
        switch convention.threshold {
        case .global, .perSubject: point = common?.threshold.map { Rates($0, a, b) }
        case .perGroup:
          if m != nil || 1 / Double(b.count) <= target {
            point = Rates(
              try? operatingPoint(atFMR: target, mated: a, nonMated: b, rule: convention.rule))
          }
        case .development:
          point = convention.givenThreshold(target: target, group: name)
            .map { Rates($0, a, b) }
        }
        var scale = (fmr: 1.0, fnmr: 1.0)
        if convention.denominator == .joint {
          let all = Double(a.count + b.count)
          scale = (Double(b.count) / all, Double(a.count) / all)
        }
        result["fnmr/\(name)/\(rule)/\(target)"] = point?.fnmr.map { $0 * scale.fnmr }
        result["fmr/\(name)/\(rule)/\(target)"] = point?.fmr.map { $0 * scale.fmr }
        if let fmr = point?.fmr, let fnmr = point?.fnmr {
          rates.append((fmr * scale.fmr, fnmr * scale.fnmr))
        }
        result["eer/\(name)/interpolated/0.0"] = try? equalErrorRate(mated: a, nonMated: b)
        result["auc/\(name)/-/0.0"] = try? areaUnderROC(mated: a, nonMated: b)
      }
      let fmr = rates.map(\.fmr)
      let fnmr = rates.map(\.fnmr)
      let alpha = convention.alpha
      result["fdr/all/\(rule)/\(target)"] = try? fairnessDiscrepancyRate(
        fmr: fmr, fnmr: fnmr, alpha: alpha)
      result["igarbe/all/\(rule)/\(target)"] = (try? garbe(fmr: fmr, fnmr: fnmr, alpha: alpha))
        .map { 1 - $0 }
      result["inequity-rate/all/\(rule)/\(target)"] =
        try? inequityRate(fmr: fmr, fnmr: fnmr, alpha: alpha)
      let accuracy = common?.threshold.flatMap {
        try? verificationAccuracy(mated: mated, nonMated: nonMated, threshold: $0)
      }
      result["accuracy/all/at-fmr-\(target)/0.0"] = accuracy?.accuracy
      result["balanced-accuracy/all/at-fmr-\(target)/0.0"] = accuracy?.balanced
    }
    for rule in EqualErrorRateRule.allCases {
      result["eer/all/\(rule.rawValue)/0.0"] = try? equalErrorRate(
        mated: mated, nonMated: nonMated, rule: rule)
    }
    result["auc/all/-/0.0"] = try? areaUnderROC(mated: mated, nonMated: nonMated)
    let best = try? bestVerificationAccuracy(mated: mated, nonMated: nonMated)
    result["accuracy/all/best/0.0"] = best?.accuracy
    result["accuracy/all/reject-all/0.0"] = best?.rejectAll
    if let fixed {
      let accuracy = try? verificationAccuracy(mated: mated, nonMated: nonMated, threshold: fixed)
      result["accuracy/all/at-0.5/0.0"] = accuracy?.accuracy
      result["balanced-accuracy/all/at-0.5/0.0"] = accuracy?.balanced
    }
    return result
  }
}

/// Rates at a threshold, each where its kind of comparison is present.
private struct Rates {
  var threshold: Double?
  var fmr: Double?
  var fnmr: Double?

  init(_ t: Double, _ mated: [Double], _ nonMated: [Double]) {
    threshold = t
    fmr = try? falseMatchRate(nonMated: nonMated, threshold: t)
    fnmr = try? falseNonMatchRate(mated: mated, threshold: t)
  }

  init?(_ point: OperatingPoint?) {
    guard let point else { return nil }
    threshold = point.threshold
    fmr = point.fmr
    fnmr = point.fnmr
  }
}
