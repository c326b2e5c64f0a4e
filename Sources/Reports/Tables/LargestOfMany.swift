// The best of several factors and the worst of several groups, with bounds that allow for the choice
// (definitions 13).
import Biometrics
import Records
import Results
import Specs

/// What stands out in one convention and preset of Table 4.
struct LargestOfMany {
  let part: FairnessPart

  private var results: RecordSet { part.results }
  private let measures = [FairnessMeasure.fdr, .igarbe, .fnmr]
  private let rates = [Quantity.fnmr, .fmr]

  /// One choice: the candidates' differences, and their names.
  private struct Choice {
    var label: String
    var query: MeasurementQuery
    var names: [String]
    var largest: LargestDifference?
    /// Why the system that is compared has no record; nil: it has one.
    var absence: String?

    var name: String? { largest.map { names[$0.index] } }
  }

  // MARK: - The best factor

  /// The factor furthest ahead of the traditional system, and that furthest ahead of 0.5.
  func bestFactor() -> Table? {
    guard part.fixed.count > 1 else { return nil }
    return table(
      "best-factor", "the best factor", third: "Ahead of", chosen: "Factor", by: "Better by",
      caption:
        "Of all factors the one that is furthest ahead of the traditional system and of factor "
        + "0.5, chosen on these very data: higher FDR and iGARBE, lower FNMR. ",
      groups: measures.map { ($0.title, $0.format) }
    ) { place in opponents.map { opponent in measures.map { best($0, place, opponent) } } }
  }

  private var opponents: [SystemConfiguration] {
    [part.baseline] + (part.balanced.map { [$0] } ?? [])
  }

  private func best(
    _ measure: FairnessMeasure, _ place: Place, _ opponent: SystemConfiguration
  ) -> Choice {
    let candidates = part.fixed.filter { $0 != opponent }
    let query = part.query(measure.quantity)
    return Choice(
      label: opponent.isTraditional ? opponent.title : part.factorText(opponent), query: query,
      names: candidates.map(part.factorText),
      largest: LargestDifference(
        candidates.map { results.at(place, $0).difference(query, minus: opponent) },
        wanted: measure.preference), absence: absence(place, opponent))
  }

  // MARK: - The worst group

  /// The group whose rate lies furthest above that of everybody, by system.
  func worstGroup() -> Table? {
    guard part.groups.count > 1 else { return nil }
    return table(
      "worst-group", "the worst group", third: "System", chosen: "Group", by: "Above all by",
      caption: "Of all groups the one whose error rate lies furthest above that of everybody. ",
      groups: [("FNMR", .rate), ("FMR", CellFormat(decimals: 6))]
    ) { place in systems.map { system in rates.map { worst($0, place, system) } } }
  }

  private var systems: [SystemConfiguration] { part.configurations + [part.baseline] }

  private func worst(_ quantity: Quantity, _ place: Place, _ system: SystemConfiguration) -> Choice
  {
    let records = results.records(place, system)
    return Choice(
      label: system.isTraditional ? "Traditional" : "MOTE, \(part.factorText(system))",
      query: part.query(quantity), names: part.groups,
      largest: LargestDifference(
        part.groups.map { group in
          SystemDifference(
            part.query(quantity, group: group), in: records, minus: part.query(quantity),
            in: records)
        }, wanted: .higher), absence: absence(place, system))
  }

  private func absence(_ place: Place, _ system: SystemConfiguration) -> String? {
    let found = results.at(place, system)
    return found.records.isEmpty ? found.absence : nil
  }

  // MARK: - Layout

  private func table(
    _ name: String, _ title: String, third: String, chosen: String, by: String, caption: String,
    groups: [(title: String, format: CellFormat)], _ lines: (Place) -> [[Choice]]
  ) -> Table? {
    var table = Table(
      name: "table4\(part.suffix)-\(name)", title: "Table 4, \(part.title): \(title)",
      caption: caption + ReadingNotes.largest, isSynthetic: results.isSynthetic,
      columns: TableColumn.labels("Extractor", "Dataset", third)
        + groups.flatMap { group in
          [chosen, by, "At least", "p"].map { TableColumn($0, group: group.title) }
        })
    var hasValue = false
    for place in part.places {
      let found = lines(place).filter { $0.contains { $0.largest != nil || $0.absence != nil } }
      if found.contains(where: { $0.contains { $0.largest != nil } }) { hasValue = true }
      let rows = found.map { choices in
        TableRow(
          choices[0].label, zip(choices, groups).flatMap { cells($0, $1.format) })
      }
      table.rows += part.rows(place, rows)
    }
    return hasValue ? table : nil
  }

  private func cells(_ choice: Choice, _ format: CellFormat) -> [TableCell] {
    guard let largest = choice.largest, let name = choice.name else {
      let reason = choice.absence ?? "the records do not hold this measurement"
      return [TableCell(CellFormat.absent, footnotes: [reason]), .blank, .blank, .blank]
    }
    return [
      TableCell(name), TableCell(format.signed(largest.size)),
      largest.lowerBound.map { TableCell(format.signedBound($0)) }
        ?? TableCell(CellFormat.notAvailable, footnotes: [largest.note].compactMap(\.self)),
      largest.pValue.map(AttackCells.pValue) ?? .blank,
    ]
  }

  // MARK: - Tidy rows

  /// Quantities "…-difference-best-factor" and "…-difference-worst-group", the choice in the note.
  func tidyRows() -> [TidyRow] {
    var rows: [TidyRow] = []
    for place in part.places {
      if part.fixed.count > 1 {
        for opponent in opponents {
          for measure in measures {
            let choice = best(measure, place, opponent)
            guard let largest = choice.largest, let name = choice.name else { continue }
            let system = part.fixed.filter { $0 != opponent }[largest.index]
            let other = opponent.isTraditional ? opponent.csvName : "mote at factor \(choice.label)"
            rows.append(
              results.at(place, system).tidyRow(
                choice.query, largest, "difference-best-factor", system: "mote - \(other)",
                note: "factor \(name)"))
          }
        }
      }
      if part.groups.count > 1 {
        for system in systems {
          for rate in rates {
            let choice = worst(rate, place, system)
            guard let largest = choice.largest, let name = choice.name else { continue }
            rows.append(
              results.at(place, system).tidyRow(
                choice.query, largest, "difference-worst-group", system: system.csvName,
                note: "group \(name)"))
          }
        }
      }
    }
    return rows
  }
}
