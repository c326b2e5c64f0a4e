// The lines of the CSV file of Table 3b.
import AttackReports
import Biometrics
import Configurations
import Records
import Results
import Specs

/// The lines of one system at one place.
struct Table3bRows {
  let attacks: AttackRecordSet
  let place: Place
  let system: AttackedSystem

  private var records: [AttackRecord] { attacks.records(place, system) }

  /// What is pooled over repeats, then every variant of every attack, every point of the gallery
  /// curve, recovery and recognition of each repeat.
  var rows: [TidyRow] {
    attacks.questions.flatMap(pooled) + records.flatMap(rows)
  }

  /// The strongest attack, and with several repeats the means of every variant.
  private func pooled(_ question: AttackQuestion) -> [TidyRow] {
    let reports = question.reports(records)
    let all = reports.count > 1 ? RepeatedAttack.all(in: reports) : []
    var found = all.flatMap { attack in
      rows(
        auc: attack.auc, balancedAccuracy: attack.balancedAccuracy, attack, question,
        "\(attack.attack.rawValue) \(attack.name)")
    }
    if let winner = StrongestAttack(in: reports) {
      var row = row(
        "strongest-attack-auc", winner.attack.twoSidedAUC.value,
        rule: "\(winner.attack.attack.rawValue) \(winner.attack.name)", group: question.title,
        repeats: reports.count, note: "p \(winner.pValue)")
      row.lower = winner.lowerBound
      row.intervalMethod = winner.method
      found.append(row)
    }
    return found
  }

  private func rows(
    auc: Estimate, balancedAccuracy: Estimate, _ pooled: RepeatedAttack,
    _ question: AttackQuestion, _ rule: String, note: String = "", isCollapsed: Bool = false
  ) -> [TidyRow] {
    func own(
      _ quantity: String, _ interval: Estimate, _ method: IntervalMethod, _ spread: Double?,
      note: String
    ) -> TidyRow {
      row(
        quantity, interval.value, interval, method: pooled.methodText(method), rule: rule,
        group: question.title, repeats: pooled.repeats, spread: spread, note: note)
    }
    let collapse = isCollapsed ? (note.isEmpty ? "" : note + "; ") + "collapse" : note
    return [
      own("attack-auc", auc, Estimate.areaMethod, pooled.aucSpread, note: note),
      own(
        "attack-two-sided-auc", auc.twoSided, Estimate.areaMethod, pooled.aucSpread, note: note),
      own(
        "attack-balanced-accuracy", balancedAccuracy, Estimate.shareMethod,
        pooled.balancedAccuracySpread, note: collapse),
    ]
  }

  private func row(
    _ quantity: String, _ value: Double?, _ interval: Estimate? = nil, method: String? = nil,
    rule: String, group: String = "all", repeats: Int = 1, spread: Double? = nil,
    note: String = ""
  ) -> TidyRow {
    TidyRow(
      quantity, value, interval: interval, method: method, rule: rule, place: place,
      system: system, group: group, repeats: repeats, spread: spread,
      isSynthetic: attacks.isSynthetic, note: note)
  }

  // MARK: - One repeat

  private func rows(_ record: AttackRecord) -> [TidyRow] {
    let which = attacks.repeats > 1 ? "repeat \(record.key.repeatIndex)" : ""
    return record.reports.flatMap { rows($0, which) }
      + record.recognition.map { recognition($0, which) }
  }

  private func rows(_ report: AttackReport, _ which: String) -> [TidyRow] {
    let question = AttackQuestion(report)
    var found = report.outcomes.flatMap {
      rows($0, question, "\($0.attack.rawValue) \($0.name)", which)
    }
    found += report.galleryCurve.flatMap { point in
      point.outcomes.flatMap {
        rows(
          $0, question,
          "\($0.attack.rawValue) \($0.variant), gallery \(point.samplesPerGroup) per group", which)
      }
    }
    if let p = report.a5FamilyPValue {
      found.append(
        row(
          "attack-p-value", p, rule: "A5 largest of all", group: question.title, note: which))
    }
    for (name, recovery) in [
      ("mean direction", report.recovery), ("best start", report.recoveryFromBestStart),
      ("another sample", report.linkability),
    ] {
      guard let recovery else { continue }
      found.append(
        row("recovery-cosine", recovery.meanCosine, rule: "A8 \(name)", note: which))
      found.append(
        row("linkability-auc", recovery.linkabilityAUC, rule: "A8 \(name)", note: which))
    }
    return found
  }

  private func rows(
    _ outcome: AttackOutcome, _ question: AttackQuestion, _ rule: String, _ which: String
  ) -> [TidyRow] {
    func own(_ quantity: String, _ value: Double) -> TidyRow {
      row(quantity, value, rule: rule, group: question.title, note: which)
    }
    var ties = own("ties", Double(outcome.ties))
    ties.numerator = outcome.ties
    ties.denominator = outcome.targets
    return rows(
      auc: outcome.auc, balancedAccuracy: outcome.balancedAccuracy, RepeatedAttack([outcome])!,
      question, rule, note: which, isCollapsed: outcome.isCollapsed)
      + [
        own("attack-p-value", outcome.pValue),
        own("share-predicted-first", outcome.sharePredictedFirst), ties,
      ]
  }

  private func recognition(_ metric: MetricValue, _ which: String) -> TidyRow {
    let notes = [which, metric.note ?? "", metric.intervalNote ?? ""].filter { !$0.isEmpty }
    var found = row(
      metric.quantity.rawValue, metric.value, rule: "recognition \(metric.rule ?? "")",
      group: metric.group, note: notes.joined(separator: "; "))
    found.numerator = metric.numerator
    found.denominator = metric.denominator
    found.target = metric.target
    found.lower = metric.lower
    found.upper = metric.upper
    found.intervalMethod = metric.intervalMethod
    return found
  }
}
