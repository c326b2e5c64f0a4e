import Claims
import Records
import Results
import Specs

/// In how many readings each claim holds at one place (definitions 12 and 12.1).
struct ReadingClaims {
  let results: ReadingResults
  /// Of all claims, at any place.
  let answers: [ClaimAnswer]
  let isSynthetic: Bool

  /// One claim with an answer for each reading that has one.
  private struct Line {
    let claim: Claim
    let all: [ClaimAnswer]
    /// Those of readings in the sample of the whole product.
    let sampled: [ClaimAnswer]
  }

  /// Claims that some reading answers, in the order of their file.
  private var lines: [Line] {
    let place = results.place
    let own = answers.filter { answer in
      answer.at == place && !answer.isUnrecorded && !answer.claim.statistic.isComparison
    }
    return own.map(\.claim).distinct().compactMap { claim in
      let found = own.filter { $0.claim == claim }
      let statistic: ReadingStatistic =
        if case .attacks = claim.statistic.source { .strongestAUC } else { .fnmr }
      let columns = results.columns(statistic).compactMap { readings in
        answer(found, to: readings[0], statistic).map { (readings, $0) }
      }
      if columns.isEmpty { return nil }
      return Line(
        claim: claim, all: columns.map(\.1),
        sampled: columns.filter { $0.0.contains(where: \.isSampled) }.map(\.1))
    }
  }

  /// The answer under a reading: of its system, or of its configuration over several factors.
  private func answer(
    _ answers: [ClaimAnswer], to reading: Reading, _ statistic: ReadingStatistic
  ) -> ClaimAnswer? {
    let attacked = statistic.quantity == nil ? results.attackedSystem(of: reading) : nil
    let system = attacked?.configuration ?? results.system(of: reading)
    let convention =
      statistic.quantity == nil ? attacked?.cohortName : reading.convention
    return answers.first {
      $0.configuration.preset == reading.configuration && $0.convention == convention
        && ($0.configuration == system || $0.configuration.balancingFactor == nil)
    }
  }

  func table() -> Table {
    let place = results.place
    let kinds = ["Holds", "Does not hold", "Cannot be told apart", "Not testable"]
    return Table(
      name: "readings-claims-\(place.dataset)-\(place.extractor)",
      title: "Readings in which each claim holds: \(place.dataset), \(place.extractor)",
      caption:
        "Counts of readings by their answer to a claim. All: bases, one switch at a time, and the "
        + "sample, each training and convention once. Sample: members of the whole product, drawn by "
        + "seed. Readings share people and draws, so their counts are no votes.",
      isSynthetic: isSynthetic,
      columns: TableColumn.labels("Claim", "In our words", "Region")
        + kinds.map { TableColumn($0, group: "All readings") }
        + [TableColumn("Holds", group: "Sample")],
      rows: lines.map { line in
        let (all, sampled) = (AnswerCounts(line.all), AnswerCounts(line.sampled))
        return TableRow(
          line.claim.id,
          [
            TableCell(line.claim.sentence),
            TableCell(line.claim.region.text(line.claim.statistic)),
            TableCell("\(all.holds) of \(line.all.count)"), TableCell("\(all.doesNotHold)"),
            TableCell("\(all.cannotBeToldApart)"),
            TableCell(
              "\(all.notTestable)", footnotes: line.all.compactMap(\.reason).distinct()),
            line.sampled.isEmpty
              ? .blank : TableCell("\(sampled.holds) of \(line.sampled.count)"),
          ])
      })
  }

  /// The share of all readings, and of the sample, in which each claim holds.
  func rows() -> [TidyRow] {
    lines.flatMap { line in
      [("all", line.all), ("sample", line.sampled)].compactMap { name, answers in
        if answers.isEmpty { return nil }
        let counts = AnswerCounts(answers)
        var row = TidyRow(
          dataset: results.place.dataset, extractor: results.place.extractor, system: "mote",
          group: name, convention: "", quantity: "claim-\(line.claim.id)\(Self.suffix)",
          value: Double(counts.holds) / Double(answers.count), isSynthetic: isSynthetic,
          note: "does not hold in \(counts.doesNotHold), cannot be told apart in "
            + "\(counts.cannotBeToldApart), not testable in \(counts.notTestable)")
        (row.numerator, row.denominator) = (counts.holds, answers.count)
        return row
      }
    }
  }

  /// End of the names of quantities that count other lines and so have no records of their own.
  static let suffix = "-share-of-readings"
}
