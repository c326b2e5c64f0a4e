// What the readings of the paper give (definitions 12.1): every reading, and what each switch moves.
import Biometrics
import Claims
import Records
import Results
import Specs

/// The tables of readings: per place all readings, what each switch moves, in how many each claim holds,
/// and on development people the choice of one.
///
/// - Parameter answers: to the claims, from the same records.
package func readingTables(
  _ records: ExperimentRecords, answers: [ClaimAnswer]
) -> ReportDocument {
  let parts = ReadingResults.all(records).map { ReadingTables(records, $0) }
  let claims = parts.map {
    ReadingClaims(
      results: $0.results, answers: answers, isSynthetic: records.results.isSynthetic)
  }
  return ReportDocument(
    name: "readings", title: "Readings of the paper",
    reading: [
      "A reading is a base with some switches set: a choice that the paper leaves open. Readings of "
        + "equal settings are trained once and stand in one line, with all their names.",
      "No sentence about the paper rests on one reading: look at the curve first, then at what moves it.",
      ReadingNotes.repeats(records.results.repeats),
    ],
    tables: zip(parts, claims).flatMap { [$0.readings(), $0.switches(), $1.table()] }
      + parts.compactMap { $0.choice() },
    tidy: zip(parts, claims).flatMap { $0.rows() + $1.rows() },
    isSynthetic: records.results.isSynthetic || records.attacks.isSynthetic,
    provenance: ProvenanceSummary(
      of: records.results.records.map(\.provenance) + records.attacks.records.map(\.provenance),
      title: records.title))
}

/// The tables of one place.
private struct ReadingTables {
  let records: ExperimentRecords
  let results: ReadingResults

  /// The statistics that some reading has a value of.
  private let statistics: [ReadingStatistic]
  /// What switches move each of them, and the largest mover.
  private let effects: [Effects]

  private typealias Effects = (
    statistic: ReadingStatistic, all: [SwitchEffect], largest: LargestEffect?
  )

  init(_ records: ExperimentRecords, _ results: ReadingResults) {
    (self.records, self.results) = (records, results)
    statistics = ReadingStatistic.allCases.filter { statistic in
      results.columns(statistic).contains { results.estimate(statistic, of: $0[0]) != nil }
    }
    effects = statistics.map { statistic in
      let all = results.effects(statistic)
      return (statistic, all, LargestEffect(all))
    }
  }

  private var place: Place { results.place }

  private func table(
    _ name: String, _ title: String, caption: String, _ columns: [TableColumn], _ rows: [TableRow]
  ) -> Table {
    Table(
      name: "\(name)-\(place.dataset)-\(place.extractor)",
      title: "\(title): \(place.dataset), \(place.extractor)", caption: caption,
      isSynthetic: records.results.isSynthetic, columns: columns, rows: rows)
  }

  // MARK: - Readings

  /// A line for what is trained and read alike, in the order of the spec.
  func readings() -> Table {
    table(
      "readings", "Readings",
      caption: "What each reading gives"
        + (results.target.map { " at FMR \(CellFormat.target($0))" } ?? "")
        + ", beside the traditional system with the same references under the same convention. "
        + "Brackets: 95 % intervals.",
      TableColumn.labels("Reading", "Convention")
        + statistics.map { TableColumn($0.title, unit: $0.unit) },
      results.readings.distinct.map { names in
        TableRow(
          names.map(\.name).joined(separator: " = "),
          [TableCell(names[0].convention)] + statistics.map { cell($0, names) })
      })
  }

