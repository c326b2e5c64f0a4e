// Table 3b, the audit: what attackers who adapt get out of the same references (definitions 3.4).
import AttackReports
import Configurations
import Records
import Specs

/// Table 3b from attack records: per dataset, extractor and question the systems against the attacks,
/// the sentence that may be said of each system, and what inversion gives back of the references.
package func table3b(_ attacks: AttackRecordSet) -> ReportDocument {
  let part = Table3bPart(attacks: attacks)
  return ReportDocument(
    name: "table3b", title: "Table 3b: audit with adaptive attackers",
    reading: [
      "First line: two-sided AUC, max(AUC, 1 − AUC), with its 95 % bootstrap interval over targets; "
        + "0.5 is chance. Second line: balanced accuracy in percent at the attack's own threshold. "
        + "A shifted decision leaves the AUC as it is, so a collapse to one class cannot hide "
        + "information from it.",
      "Of each attack the variant with the largest AUC is shown (statistic, scale, classifier; all "
        + "are in the CSV file), which favours the attacker a little: the best of many variants "
        + "of chance lies above 0.5.",
      "Bold: the strongest of A1 to A8 on a system. A0 is the attack of the paper.",
      "A3, A6 and A7 learn from references that the attacker enrolled himself through the same "
        + "system, of people who are neither targets nor in its training. “Learnt from other "
        + "targets”: two-sided AUC of the same attacks by one who knows the group of all targets "
        + "but a fold and decides on that fold. A8 learns from ordinary embeddings.",
      "FNMR and AUC of recognition on the same subjects: hiding a group by destroying identity is "
        + "no protection. FNMR at other operating points of the spec stands in the CSV file.",
    ],
    tables: part.tables, tidy: part.tidy, isSynthetic: attacks.isSynthetic,
    provenance: attacks.provenance)
}

private struct Table3bPart {
  let attacks: AttackRecordSet

  private let target = 1e-3

  var tables: [Table] {
    attacks.questions.flatMap { question in
      (attacks.places.map { audit($0, question) } + [statements(question), recovery(question)])
        .compactMap { $0 }
    }
  }

  /// A table with a block per dataset and extractor; nil where no system has a line.
  private func table(
    _ name: String, _ title: String, caption: String, _ columns: [TableColumn],
    _ lines: (Place, AttackedSystem) -> [TableRow]
  ) -> Table? {
    let table = Table(
      name: name, title: title, caption: caption, isSynthetic: attacks.isSynthetic,
      columns: TableColumn.labels("Dataset", "Extractor", "System") + columns,
      rows: attacks.places.flatMap { place in
        TableRow.block(
          [place.dataset, place.extractor], attacks.systems.flatMap { lines(place, $0) })
      })
    return table.rows.isEmpty ? nil : table
  }

