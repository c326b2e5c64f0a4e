// The paper's claims and what the records answer (definitions 12).
import Claims
import Records
import Results
import Specs

/// Claims with the counts of their answers, every answer with its figures, and why the rest has none.
///
/// - Parameters:
///   - namesExperiments: whether answers come from several experiments, which are named then.
///   - provenance: of the records that the answers rest on.
package func claimsTable(
  _ answers: [ClaimAnswer], provenance: ProvenanceSummary, namesExperiments: Bool = false
) -> ReportDocument {
  let isSynthetic =
    !answers.isEmpty && answers.allSatisfy { $0.isSynthetic || $0.isUnrecorded }
    && answers.contains(where: \.isSynthetic)
  let part = ClaimsPart(
    answers: answers, namesExperiments: namesExperiments, isSynthetic: isSynthetic)
  return ReportDocument(
    name: "claims", title: "Claims of the paper and their answers",
    reading: [
      "A claim holds where the 95 % interval of its statistic lies wholly inside the region, does not "
        + "hold where it lies wholly outside; else it cannot be told apart. What has no data, a "
        + "collapsed decision or too few people is not testable.",
      "An answer belongs to a configuration (a reading of the paper, or a variant that the paper does not "
        + "have), a convention, a dataset and an extractor. Answers of one experiment, and of experiments "
        + "on the same data, share people: their counts are no votes.",
      "“Smallest margin” (“would hold above”): the border at which the claim would just hold by "
        + "these data. It matters more than borders marked “ours”, which the paper does not state; "
        + "0.01 of R1 was set when two differences were already known.",
    ], tables: [part.counts(), part.answersTable()], tidy: answers.map(\.tidyRow),
    isSynthetic: isSynthetic, provenance: provenance)
}

private struct ClaimsPart {
  let answers: [ClaimAnswer]
  let namesExperiments: Bool
  let isSynthetic: Bool

  /// A claim a line: how often each answer was given.
  func counts() -> Table {
    var table = Table(
      name: "claims", title: "Claims: answers counted",
      caption: "Counts of answers that records give, over readings, datasets, extractors"
        + (namesExperiments
          ? " and experiments"
            + (isSynthetic ? "." : "; synthetic data and development people are not counted.")
          : "."),
      isSynthetic: isSynthetic,
      columns: TableColumn.labels("Claim", "In our words", "Paper", "Statistic", "Region")
        + ["Holds", "Does not hold", "Cannot be told apart", "Not testable"].map {
          TableColumn($0, group: "Answers")
        })
    for claim in answers.map(\.claim).distinct() {
      let own = answers.filter {
        $0.claim == claim && (!namesExperiments || $0.isCounted)
      }
      // What no record is of is named, not counted.
      let counts = AnswerCounts(own.filter { !$0.isUnrecorded })
      let reasons = unrecordedText(own).map { [$0] } ?? []
      let numbers: [TableCell] =
        claim.statistic.isComparison
        ? Array(repeating: TableCell(CellFormat.absent), count: 3)
          + [TableCell("\(counts.notTestable)", footnotes: reasons)]
        : [counts.holds, counts.doesNotHold, counts.cannotBeToldApart].map { TableCell("\($0)") }
          + [TableCell("\(counts.notTestable)", footnotes: reasons)]
      table.rows.append(
        TableRow(
          [
            claim.id, claim.sentence, claim.placeText, claim.statistic.title,
            claim.text(of: claim.region),
          ].map {
            TableCell($0)
          } + numbers))
    }
    return table
  }

  /// An answer a line.
  func answersTable() -> Table {
    var table = Table(
      name: "claims-answers", title: "Claims: answer by answer",
      caption:
        "Brackets: the 95 % interval that the answer rests on; the CSV file names its method.",
      isSynthetic: isSynthetic,
      columns: TableColumn.labels("Claim", "Dataset", "Extractor", "Reading")
        + (namesExperiments ? TableColumn.labels("Experiment") : [])
        + TableColumn.labels("Answer")
        + ["Estimate", "Region", "Would just hold"].map { TableColumn($0) })
    for id in answers.map(\.claim.id).distinct() {
      let own = answers.filter { $0.claim.id == id && !$0.isUnrecorded }
      for (i, answer) in own.enumerated() {
        var cells = [TableCell(i == 0 ? id : ""), TableCell(answer.dataset)]
        cells += [answer.extractor, answer.reading].map { TableCell($0) }
        if namesExperiments { cells.append(TableCell(answer.experiment ?? "")) }
        let notes =
          [answer.reason, answer.note.isEmpty ? nil : answer.note].compactMap { $0 }
          + (namesExperiments && answer.isSynthetic && !isSynthetic
            ? ["synthetic data: not counted"] : [])
          + (namesExperiments && answer.isOnDevelopment
            ? ["\(DevelopmentMark.text): not counted"] : [])
        cells.append(TableCell(answer.answer.text, footnotes: notes))
        let statistic = answer.claim.statistic
        cells.append(
          answer.estimate.map {
            TableCell(statistic.text($0), detail: answer.intervalText)
          } ?? TableCell(CellFormat.absent))
        cells.append(TableCell(answer.region.text(statistic)))
        cells.append(TableCell(answer.marginText))
        table.rows.append(TableRow(cells, opensBlock: i == 0))
      }
    }
    return table
  }
}

extension ClaimAnswer {
  /// Names of the quantities of the lines: "claim-R1".
  static let quantityPrefix = "claim-"

  /// The line of the CSV file; `Harness trace` finds the records by it.
  var tidyRow: TidyRow {
    var system = configuration.system
    if claim.statistic.comparesWithTraditional { system += " - \(configuration.baseline.csvName)" }
    var row = TidyRow(
      dataset: dataset, extractor: extractor, system: system, preset: configuration.preset,
      balancingFactor: configuration.balancingFactor, balancingRule: configuration.balancingRule,
      convention: convention, quantity: Self.quantityPrefix + claim.id,
      rule: claim.statistic.rawValue, isSynthetic: isSynthetic)
    row.experiment = experiment
    row.value = estimate
    row.lower = lower
    row.upper = upper
    row.intervalMethod = intervalMethod
    row.repeats = repeats
    row.note = [
      answer.text + (reason.map { ": \($0)" } ?? ""), claim.text(of: region),
      smallestMargin.map { "smallest margin \($0)" } ?? "", note,
    ].filter { !$0.isEmpty }.joined(separator: "; ")
    return row
  }
}
