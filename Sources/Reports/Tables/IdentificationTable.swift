// One-to-many searches as NIST FRTE 1:N reports them (definitions 1.11).
import Biometrics
import Records
import Results
import Specs

/// Misses of one-to-many searches at fixed shares of searches that return somebody wrongly: a table of what
/// was searched, then one for each FPIR target.
package func identificationTable(_ results: RecordSet) -> ReportDocument {
  let targets = results.records.flatMap { record in
    record.measurements.filter { $0.quantity == .fnir }.compactMap(\.target)
  }
  var tables = [IdentificationPart.searches(results)]
  var tidy = IdentificationPart.galleryRows(results)
  for target in Set(targets).sorted() {
    let part = IdentificationPart(results: results, target: target)
    tables.append(part.table())
    tidy += part.tidyRows()
  }
  return ReportDocument(
    name: "identification", title: "Open-set identification: FNIR at a fixed FPIR",
    reading: [
      "FNIR: share of mated searches that miss, lower is better: the mate is below the threshold, or "
        + "(rank 1) not above everybody else. FPIR: share of non-mated searches that return anybody.",
      "A search meets everybody enrolled at one threshold. per-subject: the same searches on scores from "
        + "which is subtracted what each person's own reference gives to development rows.",
      ReadingNotes.repeats(results.repeats),
      "Bold: the smallest rates of a kind of scores, as printed.",
    ], tables: tables, tidy: tidy, isSynthetic: results.isSynthetic,
    provenance: results.provenance)
}

/// The table of one FPIR target.
private struct IdentificationPart {
  let results: RecordSet
  let target: Double

  private var layout: CellLayout { CellLayout(format: .rate, expectedRepeats: results.repeats) }

  /// One system with scores of one kind.
  private typealias Line = (system: SystemResults, convention: String)

  /// The systems of a place, each with the kinds of scores that were searched, kind by kind.
  private func lines(_ place: Place) -> [Line] {
    let conventions = results.distinct(of: .fnir, first: ConventionText.usual, \.convention)
    return conventions.flatMap { convention in
      Self.configurations(results).map { (results.at(place, $0), convention) }
    }
  }

  private static func configurations(_ results: RecordSet) -> [SystemConfiguration] {
    results.configurations.filter { !$0.isMadeForReadings }
  }

  private func query(
    _ line: Line, _ quantity: Quantity = .fnir, _ rank: IdentificationRank? = nil
  ) -> MeasurementQuery {
    MeasurementQuery(
      quantity, convention: line.convention,
      rules: rank.map { [ThresholdRule($0.rawValue)] } ?? [], target: target)
  }

  func table() -> Table {
    var table = Table(
      name: "identification-fpir-\(CellFormat.target(target))",
      title: "Open-set identification: FNIR at FPIR = \(CellFormat.target(target))",
      caption: "False negative identification rate at the smallest threshold with a false positive "
        + "identification rate of at most \(CellFormat.target(target)). Rank 1: the mate must be above "
        + "everybody else, too. MOTE − traditional: of rank 1, on the same searches. "
        + ReadingNotes.interval([.fnir]) + " " + ReadingNotes.paired,
      isSynthetic: results.isSynthetic,
      columns: TableColumn.labels("Dataset", "Extractor", "Scores", "System")
        + [
          "FNIR, rank 1", "misses/searches", "MOTE − traditional", "FNIR, any rank", "FPIR reached",
          "threshold",
        ].map { TableColumn($0) })
    for place in results.places where results.has(place) {
      var rows: [TableRow] = []
      for (convention, lines) in grouped(lines(place)) {
        var part = lines.enumerated().map { i, line in
          TableRow(
            i == 0 ? Self.title(convention) : "",
            [TableCell(line.system.configuration.title)]
              + cells(line))
        }
        markBest(&part, column: 2)
        markBest(&part, column: 5)
        rows += part
      }
      table.rows += TableRow.block([place.dataset, place.extractor], rows)
    }
    return table
  }

  /// Lines by convention, in order.
  private func grouped(_ lines: [Line]) -> [(String, [Line])] {
    lines.map(\.convention).distinct().map { convention in
      (convention, lines.filter { $0.convention == convention })
    }
  }

