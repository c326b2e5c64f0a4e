// How trainings go, epoch by epoch (definitions 6.9): a table per place, a column per configuration.
import Biometrics
import Configurations
import Foundation
import Records
import Results
import Specs

/// Tables of the learning curves.
///
/// - Parameter title: of the experiment; empty: not known.
package func learningTable(_ records: [LearningRecord], title: String = "") -> ReportDocument {
  let places = LearningResults.all(records)
  let sentences = places.flatMap { place in place.records.map { LearningText($0).sentence } }
  return ReportDocument(
    name: "learning-curves", title: "Learning curves", reading: readingOfCurves + sentences,
    tables: places.flatMap { [$0.summaryTable, $0.peopleTable] },
    tidy: places.flatMap { $0.records.flatMap(\.learningRows) },
    isSynthetic: records.contains(where: \.isSynthetic),
    provenance: ProvenanceSummary(of: records.map(\.provenance), title: title))
}

/// How to read the tables.
private let readingOfCurves = [
  "Trainings as enrolment makes them, watched after every epoch, which changes nothing in them. "
    + "Restored: the network of the epoch that early stopping on the validation loss keeps. Ended: that "
    + "of the epoch with which training ends. Rate: the learning rate as a share of the schedule's "
    + "maximum.",
  "Proxies are real later images of other people, carried over so that their first image falls on "
    + "the reference (definitions 6.8), the same pairs for everybody; one is rejected below a threshold: "
    + "a quantile of scores on development rows, of the networks of all people drawn or named together "
    + "(one threshold, as a system has it), or of the network alone (own thresholds). Rejected proxies of "
    + "one person are not independent, so people are drawn for the intervals, and a draw sets its own "
    + "threshold.",
  "Own images are the person's further ones: evaluation data, shown here and never chosen by.",
]

extension LearningResults {
  /// "LFW-ArcFace".
  var stem: String { "\(place.dataset)-\(place.extractor)" }

  private var isSynthetic: Bool { records.contains(where: \.isSynthetic) }

  fileprivate var summaryTable: Table {
    Table(
      name: "learning-curves-\(stem)",
      title: "Learning curves: \(place.dataset), \(place.extractor)",
      caption: records.map { LearningText($0).setting }.distinct().joined(separator: " ")
        + " Medians over people with their range; means of shares with 95 % bootstrap intervals over "
        + "people.",
      isSynthetic: isSynthetic,
      columns: TableColumn.labels("") + records.map { TableColumn($0.key.configuration.title) },
      rows: summaryRows)
  }

  /// What errors are told of, in the order of lines.
  private var states: [LearningState] {
    LearningState.allCases.filter { $0 != .last || records.contains(where: \.goesBeyondEnd) }
  }

  private var summaryRows: [TableRow] {
    func row(
      _ label: String, _ style: TableRow.Style = .body, _ cell: (LearningRecord) -> TableCell
    ) -> TableRow {
      TableRow(label, records.map(cell), style: style)
    }
    let whole = CellFormat(decimals: 0)
    var rows = [
      row("People") { TableCell(grouped($0.summary.people)) },
      row("Epochs run") { medians($0, whole) { Double($0.course.last.number) } },
      row("Restored epoch") { medians($0, whole) { Double($0.course.restored.number) } },
      row("Rate there") { record in
        medians(record, .percent, unit: " %") { record.rateShare($0.course.restored) }
      },
    ]
    // A line per state, the first with the name of the block.
    func block(_ name: String, _ cell: (LearningState, LearningRecord) -> TableCell?) {
      for (i, state) in states.enumerated() {
        let cells = records.map { cell(state, $0) }
        guard cells.contains(where: { $0 != nil }) else { continue }
        rows.append(
          TableRow(
            i == 0 ? "\(name): \(state.name)" : state.name, cells.map { $0 ?? .blank },
            style: i == 0 ? .body : .secondary))
      }
    }
    block("Validation loss", loss)
    for threshold in LearningThreshold.allCases {
      block("Rejected proxies, \(threshold.name)") { state, record in
        state.mean(in: record.summary).map { mean(threshold.of($0)) }
      }
      rows.append(
        row("restored − ended", .secondary) {
          mean(threshold.of($0.summary.restoredMinusEnded), isSigned: true)
        })
      if states.contains(.last) {
        rows.append(
          row("restored − last", .secondary) { record in
            record.summary.restoredMinusLast.map { mean(threshold.of($0), isSigned: true) }
              ?? .blank
          })
      }
      block("FNMR of own images, \(threshold.name)") { state, record in
        own(state, threshold, record)
      }
    }
    return rows
  }

  private func medians(
    _ record: LearningRecord, _ format: CellFormat, unit: String = "",
    _ value: (LearningCurve) -> Double?
  ) -> TableCell {
    let values = record.chosenPeople.compactMap(value).sorted()
    guard let low = values.first, let high = values.last else {
      return TableCell(CellFormat.notAvailable)
    }
    return TableCell(
      format.text(middle(values)) + unit,
      detail: "(\(format.text(low)) to \(format.text(high))\(unit))")
  }

  private func loss(_ state: LearningState, _ record: LearningRecord) -> TableCell? {
    let values = record.chosenPeople.compactMap { state.loss(of: $0) }.sorted()
    return values.isEmpty || state.mean(in: record.summary) == nil
      ? nil : TableCell(CellFormat.scientific(middle(values)))
  }

