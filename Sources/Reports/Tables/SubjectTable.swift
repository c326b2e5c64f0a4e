import Biometrics
import Configurations
import Records
import Specs

// A list of people as a table for the terminal.

extension SubjectList {
  /// The first people of the list, and in the caption what holds of all.
  package func table(top: Int) -> Table {
    let isTrained = people.contains { $0.training != nil }
    var table = Table(
      name: "subjects-\(record.key.slug)", title: "People: \(record.key.title)",
      caption: caption(top: top), isSynthetic: record.isSynthetic,
      columns: TableColumn.labels("Person", "Group"))
    let counts = ["Images", "False non-matches", "False matches", "As probe", "Own score"]
    table.columns += counts.map { TableColumn($0) }
    if isTrained {
      let training = ["Restored epoch", "Learning rate", "Training loss", "Validation loss"]
      table.columns += training.map { TableColumn($0) }
    }
    let isGuarded = people.contains { $0.training?.guarded != nil }
    if isGuarded { table.columns += ["Kept attempt", "Proxy FNMR"].map { TableColumn($0) } }
    table.columns.append(TableColumn("Reference distance"))
    table.columns += TableColumn.labels("Nearest other person", "Second names")
    table.rows = people.prefix(top).map { person in
      let errors = errors(of: person)
      func text(_ count: Int?) -> String { count.map(String.init) ?? CellFormat.notAvailable }
      var cells = [
        person.identity, person.group, "\(person.images)",
        errors.map { "\($0.falseNonMatches)/\(mated(person))" } ?? CellFormat.notAvailable,
        text(errors?.falseMatches), text(errors?.falseMatchesAsProbe),
        Self.text(person.ownScore, .area),
      ]
      if isTrained { cells += Self.training(person.training) }
      if isGuarded {
        let outcome = person.training?.guarded
        cells.append(outcome.map { "\($0.kept) of \($0.attempts)" } ?? CellFormat.notAvailable)
        cells.append(Self.text(outcome?.proxyFNMR, .equitability))
      }
      cells.append(Self.text(person.referenceDistance, .equitability))
      cells.append(person.nearest.map { "\($0.name) \(Self.text($0.cosine, .equitability))" } ?? "")
      cells.append(person.secondNames.map(Self.secondName).joined(separator: ", "))
      return TableRow(cells.map { TableCell($0) })
    }
    return table
  }

  /// Mated comparisons of a person under the convention of the point.
  func mated(_ person: SubjectLine) -> Int {
    person.images - (point.map { record.points[$0].hasSelfTrials } == true ? 0 : 1)
  }

  /// "Name (cohort) 0.792"; the part of evaluated people goes without saying.
  static func secondName(_ person: SimilarPerson) -> String {
    let part = person.part == "evaluation" ? "" : " (\(person.part))"
    return "\(person.name)\(part) \(text(person.cosine, .equitability))"
  }

  private static func text(_ value: Float?, _ format: CellFormat) -> String {
    value.map { format.text(Double($0)) } ?? CellFormat.notAvailable
  }

  /// Restored epoch of those run, learning rate there, and losses there and at the end.
  private static func training(_ training: SubjectTraining?) -> [String] {
    guard let training else {
      return [String](repeating: CellFormat.notAvailable, count: 4)
    }
    func losses(_ restored: Float?, _ last: Float?) -> String {
      let texts = [restored, last].map { text($0, CellFormat(decimals: 5)) }
      return training.restoredEpoch == training.epochs ? texts[0] : "\(texts[0]), last \(texts[1])"
    }
    return [
      "\(training.restoredEpoch) of \(training.epochs)",
      CellFormat.scientific(Double(training.learningRate)),
      losses(training.trainingLoss, training.finalTrainingLoss),
      losses(training.validationLoss, training.finalValidationLoss),
    ]
  }
}

extension SubjectList {
  private func caption(top: Int) -> String {
    var sentences: [String] = []
    if let point {
      let at = record.points[point]
      sentences.append(
        "Convention \(at.convention) at FMR \(CellFormat.target(at.target)), threshold "
          + "\(CellFormat.area.text(at.threshold))")
      sentences.append(
        totals("false non-matches", \.falseNonMatches, of: "own probes of")
          + "; " + totals("false matches", \.falseMatches, of: "references or models of"))
    } else {
      sentences.append("No rate of this cell has a threshold, so that there are no errors to count")
    }
    sentences.append(
      "As probe: false matches of the person's images with references or models of others")
    if people.contains(where: { $0.training != nil }) {
      sentences.append(
        "Epochs are counted from 1; losses are those of the restored epoch and of the last")
      if let bandwidths { sentences.append(bandwidths) }
      if let guardSentence { sentences.append(guardSentence) }
    }
    let levels = record.likeness.map { CellFormat.equitability.text(Double($0)) }.distinct()
    sentences.append(
      "Reference distance: 1 - cosine with the mean of the person's other images. Second names: "
        + "people of other names with a cosine of at least \(levels.joined(separator: ", ")) to the reference"
    )
    if people.count > top {
      sentences.append("\(top) of \(people.count) people are listed")
    }
    return sentences.joined(separator: ". ") + "."
  }

  /// "33 false non-matches of 12 people, 58 % of one (NAME)".
  private func totals(_ what: String, _ count: KeyPath<SubjectErrors, Int>, of side: String)
    -> String
  {
    let counts = people.map { errors(of: $0)?[keyPath: count] ?? 0 }
    let total = counts.reduce(0, +)
    guard let most = counts.max(), most > 0, let first = counts.firstIndex(of: most) else {
      return "no \(what) with \(side) \(people.count) people"
    }
    let share = CellFormat.percent.text(Double(most) / Double(total))
    return "\(total) \(what) with \(side) \(counts.count { $0 > 0 }) of \(people.count) people, "
      + "\(share) % of them with those of \(people[first].identity)"
  }

  /// What the guard did, where there was one.
  private var guardSentence: String? {
    let outcomes = people.compactMap { $0.training?.guarded }
    if outcomes.isEmpty { return nil }
    let attempts = outcomes.reduce(0) { $0 + $1.attempts }
    let others = outcomes.count { $0.kept > 1 }
    let mean = CellFormat(decimals: 2).text(Double(attempts) / Double(outcomes.count))
    return
      "Guard: \(attempts) networks trained for \(outcomes.count) people, \(mean) each; another than "
      + "the first was kept for \(others). Proxy FNMR: share of proxies that the kept one rejects at "
      + "its own threshold on development rows"
  }

  /// Bandwidths of validation, and of training where they differ.
  private var bandwidths: String? {
    func text(_ densities: [String: DensitySummary]) -> String {
      densities.sorted { $0.key < $1.key }.map {
        "\($0.key) \(CellFormat(decimals: 4).text($0.value.bandwidth))"
      }.joined(separator: ", ")
    }
    if record.densities.isEmpty { return nil }
    let training = text(record.densities)
    if record.validationDensities.isEmpty { return "Bandwidths by gender and fold: \(training)" }
    let validation = text(record.validationDensities)
    return training == validation
      ? "Bandwidths of training and validation by gender and fold: \(training)"
      : "Bandwidths by gender and fold: training \(training); validation \(validation)"
  }
}
