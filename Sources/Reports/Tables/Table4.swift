// Table 4 of the paper: fairness over balancing factors, MOTE beside the traditional system.
import Biometrics
import Records
import Results
import Specs

/// Table 4 from the records, one set of tables per evaluation convention and preset.
///
/// Per set: the paper's layout with intervals, error counts, verdicts and published values; paired
/// differences MOTE − traditional and factor − 0.5; the best factor and the worst group with bounds
/// that allow for the choice; rates by group; and, where factors were chosen
/// per subject, that system against every fixed factor and which factors it chose.
package func table4(_ results: RecordSet, published: PublishedValues) -> ReportDocument {
  var tables: [Table] = []
  var tidy: [TidyRow] = []
  for part in FairnessPart.parts(results) {
    let table = Table4Part(part: part, published: published)
    tables.append(table.main())
    let comparison = FairnessComparison(part: part)
    tables += [
      comparison.againstTraditional(), comparison.againstBalanced(),
      comparison.perSubjectAgainstFixed(),
    ].compactMap { $0 }
    let largest = LargestOfMany(part: part)
    tables += [largest.bestFactor()].compactMap { $0 }
    tables.append(table.groupRates())
    tables += [largest.worstGroup()].compactMap { $0 }
    tidy += table.tidyRows() + comparison.tidyRows() + largest.tidyRows()
  }
  // Which factors were chosen depends on no convention.
  var presets: Set<String?> = []
  for part in FairnessPart.parts(results) where presets.insert(part.preset).inserted {
    tables += [FairnessComparison(part: part).chosenFactors()].compactMap { $0 }
  }
  return ReportDocument(
    name: "table4", title: "Table 4: fairness over the balancing factor",
    reading: [
      "FDR = 1 − (α max|ΔFMR| + (1 − α) max|ΔFNMR|) over groups, iGARBE = 1 − (α Gini(FMR) + "
        + "(1 − α) Gini(FNMR)); 1 is fair, α is 0.5 in the named conventions.",
      "FDR is an absolute difference of rates: where these are a few per cent, it lies above 0.98 "
        + "whatever the ratio between groups. iGARBE is relative: with few errors in a group it "
        + "moves by tenths with a single one. Read both with the errors/trials lines below them.",
      "Factor: share of synthetic mated samples that come from the male density.",
      ReadingNotes.repeats(results.repeats),
      "No interval of FDR or iGARBE can hold 1, because two sampled rates are never quite equal: "
        + "an interval that ends near 1 does not exclude perfect fairness (`make coverage` measures "
        + "this). Differences between systems do not have this edge.",
      "Verdict on MOTE − traditional at 95 %: paired subject bootstrap, two-sided, Holm-corrected "
        + "over the factors of a model and dataset; “not distinguishable” is what a reader should "
        + "expect with few errors, not evidence of equality.",
    ] + ReadingNotes.published(tidy, isSynthetic: results.isSynthetic),
    tables: tables, tidy: tidy, isSynthetic: results.isSynthetic,
    provenance: results.provenance)
}

/// The tables of values of one convention and preset.
private struct Table4Part {
  let part: FairnessPart
  let published: PublishedValues

  private var results: RecordSet { part.results }
  private let measures = [FairnessMeasure.fdr, .igarbe]

  private func layout(_ measure: FairnessMeasure) -> CellLayout {
    CellLayout(format: measure.format, expectedRepeats: results.repeats)
  }

  private func publishedValue(
    _ measure: FairnessMeasure, _ place: Place, _ configuration: SystemConfiguration
  ) -> PublishedValue? {
    guard PaperTarget.isPaper(part.target), Set(part.groups) == ["male", "female"],
      configuration.balancingRule == nil
    else { return nil }
    return published.value(
      table: "table4", dataset: place.dataset, extractor: place.extractor,
      system: configuration.system, group: "male-female", quantity: measure.quantity.rawValue,
      balancingFactor: configuration.balancingFactor)
  }

  // MARK: - The paper's layout

  func main() -> Table {
    var table = Table(
      name: "table4\(part.suffix)", title: "Table 4, \(part.title): FDR and iGARBE",
      caption: "Fairness at FMR = \(CellFormat.target(part.target)), \(part.title). "
        + "\(conventionNote) errors/trials: \(part.groups.joined(separator: "; ")). "
        + ReadingNotes.interval([.fdr, .igarbe]),
      isSynthetic: results.isSynthetic,
      columns: TableColumn.labels("Extractor", "Dataset", "Factor")
        + measures.flatMap { measure in
          ["MOTE", "Trd", "Verdict"].map { TableColumn($0, group: measure.title) }
        })
    for place in part.places { table.rows += rows(place) }
    return table
  }

  /// What the thresholds are under the named conventions (definitions 2.3).
  private var conventionNote: String {
    switch part.convention {
    case "default":
      "One threshold for all; non-mated comparisons of a group have reference and probe in it."
    case "paper-compatible", "per-group":
      "Each group at its own threshold: FMR is equal by construction, so the measures show FNMR "
        + "alone, and a threshold by group cannot be used where the group is not known."
    case "per-subject": "One threshold for scores calibrated per subject on development rows."
    case "development": "One threshold set on development rows."
    default: results.switches(ofConvention: part.convention).map { "\($0)." } ?? ""
    }
  }

