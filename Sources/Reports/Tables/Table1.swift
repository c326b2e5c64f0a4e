// Table 1 of the paper: accuracy. The paper does not say at which threshold; definitions 1.5.
import Biometrics
import Records
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
    let part = Table1Part(
      results: results, published: published, convention: convention,
      suffix: ConventionText.suffix(convention))
    tables += [part.main(), part.allThresholds(), part.differences()]
    tidy += part.tidyRows()
  }
  return ReportDocument(
    name: "table1", title: "Table 1: accuracy",
    reading: [
      "Accuracy: share of right decisions over all mated and non-mated comparisons. Non-mated "
        + "comparisons dominate, so “reject all”, the accuracy of never accepting anyone, is the "
        + "value to beat.",
      ReadingNotes.repeats(results.repeats), ReadingNotes.interval,
      "Bold: the best value of the row, with all that tie as printed (“reject all” takes no part).",
    ] + ReadingNotes.published(tidy, isSynthetic: results.isSynthetic),
    tables: tables, tidy: tidy, isSynthetic: results.isSynthetic,
    provenance: ProvenanceSummary(results.records))
}

/// One accuracy of a record: its quantity and threshold rule, with the label of its row.
private struct AccuracyVariant: Hashable {
  let quantity: Quantity
  let rule: ThresholdRule

  /// Usual order of the rows.
  static let usual = [
    AccuracyVariant(quantity: .accuracy, rule: .atHalf),
    AccuracyVariant(quantity: .accuracy, rule: .best),
    AccuracyVariant(quantity: .accuracy, rule: .atFMR(PaperTarget.fmr)),
    AccuracyVariant(quantity: .accuracy, rule: .rejectAll),
    AccuracyVariant(quantity: .balancedAccuracy, rule: .atHalf),
    AccuracyVariant(quantity: .balancedAccuracy, rule: .best),
    AccuracyVariant(quantity: .balancedAccuracy, rule: .atFMR(PaperTarget.fmr)),
  ]

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
  let suffix: String

  private var layout: CellLayout {
    CellLayout(format: .accuracy, expectedRepeats: results.repeats)
  }
  private var configurations: [SystemConfiguration] { results.mainConfigurations }

  private func query(_ variant: AccuracyVariant) -> MeasurementQuery {
    MeasurementQuery(variant.quantity, convention: convention, rules: [variant.rule])
  }

  private func summary(
    _ dataset: String, _ extractor: String, _ configuration: SystemConfiguration,
    _ variant: AccuracyVariant
  ) -> CellSummary {
    CellSummary(query(variant), in: results.records(dataset, extractor, configuration))
  }

  private func published(
    _ dataset: String, _ extractor: String, _ configuration: SystemConfiguration
  ) -> PublishedValue? {
    published.value(
      table: "table1", dataset: dataset, extractor: extractor, system: configuration.system,
      quantity: "accuracy")
  }

  /// Dataset and extractor pairs to show: those with any record, the dataset named once.
  private var pairs: [(dataset: String, extractor: String, isFirst: Bool)] {
    results.datasets.flatMap { dataset in
      results.extractors.filter { results.has(dataset, $0) }.enumerated().map {
        (dataset, $1, $0 == 0)
      }
    }
  }

  func main() -> Table {
    var table = Table(
      name: "table1\(suffix)", title: "Table 1, \(convention) convention: accuracy",
      caption:
        "Verification accuracy. MOTE accepts at p ≥ 0.5, traditional at its best threshold, the "
        + "reading that the printed values fit; “reject all” accepts nobody.",
      isSynthetic: results.isSynthetic,
      columns: [
        TableColumn("Dataset", alignment: .left), TableColumn("Extractor", alignment: .left),
      ] + configurations.map { TableColumn($0.title, unit: "%") }
        + [TableColumn("Reject all", unit: "%")])
    for (dataset, extractor, isFirst) in pairs {
      let summaries = configurations.map {
        summary(dataset, extractor, $0, .headline($0))
      }
      let paper = configurations.map { published(dataset, extractor, $0) }
      var value = TableRow(
        [TableCell(isFirst ? dataset : ""), TableCell(extractor)] + summaries.map(layout.value)
          + [layout.value(rejectAll(dataset, extractor))], opensBlock: isFirst)
      markBest(&value, among: 2..<(2 + configurations.count), .higher)
      table.rows.append(value)
      func add(_ label: String, _ cells: [TableCell]) {
        guard cells.contains(where: { $0 != .blank }) else { return }
        table.rows.append(
          TableRow([.blank, TableCell(label)] + cells + [.blank], style: .secondary))
      }
      add("errors/trials", summaries.map(errors))
      add("published", paper.map(layout.published))
      add("difference", zip(summaries, paper).map(layout.difference))
    }
    return table
  }

  /// Wrong decisions over comparisons, whichever of right and wrong the record counts.
  private func errors(_ summary: CellSummary) -> TableCell {
    guard let value = summary.value, let n = summary.numerator, let d = summary.denominator, d > 0
    else { return .blank }
    let share = Double(n) / Double(d)
    return layout.counts(abs(share - value) <= abs(1 - share - value) ? d - n : n, d)
  }

