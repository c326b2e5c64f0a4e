// What is measured under one convention, written once for the point estimates and the replicates.

/// The measurements of one convention, in their fixed order.
struct ConventionMeasurements {
  let convention: EvaluationConvention
  let groups: [String]
  let targets: [Double]
  let fixedThreshold: Double?
  let quantities: Set<Quantity>

  /// The side of everybody.
  var everybody: SideKey { SideKey(population: .all, selfTrials: convention.selfTrials) }

  /// The side of a group.
  func side(_ group: Int) -> SideKey {
    SideKey(
      population: convention.nonMated == .same ? .same(group) : .reference(group),
      selfTrials: convention.selfTrials)
  }

  /// All sides that are needed.
  var sides: [SideKey] { [everybody] + groups.indices.map(side) }

  /// Measures everything on a view.
  func measure<View: ErrorView>(_ view: View) -> [MetricValue] {
    var values: [MetricValue] = []
    let all = view.totals(everybody)
    if !quantities.isDisjoint(with: [.fnmr, .fmr, .fdr, .igarbe, .inequityRate]) {
      for target in targets { measureRates(view, target, all, into: &values) }
    }
    if quantities.contains(.eer) { measureEqualErrorRates(view, all, into: &values) }
    if quantities.contains(.auc) {
      values.append(value(.auc, view.area(everybody), side: all))
      for (group, name) in groups.enumerated() {
        values.append(
          value(.auc, group: name, view.area(side(group)), side: view.totals(side(group))))
      }
    }
    if !quantities.isDisjoint(with: [.accuracy, .balancedAccuracy]) {
      measureAccuracies(view, all, into: &values)
    }
    return values
  }

  private func measureEqualErrorRates<View: ErrorView>(
    _ view: View, _ all: (mated: Int, nonMated: Int), into values: inout [MetricValue]
  ) {
    for rule in EqualErrorRateRule.allCases {
      values.append(
        value(.eer, rule: rule.rawValue, view.equalErrorRate(everybody, rule), side: all))
    }
    for (group, name) in groups.enumerated() {
      values.append(
        value(
          .eer, group: name, rule: EqualErrorRateRule.interpolated.rawValue,
          view.equalErrorRate(side(group), .interpolated), side: view.totals(side(group))))
    }
  }

  // MARK: - Rates at a target

  private func measureRates<View: ErrorView>(
    _ view: View, _ target: Double, _ all: (mated: Int, nonMated: Int),
    into values: inout [MetricValue]
  ) {
    let common = rates(view, everybody, target, group: nil)
    values += metrics(common, target, group: "all", rates: .conditional)
    var fmr: [Double] = []
    var fnmr: [Double] = []
    var missing: [String] = []
    for (group, name) in groups.enumerated() {
      let own: Rates
      switch convention.threshold {
      case .perGroup, .development: own = rates(view, side(group), target, group: name)
      case .global, .perSubject:
        if let note = common.note {
          own = Rates(note: note)
        } else if let threshold = common.threshold {
          own = rates(view, side(group), at: threshold)
        } else {
          own = Rates(note: "the rule '\(convention.rule.rawValue)' gives no threshold for groups")
        }
      }
      let both = metrics(own, target, group: name, rates: convention.denominator)
      values += both
      if let a = both[0].value, let b = both[1].value {
        fnmr.append(a)
        fmr.append(b)
      } else {
        missing.append(name)
      }
    }
    // With two groups both are needed; of more, those without comparisons are left out and named.
    var note: String? = missing.isEmpty ? nil : "without \(missing.joined(separator: ", "))"
    if fmr.count < 2 { note = "fewer than two groups" + (note.map { " measured: \($0)" } ?? "") }
    let alpha = convention.alpha
    let measures: [(Quantity, Double?)] = [
      (.fdr, try? fairnessDiscrepancyRate(fmr: fmr, fnmr: fnmr, alpha: alpha)),
      (.igarbe, (try? garbe(fmr: fmr, fnmr: fnmr, alpha: alpha)).map { 1 - $0 }),
      (.inequityRate, try? inequityRate(fmr: fmr, fnmr: fnmr, alpha: alpha)),
    ]
    for (quantity, measure) in measures {
      values.append(
        MetricValue(
          quantity: quantity, group: "all", convention: convention.name,
          rule: convention.rule.rawValue, target: target, value: measure,
          threshold: convention.threshold == .perGroup ? nil : common.threshold,
          note: measure == nil && fmr.count >= 2 ? "a group's error rate is 0" : note))
    }
  }

  /// Rates of one side with what a table prints beside them.
  private struct Rates {
    var threshold: Double?
    var fmr: Double?
    var fnmr: Double?
    var counts: ErrorCounts?
    var note: String?
  }

