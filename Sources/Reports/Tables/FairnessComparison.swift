import Biometrics
import Records
import Results
import Specs

/// Paired comparisons of one convention and preset: with the traditional system, with the balanced
/// factor, and of factors chosen per subject with every fixed one.
struct FairnessComparison {
  let part: FairnessPart

  private var results: RecordSet { part.results }
  private let measures = [FairnessMeasure.fdr, .igarbe, .fnmr]

  private static let note =
    "p: two-sided, Holm-corrected over the lines of a model and dataset; better and worse at 95 %."

  /// MOTE − traditional, by factor.
  func againstTraditional() -> Table? {
    table(
      "difference", "MOTE − traditional",
      caption: "Paired differences MOTE − traditional. "
    ) { _ in
      part.configurations.map { (part.factorText($0), $0, $0.baseline) }
    }
  }

  /// Factor − 0.5.
  func againstBalanced() -> Table? {
    guard let balanced = part.balanced else { return nil }
    return table(
      "factors", "factor − 0.5",
      caption: "Paired differences of MOTE at a factor and MOTE at factor 0.5. "
    ) { _ in
      part.configurations.filter { $0 != balanced }.map { (part.factorText($0), $0, balanced) }
    }
  }

  /// Factors chosen per subject − every fixed factor; the best of these in hindsight is named.
  func perSubjectAgainstFixed() -> Table? {
    guard let perSubject = part.perSubject else { return nil }
    return table(
      "per-subject", "factor per subject − fixed factor", third: "Fixed factor",
      caption: "Paired differences of MOTE with factors chosen per subject on validation data and "
        + "MOTE at one factor for all. “Best in hindsight”: the factor with the largest FDR (or "
        + "iGARBE) on these very evaluation data, which nobody can know at enrolment. "
    ) { place in
      part.fixed.map { configuration in
        let best = [FairnessMeasure.fdr, .igarbe].filter { bestFixed($0, place) == configuration }
        let label =
          best.isEmpty
          ? "" : " (best \(best.map(\.title).joined(separator: ", ")) in hindsight)"
        return (part.factorText(configuration) + label, perSubject, configuration)
      }
    }
  }

  /// The fixed factor with the largest value; of equal ones the nearest to 0.5.
  private func bestFixed(_ measure: FairnessMeasure, _ place: Place) -> SystemConfiguration? {
    let values = part.fixed.compactMap { configuration in
      results.at(place, configuration).summary(part.query(measure.quantity)).value.map {
        (value: $0, distance: abs((configuration.balancingFactor ?? 0) - 0.5), configuration)
      }
    }
    return values.max { ($0.value, -$0.distance) < ($1.value, -$1.distance) }?.2
  }

  private typealias Line = (
    label: String, minuend: SystemConfiguration, subtrahend: SystemConfiguration
  )

  private func table(
    _ name: String, _ title: String, third: String = "Factor", caption: String,
    _ lines: (Place) -> [Line]
  ) -> Table? {
    var table = Table(
      name: "table4\(part.suffix)-\(name)", title: "Table 4, \(part.title): \(title)",
      caption: caption + ReadingNotes.paired + " " + Self.note, isSynthetic: results.isSynthetic,
      columns: TableColumn.labels("Extractor", "Dataset", third)
        + measures.flatMap { measure in
          ["Difference", "p", "Verdict"].map { TableColumn($0, group: measure.title) }
        })
    for place in part.places {
      let lines = lines(place)
      var rows = lines.map { TableRow($0.label, []) }
      for measure in measures {
        let differences = lines.map {
          results.at(place, $0.minuend)
            .difference(part.query(measure.quantity), minus: $0.subtrahend)
        }
        let verdicts = FairnessVerdict.family(differences, measure.preference)
        let layout = CellLayout(format: measure.format, expectedRepeats: results.repeats)
        for (i, verdict) in verdicts.enumerated() {
          rows[i].cells += [
            layout.paired(
              results.at(place, lines[i].minuend), part.query(measure.quantity),
              minus: lines[i].subtrahend),
            TableCell(verdict.pValue.map { CellFormat(decimals: 3).text($0) } ?? ""),
            TableCell(verdict.verdict.text),
          ]
        }
      }
      table.rows += part.rows(place, rows)
    }
    return table.rows.isEmpty ? nil : table
  }

  // MARK: - Chosen factors

  /// How often each factor was chosen, by group.
  func chosenFactors() -> Table? {
    guard let perSubject = part.perSubject else { return nil }
    let groups = ["all"] + part.groups
    var table = Table(
      name: "table4\(part.namesPreset ? "-\(part.preset ?? "")" : "")-chosen-factors",
      title: "Factors chosen per subject"
        + (part.namesPreset ? ", \(part.preset ?? "") preset" : ""),
      caption: "People whose model has each factor. Rule: at enrolment, the factor that brings the "
        + "person's own error risk (mean of FNMR over synthetic mated samples of both genders and "
        + "FMR over development rows, at one threshold for all models) nearest to the median risk "
        + "at the balanced factor, so that nobody is much likelier to meet an error than others. "
        + "Neither evaluation samples nor the person's gender are used.",
      isSynthetic: results.isSynthetic,
      columns: TableColumn.labels("Extractor", "Dataset", "Factor")
        + groups.map { TableColumn(groupTitle($0)) })
    for place in part.places {
      let choices = results.records(place, perSubject)
        .compactMap { $0.enrolment?.factorChoice }
      guard let first = choices.first else { continue }
      func total(_ group: String, _ f: Int?) -> Int {
        choices.reduce(0) { sum, choice in
          let counts = choice.counts[group] ?? []
          return sum + (f.map { $0 < counts.count ? counts[$0] : 0 } ?? counts.reduce(0, +))
        }
      }
      let lines = first.factors.enumerated().sorted { $0.element < $1.element }.map { f, factor in
        TableRow(
          "\(factor)",
          groups.map { group in
            let all = total(group, nil)
            let share = all > 0 ? Double(total(group, f)) / Double(all) : 0
            return TableCell(
              "\(total(group, f))",
              detail: "(\(CellFormat.percentTenths.text(share)) %)")
          })
      }
      let format = CellFormat.scientific
      let risks = TableCell("\(format(first.targetRisk)), \(format(first.medianChosenRisk))")
      table.rows += part.rows(
        place,
        lines + [
          TableRow(
            "risk aimed at, reached", [risks] + part.groups.map { _ in .blank },
            style: .secondary)
        ])
    }
    return table.rows.isEmpty ? nil : table
  }

  // MARK: - Tidy rows

  func tidyRows() -> [TidyRow] {
    var rows: [TidyRow] = []
    for place in part.places {
      var pairs = part.configurations.map { ($0, $0.baseline) }
      if let balanced = part.balanced {
        pairs += part.configurations.filter { $0 != balanced }.map { ($0, balanced) }
      }
      if let perSubject = part.perSubject {
        pairs += part.fixed.filter { $0 != part.balanced }.map { (perSubject, $0) }
      }
      for (minuend, subtrahend) in pairs {
        let system = results.at(place, minuend)
        for query in measures.map({ part.query($0.quantity) }) {
          guard let difference = system.difference(query, minus: subtrahend) else { continue }
          let other = subtrahend.balancingFactor.map { "mote at factor \($0)" }
          rows.append(
            system.tidyRow(
              query, difference,
              system: "\(minuend.csvName) - \(other ?? subtrahend.csvName)"))
        }
      }
    }
    return rows
  }
}
