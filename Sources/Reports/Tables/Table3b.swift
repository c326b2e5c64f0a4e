// Table 3b, the audit: what attackers who adapt get out of the same references (definitions 3.4).
import AttackReports
import Configurations
import Records
import Results
import Specs

/// Table 3b from attack records: per dataset, extractor and question the systems against the attacks,
/// the sentence that may be said of each system, and what inversion gives back of the references.
package func table3b(_ attacks: AttackRecordSet) -> ReportDocument {
  let part = Table3bPart(attacks: attacks)
  return ReportDocument(
    name: "table3b", title: "Table 3b: audit with adaptive attackers",
    reading: [
      "First line: two-sided AUC, max(AUC, 1 − AUC), with its 95 % interval (BCa bootstrap over the "
        + "targets); 0.5 is chance. Second line: balanced accuracy in percent at the attack's own "
        + "threshold (percentiles). "
        + "A shifted decision leaves the AUC as it is, so a collapse to one class cannot hide "
        + "information from it.",
      "Of each attack the variant with the largest AUC is shown (statistic, scale, classifier; all "
        + "are in the CSV file), which favours the attacker a little: the best of many variants "
        + "of chance lies above 0.5. The table of sentences allows for the choice.",
      ReadingNotes.attackRepeats(attacks.repeats),
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
            summary.map(AttackCells.area)
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
        others.map { $0.map(AttackCells.area) ?? .blank }
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
        body.cells[1].notes.append(
          Footnote("A0 collapses: every target is given the same group"))
      }
      table.rows.append(body)
      table.rows.append(
        TableRow(
          "balanced accuracy, %",
          found.map { summary in
            summary.map { AttackCells.balancedAccuracy($0, .percentTenths) } ?? .blank
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
        + "0.60 in each of A1 to A8; otherwise the strongest attack is named. “At least”: the AUC "
        + "that some attack reaches with 95 % certainty, and “p” of none being above chance; both by "
        + "max-T over all variants, so that the choice of the strongest is paid for.",
      TableColumn.labels("Strongest", "Variant") + [TableColumn("At least"), TableColumn("p")]
        + TableColumn.labels("Sentence")
    ) { place, system in
      let reports = question.reports(attacks.records(place, system))
      guard !reports.isEmpty else { return [] }
      let name = system.configuration.isTraditional ? "traditional templates" : system.title
      let winner = StrongestAttack(in: reports)
      let attack = winner?.attack ?? RepeatedAttack.strongestAdaptive(in: reports)
      return [
        TableRow(
          system.title,
          [
            TableCell(attack?.attack.rawValue ?? CellFormat.absent),
            TableCell(attack?.name ?? ""),
            winner.map { TableCell(AttackCells.area.text($0.lowerBound)) } ?? .blank,
            winner.map { AttackCells.pValue($0.pValue) } ?? .blank,
            TableCell(statement(of: name, in: reports) + "."),
          ])
      ]
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

  /// The lines of the CSV file.
  var tidy: [TidyRow] {
    attacks.places.flatMap { place in
      attacks.systems.flatMap { Table3bRows(attacks: attacks, place: place, system: $0).rows }
    }
  }
}
