// Table 3 of the paper: balanced accuracy of the gender inference attack as printed (A0 of
// definitions 3.4: the larger of two mean scores wins).
import Configurations
import Records
import Specs

/// Table 3 from attack records: the paper's layout with the published values, then what stands
/// behind each number, cohort ratios included.
package func table3(_ attacks: AttackRecordSet, published: PublishedValues) -> ReportDocument {
  let part = Table3Part(attacks: attacks, published: published)
  return ReportDocument(
    name: "table3", title: "Table 3: gender inference as printed",
    reading: [
      "Balanced accuracy of the paper's attack (A0): the gender with the larger mean score over the "
        + "attacker's samples wins; 50 % is chance.",
      "“taken for male” is the share of targets that are taken for male. 0 % or 100 % is a "
        + "collapse: the decision is the same for everybody, so the balanced accuracy is 50 % "
        + "whatever the templates give away. Table 3b asks what they give away.",
      "Brackets: 95 % bootstrap interval over the targets.",
      "The published PFRNet and PE-MIU values are probably quoted from other studies with other "
        + "extractors; the differences say how far our re-implementation on these embeddings is "
        + "from them, not that one of them is wrong.",
    ] + ReadingNotes.published(part.tidy, isSynthetic: attacks.isSynthetic),
    tables: [part.main(), part.details()], tidy: part.tidy, isSynthetic: attacks.isSynthetic,
    provenance: ProvenanceSummary(of: attacks.records.map(\.provenance)))
}

private let publishedQuantity = "gender-attack-balanced-accuracy"

private struct Table3Part {
  let attacks: AttackRecordSet
  let published: PublishedValues

  private var gender: AttackQuestion? { attacks.questions.first { $0.attribute == "gender" } }

  /// MOTE, PFRNet, PE-MIU as in the paper, then the unprotected vectors.
  private var columns: [AttackedSystem] {
    let asIs = attacks.systems.filter { $0.cohortMaleShare == nil }
    return asIs.filter(\.isMote) + asIs.filter { $0.publishedName == "pfrnet" }
      + asIs.filter { $0.publishedName == "pe-miu" } + asIs.filter(\.configuration.isTraditional)
  }

  private func printed(_ dataset: String, _ extractor: String, _ system: AttackedSystem)
    -> AttackSummary?
  {
    gender.flatMap {
      AttackSummary.printed(in: $0.reports(attacks.records(dataset, extractor, system)))
    }
  }

  /// The paper names no extractor for its baselines.
  private func published(_ dataset: String, _ extractor: String, _ system: AttackedSystem)
    -> PublishedValue?
  {
    [extractor, ""].lazy.compactMap {
      published.value(
        table: "table3", dataset: dataset, extractor: $0, system: system.publishedName,
        quantity: publishedQuantity)
    }.first
  }

  func main() -> Table {
    let columns = columns
    var table = Table(
      name: "table3", title: "Table 3: balanced accuracy of the printed gender inference attack",
      caption: "Gender inferred by the larger mean score (A0), balanced accuracy in percent.",
      isSynthetic: attacks.isSynthetic,
      columns: [
        TableColumn("Dataset", alignment: .left), TableColumn("", alignment: .left),
      ]
        + attacks.extractors.flatMap { extractor in
          columns.map { TableColumn($0.title, unit: "%", group: extractor) }
        })
    func line(
      _ dataset: String, _ label: String, style: TableRow.Style = .secondary,
      _ cell: (String, AttackedSystem) -> TableCell
    ) -> TableRow {
      let cells = attacks.extractors.flatMap { extractor in columns.map { cell(extractor, $0) } }
      return TableRow(
        [TableCell(style == .body ? dataset : ""), TableCell(label)] + cells, style: style,
        opensBlock: style == .body)
    }
    for dataset in attacks.datasets {
      table.rows.append(
        line(dataset, "balanced accuracy", style: .body) { extractor, system in
          guard let found = printed(dataset, extractor, system) else {
            return TableCell(CellFormat.absent, footnotes: ["not run"])
          }
          var cell = AttackCells.cell(found.balancedAccuracy, AttackCells.share)
          if found.isCollapsed {
            cell.footnotes.append("collapse: every target is given the same gender")
          }
          return cell
        })
      table.rows.append(
        line(dataset, "taken for male") { extractor, system in
          printed(dataset, extractor, system).map {
            TableCell(AttackCells.share.text($0.sharePredictedFirst))
          } ?? .blank
        })
      let lines = [
        line(dataset, "published") { extractor, system in
          guard let value = published(dataset, extractor, system) else { return .blank }
          return TableCell(value.text.isEmpty ? CellFormat.absent : value.text)
        },
        line(dataset, "difference") { extractor, system in
          guard let found = printed(dataset, extractor, system),
            let value = published(dataset, extractor, system), let other = value.value
          else { return .blank }
          let estimate = found.balancedAccuracy
          let isInside = value.mayLie(in: estimate.lower, estimate.upper) == true
          return TableCell(
            AttackCells.share.signed(estimate.value - other),
            detail: isInside ? "(inside)" : "(outside)")
        },
      ]
      table.rows += lines.filter { row in row.cells.dropFirst(2).contains { $0 != .blank } }
    }
    return table
  }