  private func audit(_ place: Place, _ question: AttackQuestion) -> Table? {
    let kinds = AttackKind.allCases
    var table = Table(
      name: "table3b-\(place.dataset)-\(place.extractor)\(question.suffix)",
      title: "Table 3b: inference of \(question.title) on \(place.dataset), \(place.extractor)",
      caption: "Two-sided AUC and balanced accuracy (%) of inferring \(question.title). "
        + kinds.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ") + ".",
      isSynthetic: attacks.isSynthetic,
      columns: TableColumn.labels("System") + kinds.map { TableColumn($0.rawValue) }
        + [
          TableColumn("FNMR at FMR 1e-3", group: "Recognition"),
          TableColumn("AUC", group: "Recognition"),
        ])
    for system in attacks.systems {
      let records = attacks.records(place, system)
      let reports = question.reports(records)
      guard !reports.isEmpty else {
        if let reason = attacks.absence(place, system) {
          let cells = Array(repeating: AttackCells.absent(reason), count: kinds.count + 2)
          table.rows.append(TableRow([TableCell(system.title)] + cells, opensBlock: true))
        }
        continue
      }
      let hasOwn = reports.contains { $0.outcomes.contains { $0.training == .ownReferences } }
      let found = kinds.map { kind in
        kind == .a0
          ? AttackSummary.printed(in: reports)
          : AttackSummary.strongest(kind, hasOwn ? .ownReferences : nil, in: reports)
      }
      var body = TableRow(
        [TableCell(system.title)]
          + zip(kinds, found).map { kind, summary in
            summary.map { AttackCells.cell($0.twoSidedAUC, AttackCells.area) }
              ?? AttackCells.absent(kind, in: reports)
          } + [
            AttackCells.recognition(.fnmr, target: target, in: records),
            AttackCells.recognition(.auc, in: records),
          ], opensBlock: true)
      let others = kinds.map { kind in
        hasOwn
          ? AttackSummary.strongest(kind, .otherTargets, in: reports)
            .flatMap { $0.training == nil ? nil : $0 } : nil
      }
      var fromOthers = TableRow(
        "learnt from other targets",
        others.map { $0.map { AttackCells.cell($0.twoSidedAUC, AttackCells.area) } ?? .blank }
          + [.blank, .blank], style: .secondary)
      // The strongest attack is bold, whatever it learnt from.
      func largest(_ summaries: [AttackSummary?]) -> Double {
        summaries.dropFirst().compactMap { $0?.twoSidedAUC.value }.max() ?? 0
      }
      if largest(others) > largest(found) {
        markBest(&fromOthers, among: 2..<(1 + kinds.count), .higher)
      } else {
        markBest(&body, among: 2..<(1 + kinds.count), .higher)
      }
      if found[0]?.isCollapsed == true {
        body.cells[1].footnotes.append("A0 collapses: every target is given the same group")
      }
      table.rows.append(body)
      table.rows.append(
        TableRow(
          "balanced accuracy, %",
          found.map { summary in
            summary.map { AttackCells.cell($0.balancedAccuracy, .percentTenths) } ?? .blank
          } + [.blank, .blank], style: .secondary))
      if hasOwn { table.rows.append(fromOthers) }
    }
    return table.rows.isEmpty ? nil : table
  }

  /// One sentence per system by the statement rule, and the strongest attack in figures.
  private func statements(_ question: AttackQuestion) -> Table? {
    table(
      "table3b-statements\(question.suffix)",
      "Table 3b: what may be said about inference of \(question.title)",
      caption: "“Prevented” is said only where the upper 95 % bound of the two-sided AUC is below "
        + "0.60 in each of A1 to A8; otherwise the strongest attack is named. “p”: label permutation "
        + "of its AUC; it does not correct for the choice of the strongest.",
      TableColumn.labels("Strongest", "Variant") + [TableColumn("p")]
        + TableColumn.labels("Sentence")
    ) { place, system in
      let name = system.configuration.isTraditional ? "traditional templates" : system.title
      return question.reports(attacks.records(place, system)).enumerated().map { index, report in
        let strongest = report.strongestAttack
        return TableRow(
          attacks.repeats > 1 ? "\(system.title), repeat \(index)" : system.title,
          [
            TableCell(strongest?.attack.rawValue ?? CellFormat.absent),
            TableCell(strongest?.name ?? ""),
            strongest.map { AttackCells.pValue($0.pValue) } ?? .blank,
            TableCell(report.statement(of: name) + "."),
          ])
      }
    }
  }

  /// A8: how near the recovered vector comes to the enrolled reference.
  private func recovery(_ question: AttackQuestion) -> Table? {
    guard question.attribute == attacks.questions.first?.attribute else { return nil }
    return table(
      "table3b-recovery\(question.suffix)",
      "Template recovery and linkability by model inversion (A8)",
      caption: "Cosine between the vector recovered from a personal network and embeddings. "
        + "“Linkability”: probability that the own embedding lies nearer than another subject's; 0.5 "
        + "is unlinkable. “Rank 1”: own reference is the nearest of all. “Accepted”: the cosine "
        + "passes at a false match rate of 1e-3, so the vector would impersonate its owner in a "
        + "traditional system.",
      TableColumn.labels("Compared with")
        + ["Cosine", "± sd", "With others", "Linkability"].map { TableColumn($0) }
        + ["Rank 1", "Accepted"].map { TableColumn($0, unit: "%") } + [TableColumn("Subjects")]
    ) { place, system in
      guard let report = question.reports(attacks.records(place, system)).first else { return [] }
      return [
        ("reference, mean direction", report.recovery),
        ("reference, best start", report.recoveryFromBestStart),
        ("another sample", report.linkability),
      ].compactMap { name, recovery in
        guard let recovery else { return nil }
        let cosines = [
          recovery.meanCosine, recovery.deviation, recovery.meanCosineWithOthers,
          recovery.linkabilityAUC,
        ]
        let texts =
          cosines.map(CellFormat(decimals: 3).text)
          + [recovery.rankOneRate, recovery.acceptedAtFMR1e3].map(CellFormat.percentTenths.text)
        return TableRow(
          system.title, ([name] + texts + ["\(recovery.targets)"]).map { TableCell($0) })
      }
    }
  }