  private func own(
    _ state: LearningState, _ threshold: LearningThreshold, _ record: LearningRecord
  ) -> TableCell? {
    guard state.mean(in: record.summary) != nil else { return nil }
    let (errors, images) = record.ownErrors { threshold.of(state.errors(of: $0)) }
    return images == 0
      ? TableCell(CellFormat.notAvailable, footnotes: ["nobody has a further image"])
      : TableCell(
        CellFormat.rate.text(Double(errors) / Double(images)),
        detail: "\(grouped(errors))/\(grouped(images))")
  }

  private func mean(_ found: MeanOverPeople, isSigned: Bool = false) -> TableCell {
    TableCell(found, CellFormat(decimals: 3), isSigned: isSigned)
  }

  /// People who stand out or were asked for; the CSV file has everybody.
  fileprivate var peopleTable: Table {
    func shown(_ record: LearningRecord) -> [LearningCurve] {
      record.people.filter { $0.recordedErrors != nil || $0.choice == .named }
    }
    return Table(
      name: "learning-curves-people-\(stem)",
      title: "Learning curves of single people: \(place.dataset), \(place.extractor)",
      caption:
        "People with the most false non-matches in the records of the experiment, or named in the "
        + "spec. Share of proxies that is rejected, and false non-matches of own images / images: of the "
        + "restored network and of the one observed last, with one threshold for the networks of all "
        + "people drawn or named, and of the restored one with its own threshold. "
        + records.map { LearningText($0).networks }.distinct().joined(separator: " "),
      isSynthetic: isSynthetic,
      columns: TableColumn.labels("Configuration", "Person") + [
        TableColumn("In records"), TableColumn("Epochs run"), TableColumn("Restored"),
        TableColumn("Rate there", unit: "%"),
        TableColumn("Restored", group: "Rejected proxies"),
        TableColumn("Own threshold", group: "Rejected proxies"),
        TableColumn("Last", group: "Rejected proxies"),
        TableColumn("Restored", group: "Own images"),
        TableColumn("Own threshold", group: "Own images"),
        TableColumn("Last", group: "Own images"),
      ],
      rows: records.flatMap { record in
        TableRow.block(
          [record.key.configuration.title], shown(record).map { row(of: $0, in: record) })
      })
  }

  private func row(of person: LearningCurve, in record: LearningRecord) -> TableRow {
    let errors = [person.restored.shared, person.restored.own, person.last.shared]
    let shares = errors.map { TableCell(CellFormat(decimals: 3).text($0.proxyFNMR)) }
    let own = errors.map {
      TableCell(
        person.furtherImages == 0
          ? CellFormat.absent
          : "\(grouped($0.falseNonMatches))/\(grouped(person.furtherImages))")
    }
    let course = [
      TableCell(person.recordedErrors.map(grouped) ?? ""),
      TableCell(grouped(person.course.last.number)),
      TableCell(grouped(person.course.restored.number)),
      TableCell(CellFormat.percent.text(record.rateShare(person.course.restored))),
    ]
    return TableRow(person.identity, course + shares + own)
  }
}

/// Middle of sorted values, the mean of two.
func middle(_ sorted: [Double]) -> Double {
  let n = sorted.count
  return n == 0 ? .nan : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2
}

extension LearningRecord {
  /// The summary as tidy rows.
  fileprivate var learningRows: [TidyRow] {
    var rows: [TidyRow] = []
    func add(
      _ quantity: String, _ value: Double?, rule: String? = nil, target: Double? = nil,
      mean: MeanOverPeople? = nil, counts: (errors: Int, images: Int)? = nil, note: String = ""
    ) {
      rows.append(
        TidyRow(
          dataset: key.dataset, extractor: key.extractor, system: key.system, preset: key.preset,
          balancingFactor: key.balancingFactor, convention: "", quantity: quantity, rule: rule,
          target: target, value: value, lower: mean?.lower, upper: mean?.upper,
          intervalMethod: mean?.method, numerator: counts?.errors, denominator: counts?.images,
          isSynthetic: isSynthetic,
          note: ["\(summary.people) people", note, mean?.note ?? ""].filter { !$0.isEmpty }
            .joined(separator: "; ")))
    }
    func addMedian(_ quantity: String, _ value: (LearningCurve) -> Double?, rule: String? = nil) {
      let values = chosenPeople.compactMap(value).sorted()
      guard let low = values.first, let high = values.last else { return }
      add(quantity, middle(values), rule: rule, note: "median, range \(low) to \(high)")
    }
    addMedian("learning-epochs", { Double($0.course.last.number) })
    addMedian("learning-restored-epoch", { Double($0.course.restored.number) })
    addMedian("learning-rate-share", { rateShare($0.course.restored) }, rule: "restored")
    let target = settings.target
    for state in LearningState.allCases {
      guard let means = state.mean(in: summary) else { continue }
      addMedian("learning-validation-loss", { state.loss(of: $0) }, rule: state.rawValue)
      for threshold in LearningThreshold.allCases {
        let rule = "\(state.rawValue), \(threshold.name)"
        let mean = threshold.of(means)
        add("learning-proxy-fnmr", mean.value, rule: rule, target: target, mean: mean)
        let own = ownErrors { threshold.of(state.errors(of: $0)) }
        add(
          "learning-own-fnmr", own.images == 0 ? nil : Double(own.errors) / Double(own.images),
          rule: rule, target: target, counts: own,
          note: own.images == 0 ? "nobody has a further image" : "")
      }
    }
    for (name, difference) in [
      ("restored - ended", summary.restoredMinusEnded),
      ("restored - last", summary.restoredMinusLast),
    ] {
      guard let difference else { continue }
      for threshold in LearningThreshold.allCases {
        let mean = threshold.of(difference)
        add(
          "learning-proxy-fnmr-difference", mean.value, rule: "\(name), \(threshold.name)",
          target: target, mean: mean)
      }
    }
    return rows
  }
}
