// Table 2 of the paper: FNMR at FMR 1e-3 for all comparisons and by gender of the reference.
import Biometrics
import Records
import Specs

/// Table 2 from the records, one set of tables per evaluation convention.
///
/// Per convention: the paper's layout with intervals, counts and published values; the paired
/// differences MOTE − traditional; thresholds with the FMR reached there.
package func table2(_ results: RecordSet, published: PublishedValues) -> ReportDocument {
  var tables: [Table] = []
  var tidy: [TidyRow] = []
  let conventions = results.distinct(of: .fnmr, first: ConventionText.usual, \.convention)
  for convention in conventions {
    for target in results.targets(of: .fnmr, convention: convention) {
      let part = Table2Part(
        results: results, published: published, convention: convention, target: target,
        suffix: ConventionText.suffix(convention) + PaperTarget.suffix(target))
      tables += [part.main(), part.differences(), part.operatingPoints()]
      tidy += part.tidyRows()
    }
  }
  return ReportDocument(
    name: "table2", title: "Table 2: FNMR at a fixed FMR, by gender",
    reading: [
      "FNMR: share of mated comparisons that are rejected at the threshold, lower is better.",
      ReadingNotes.repeats(results.repeats), ReadingNotes.interval,
      ReadingNotes.bold,
    ] + ReadingNotes.published(tidy, isSynthetic: results.isSynthetic),
    tables: tables, tidy: tidy, isSynthetic: results.isSynthetic,
    provenance: ProvenanceSummary(results.records))
}

/// The tables of one convention and one FMR target.
private struct Table2Part {
  let results: RecordSet
  let published: PublishedValues
  let convention: String
  let target: Double
  let suffix: String

  private var layout: CellLayout { CellLayout(format: .rate, expectedRepeats: results.repeats) }
  private var groups: [String] {
    results.distinct(of: .fnmr, first: ["all", "male", "female"], \.group)
  }
  private var configurations: [SystemConfiguration] { results.mainConfigurations }
  private var title: String { "FNMR at FMR = \(CellFormat.target(target))" }

  /// Threshold rules to look for: each convention's own rule first (definitions 1.3).
  private var rules: [ThresholdRule] {
    let usual: EvaluationConvention =
      convention == EvaluationConvention.paperCompatible.name ? .paperCompatible : .default
    return ordered(
      results.distinct(of: .fnmr) { $0.rule ?? "" }.filter { !$0.isEmpty },
      first: [usual.rule.rawValue]
    ).map(ThresholdRule.init)
  }

  private func query(_ group: String) -> MeasurementQuery {
    MeasurementQuery(
      .fnmr, group: group, convention: convention, rules: rules, target: target)
  }

  private func summary(
    _ dataset: String, _ extractor: String, _ configuration: SystemConfiguration, _ group: String
  ) -> CellSummary {
    CellSummary(query(group), in: results.records(dataset, extractor, configuration))
  }

  private func published(
    _ dataset: String, _ extractor: String, _ configuration: SystemConfiguration, _ group: String
  ) -> PublishedValue? {
    guard PaperTarget.isPaper(target) else { return nil }
    return published.value(
      table: "table2", dataset: dataset, extractor: extractor, system: configuration.system,
      group: group, quantity: "fnmr-at-fmr-0.001")
  }

  /// Columns Dataset, Group, then one per extractor and system.
  private func columns(_ configurations: [SystemConfiguration], _ suffix: String = "")
    -> [TableColumn]
  {
    [TableColumn("Dataset", alignment: .left), TableColumn("Group", alignment: .left)]
      + results.extractors.flatMap { extractor in
        configurations.map { TableColumn($0.title + suffix, group: extractor) }
      }
  }

  /// One row per dataset and group, built from a cell function; the dataset is named once.
  private func rows(
    _ lines: (_ dataset: String, _ group: String) -> [(label: String, cells: [TableCell])]
  ) -> [TableRow] {
    results.datasets.flatMap { dataset in
      groups.enumerated().flatMap { groupIndex, group in
        lines(dataset, group).enumerated().map { i, line in
          let isFirst = groupIndex == 0 && i == 0
          return TableRow(
            [TableCell(isFirst ? dataset : ""), TableCell(line.label)] + line.cells,
            style: i == 0 ? .body : .secondary, opensBlock: isFirst)
        }
      }
    }
  }

  private func cells(
    _ dataset: String, _ group: String, _ cell: (String, SystemConfiguration) -> TableCell
  ) -> [TableCell] {
    results.extractors.flatMap { extractor in configurations.map { cell(extractor, $0) } }
  }

