// What a threshold is set on and for whom: shared, per group, per subject, from the development set.
import Biometrics
import Records
import Specs

/// The effect of calibration on error rates and fairness: for every system, one line per convention
/// with the FMR reached, FNMR, FDR and iGARBE, and its difference from the default convention.
package func calibrationTable(_ results: RecordSet) -> ReportDocument {
  let parts = FairnessPart.parts(results, withCalibrations: true)
  var table = Table(
    name: "calibration", title: "Calibration: which threshold, set on what",
    caption: "default: one threshold for all, set on the evaluation comparisons. per-group: each "
      + "group's own. per-subject: from every score is subtracted what the subject's own model (or "
      + "reference) gives to development rows at the FMR target, then one threshold for all. "
      + "development: one threshold set on development rows, so the FMR reached is a measurement. "
      + own(parts, results) + "Δ: difference from the default convention of the same system; "
      + ReadingNotes.paired,
    isSynthetic: results.isSynthetic,
    columns: ["Extractor", "Dataset", "System", "Convention"].map {
      TableColumn($0, alignment: .left)
    }
      + ["FMR reached", "FNMR", "Δ FNMR", "FDR", "Δ FDR", "iGARBE", "Δ iGARBE"].map {
        TableColumn($0)
      })
  var tidy: [TidyRow] = []
  guard let any = parts.first else {
    return document(results, table, tidy)
  }
  for place in any.places {
    var isFirst = true
    for configuration in results.configurations {
      let own = parts.filter { configuration.isTraditional || $0.preset == configuration.preset }
      var seen: Set<String> = []
      let lines = own.filter { seen.insert($0.convention + "\($0.target)").inserted }
      for (i, part) in lines.enumerated() {
        let base = lines.first { $0.convention == "default" && $0.target == part.target }
        let row = CalibrationRow(
          part: part, base: base, place: place, configuration: configuration)
        table.rows.append(
          TableRow(
            [
              TableCell(isFirst ? place.extractor : ""), TableCell(isFirst ? place.dataset : ""),
              TableCell(i == 0 ? configuration.title : ""), TableCell(part.convention),
            ] + row.cells, opensBlock: isFirst))
        tidy += row.tidyRows
        isFirst = false
      }
    }
  }
  return document(results, table, tidy)
}

/// What the conventions of the spec's own are; empty where there are none.
private func own(_ parts: [FairnessPart], _ results: RecordSet) -> String {
  let known = EvaluationConvention.knownNames
  var names: [String] = []
  for part in parts where !known.contains(part.convention) && !names.contains(part.convention) {
    names.append(part.convention)
  }
  return names.compactMap { name in
    results.switches(ofConvention: name).map { "\(name): \($0). " }
  }.joined()
}

private func document(_ results: RecordSet, _ table: Table, _ tidy: [TidyRow]) -> ReportDocument {
  ReportDocument(
    name: "calibration", title: "Threshold calibration",
    reading: [
      "A personal network is free to put its scores on a scale of its own; one threshold for all of "
        + "them is a weak point that calibration on development rows can mend without any sample of "
        + "an evaluated person beyond the reference.",
      ReadingNotes.repeats(results.repeats), ReadingNotes.interval,
    ], tables: [table], tidy: tidy, isSynthetic: results.isSynthetic,
    provenance: ProvenanceSummary(results.records))
}

/// One system under one convention.
private struct CalibrationRow {
  let part: FairnessPart
  /// The same system under the default convention; nil where that was not asked for.
  let base: FairnessPart?
  let place: (extractor: String, dataset: String)
  let configuration: SystemConfiguration

  private let measures = [FairnessMeasure.fnmr, .fdr, .igarbe]

  private func summary(_ measure: FairnessMeasure) -> CellSummary {
    part.summary(measure, place.dataset, place.extractor, configuration)
  }

  private func difference(_ measure: FairnessMeasure) -> SystemDifference? {
    guard let base, base.convention != part.convention else { return nil }
    let records = part.results.records(place.dataset, place.extractor, configuration)
    return SystemDifference(
      part.query(measure), in: records, minus: base.query(measure), in: records)
  }

  var cells: [TableCell] {
    var cells = [
      TableCell(
        summary(.fnmr).attainedFMR.map(CellFormat.scientific) ?? CellFormat.notAvailable)
    ]
    for measure in measures {
      let layout = CellLayout(format: measure.format, expectedRepeats: part.results.repeats)
      cells.append(layout.value(summary(measure)))
      cells.append(difference(measure).map { layout.paired($0) } ?? .blank)
    }
    return cells
  }

  var tidyRows: [TidyRow] {
    let isSynthetic = part.results.isSynthetic
    return measures.flatMap { measure -> [TidyRow] in
      var rows = [
        TidyRow(
          summary(measure), dataset: place.dataset, extractor: place.extractor,
          configuration: configuration, query: part.query(measure), published: nil,
          isSynthetic: isSynthetic)
      ]
      if let difference = difference(measure) {
        var row = TidyRow(
          difference, dataset: place.dataset, extractor: place.extractor,
          configuration: configuration, minus: configuration, query: part.query(measure),
          isSynthetic: isSynthetic)
        row.system = configuration.system
        row.note = ["minus the default convention", row.note].filter { !$0.isEmpty }
          .joined(separator: "; ")
        rows.append(row)
      }
      return rows
    }
  }
}