  /// What stands behind the printed attack, for every system and cohort.
  func details() -> Table {
    let titles = [
      "Balanced accuracy", "Male recall", "Female recall", "Taken for male", "Accuracy",
      "Majority",
    ]
    var table = Table(
      name: "table3-details", title: "Table 3 in detail: the printed attack by system and cohort",
      caption: "A0 with its parts. “Majority”: accuracy of always naming the larger gender. "
        + "“p”: label permutation, one-sided, of the balanced accuracy. “Ties”: targets with equal "
        + "means, taken for male. “Cohort male”: share of male rows that trained.",
      isSynthetic: attacks.isSynthetic,
      columns: ["Dataset", "Extractor", "System"].map { TableColumn($0, alignment: .left) }
        + titles.map { TableColumn($0, unit: "%") }
        + ["p", "Ties", "Targets male/female", "Gallery per gender"].map { TableColumn($0) }
        + [TableColumn("Cohort male", unit: "%")])
    guard let gender else { return table }
    for dataset in attacks.datasets {
      for extractor in attacks.extractors {
        var isFirst = true
        for system in attacks.systems {
          let records = attacks.records(dataset, extractor, system)
          guard let found = printed(dataset, extractor, system),
            let report = gender.reports(records).first
          else { continue }
          let share = AttackCells.share
          table.rows.append(
            TableRow(
              [
                TableCell(isFirst ? dataset : ""), TableCell(isFirst ? extractor : ""),
                TableCell(system.title), AttackCells.cell(found.balancedAccuracy, share),
                TableCell(share.text(found.recallFirst)), TableCell(share.text(found.recallSecond)),
                TableCell(share.text(found.sharePredictedFirst)),
                TableCell(share.text(found.accuracy)), TableCell(share.text(found.majorityRate)),
                AttackCells.pValue(found.decisionPValue), TableCell("\(found.ties)"),
                TableCell("\(found.targetsOfFirst)/\(found.targets - found.targetsOfFirst)"),
                TableCell("\(report.gallerySamples / 2)"),
                TableCell(
                  records.first?.cohort?.maleShare.map {
                    CellFormat.percentTenths.text($0)
                  }
                    ?? ""),
              ], opensBlock: isFirst))
          isFirst = false
        }
      }
    }
    return table
  }

  var tidy: [TidyRow] {
    attacks.datasets.flatMap { dataset in
      attacks.extractors.flatMap { extractor in
        attacks.systems.flatMap { system -> [TidyRow] in
          guard let found = printed(dataset, extractor, system) else { return [] }
          let rule = "A0 \(found.variant)"
          func row(_ quantity: String, _ value: Double) -> TidyRow {
            TidyRow(
              quantity, value, rule: rule, dataset: dataset, extractor: extractor, system: system,
              repeats: found.repeats, isSynthetic: attacks.isSynthetic)
          }
          return [
            TidyRow(
              publishedQuantity, found.balancedAccuracy.value, interval: found.balancedAccuracy,
              rule: rule, dataset: dataset, extractor: extractor, system: system,
              repeats: found.repeats,
              published: system.cohortMaleShare == nil
                ? published(dataset, extractor, system) : nil,
              isSynthetic: attacks.isSynthetic, note: found.isCollapsed ? "collapse" : ""),
            row("share-predicted-first", found.sharePredictedFirst),
            row("recall-first", found.recallFirst), row("recall-second", found.recallSecond),
            row("attack-accuracy", found.accuracy), row("majority-rate", found.majorityRate),
            row("p-value", found.decisionPValue), row("ties", Double(found.ties)),
          ]
        }
      }
    }
  }
}