  /// Accuracy of rejecting everything: a property of the trials, taken from any system of the row.
  private func rejectAll(_ dataset: String, _ extractor: String) -> CellSummary {
    let summaries = configurations.map { summary(dataset, extractor, $0, .rejectAll) }
    return summaries.first { $0.status == .measured } ?? summaries[0]
  }

  /// The accuracies that some record holds, usual ones first.
  private var variants: [AccuracyVariant] {
    var found = Set<AccuracyVariant>()
    for record in results.records {
      for measurement in record.measurements
      where measurement.convention == convention && measurement.group == "all"
        && [.accuracy, .balancedAccuracy].contains(measurement.quantity)
      {
        found.insert(
          AccuracyVariant(
            quantity: measurement.quantity,
            rule: ThresholdRule(measurement.rule ?? "")))
      }
    }
    let others = found.subtracting(AccuracyVariant.usual)
      .sorted { ($0.quantity.rawValue, $0.rule.name) < ($1.quantity.rawValue, $1.rule.name) }
    return AccuracyVariant.usual.filter(found.contains) + others
  }

  func allThresholds() -> Table {
    var table = Table(
      name: "table1\(suffix)-thresholds",
      title: "Table 1, \(convention) convention: accuracy by threshold",
      caption:
        "Accuracy and balanced accuracy, 1 − (FMR + FNMR)/2, at each threshold. The best "
        + "threshold is chosen on the evaluated comparisons themselves, so it is optimistic.",
      isSynthetic: results.isSynthetic,
      columns: [
        TableColumn("Dataset", alignment: .left), TableColumn("Extractor", alignment: .left),
        TableColumn("Threshold", alignment: .left),
      ] + configurations.map { TableColumn($0.title, unit: "%") })
    for (dataset, extractor, isFirst) in pairs {
      for (i, variant) in variants.enumerated() {
        var row = TableRow(
          [
            TableCell(isFirst && i == 0 ? dataset : ""), TableCell(i == 0 ? extractor : ""),
            TableCell(variant.label),
          ] + configurations.map { value(dataset, extractor, $0, variant) },
          opensBlock: isFirst && i == 0)
        if variant != .rejectAll {
          markBest(&row, among: 3..<(3 + configurations.count), .higher)
        }
        table.rows.append(row)
      }
    }
    return table
  }

  private func value(
    _ dataset: String, _ extractor: String, _ configuration: SystemConfiguration,
    _ variant: AccuracyVariant
  ) -> TableCell {
    let summary = summary(dataset, extractor, configuration, variant)
    if summary.status == .notMeasured && configuration.isTraditional && variant.rule == .atHalf {
      return TableCell(CellFormat.absent, footnotes: ["a cosine is no probability"])
    }
    return layout.value(summary)
  }

  func differences() -> Table {
    let motes = configurations.filter { !$0.isTraditional }
    var table = Table(
      name: "table1\(suffix)-difference",
      title: "Table 1, \(convention) convention: MOTE − traditional",
      caption:
        "Difference of the accuracies in percentage points, MOTE − traditional, both at their "
        + "best thresholds. " + ReadingNotes.paired,
      isSynthetic: results.isSynthetic,
      columns: [
        TableColumn("Dataset", alignment: .left), TableColumn("Extractor", alignment: .left),
      ] + motes.map { TableColumn("\($0.title) − Traditional", unit: "points") })
    for (dataset, extractor, isFirst) in pairs {
      table.rows.append(
        TableRow(
          [TableCell(isFirst ? dataset : ""), TableCell(extractor)]
            + motes.map { layout.paired(difference(dataset, extractor, $0)) },
          opensBlock: isFirst))
    }
    return table
  }

  private func difference(
    _ dataset: String, _ extractor: String, _ configuration: SystemConfiguration
  ) -> SystemDifference? {
    let best = query(AccuracyVariant(quantity: .accuracy, rule: .best))
    return SystemDifference(
      best, in: results.records(dataset, extractor, configuration), minus: best,
      in: results.records(dataset, extractor, .traditional))
  }

  func tidyRows() -> [TidyRow] {
    var rows: [TidyRow] = []
    for (dataset, extractor, _) in pairs {
      for configuration in configurations {
        for variant in variants {
          let summary = summary(dataset, extractor, configuration, variant)
          if summary.status == .notMeasured { continue }
          // The published accuracy is set beside the variant that the paper most probably printed.
          let isHeadline = variant == .headline(configuration)
          rows.append(
            TidyRow(
              summary, dataset: dataset, extractor: extractor, configuration: configuration,
              query: query(variant),
              published: isHeadline ? published(dataset, extractor, configuration) : nil,
              isSynthetic: results.isSynthetic))
        }
        guard !configuration.isTraditional,
          let difference = difference(dataset, extractor, configuration)
        else { continue }
        rows.append(
          TidyRow(
            difference, dataset: dataset, extractor: extractor, configuration: configuration,
            minus: .traditional,
            query: query(AccuracyVariant(quantity: .accuracy, rule: .best)),
            isSynthetic: results.isSynthetic))
      }
    }
    return rows
  }
}
