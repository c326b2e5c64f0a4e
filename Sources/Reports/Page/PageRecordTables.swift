import Foundation
import Records
import Results
import Specs

/// What the records say of the run itself: comparisons, enrolment, audit, warnings, provenance.
struct PageRecordTables {
  let results: RecordSet
  let attacks: AttackRecordSet
  let provenance: ProvenanceSummary

  init(_ contents: PageContents) {
    results = contents.records.results
    attacks = contents.records.attacks
    provenance = contents.provenance
  }

  /// Comparisons of every evaluation.
  func sizes() -> Table {
    let titles = [
      "Subjects", "References", "Probes", "Mated", "Non-mated", "Self trials",
      "Without mated probe", "Failures to enrol",
    ]
    var table = Table(
      name: "sizes", title: "Comparisons per evaluation",
      caption:
        "Subjects by gender as labelled; “without mated probe” are subjects with one sample, "
        + "“failures to enrol” people without any, who count nowhere else.",
      isSynthetic: results.isSynthetic,
      columns: cellColumns
        + titles.map { TableColumn($0) } + [TableColumn("By gender", alignment: .left)])
    table.rows = rows { record in
      let counts = record.counts
      let numbers = [
        counts.subjects, counts.references, counts.probes, counts.matedComparisons,
        counts.nonMatedComparisons, counts.selfTrials, counts.subjectsWithoutMatedProbe,
        counts.failuresToEnrol,
      ]
      let genders = counts.subjectsByGender.sorted { $0.key < $1.key }
        .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      return numbers.map { TableCell(String($0)) } + [TableCell(genders)]
    }
    return table
  }

  /// Epochs, losses and times of the enrolment of every cell that trains.
  func enrolments() -> Table {
    let titles = [
      ("Enrolled", nil), ("Cohort rows", nil), ("Development rows", nil), ("Epochs", nil),
      ("Restored epoch", nil), ("Validation loss", nil), ("Sampling", "ms"), ("Training", "ms"),
    ]
    var table = Table(
      name: "enrolment-table", title: "Enrolment by cell",
      caption:
        "Means over subjects; epochs are counted from 1. Bandwidths h of the intra-subject KDE "
        + "by gender and fold, where training and validation draw from. `Harness subjects` lists people.",
      isSynthetic: results.isSynthetic,
      columns: cellColumns + titles.map { TableColumn($0.0, unit: $0.1) }
        + TableColumn.labels("Bandwidth h", "Validation bandwidth h"))
    table.rows = rows { record in
      guard let enrolment = record.enrolment else { return nil }
      let bandwidths = [enrolment.bandwidths, enrolment.validationBandwidths].map { bandwidths in
        bandwidths.sorted { $0.key < $1.key }
          .map { "\($0.key) \(CellFormat(decimals: 4).text($0.value))" }.joined(separator: ", ")
      }
      let means = [
        enrolment.meanEpochs, enrolment.meanRestoredEpoch,
      ].map(CellFormat.tenths.text)
      let milliseconds = [enrolment.meanSamplingSeconds, enrolment.meanTrainingSeconds].map {
        CellFormat.tenths.text($0 * 1000)
      }
      let counts = [enrolment.enrolled, enrolment.cohortRows, enrolment.developmentRows]
      let loss = CellFormat(decimals: 5).text(enrolment.meanValidationLoss)
      return (counts.map(String.init) + means + [loss] + milliseconds + bandwidths)
        .map { TableCell($0) }
    }
    return table
  }

  private var cellColumns: [TableColumn] {
    TableColumn.labels("Dataset", "Extractor", "System")
      + (results.repeats > 1 ? [TableColumn("Repeat")] : [])
  }

  /// One row per record for which `cells` gives some.
  private func rows(_ cells: (EvaluationRecord) -> [TableCell]?) -> [TableRow] {
    results.datasets.flatMap { dataset in
      let lines = results.records.filter { $0.key.dataset == dataset }.compactMap { record in
        cells(record).map { cells in
          let index = TableCell(String(record.key.repeatIndex))
          return TableRow(
            record.key.extractor,
            [TableCell(record.configuration.title)] + (results.repeats > 1 ? [index] : [])
              + cells)
        }
      }
      return TableRow.block([dataset], lines)
    }
  }

  /// Lines of the records, each once, with the cells that it concerns; paths are file names.
  struct Lines {
    let title: String
    let none: String
    private(set) var order: [String] = []
    private(set) var cells: [String: [String]] = [:]
    let records: Int

    fileprivate init(_ title: String, none: String, _ all: [(slug: String, lines: [String])]) {
      (self.title, self.none, records) = (title, none, all.count)
      for record in all {
        for line in record.lines {
          if cells[line] == nil { order.append(line) }
          cells[line, default: []].append(record.slug)
        }
      }
    }

    /// The list, HTML.
    var text: String {
      guard !order.isEmpty else { return "<h3>\(title)</h3>\n<p>\(none)</p>" }
      let items = order.map { line in
        let concerned = cells[line]!
        let text =
          concerned.count == records ? "all cells" : concerned.joined(separator: ", ")
        return "<li>\(SVGCanvas.escaped(line)) <small>\(SVGCanvas.escaped(text))</small></li>"
      }
      return "<h3>\(title)</h3>\n<ul class=\"lines\">\(items.joined(separator: "\n"))</ul>"
    }
  }

  func audit() -> Lines {
    Lines("Audit", none: "The records hold no audit lines.", lines(\.audit, \.audit))
  }

  func warnings() -> Lines {
    Lines("Warnings", none: "None.", lines(\.warnings, \.warnings))
  }

  private func lines(
    _ evaluated: (EvaluationRecord) -> [String], _ attacked: (AttackRecord) -> [String]
  ) -> [(slug: String, lines: [String])] {
    // Paths with blanks in them are known from where the records come from alone.
    let provenances = results.records.map(\.provenance) + attacks.records.map(\.provenance)
    let known = Array(Set(provenances.flatMap { $0.dataHashes.keys + [$0.specPath] }))
    return
      (results.records.map { ($0.key.slug, evaluated($0)) }
      + attacks.records.map { ($0.key.slug, attacked($0)) }).map { slug, lines in
        (slug, lines.map { PathText.text($0, known: known) })
      }
  }

  /// Full hashes and timings; the footers of tables have the short form without timings.
  func origin() -> String {
    var lines = provenance.lines.filter { $0.label != "Data" && $0.label != "Spec" }
    lines.insert(("Spec", provenance.specPaths.joined(separator: ", ")), at: 1)
    lines.insert(("Spec hash", provenance.specHashes.joined(separator: ", ")), at: 2)
    if let kept = provenance.kept { lines.insert(("Kept", kept), at: 3) }
    lines += provenance.dataHashes.map { ("Data", "\($0.path) SHA-256 \($0.sha256)") }
    lines.append(
      (
        "Wall time",
        "\(CellFormat(decimals: 0).text(provenance.wallSeconds)) s, from the start of a run to its last "
          + "record" + (provenance.runs == 1 ? "" : ", \(provenance.runs) runs together")
      ))
    let rows = lines.map {
      "<tr><th scope=\"row\">\(SVGCanvas.escaped($0.label))</th>"
        + "<td>\(SVGCanvas.escaped($0.text))</td></tr>"
    }
    return "<table class=\"facts\">\(rows.joined(separator: "\n"))</table>"
  }
}