  private func cell(_ statistic: ReadingStatistic, _ names: [Reading]) -> TableCell {
    guard let column = results.columns(statistic).first(where: { $0.contains(names[0]) }) else {
      return TableCell(CellFormat.absent, footnotes: ["only readings of one switch are attacked"])
    }
    guard let estimate = results.estimate(statistic, of: column[0]) else {
      return TableCell(
        CellFormat.absent, footnotes: [results.absence(statistic, of: column[0])])
    }
    let format = statistic.format
    let interval = estimate.lower.map { [format.interval($0, estimate.upper!)] } ?? []
    let spread = estimate.spread.map { ["± \(format.text($0))"] } ?? []
    let missing =
      statistic.quantity == nil
      ? [] : ReadingNotes.missingRepeats(estimate.repeats, of: records.results.repeats)
    return TableCell(
      statistic.isDifference ? format.signed(estimate.value) : format.text(estimate.value),
      detail: (interval + spread).joined(separator: " "),
      footnotes: missing + estimate.notes)
  }

  // MARK: - Switches

  /// A line for each option over each base, then the largest mover of each statistic.
  func switches() -> Table {
    let lines = results.readings.readings.filter { reading in
      effects.contains { $0.all.contains { $0.reading == reading } }
    }
    var rows = lines.map { reading in
      TableRow(
        [TableCell(reading.base), TableCell(reading.choices[0].name)]
          + [TableCell(reading.choices[0].option)]
          + effects.map { own in
            own.all.first { $0.reading == reading }.map { cell(own, $0) } ?? .blank
          })
    }
    rows.append(
      TableRow(
        [TableCell("largest mover"), .blank, .blank]
          + effects.map { own in
            own.largest.map { largest(own.statistic, $0) } ?? .blank
          }, opensBlock: true))
    return table(
      "readings-switches", "What each switch moves",
      caption: "Statistic of the base with one switch changed, minus that of the base. "
        + ReadingNotes.paired
        + " Bold: the largest move of a statistic. “At least”: with 95 % certainty it moves the "
        + "statistic so far one way or the other, whichever of the moves with an interval was the largest "
        + "(max-T over the same draws).",
      TableColumn.labels("Base", "Switch", "Option")
        + statistics.map { TableColumn($0.title, unit: $0.unit) }, rows)
  }

  private func cell(_ own: Effects, _ effect: SwitchEffect) -> TableCell {
    guard let difference = effect.difference else {
      return TableCell(CellFormat.absent, footnotes: [effect.absence])
    }
    let format = own.statistic.format
    let isLargest = own.largest?.effect.reading == effect.reading
    return TableCell(
      format.signed(difference.value) + (difference.excludesZero ? "*" : ""),
      detail: difference.lower.map { format.differenceInterval($0, difference.upper!) } ?? "",
      isBold: isLargest && difference.value != 0,
      footnotes: [difference.note].compactMap(\.self))
  }

  private func largest(_ statistic: ReadingStatistic, _ largest: LargestEffect) -> TableCell {
    if largest.difference.value == 0 { return TableCell("none") }
    let format = statistic.format
    return TableCell(
      largest.effect.reading.name,
      detail: largest.lowerBound.map { "at least \(format.text($0))" } ?? "",
      footnotes: largest.lowerBound == nil ? [largest.difference.note ?? "no bound"] : [])
  }

  // MARK: - Tidy rows

  /// Every number of these tables; a line names its reading, and one of a switch the base, in its note.
  func rows() -> [TidyRow] {
    effects.flatMap { statistic, all, largest in
      results.columns(statistic).map { row(statistic, $0) }
        + all.map { row(statistic, $0) }
        + (largest.map { [row(statistic, $0)] } ?? [])
    }
  }

  /// What every line of a reading has.
  private func line(
    _ statistic: ReadingStatistic, _ reading: Reading, _ quantity: String, note: [String]
  ) -> TidyRow {
    let query = statistic.quantity.map { results.query($0, of: reading) }
    let attacked = query == nil ? results.attackedSystem(of: reading) : nil
    let baseline = (results.system(of: reading)?.baseline ?? .traditional).csvName
    return TidyRow(
      dataset: place.dataset, extractor: place.extractor,
      system: statistic.isDifference ? "mote - \(baseline)" : "mote",
      preset: reading.configuration,
      balancingFactor: attacked?.configuration.balancingFactor
        ?? results.system(of: reading)?.balancingFactor,
      convention: query?.convention
        ?? attacked?.cohortName ?? "",
      quantity: quantity, target: query?.target, isSynthetic: records.results.isSynthetic,
      note: note.filter { !$0.isEmpty }.joined(separator: "; "))
  }