  /// Every variant of every attack, every point of the gallery curve, recovery and recognition.
  var tidy: [TidyRow] {
    attacks.records.flatMap { record -> [TidyRow] in
      let system = AttackedSystem(record.key)
      let place = Place(dataset: record.key.dataset, extractor: record.key.extractor)
      let prefix = attacks.repeats > 1 ? ["repeat \(record.key.repeatIndex)"] : []
      func row(
        _ quantity: String, _ value: Double?, _ interval: Estimate? = nil, rule: String,
        group: String = "all", note: String = ""
      ) -> TidyRow {
        TidyRow(
          quantity, value, interval: interval, rule: rule, place: place, system: system,
          group: group, repeats: 1, isSynthetic: attacks.isSynthetic,
          note: (prefix + (note.isEmpty ? [] : [note])).joined(separator: "; "))
      }
      func rows(_ outcome: AttackOutcome, _ question: AttackQuestion, _ rule: String) -> [TidyRow] {
        func own(
          _ quantity: String, _ value: Double, _ interval: Estimate? = nil, note: String = ""
        ) -> TidyRow {
          row(quantity, value, interval, rule: rule, group: question.title, note: note)
        }
        var ties = own("ties", Double(outcome.ties))
        ties.numerator = outcome.ties
        ties.denominator = outcome.targets
        return [
          own("attack-auc", outcome.auc.value, outcome.auc),
          own("attack-two-sided-auc", outcome.twoSidedAUC.value, outcome.twoSidedAUC),
          own(
            "attack-balanced-accuracy", outcome.balancedAccuracy.value, outcome.balancedAccuracy,
            note: outcome.isCollapsed ? "collapse" : ""),
          own("attack-p-value", outcome.pValue),
          own("share-predicted-first", outcome.sharePredictedFirst), ties,
        ]
      }
      let attacked = record.reports.flatMap { report -> [TidyRow] in
        let question = AttackQuestion(report)
        var found = report.outcomes.flatMap {
          rows($0, question, "\($0.attack.rawValue) \($0.name)")
        }
        found += report.galleryCurve.flatMap { point in
          point.outcomes.flatMap {
            rows(
              $0, question,
              "\($0.attack.rawValue) \($0.variant), gallery \(point.samplesPerGroup) per group")
          }
        }
        if let p = report.a5FamilyPValue {
          found.append(row("attack-p-value", p, rule: "A5 largest of all", group: question.title))
        }
        for (name, recovery) in [
          ("mean direction", report.recovery), ("best start", report.recoveryFromBestStart),
          ("another sample", report.linkability),
        ] {
          guard let recovery else { continue }
          found.append(row("recovery-cosine", recovery.meanCosine, rule: "A8 \(name)"))
          found.append(row("linkability-auc", recovery.linkabilityAUC, rule: "A8 \(name)"))
        }
        return found
      }
      return attacked
        + record.recognition.map { metric in
          var found = row(
            metric.quantity.rawValue, metric.value, rule: "recognition \(metric.rule ?? "")",
            group: metric.group, note: metric.note ?? "")
          found.numerator = metric.numerator
          found.denominator = metric.denominator
          found.target = metric.target
          found.lower = metric.lower
          found.upper = metric.upper
          found.intervalMethod = metric.intervalMethod
          return found
        }
    }
  }
}