  func main() -> Table {
    var table = Table(
      name: "table2\(suffix)", title: "Table 2, \(convention) convention: \(title)",
      caption:
        "False non-match rate at the threshold for a false match rate of "
        + "\(CellFormat.target(target)), \(convention) convention. \(groupsNote)",
      isSynthetic: results.isSynthetic, columns: columns(configurations))
    table.rows = rows { dataset, group in
      var lines = [
        (
          groupTitle(group),
          cells(dataset, group) { layout.rate(summary(dataset, $0, $1, group)) }
        ),
        (
          "errors/trials",
          cells(dataset, group) {
            let summary = summary(dataset, $0, $1, group)
            return layout.counts(summary.numerator, summary.denominator)
          }
        ),
      ]
      if configurations.contains(where: { configuration in
        results.extractors.contains { published(dataset, $0, configuration, group) != nil }
      }) {
        lines.append(
          (
            "published",
            cells(dataset, group) { layout.published(published(dataset, $0, $1, group)) }
          ))
        lines.append(
          (
            "difference",
            cells(dataset, group) {
              layout.difference(summary(dataset, $0, $1, group), published(dataset, $0, $1, group))
            }
          ))
      }
      return lines.filter { line in line.1.contains { $0 != .blank } }
    }
    let width = configurations.count
    for i in table.rows.indices where table.rows[i].style == .body {
      for e in results.extractors.indices {
        markBest(&table.rows[i], among: (2 + e * width)..<(2 + (e + 1) * width), .lower)
      }
    }
    return table
  }

  /// What the group rows are under the conventions that definitions 2.3 names.
  private var groupsNote: String {
    switch convention {
    case "default":
      "All rows at one threshold, set on all comparisons; no self-comparisons."
    case "paper-compatible":
      "Each row at its own threshold; groups by the label of the reference, against all probes; "
        + "self-comparisons included; nearest point of a thinned ROC."
    default: ""
    }
  }

  /// MOTE − traditional, paired over subjects, one column per extractor and MOTE configuration.
  func differences() -> Table {
    let motes = configurations.filter { !$0.isTraditional }
    var table = Table(
      name: "table2\(suffix)-difference",
      title: "Table 2, \(convention) convention: MOTE − traditional",
      caption: "Difference of the \(title), MOTE − traditional. " + ReadingNotes.paired,
      isSynthetic: results.isSynthetic, columns: columns(motes, " − Traditional"))
    table.rows = rows { dataset, group in
      [
        (
          groupTitle(group),
          results.extractors.flatMap { extractor in
            motes.map { layout.paired(difference(dataset, extractor, $0, group)) }
          }
        )
      ]
    }
    return table
  }

  private func difference(
    _ dataset: String, _ extractor: String, _ configuration: SystemConfiguration, _ group: String
  ) -> SystemDifference? {
    SystemDifference(
      query(group), in: results.records(dataset, extractor, configuration), minus: query(group),
      in: results.records(dataset, extractor, .traditional))
  }

  /// FMR reached and threshold: with ties or few comparisons the target is not met exactly.
  func operatingPoints() -> Table {
    var table = Table(
      name: "table2\(suffix)-operating-points",
      title: "Table 2, \(convention) convention: operating points",
      caption: "False match rate reached at the threshold t, with t (MOTE: logit; traditional: "
        + "cosine). Threshold rule: \(usedRules).",
      isSynthetic: results.isSynthetic, columns: columns(configurations))
    table.rows = rows { dataset, group in
      [
        (
          groupTitle(group),
          cells(dataset, group) { extractor, configuration in
            let summary = summary(dataset, extractor, configuration, group)
            guard let reached = summary.attainedFMR else {
              return summary.status == .measured
                ? TableCell(CellFormat.absent, footnotes: ["the record does not hold the FMR"])
                : layout.value(summary)
            }
            return TableCell(
              CellFormat.scientific(reached),
              detail: summary.threshold.map { "(t = \(CellFormat(decimals: 3).text($0)))" } ?? "")
          }
        )
      ]
    }
    return table
  }

  /// The rules that the values shown were made with.
  private var usedRules: String {
    var used: [String] = []
    for record in results.records {
      for group in groups {
        if let rule = query(group).find(in: record)?.rule, !used.contains(rule) {
          used.append(rule)
        }
      }
    }
    return used.isEmpty ? "not stated" : used.joined(separator: ", ")
  }

  func tidyRows() -> [TidyRow] {
    var rows: [TidyRow] = []
    for dataset in results.datasets {
      for group in groups {
        for extractor in results.extractors {
          for configuration in configurations {
            rows.append(
              TidyRow(
                summary(dataset, extractor, configuration, group), dataset: dataset,
                extractor: extractor, configuration: configuration, query: query(group),
                published: published(dataset, extractor, configuration, group),
                isSynthetic: results.isSynthetic))
            guard !configuration.isTraditional,
              let difference = difference(dataset, extractor, configuration, group)
            else { continue }
            rows.append(
              TidyRow(
                difference, dataset: dataset, extractor: extractor, configuration: configuration,
                minus: .traditional, query: query(group), isSynthetic: results.isSynthetic))
          }
        }
      }
    }
    return rows
  }
}

/// "all" is "All"; other labels likewise.
func groupTitle(_ group: String) -> String { group.prefix(1).uppercased() + group.dropFirst() }
