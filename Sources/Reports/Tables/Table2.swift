// Table 2 of the paper: FNMR at FMR 1e-3 for all comparisons and by gender of the reference.
import Biometrics
import Configurations
import Records
import Results
import Specs

/// Table 2 from the records, one set of tables per evaluation convention.
///
/// Per convention: the paper's layout with intervals, counts and published values; the paired
/// differences MOTE − traditional; thresholds with the FMR reached there; what single people
/// contribute to the errors.
package func table2(_ results: RecordSet, published: PublishedValues) -> ReportDocument {
  var tables: [Table] = []
  var tidy: [TidyRow] = []
  let conventions = results.distinct(of: .fnmr, first: ConventionText.usual, \.convention)
  for convention in conventions {
    for target in results.targets(of: .fnmr, convention: convention) {
      let part = Table2Part(
        results: results, published: published, convention: convention, target: target)
      tables += [part.main(), part.differences(), part.operatingPoints()]
      tables += [part.influence()].compactMap { $0 }
      tidy += part.tidyRows()
    }
  }
  return ReportDocument(
    name: "table2", title: "Table 2: FNMR at a fixed FMR, by gender",
    reading: [
      "FNMR: share of mated comparisons that are rejected at the threshold, lower is better.",
      ReadingNotes.repeats(results.repeats),
      ReadingNotes.bold,
    ] + ReadingNotes.published(tidy, isSynthetic: results.isSynthetic),
    tables: tables, tidy: tidy, isSynthetic: results.isSynthetic,
    provenance: results.provenance)
}

/// The tables of one convention and one FMR target.
private struct Table2Part {
  let results: RecordSet
  let published: PublishedValues
  let convention: String
  let target: Double

  private var suffix: String { ConventionText.suffix(convention) + PaperTarget.suffix(target) }
  private var layout: CellLayout { CellLayout(format: .rate, expectedRepeats: results.repeats) }
  private var groups: [String] {
    results.distinct(of: .fnmr, first: ["all", "male", "female"], \.group)
  }
  private var configurations: [SystemConfiguration] { results.mainConfigurations }
  private var motes: [SystemConfiguration] { configurations.filter { !$0.isTraditional } }
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

  private func query(_ group: String, _ quantity: Quantity = .fnmr) -> MeasurementQuery {
    MeasurementQuery(
      quantity, group: group, convention: convention, rules: rules, target: target)
  }

  private func summary(
    _ place: Place, _ configuration: SystemConfiguration, _ group: String,
    _ quantity: Quantity = .fnmr
  ) -> CellSummary {
    results.at(place, configuration).summary(query(group, quantity))
  }

  private func published(
    _ place: Place, _ configuration: SystemConfiguration, _ group: String
  ) -> PublishedValue? {
    guard PaperTarget.isPaper(target) else { return nil }
    return published.value(
      table: "table2", dataset: place.dataset, extractor: place.extractor,
      system: configuration.system, group: group, quantity: "fnmr-at-fmr-0.001")
  }

  /// A line of values: one per extractor and configuration.
  private typealias Line = (
    label: String, cell: (Place, SystemConfiguration, _ group: String) -> TableCell
  )

  /// A table with columns Dataset, Group, then one per extractor and configuration; `lines` stand
  /// below one another for each group, the first with the group's name as its label.
  private func table(
    _ name: String, _ title: String, caption: String, _ configurations: [SystemConfiguration],
    heading: (SystemConfiguration) -> String = \.title, lines: [Line]
  ) -> Table {
    Table(
      name: "table2\(suffix)\(name)", title: "Table 2, \(convention) convention: \(title)",
      caption: caption, isSynthetic: results.isSynthetic,
      columns: TableColumn.labels("Dataset", "Group")
        + results.extractors.flatMap { extractor in
          configurations.map { TableColumn(heading($0), group: extractor) }
        },
      rows: results.datasets.flatMap { dataset in
        let places = results.extractors.map { Place(dataset: dataset, extractor: $0) }
        let rows = groups.flatMap { group in
          lines.enumerated().map { i, line in
            TableRow(
              i == 0 ? groupTitle(group) : line.label,
              places.flatMap { place in configurations.map { line.cell(place, $0, group) } },
              style: i == 0 ? .body : .secondary,
              // Below the rates themselves, not below what single people contribute to them.
              isSupplement: i > 0 && name.isEmpty)
          }
        }
        return TableRow.block([dataset], rows.filter { $0.style == .body || !$0.isBlank })
      })
  }

