// Table 3 of the paper: balanced accuracy of the gender inference attack as printed (A0 of
// definitions 3.4: the larger of two mean scores wins).
import AttackReports
import Configurations
import Records
import Results
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
      "Brackets: 95 % interval, percentiles of the bootstrap over the targets.",
      ReadingNotes.attackRepeats(attacks.repeats),
      "The published PFRNet and PE-MIU values are probably quoted from other studies with other "
        + "extractors; the differences say how far our re-implementation on these embeddings is "
        + "from them, not that one of them is wrong.",
    ] + ReadingNotes.published(part.tidy, isSynthetic: attacks.isSynthetic),
    tables: [part.main(), part.details()], tidy: part.tidy, isSynthetic: attacks.isSynthetic,
    provenance: attacks.provenance)
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

  private var layout: CellLayout {
    CellLayout(format: AttackCells.share, expectedRepeats: attacks.repeats)
  }

  private func printed(_ place: Place, _ system: AttackedSystem) -> AttackSummary? {
    gender.flatMap { AttackSummary.printed(in: $0.reports(attacks.records(place, system))) }
  }

  /// The paper names no extractor for its baselines.
  private func published(_ place: Place, _ system: AttackedSystem) -> PublishedValue? {
    [place.extractor, ""].lazy.compactMap {
      published.value(
        table: "table3", dataset: place.dataset, extractor: $0, system: system.publishedName,
        quantity: publishedQuantity)
    }.first
  }

  /// Whether the paper has a value to set beside this one.
  private func isPublished(_ place: Place, _ system: AttackedSystem) -> Bool {
    system.cohortMaleShare == nil && published(place, system) != nil
  }

  func main() -> Table {
    let columns = columns
    return Table(
      name: "table3", title: "Table 3: balanced accuracy of the printed gender inference attack",
      caption: "Gender inferred by the larger mean score (A0), balanced accuracy in percent.",
      isSynthetic: attacks.isSynthetic,
      columns: TableColumn.labels("Dataset", "")
        + attacks.extractors.flatMap { extractor in
          columns.map { TableColumn($0.title, unit: "%", group: extractor) }
        },
      rows: attacks.datasets.flatMap { dataset in
        let places = attacks.extractors.map { Place(dataset: dataset, extractor: $0) }
        func line(
          _ label: String, style: TableRow.Style = .secondary, isSupplement: Bool = false,
          _ cell: (Place, AttackedSystem) -> TableCell
        ) -> TableRow {
          TableRow(
            label, places.flatMap { place in columns.map { cell(place, $0) } }, style: style,
            isSupplement: isSupplement)
        }
        let others = [
          line("published", isSupplement: true) {
            layout.published(published($0, $1), share: attacks.publishedShare($0))
          },
          line("difference", isSupplement: true) { difference(printed($0, $1), published($0, $1)) },
        ]
        return TableRow.block(
          [dataset],
          [
            line("balanced accuracy", style: .body) { place, system in
              printed(place, system).map(balancedAccuracy)
                ?? AttackCells.absent(attacks.absence(place, system))
            },
            line("taken for male") {
              printed($0, $1).map { TableCell(AttackCells.share.text($0.sharePredictedFirst)) }
                ?? .blank
            },
          ] + others.filter { !$0.isBlank })
      })
  }

  private func balancedAccuracy(_ found: AttackSummary) -> TableCell {
    var cell = AttackCells.balancedAccuracy(found, AttackCells.share)
    if found.isCollapsed {
      cell.notes.append(Footnote("collapse: every target is given the same gender"))
    }
    return cell
  }

  private func difference(_ found: AttackSummary?, _ published: PublishedValue?) -> TableCell {
    guard let estimate = found?.balancedAccuracy, let published, let other = published.value
    else { return .blank }
    let isInside = published.mayLie(in: estimate.lower, estimate.upper) == true
    return TableCell(
      AttackCells.share.signed(estimate.value - other),
      detail: isInside ? "(inside)" : "(outside)")
  }

  /// What stands behind the printed attack, for every system and cohort.
  func details() -> Table {
    let titles = [
      "Balanced accuracy", "Male recall", "Female recall", "Taken for male", "Accuracy",
      "Majority",
    ]
    return Table(
      name: "table3-details", title: "Table 3 in detail: the printed attack by system and cohort",
      caption: "A0 with its parts. “Majority”: accuracy of always naming the larger gender. "
        + "“p”: label permutation, one-sided, of the balanced accuracy. “Ties”: targets with equal "
        + "means, taken for male. “Cohort male”: share of male rows that trained.",
      isSynthetic: attacks.isSynthetic,
      columns: TableColumn.labels("Dataset", "Extractor", "System")
        + titles.map { TableColumn($0, unit: "%") }
        + ["p", "Ties", "Targets male/female", "Gallery per gender"].map { TableColumn($0) }
        + [TableColumn("Cohort male", unit: "%")],
      rows: attacks.places.flatMap { place in
        TableRow.block(
          [place.dataset, place.extractor], attacks.systems.compactMap { details(place, $0) })
      })
  }

  private func details(_ place: Place, _ system: AttackedSystem) -> TableRow? {
    let records = attacks.records(place, system)
    guard let found = printed(place, system), let report = gender?.reports(records).first else {
      return attacks.absence(place, system).map {
        TableRow(
          system.title, Array(repeating: AttackCells.absent($0), count: 11))
      }
    }
    let shares = [
      found.recallFirst, found.recallSecond, found.sharePredictedFirst, found.accuracy,
      found.majorityRate,
    ]
    let cohort = records.first?.cohort?.maleShare.map(CellFormat.percentTenths.text)
    return TableRow(
      system.title,
      [AttackCells.balancedAccuracy(found, AttackCells.share)]
        + shares.map { TableCell(AttackCells.share.text($0)) } + [
          AttackCells.pValue(found.decisionPValue), TableCell("\(found.ties)"),
          TableCell("\(found.targetsOfFirst)/\(found.targets - found.targetsOfFirst)"),
          TableCell("\(report.gallerySamples / 2)"), TableCell(cohort ?? ""),
        ])
  }

  var tidy: [TidyRow] {
    attacks.places.flatMap { place in
      attacks.systems.flatMap { system -> [TidyRow] in
        guard let found = printed(place, system) else { return [] }
        func row(
          _ quantity: String, _ value: Double, _ interval: Estimate? = nil, spread: Double? = nil,
          published: PublishedValue? = nil, note: String = ""
        ) -> TidyRow {
          TidyRow(
            quantity, value, interval: interval,
            method: interval.map { _ in found.pooled.methodText(Estimate.shareMethod) },
            rule: "A0 \(found.variant)", place: place,
            system: system, repeats: found.repeats, spread: spread, published: published,
            isSynthetic: attacks.isSynthetic, note: note)
        }
        return [
          row(
            publishedQuantity, found.balancedAccuracy.value, found.balancedAccuracy,
            spread: found.pooled.balancedAccuracySpread,
            published: isPublished(place, system) ? published(place, system) : nil,
            note: ((found.isCollapsed ? ["collapse"] : [])
              + [isPublished(place, system) ? attacks.publishedShare(place) : nil].compactMap { $0 })
              .joined(separator: "; ")),
          row("share-predicted-first", found.sharePredictedFirst),
          row("recall-first", found.recallFirst), row("recall-second", found.recallSecond),
          row("attack-accuracy", found.accuracy), row("majority-rate", found.majorityRate),
          row("p-value", found.decisionPValue), row("ties", Double(found.ties)),
        ]
      }
    }
  }
}