  private static func title(_ convention: String) -> String {
    convention == EvaluationConvention.default.name ? "as they are" : convention
  }

  private func cells(_ line: Line) -> [TableCell] {
    let first = line.system.summary(query(line, .fnir, .first))
    let reached = line.system.summary(query(line, .fpir))
    var rate = reached.value.map { TableCell(CellFormat.scientific($0)) } ?? .blank
    rate.notes = layout.influenceNotes(reached, of: "false positives")
    return [
      layout.rate(first), layout.counts(first.numerator, first.denominator),
      line.system.configuration.isTraditional
        ? .blank : layout.paired(line.system, query(line, .fnir, .first)),
      // Its footnotes would repeat those of rank 1.
      TableCell(layout.value(line.system.summary(query(line, .fnir, .any))).value),
      rate,
      reached.threshold.map { TableCell(CellFormat(decimals: 3).text($0)) }
        ?? (reached.value == nil
          ? .blank : TableCell(CellFormat.absent, footnotes: ["above every score"])),
    ]
  }

  /// Bold for the smallest values of a column, all that tie as printed.
  private func markBest(_ rows: inout [TableRow], column: Int) {
    var line = TableRow(rows.map { $0.cells[column] })
    Reports.markBest(&line, among: 0..<rows.count, .lower)
    for i in rows.indices { rows[i].cells[column] = line.cells[i] }
  }

  func tidyRows() -> [TidyRow] {
    results.places.filter(results.has).flatMap { place in
      lines(place).flatMap { line -> [TidyRow] in
        let first = query(line, .fnir, .first)
        return [
          line.system.tidyRow(first), line.system.tidyRow(query(line, .fnir, .any)),
          line.system.tidyRow(query(line, .fpir)),
        ]
          + (line.system.tidyDifference(first).map { [$0] } ?? [])
      }
    }
  }

  // MARK: - What was searched

  /// People and searches by place, which all systems share.
  static func searches(_ results: RecordSet) -> Table {
    Table(
      name: "identification", title: "Open-set identification: searches",
      caption: "A probe is searched among all people enrolled in its fold. Mated: the person has a "
        + "reference from another image. Non-mated: any probe, with the person's own references taken out of the "
        + "gallery. Of one training each.", isSynthetic: results.isSynthetic,
      columns: TableColumn.labels("Dataset", "Extractor")
        + ["gallery, people", "mated searches", "of people", "non-mated searches"].map {
          TableColumn($0)
        },
      rows: results.places.compactMap { place in
        counts(results, place).map { _, counts in
          TableRow(
            [
              place.dataset, place.extractor, galleryText(counts.gallery),
              "\(counts.matedSearches)", "\(counts.matedPeople)", "\(counts.nonMatedSearches)",
            ].map { TableCell($0) })
        }
      })
  }

  /// "863", or by folds "575 + 575 + 576".
  private static func galleryText(_ gallery: [Int]) -> String {
    gallery.map { "\($0)" }.joined(separator: " + ")
  }

  private static func counts(_ results: RecordSet, _ place: Place)
    -> (EvaluationRecord, IdentificationCounts)?
  {
    configurations(results).lazy.flatMap { results.records(place, $0) }.compactMap { record in
      record.identification.map { (record, $0) }
    }.first
  }

  /// The size of the gallery, for programs that read the table.
  static func galleryRows(_ results: RecordSet) -> [TidyRow] {
    results.places.flatMap { place in
      configurations(results).compactMap { configuration -> TidyRow? in
        guard
          let counts = results.records(place, configuration).lazy.compactMap(\.identification).first
        else { return nil }
        return TidyRow(
          dataset: place.dataset, extractor: place.extractor, system: configuration.csvName,
          preset: configuration.preset, balancingFactor: configuration.balancingFactor,
          balancingRule: configuration.balancingRule,
          convention: results.records(place, configuration).lazy.flatMap(\.measurements)
            .first { $0.quantity == .fnir }?.convention ?? "",
          quantity: "gallery-people", value: Double(counts.gallery.reduce(0, +)),
          repeats: results.records(place, configuration).count, isSynthetic: results.isSynthetic,
          note: counts.gallery.count > 1 ? "of \(counts.gallery.count) folds" : "")
      }
    }
  }
}