  func main() -> Table {
    var table = table(
      "", title,
      caption: "False non-match rate at the threshold for a false match rate of "
        + "\(CellFormat.target(target)), \(convention) convention. \(groupsNote) "
        + ReadingNotes.interval([.fnmr]), configurations,
      lines: [
        ("", { layout.rate(summary($0, $1, $2)) }),
        (
          "errors/trials",
          {
            let summary = summary($0, $1, $2)
            return layout.counts(summary.numerator, summary.denominator)
          }
        ),
        (
          "published",
          { layout.published(published($0, $1, $2), share: results.publishedShare($0)) }
        ),
        ("difference", { layout.difference(summary($0, $1, $2), published($0, $1, $2)) }),
      ])
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
    table(
      "-difference", "MOTE − traditional",
      caption: "Difference of the \(title), MOTE − traditional. " + ReadingNotes.paired, motes,
      heading: { "\($0.title) − \($0.baseline.title)" },
      lines: [("", { layout.paired(results.at($0, $1), query($2)) })])
  }

  /// FMR reached and threshold: with ties or few comparisons the target is not met exactly.
  func operatingPoints() -> Table {
    table(
      "-operating-points", "operating points",
      caption: "False match rate reached at the threshold t, with t (MOTE: logit; traditional: "
        + "cosine). Threshold rule: \(usedRules).", configurations,
      lines: [
        (
          "",
          {
            var cell = operatingPoint(summary($0, $1, $2))
            let fmr = CellLayout(
              format: CellFormat(decimals: 6), expectedRepeats: results.repeats)
            cell.notes += fmr.influenceNotes(summary($0, $1, $2, .fmr), of: "false matches")
            return cell
          }
        )
      ])
  }

  /// What single people contribute to the errors; nil where no record says.
  func influence() -> Table? {
    let table = table(
      "-influence", "influence of single people",
      caption:
        "People with false non-matches, the largest share of these that one person causes, and "
        + "in brackets the range of the FNMR at the same threshold when one person is left out; below, "
        + "the same of false matches (by the person whose reference was matched) and of the FMR."
        + (results.repeats > 1
          ? " Over repeats: people with such errors in any, the share of one person's models in the errors "
            + "of all, and the range of the mean rate when one person and all their models are left out."
          : ""),
      configurations,
      lines: [
        (
          "",
          {
            let found = summary($0, $1, $2)
            return found.status == .notRun ? layout.value(found) : influence(found, .rate)
          }
        ),
        ("false matches", { influence(summary($0, $1, $2, .fmr), CellFormat(decimals: 6)) }),
      ])
    return table.rows.contains { row in row.cells.dropFirst(2).contains { !$0.detail.isEmpty } }
      ? table : nil
  }

  private func influence(_ summary: CellSummary, _ format: CellFormat) -> TableCell {
    guard let influence = summary.influence else {
      return summary.status != .measured
        ? .blank
        : TableCell(
          CellFormat.absent, footnotes: ["not told: no finite threshold in every repeat's record"])
    }
    let share = influence.largestShare.map { ", \(CellFormat.percent.text($0)) %" } ?? ""
    let range = influence.withoutOne.map { format.interval($0.lowerBound, $0.upperBound) }
    return TableCell(
      counted(influence.people, "person", "people") + share, detail: range ?? "")
  }

  private func operatingPoint(_ summary: CellSummary) -> TableCell {
    guard let reached = summary.attainedFMR else {
      return summary.status == .measured
        ? TableCell(CellFormat.absent, footnotes: ["the record does not hold the FMR"])
        : layout.value(summary)
    }
    return TableCell(
      CellFormat.scientific(reached),
      detail: summary.threshold.map { "(t = \(CellFormat(decimals: 3).text($0)))" } ?? "")
  }

  /// The rules that the values shown were made with.
  private var usedRules: String {
    let used = results.records.flatMap { record in
      groups.compactMap { query($0).find(in: record)?.rule }
    }.distinct()
    return used.isEmpty ? "not stated" : used.joined(separator: ", ")
  }

  func tidyRows() -> [TidyRow] {
    var rows: [TidyRow] = []
    for dataset in results.datasets {
      for group in groups {
        for extractor in results.extractors {
          let place = Place(dataset: dataset, extractor: extractor)
          for configuration in configurations {
            let system = results.at(place, configuration)
            rows.append(
              system.tidyRow(query(group), published: published(place, configuration, group)))
            rows.append(system.tidyRow(query(group, .fmr)))
            rows += [system.tidyDifference(query(group))].compactMap { $0 }
          }
        }
      }
    }
    return rows
  }
}

/// "all" is "All"; other labels likewise.
func groupTitle(_ group: String) -> String { group.prefix(1).uppercased() + group.dropFirst() }