  /// Rates at the side's own (or its given) threshold.
  private func rates<View: ErrorView>(
    _ view: View, _ side: SideKey, _ target: Double, group: String?
  ) -> Rates {
    if convention.threshold == .development {
      guard let threshold = convention.givenThreshold(target: target, group: group) else {
        return Rates(note: "no threshold given for FMR \(target)")
      }
      return rates(view, side, at: threshold)
    }
    let totals = view.totals(side)
    if let note = notMeasurable(totals) { return Rates(note: note) }
    guard view.isReplicate || Double(1) / Double(totals.nonMated) <= target else {
      return Rates(note: "FMR \(target) is below 1/\(totals.nonMated), one false match")
    }
    guard let point = view.operatingPoint(side, atFMR: target, rule: convention.rule) else {
      return Rates(note: "not defined")
    }
    return Rates(
      threshold: point.threshold, fmr: point.fmr, fnmr: point.fnmr,
      counts: point.falseMatches.map { falseMatches in
        ErrorCounts(
          falseMatches: falseMatches, nonMated: totals.nonMated,
          falseNonMatches: point.falseNonMatches ?? 0, mated: totals.mated)
      })
  }

  /// Rates of a side at somebody else's threshold.
  private func rates<View: ErrorView>(_ view: View, _ side: SideKey, at threshold: Double)
    -> Rates
  {
    let totals = view.totals(side)
    guard totals.mated > 0 || totals.nonMated > 0 else {
      return Rates(note: notMeasurable(totals))
    }
    guard let counts = view.counts(side, at: threshold) else { return Rates(note: "not defined") }
    let rates = counts.rates(.conditional)
    return Rates(
      threshold: threshold, fmr: rates.fmr, fnmr: rates.fnmr, counts: counts,
      note: notMeasurable(totals))
  }

  /// FNMR and FMR of a side at a target, in this order.
  private func metrics(
    _ rates: Rates, _ target: Double, group: String,
    rates denominator: EvaluationConvention.Denominator
  ) -> [MetricValue] {
    let joint = rates.counts.map { $0.rates(denominator) }
    let trials = rates.counts.map { $0.mated + $0.nonMated }
    func metric(_ quantity: Quantity, _ value: Double?, _ errors: Int?, _ own: Int?) -> MetricValue
    {
      MetricValue(
        quantity: quantity, group: group, convention: convention.name,
        rule: convention.rule.rawValue, target: target, value: value,
        threshold: rates.threshold, attainedFMR: rates.fmr, numerator: errors,
        denominator: denominator == .conditional ? own : trials,
        note: value == nil ? rates.note ?? "not defined" : nil)
    }
    let isConditional = denominator == .conditional
    return [
      metric(
        .fnmr, isConditional ? rates.fnmr : joint?.fnmr, rates.counts?.falseNonMatches,
        rates.counts?.mated),
      metric(
        .fmr, isConditional ? rates.fmr : joint?.fmr, rates.counts?.falseMatches,
        rates.counts?.nonMated),
    ]
  }

  private func notMeasurable(_ totals: (mated: Int, nonMated: Int)) -> String? {
    if totals.mated == 0 { return "no mated comparisons" }
    if totals.nonMated == 0 { return "no non-mated comparisons" }
    return nil
  }

  // MARK: - Accuracies

  private func measureAccuracies<View: ErrorView>(
    _ view: View, _ all: (mated: Int, nonMated: Int), into values: inout [MetricValue]
  ) {
    func append(_ rule: String, _ accuracy: VerificationAccuracy?, note: String?) {
      var plain = value(.accuracy, rule: rule, accuracy?.accuracy, side: all)
      plain.threshold = rule == "reject-all" ? nil : accuracy?.threshold
      if let accuracy {
        plain.denominator = all.mated + all.nonMated
        plain.numerator = Int((accuracy.accuracy * Double(plain.denominator!)).rounded())
      } else {
        plain.note = note ?? plain.note
      }
      values.append(plain)
      if rule == "best" || rule == "reject-all" { return }
      var balanced = value(.balancedAccuracy, rule: rule, accuracy?.balanced, side: all)
      balanced.threshold = accuracy?.threshold
      if accuracy == nil { balanced.note = note ?? balanced.note }
      values.append(balanced)
    }
    func accuracy(at threshold: Double) -> VerificationAccuracy? {
      guard notMeasurable(all) == nil, let counts = view.counts(everybody, at: threshold) else {
        return nil
      }
      return VerificationAccuracy(counts: counts, threshold: threshold)
    }
    if let fixedThreshold { append("at-0.5", accuracy(at: fixedThreshold), note: nil) }
    append("best", view.bestAccuracy(everybody), note: nil)
    for target in targets {
      let common = rates(view, everybody, target, group: nil)
      append(
        "at-fmr-\(target)", common.threshold.flatMap(accuracy),
        note: common.note ?? "the rule '\(convention.rule.rawValue)' gives no threshold")
    }
    append(
      "reject-all",
      notMeasurable(all) == nil
        ? VerificationAccuracy(
          counts: ErrorCounts(
            falseMatches: 0, nonMated: all.nonMated, falseNonMatches: all.mated,
            mated: all.mated), threshold: .infinity) : nil, note: nil)
  }

  private func value(
    _ quantity: Quantity, group: String = "all", rule: String? = nil, _ value: Double?,
    side: (mated: Int, nonMated: Int)
  ) -> MetricValue {
    MetricValue(
      quantity: quantity, group: group, convention: convention.name, rule: rule, value: value,
      note: value == nil ? notMeasurable(side) ?? "not defined" : nil)
  }
}
