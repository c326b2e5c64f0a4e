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
        + "no protection.",
    ],
    tables: part.tables, tidy: part.tidy, isSynthetic: attacks.isSynthetic,
    provenance: ProvenanceSummary(of: attacks.records.map(\.provenance)))
}

private struct Table3bPart {
  let attacks: AttackRecordSet

  private let target = 1e-3

  /// Systems with records, by dataset and extractor.
  private func cells(_ body: (String, String, [AttackedSystem]) -> [TableRow]) -> [TableRow] {
    attacks.datasets.flatMap { dataset in
      attacks.extractors.flatMap { extractor -> [TableRow] in
        let systems = attacks.systems.filter {
          !attacks.records(dataset, extractor, $0).isEmpty
        }
        return body(dataset, extractor, systems)
      }
    }
  }

  var tables: [Table] {
    attacks.questions.flatMap { question in
      attacks.datasets.flatMap { dataset in
        attacks.extractors.compactMap { audit($0, dataset, question) }
      }
        + [statements(question), recovery(question)].compactMap { $0 }
    }
  }

  private func audit(_ extractor: String, _ dataset: String, _ question: AttackQuestion) -> Table? {
    let kinds = AttackKind.allCases
    var table = Table(
      name: "table3b-\(dataset)-\(extractor)\(question.suffix)",
      title: "Table 3b: inference of \(question.title) on \(dataset), \(extractor)",
      caption: "Two-sided AUC and balanced accuracy (%) of inferring \(question.title). "
        + kinds.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ") + ".",
      isSynthetic: attacks.isSynthetic,
      columns: [TableColumn("System", alignment: .left)] + kinds.map { TableColumn($0.rawValue) }
        + [
          TableColumn("FNMR at FMR 1e-3", group: "Recognition"),
          TableColumn("AUC", group: "Recognition"),
        ])
    for system in attacks.systems {
      let records = attacks.records(dataset, extractor, system)
      let reports = question.reports(records)
      guard !reports.isEmpty else { continue }
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
        [TableCell("learnt from other targets")]
          + others.map { $0.map { AttackCells.cell($0.twoSidedAUC, AttackCells.area) } ?? .blank }
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
          [TableCell("balanced accuracy, %")]
            + found.map { summary in
              summary.map {
                AttackCells.cell(
                  $0.balancedAccuracy, .percentTenths)
              } ?? .blank
            } + [.blank, .blank], style: .secondary))
      if hasOwn { table.rows.append(fromOthers) }
    }
    return table.rows.isEmpty ? nil : table
  }

  /// One sentence per system by the statement rule, and the strongest attack in figures.
  private func statements(_ question: AttackQuestion) -> Table? {
    var table = Table(
      name: "table3b-statements\(question.suffix)",
      title: "Table 3b: what may be said about inference of \(question.title)",
      caption: "“Prevented” is said only where the upper 95 % bound of the two-sided AUC is below "
        + "0.60 in each of A1 to A8; otherwise the strongest attack is named. “p”: label permutation "
        + "of its AUC; it does not correct for the choice of the strongest.",
      isSynthetic: attacks.isSynthetic,
      columns: ["Dataset", "Extractor", "System", "Strongest", "Variant"].map {
        TableColumn($0, alignment: .left)
      } + [TableColumn("p"), TableColumn("Sentence", alignment: .left)])
    table.rows = cells { dataset, extractor, systems in
      systems.flatMap { system in
        question.reports(attacks.records(dataset, extractor, system)).enumerated().map {
          index, report in
          let strongest = report.strongestAttack
          let isFirst = system == systems.first && index == 0
          return TableRow(
            [
              TableCell(isFirst ? dataset : ""), TableCell(isFirst ? extractor : ""),
              TableCell(attacks.repeats > 1 ? "\(system.title), repeat \(index)" : system.title),
              TableCell(strongest?.attack.rawValue ?? CellFormat.absent),
              TableCell(strongest?.name ?? ""),
              strongest.map { AttackCells.pValue($0.pValue) } ?? .blank,
              TableCell(sentence(report, of: system)),
            ], opensBlock: isFirst)
        }
      }
    }
    return table.rows.isEmpty ? nil : table
  }

  private func sentence(_ report: AttackReport, of system: AttackedSystem) -> String {
    let name = system.configuration.isTraditional ? "traditional templates" : system.title
    return report.statement(of: name) + "."
  }

  /// A8: how near the recovered vector comes to the enrolled reference.
  private func recovery(_ question: AttackQuestion) -> Table? {
    guard question.attribute == attacks.questions.first?.attribute else { return nil }
    var table = Table(
      name: "table3b-recovery\(question.suffix)",
      title: "Template recovery and linkability by model inversion (A8)",
      caption: "Cosine between the vector recovered from a personal network and embeddings. "
        + "“Linkability”: probability that the own embedding lies nearer than another subject's; 0.5 "
        + "is unlinkable. “Rank 1”: own reference is the nearest of all. “Accepted”: the cosine "
        + "passes at a false match rate of 1e-3, so the vector would impersonate its owner in a "
        + "traditional system.",
      isSynthetic: attacks.isSynthetic,
      columns: ["Dataset", "Extractor", "System", "Compared with"].map {
        TableColumn($0, alignment: .left)
      } + ["Cosine", "± sd", "With others", "Linkability"].map { TableColumn($0) }
        + ["Rank 1", "Accepted"].map { TableColumn($0, unit: "%") } + [TableColumn("Subjects")])
    table.rows = cells { dataset, extractor, systems in
      var isFirst = true
      return systems.flatMap { system -> [TableRow] in
        guard
          let report = question.reports(attacks.records(dataset, extractor, system)).first
        else { return [] }
        let kinds = [
          ("reference, mean direction", report.recovery),
          ("reference, best start", report.recoveryFromBestStart),
          ("another sample", report.linkability),
        ]
        return kinds.compactMap { name, recovery in
          guard let recovery else { return nil }
          let decimal = CellFormat(decimals: 3)
          let percent = CellFormat.percentTenths
          defer { isFirst = false }
          return TableRow(
            [
              TableCell(isFirst ? dataset : ""), TableCell(isFirst ? extractor : ""),
              TableCell(system.title), TableCell(name),
              TableCell(decimal.text(recovery.meanCosine)),
              TableCell(decimal.text(recovery.deviation)),
              TableCell(decimal.text(recovery.meanCosineWithOthers)),
              TableCell(decimal.text(recovery.linkabilityAUC)),
              TableCell(percent.text(recovery.rankOneRate)),
              TableCell(percent.text(recovery.acceptedAtFMR1e3)), TableCell("\(recovery.targets)"),
            ], opensBlock: isFirst)
        }
      }
    }
    return table.rows.isEmpty ? nil : table
  }

  /// Every variant of every attack, every point of the gallery curve, recovery and recognition.
  var tidy: [TidyRow] {
    attacks.records.flatMap { record -> [TidyRow] in
      let system = AttackedSystem(record.key)
      func row(
        _ quantity: String, _ value: Double?, _ interval: Estimate? = nil, rule: String,
        group: String = "all", numerator: Int? = nil, denominator: Int? = nil, note: String = ""
      ) -> TidyRow {
        TidyRow(
          quantity, value, interval: interval, rule: rule, dataset: record.key.dataset,
          extractor: record.key.extractor, system: system, group: group, repeats: 1,
          numerator: numerator, denominator: denominator, isSynthetic: attacks.isSynthetic,
          note: (attacks.repeats > 1 ? ["repeat \(record.key.repeatIndex)"] : [])
            .appending(note).joined(separator: "; "))
      }
      func rows(_ outcome: AttackOutcome, _ question: AttackQuestion, _ rule: String) -> [TidyRow] {
        let name = question.title
        return [
          row("attack-auc", outcome.auc.value, outcome.auc, rule: rule, group: name),
          row(
            "attack-two-sided-auc", outcome.twoSidedAUC.value, outcome.twoSidedAUC, rule: rule,
            group: name),
          row(
            "attack-balanced-accuracy", outcome.balancedAccuracy.value, outcome.balancedAccuracy,
            rule: rule, group: name, note: outcome.isCollapsed ? "collapse" : ""),
          row("attack-p-value", outcome.pValue, rule: rule, group: name),
          row("share-predicted-first", outcome.sharePredictedFirst, rule: rule, group: name),
          row(
            "ties", Double(outcome.ties), rule: rule, group: name, numerator: outcome.ties,
            denominator: outcome.targets),
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
            group: metric.group, numerator: metric.numerator, denominator: metric.denominator,
            note: metric.note ?? "")
          found.target = metric.target
          found.lower = metric.lower
          found.upper = metric.upper
          found.intervalMethod = metric.intervalMethod
          return found
        }
    }
  }
}

extension [String] {
  /// With a text at the end unless it is empty.
  fileprivate func appending(_ text: String) -> [String] { text.isEmpty ? self : self + [text] }
}