  private func row(_ statistic: ReadingStatistic, _ names: [Reading]) -> TidyRow {
    let estimate = results.estimate(statistic, of: names[0])
    var row = line(
      statistic, names[0], statistic.rawValue,
      note: [
        "reading " + names.map(\.name).joined(separator: " = "),
        names.contains(where: \.isSampled) ? "sampled" : "",
      ] + (estimate?.notes ?? [results.absence(statistic, of: names[0])]))
    row.value = estimate?.value
    (row.lower, row.upper, row.intervalMethod) = (
      estimate?.lower, estimate?.upper, estimate?.method
    )
    (row.spread, row.repeats) = (estimate?.spread, estimate?.repeats ?? 0)
    row.influence = estimate?.influence
    return row
  }

  private func row(_ statistic: ReadingStatistic, _ effect: SwitchEffect) -> TidyRow {
    var row = line(
      statistic, effect.reading, statistic.base + "-difference-from-base",
      note: [
        "\(effect.reading.name) minus \(effect.reading.base)", effect.absence,
        effect.difference?.note ?? "",
      ])
    row.value = effect.difference?.value
    (row.lower, row.upper) = (effect.difference?.lower, effect.difference?.upper)
    row.intervalMethod = effect.difference?.method
    return row
  }

  private func row(_ statistic: ReadingStatistic, _ largest: LargestEffect) -> TidyRow {
    var row = line(
      statistic, largest.effect.reading, statistic.base + "-difference-largest-switch",
      note: ["\(largest.effect.reading.name) minus \(largest.effect.reading.base)"])
    row.value = abs(largest.difference.value)
    row.lower = largest.lowerBound
    row.intervalMethod = largest.lowerBound == nil ? nil : largest.method
    return row
  }

  // MARK: - Choice

  /// The reading that development people choose; nil where evaluation people were evaluated.
  func choice() -> Table? {
    guard records.evaluatesDevelopment, let choice = ChosenReading(results) else { return nil }
    let format = ReadingStatistic.fnmr.format
    return table(
      "readings-choice", "Choice of a reading",
      caption:
        "By the FNMR on development people. Candidates: readings under the first convention, "
        + "evaluated on the comparisons of the first base. Of the one with the smallest FNMR and those "
        + "whose paired difference from it has no interval that excludes 0, the one that changes least "
        + "against the first base is chosen: fewest switches, another base counting as one; then the "
        + "smaller FNMR. Evaluate it on other people, once.",
      TableColumn.labels("Reading", "Part") + [
        TableColumn("FNMR"), TableColumn("Switches changed"),
      ],
      choice.candidates.map { candidate in
        let part =
          candidate.reading == choice.chosen.reading
          ? "chosen"
          : choice.notApart.contains { $0.reading == candidate.reading }
            ? candidate.estimate.difference(from: choice.best.estimate).lower == nil
              ? "not told apart from the best: no interval of the difference"
              : "not told apart from the best"
            : "worse than the best"
        let isBest = candidate.reading == choice.best.reading
        return TableRow(
          candidate.reading.name,
          [
            TableCell(isBest ? part == "chosen" ? "chosen, the best" : "the best" : part),
            TableCell(
              format.text(candidate.estimate.value),
              detail: candidate.estimate.lower.map {
                format.interval($0, candidate.estimate.upper!)
              } ?? "", isBold: candidate.reading == choice.chosen.reading),
            TableCell("\(candidate.changes)"),
          ])
      })
  }
}

extension ExperimentRecords {
  /// Whether development people are evaluated, by whom choices may be made.
  fileprivate var evaluatesDevelopment: Bool {
    results.records.contains { $0.key.evaluated == .development }
  }
}

extension ReadingStatistic {
  /// The name without "-difference", which names of rows end with.
  fileprivate var base: String { rawValue.replacing("-difference", with: "") }
}
