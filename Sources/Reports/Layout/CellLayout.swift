import Configurations
import Results

/// Turns summaries into cells by the same rules in every table.
struct CellLayout: Sendable {
  let format: CellFormat
  /// Repeats of the fullest cell: cells with fewer are marked.
  let expectedRepeats: Int

  /// Value with interval and spread; `–` or `n/a` with the reason where there is none.
  func value(_ summary: CellSummary) -> TableCell {
    switch summary.status {
    case .notRun: return TableCell(CellFormat.absent, footnotes: summary.notes)
    case .notMeasured:
      return TableCell(CellFormat.absent, footnotes: ["the record does not hold this measurement"])
    case .notMeasurable:
      let notes = summary.notes.isEmpty ? ["cannot be measured on these data"] : summary.notes
      return TableCell(CellFormat.notAvailable, footnotes: notes)
    case .measured: break
    }
    var details: [String] = []
    if let lower = summary.lower, let upper = summary.upper {
      details.append(format.interval(lower, upper))
    }
    if let spread = summary.spread { details.append("± \(format.text(spread))") }
    return TableCell(
      format.text(summary.value!), detail: details.joined(separator: " "),
      footnotes: repeatNotes(summary) + summary.notes)
  }

  /// An error rate, marked where few errors (rules of 30 and of 3) or single people stand behind it.
  func rate(_ summary: CellSummary) -> TableCell {
    var cell = value(summary)
    cell.notes += influenceNotes(summary, of: "errors")
    guard summary.status == .measured, let errors = summary.numerator,
      let trials = summary.denominator, trials > 0, errors < 30 * max(summary.repeats, 1)
    else { return cell }
    cell.notes.append(
      errors == 0
        ? Footnote(
          noError(trials, summary.people), brief: "no error: bounded by the rule of 3, 95 %")
        : Footnote(
          "fewer than 30 errors\(summary.repeats > 1 ? " a training" : ""): uncertain by more than "
            + "about 30 % (rule of 30)"))
    return cell
  }

  /// What no error among some trials means: comparisons of one person fail together, so people count.
  private func noError(_ trials: Int, _ people: Int?) -> String {
    let count = people ?? trials
    return
      "no error in \(trials) trials\(people.map { " of \(counted($0, "person", "people"))" } ?? ""): the rate may be as "
      + "high as \(CellFormat.scientific(min(1, 3 / Double(count)))) (rule of 3, 95 %)"
  }

  /// Errors and trials, "39/1000"; blank where the value is no proportion.
  func counts(_ numerator: Int?, _ denominator: Int?) -> TableCell {
    guard let numerator, let denominator else { return .blank }
    return TableCell("\(numerator)/\(denominator)")
  }

  /// The published value as printed.
  ///
  /// - Parameter share: how much of the published dataset was evaluated here; nil: not known.
  func published(_ published: PublishedValue?, share: String? = nil) -> TableCell {
    guard let published else { return .blank }
    return TableCell(
      published.text.isEmpty ? CellFormat.absent : published.text,
      footnotes: share.map { [$0] } ?? [])
  }

  /// Reproduced − published, and whether the published value lies in the interval.
  func difference(_ summary: CellSummary, _ published: PublishedValue?) -> TableCell {
    guard let difference = summary.difference(from: published) else { return .blank }
    let verdict = summary.contains(published).map { $0 ? "inside" : "outside" } ?? "no interval"
    return TableCell(format.signed(difference), detail: "(\(verdict))")
  }

  /// A paired difference with interval; an asterisk where the interval excludes 0.
  func paired(_ difference: SystemDifference?) -> TableCell {
    guard let difference else {
      return TableCell(CellFormat.absent, footnotes: ["one of the two systems has no value"])
    }
    var details = difference.lower.map { [format.differenceInterval($0, difference.upper!)] } ?? []
    if let spread = difference.spread { details.append("± \(format.text(spread))") }
    return TableCell(
      format.signed(difference.value) + (difference.excludesZero ? "*" : ""),
      detail: details.joined(separator: " "), footnotes: difference.note.map { [$0] } ?? [])
  }

  /// Says that one person carries much of an error rate.
  func influenceNotes(_ summary: CellSummary, of errors: String) -> [Footnote] {
    guard let influence = summary.influence, influence.isNotable,
      let share = influence.largestShare,
      let ofOne = influence.largestShareOfOneRepeat
    else { return [] }
    let repeats = summary.measuredRepeats
    let percent = CellFormat.percent
    let shares =
      repeats == 1
      ? "\(percent.text(share)) % of the \(errors)"
      : ofOne == share
        ? "\(percent.text(share)) % of the \(errors) of \(repeats) repeats"
        : "\(percent.text(ofOne)) % of the \(errors) of one of \(repeats) repeats, one person "
          + "\(percent.text(share)) % of those of all"
    let range = influence.withoutOne.map {
      ": \(format.text($0.lowerBound)) to \(format.text($0.upperBound)) when one person is left out"
    }
    return [
      Footnote(
        "one person causes \(shares)" + (range ?? ""),
        brief: "one person causes more than a quarter of the \(errors)"
          + (repeats == 1 ? "" : " of a repeat"))
    ]
  }

  private func repeatNotes(_ summary: CellSummary) -> [String] {
    var notes: [String] = []
    notes += ReadingNotes.missingRepeats(summary.repeats, of: expectedRepeats)
    if summary.measuredRepeats < summary.repeats {
      notes.append(
        "undefined in \(summary.repeats - summary.measuredRepeats) of \(summary.repeats) repeats")
    }
    return notes
  }
}