  private func rows(_ place: Place) -> [TableRow] {
    let lines =
      part.configurations.isEmpty ? [part.baseline] : part.configurations
    let verdicts = measures.map { measure in
      FairnessVerdict.family(
        lines.map { results.at(place, $0).difference(part.query(measure.quantity)) },
        measure.preference)
    }
    let rows = lines.enumerated().flatMap { i, configuration -> [TableRow] in
      // The traditional system knows no factor: it stands in the first line.
      let traditional = i == 0 ? part.baseline : nil
      /// MOTE, traditional and verdict for each measure.
      func cells(
        verdicts: [TableCell]? = nil, _ cell: (FairnessMeasure, SystemConfiguration) -> TableCell
      ) -> [TableCell] {
        measures.enumerated().flatMap { m, measure in
          [
            configuration.isTraditional ? .blank : cell(measure, configuration),
            traditional.map { cell(measure, $0) } ?? .blank, verdicts?[m] ?? .blank,
          ]
        }
      }
      let texts =
        configuration.isTraditional ? nil : verdicts.map { TableCell($0[i].verdict.text) }
      let values = TableRow(
        part.factorText(configuration), cells(verdicts: texts) { value($0, place, $1) })
      let errors = [(Quantity.fnmr, "FNM/mated"), (.fmr, "FM/non-mated")].map { quantity, label in
        TableRow(
          label,
          cells { $0.quantity == .igarbe ? counts(quantity, place, $1) : .blank },
          style: .secondary, isSupplement: true)
      }
      let published = TableRow(
        "published",
        cells {
          layout($0).published(
            publishedValue($0, place, $1), share: results.publishedShare(place))
        },
        style: .secondary, isSupplement: true)
      let difference = TableRow(
        "difference",
        cells {
          layout($0).difference(
            results.at(place, $1).summary(part.query($0.quantity)), publishedValue($0, place, $1))
        }, style: .secondary, isSupplement: true)
      return [values] + errors + (published.isBlank ? [] : [published, difference])
    }
    return part.rows(place, rows)
  }

  /// Errors and trials of every group, "3/812; 5/301".
  private func counts(
    _ quantity: Quantity, _ place: Place, _ configuration: SystemConfiguration
  ) -> TableCell {
    let system = results.at(place, configuration)
    let texts = part.groups.map { group in
      let summary = system.summary(part.query(quantity, group: group))
      guard let errors = summary.numerator, let trials = summary.denominator else {
        return CellFormat.notAvailable
      }
      return "\(errors)/\(trials)"
    }
    return system.records.isEmpty ? .blank : TableCell(texts.joined(separator: "; "))
  }

  /// A measure, marked where it has an interval though a group has so few errors that the bootstrap
  /// cannot tell how many more there might be: a resample has none of five with probability 0.007, of
  /// one with 0.37.
  private func value(
    _ measure: FairnessMeasure, _ place: Place, _ configuration: SystemConfiguration
  ) -> TableCell {
    let system = results.at(place, configuration)
    let summary = system.summary(part.query(measure.quantity))
    var cell = layout(measure).value(summary)
    let errors = part.groups.compactMap { group in
      system.summary(part.query(.fnmr, group: group)).numerator
    }
    let isRelative = measure.quantity != FairnessMeasure.fdr.quantity
    if isRelative, let fewest = errors.min(), fewest < 5, summary.lower != nil {
      cell.notes.append(
        Footnote(
          "a group has fewer than 5 false non-matches: the interval is too short (make coverage)"))
    }
    return cell
  }

  // MARK: - Rates by group

  /// FNMR and FMR of every group with the measures made of them.
  func groupRates() -> Table {
    let groups = part.groups
    var table = Table(
      name: "table4\(part.suffix)-groups", title: "Table 4, \(part.title): rates by group",
      caption:
        "Error rates by group at the thresholds of the \(part.convention) convention, and the "
        + "inequity rate (max/min FMR)^α (max/min FNMR)^(1 − α); 1 is fair. "
        + ReadingNotes.interval([.fnmr, .fmr, .inequityRate]),
      isSynthetic: results.isSynthetic,
      columns: TableColumn.labels("Extractor", "Dataset", "System")
        + ["FNMR", "FMR"].flatMap { rate in
          groups.map { TableColumn(groupTitle($0), group: rate) }
        } + [TableColumn("Inequity rate")])
    let rate = CellLayout(format: .rate, expectedRepeats: results.repeats)
    let fineRate = CellLayout(
      format: CellFormat(decimals: 6), expectedRepeats: results.repeats)
    for place in part.places {
      let lines = (part.configurations + [part.baseline]).map { configuration in
        let system = results.at(place, configuration)
        return TableRow(
          configuration.isTraditional ? "Traditional" : "MOTE, \(part.factorText(configuration))",
          groups.map { rate.rate(system.summary(part.query(.fnmr, group: $0))) }
            + groups.map { fineRate.rate(system.summary(part.query(.fmr, group: $0))) }
            + [value(.inequityRate, place, configuration)])
      }
      table.rows += part.rows(place, lines)
    }
    return table
  }

  // MARK: - Tidy rows

  func tidyRows() -> [TidyRow] {
    var rows: [TidyRow] = []
    for place in part.places {
      for configuration in part.configurations + [part.baseline] {
        // A traditional system is the same for every preset with its references.
        let first = results.configurations.first {
          $0.system == "mote" && $0.baseline == configuration
        }
        if configuration.isTraditional && part.namesPreset && part.preset != first?.preset {
          continue
        }
        let system = results.at(place, configuration)
        rows += (measures + [.inequityRate]).map {
          system.tidyRow(
            part.query($0.quantity), published: publishedValue($0, place, configuration))
        }
        for quantity in [Quantity.fnmr, .fmr] {
          rows += part.groups.map { system.tidyRow(part.query(quantity, group: $0)) }
        }
      }
    }
    return rows
  }
}
