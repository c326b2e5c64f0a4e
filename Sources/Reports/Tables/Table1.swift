// Table 1 of the paper: accuracy. The paper does not say at which threshold; definitions 1.5.
import Biometrics
import Records
import Results
import Specs

/// Table 1 from the records, one set of tables per evaluation convention.
///
/// Per convention: the paper's layout, MOTE at p >= 0.5 and traditional at its best threshold (what
/// the printed numbers fit), beside the accuracy of rejecting everything; the accuracies at all
/// thresholds; the paired differences MOTE − traditional at the best thresholds.
package func table1(_ results: RecordSet, published: PublishedValues) -> ReportDocument {
  var tables: [Table] = []
  var tidy: [TidyRow] = []
  let conventions = results.distinct(
    of: .accuracy, first: ConventionText.usual, \.convention)
  for convention in conventions {
    let part = Table1Part(results: results, published: published, convention: convention)
    tables += [part.main(), part.allThresholds(), part.differences()]
    tidy += part.tidyRows()
  }
  return ReportDocument(
    name: "table1", title: "Table 1: accuracy",
    reading: [
      "Accuracy: share of right decisions over all mated and non-mated comparisons. Non-mated "
        + "comparisons dominate, so “reject all”, the accuracy of never accepting anyone, is the "
        + "value to beat.",
      ReadingNotes.repeats(results.repeats),
      "Bold: the best value of the row, with all that tie as printed (“reject all” takes no part).",
    ] + ReadingNotes.published(tidy, isSynthetic: results.isSynthetic),
    tables: tables, tidy: tidy, isSynthetic: results.isSynthetic,
    provenance: results.provenance)
}

/// One accuracy of a record: its quantity and threshold rule, with the label of its row.
private struct AccuracyVariant: Hashable {
  let quantity: Quantity
  let rule: ThresholdRule

  /// Usual order of the rows.
  static let usual =
    [ThresholdRule.atHalf, .best, .atFMR(PaperTarget.fmr), .rejectAll].map {
      AccuracyVariant(quantity: .accuracy, rule: $0)
    }
    + [ThresholdRule.atHalf, .best, .atFMR(PaperTarget.fmr)].map {
      AccuracyVariant(quantity: .balancedAccuracy, rule: $0)
    }

  static let best = AccuracyVariant(quantity: .accuracy, rule: .best)
  static let rejectAll = AccuracyVariant(quantity: .accuracy, rule: .rejectAll)

  /// Threshold behind the headline value: p >= 0.5 for networks, the best one for cosine.
  static func headline(_ configuration: SystemConfiguration) -> AccuracyVariant {
    AccuracyVariant(quantity: .accuracy, rule: configuration.isTraditional ? .best : .atHalf)
  }

  var label: String {
    quantity == .accuracy ? rule.label : "balanced, \(rule.label)"
  }
}

/// The tables of one convention.
private struct Table1Part {
  let results: RecordSet
  let published: PublishedValues
  let convention: String

  private var suffix: String { ConventionText.suffix(convention) }
  private var layout: CellLayout {
    CellLayout(format: .accuracy, expectedRepeats: results.repeats)
  }
  private var configurations: [SystemConfiguration] { results.mainConfigurations }
  private var motes: [SystemConfiguration] { configurations.filter { !$0.isTraditional } }

  private func query(_ variant: AccuracyVariant) -> MeasurementQuery {
    MeasurementQuery(variant.quantity, convention: convention, rules: [variant.rule])
  }

  private func summary(
    _ place: Place, _ configuration: SystemConfiguration, _ variant: AccuracyVariant
  ) -> CellSummary {
    results.at(place, configuration).summary(query(variant))
  }

  private func published(_ place: Place, _ configuration: SystemConfiguration) -> PublishedValue? {
    published.value(
      table: "table1", dataset: place.dataset, extractor: place.extractor,
      system: configuration.system, quantity: "accuracy")
  }

  /// Dataset and extractor pairs to show: those with any record.
  private var places: [Place] { results.places.filter(results.has) }

  /// A block per dataset, with the lines of each of its extractors.
  private func rows(_ lines: (Place) -> [TableRow]) -> [TableRow] {
    results.datasets.flatMap { dataset in
      TableRow.block([dataset], places.filter { $0.dataset == dataset }.flatMap(lines))
    }
  }

