// What a threshold is set on and for whom: shared, per group, per subject, from the development set.
import Biometrics
import Records
import Results
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
      + own(parts, results) + ReadingNotes.interval([.fnmr, .fdr, .igarbe])
      + " Δ: difference from the default convention of the same system. " + ReadingNotes.paired,
    isSynthetic: results.isSynthetic,
    columns: TableColumn.labels("Extractor", "Dataset", "System", "Convention")
      + ["FMR reached", "FNMR", "Δ FNMR", "FDR", "Δ FDR", "iGARBE", "Δ iGARBE"].map {
        TableColumn($0)
      })
  var tidy: [TidyRow] = []
  let namesTarget = parts.map(\.target).distinct().count > 1
  for place in parts.first?.places ?? [] {
    var rows: [TableRow] = []
    for configuration in results.configurations where !configuration.isMadeForReadings {
      let own = parts.filter { configuration.isTraditional || $0.preset == configuration.preset }
      var seen: Set<String> = []
      let lines = own.filter { seen.insert($0.convention + "\($0.target)").inserted }
      for (i, part) in lines.enumerated() {
        let base = lines.first { $0.convention == "default" && $0.target == part.target }
        let line = CalibrationLine(
          part: part, base: base, system: results.at(place, configuration))
        rows.append(
          TableRow(
            i == 0 ? configuration.title : "",
            [
              TableCell(
                part.convention
                  + (namesTarget ? " at FMR \(CellFormat.target(part.target))" : ""))
            ] + line.cells))
        tidy += line.tidyRows
      }
    }
    table.rows += TableRow.block([place.extractor, place.dataset], rows)
  }
  return ReportDocument(
    name: "calibration", title: "Threshold calibration",
    reading: [
      "A personal network is free to put its scores on a scale of its own; one threshold for all of "
        + "them is a weak point that calibration on development rows can mend without any sample of "
        + "an evaluated person beyond the reference.",
      ReadingNotes.repeats(results.repeats),
    ], tables: [table], tidy: tidy, isSynthetic: results.isSynthetic,
    provenance: results.provenance)
}

/// What the conventions of the spec's own are; empty where there are none.
private func own(_ parts: [FairnessPart], _ results: RecordSet) -> String {
  let names = parts.map(\.convention).distinct()
    .filter { !EvaluationConvention.knownNames.contains($0) }
  return names.compactMap { name in
    results.switches(ofConvention: name).map { "\(name): \($0). " }
  }.joined()
}

/// One system under one convention.
private struct CalibrationLine {
  let part: FairnessPart
  /// The same system under the default convention; nil where that was not asked for.
  let base: FairnessPart?
  let system: SystemResults

  private static let measures = [FairnessMeasure.fnmr, .fdr, .igarbe]

  private func difference(_ quantity: Quantity) -> SystemDifference? {
    guard let base, base.convention != part.convention else { return nil }
    return SystemDifference(
      part.query(quantity), in: system.records, minus: base.query(quantity), in: system.records)
  }

  var cells: [TableCell] {
    let reached = system.summary(part.query(.fnmr)).attainedFMR
    return [TableCell(reached.map(CellFormat.scientific) ?? CellFormat.notAvailable)]
      + Self.measures.flatMap { measure in
        let layout = CellLayout(format: measure.format, expectedRepeats: part.results.repeats)
        return [
          layout.value(system.summary(part.query(measure.quantity))),
          difference(measure.quantity).map(layout.paired) ?? .blank,
        ]
      }
  }

  var tidyRows: [TidyRow] {
    Self.measures.flatMap { measure -> [TidyRow] in
      let query = part.query(measure.quantity)
      guard let difference = difference(measure.quantity) else { return [system.tidyRow(query)] }
      var row = system.tidyRow(query, difference, system: system.configuration.system)
      row.note = ["minus the default convention", row.note].filter { !$0.isEmpty }
        .joined(separator: "; ")
      return [system.tidyRow(query), row]
    }
  }
}