  func main() -> Table {
    Table(
      name: "table1\(suffix)", title: "Table 1, \(convention) convention: accuracy",
      caption:
        "Verification accuracy. MOTE accepts at p ≥ 0.5, traditional at its best threshold, the "
        + "reading that the printed values fit; “reject all” accepts nobody. "
        + ReadingNotes.interval([.accuracy]),
      isSynthetic: results.isSynthetic,
      columns: TableColumn.labels("Dataset", "Extractor")
        + configurations.map { TableColumn($0.title, unit: "%") }
        + [TableColumn("Reject all", unit: "%")],
      rows: rows { place in
        let summaries = configurations.map { summary(place, $0, .headline($0)) }
        let paper = configurations.map { published(place, $0) }
        var value = TableRow(
          place.extractor, summaries.map(layout.value) + [layout.value(rejectAll(place))])
        markBest(&value, among: 1...configurations.count, .higher)
        let others = [
          ("errors/trials", summaries.map(errors)),
          (
            "published",
            paper.map { layout.published($0, share: results.publishedShare(place)) }
          ),
          ("difference", zip(summaries, paper).map(layout.difference)),
        ].map { TableRow($0, $1 + [.blank], style: .secondary, isSupplement: true) }
        return [value] + others.filter { !$0.isBlank }
      })
  }

  /// Wrong decisions over comparisons, whichever of right and wrong the record counts.
  private func errors(_ summary: CellSummary) -> TableCell {
    guard let value = summary.value, let n = summary.numerator, let d = summary.denominator, d > 0
    else { return .blank }
    let share = Double(n) / Double(d)
    return layout.counts(abs(share - value) <= abs(1 - share - value) ? d - n : n, d)
  }

  /// Accuracy of rejecting everything: a property of the trials, taken from any system of the row.
  private func rejectAll(_ place: Place) -> CellSummary {
    let summaries = configurations.map { summary(place, $0, .rejectAll) }
    return summaries.first { $0.status == .measured } ?? summaries[0]
  }

  /// The accuracies that some record holds, usual ones first.
  private var variants: [AccuracyVariant] {
    var found = Set<AccuracyVariant>()
    for facet in results.facets
    where facet.convention == convention && facet.group == "all"
      && [.accuracy, .balancedAccuracy].contains(facet.quantity)
    {
      found.insert(
        AccuracyVariant(quantity: facet.quantity, rule: ThresholdRule(facet.rule ?? "")))
    }
    let others = found.subtracting(AccuracyVariant.usual)
      .sorted { ($0.quantity.rawValue, $0.rule.name) < ($1.quantity.rawValue, $1.rule.name) }
    return AccuracyVariant.usual.filter(found.contains) + others
  }

  func allThresholds() -> Table {
    let variants = variants
    return Table(
      name: "table1\(suffix)-thresholds",
      title: "Table 1, \(convention) convention: accuracy by threshold",
      caption:
        "Accuracy and balanced accuracy, 1 − (FMR + FNMR)/2, at each threshold. The best "
        + "threshold is chosen on the evaluated comparisons themselves, so it is optimistic. "
        + ReadingNotes.interval([.accuracy, .balancedAccuracy]),
      isSynthetic: results.isSynthetic,
      columns: TableColumn.labels("Dataset", "Extractor", "Threshold")
        + configurations.map { TableColumn($0.title, unit: "%") },
      rows: rows { place in
        variants.enumerated().map { i, variant in
          let cells = configurations.map { value(place, $0, variant) }
          var row = TableRow(i == 0 ? place.extractor : "", [TableCell(variant.label)] + cells)
          if variant != .rejectAll {
            markBest(&row, among: 2..<(2 + configurations.count), .higher)
          }
          return row
        }
      })
  }

  private func value(
    _ place: Place, _ configuration: SystemConfiguration, _ variant: AccuracyVariant
  ) -> TableCell {
    let summary = summary(place, configuration, variant)
    if summary.status == .notMeasured && configuration.isTraditional && variant.rule == .atHalf {
      return TableCell(CellFormat.absent, footnotes: ["a cosine is no probability"])
    }
    return layout.value(summary)
  }

  func differences() -> Table {
    Table(
      name: "table1\(suffix)-difference",
      title: "Table 1, \(convention) convention: MOTE − traditional",
      caption:
        "Difference of the accuracies in percentage points, MOTE − traditional, both at their "
        + "best thresholds. " + ReadingNotes.paired,
      isSynthetic: results.isSynthetic,
      columns: TableColumn.labels("Dataset", "Extractor")
        + motes.map { TableColumn("\($0.title) − Traditional", unit: "points") },
      rows: rows { place in
        let differences = motes.map { layout.paired(results.at(place, $0), query(.best)) }
        return [TableRow(place.extractor, differences)]
      })
  }

  func tidyRows() -> [TidyRow] {
    var rows: [TidyRow] = []
    for place in places {
      for configuration in configurations {
        let system = results.at(place, configuration)
        for variant in variants where system.summary(query(variant)).status != .notMeasured {
          // The published accuracy is set beside the variant that the paper most probably printed.
          let isHeadline = variant == .headline(configuration)
          rows.append(
            system.tidyRow(
              query(variant), published: isHeadline ? published(place, configuration) : nil))
        }
        rows += [system.tidyDifference(query(.best))].compactMap { $0 }
      }
    }
    return rows
  }
}
