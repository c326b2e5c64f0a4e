import Biometrics
import Foundation
import Records
import Specs

extension ReportOutput {
  /// The output of a name.
  ///
  /// - Throws: `ReportError.unknownOutput` that lists the known names.
  package init(named name: String) throws {
    guard let output = ReportOutput(rawValue: name) else {
      throw ReportError.unknownOutput(name, known: ReportOutput.allCases.map(\.rawValue))
    }
    self = output
  }

  /// Whether the records hold anything that this output shows.
  package func isApplicable(to results: RecordSet, attacks: AttackRecordSet) -> Bool {
    func has(_ quantity: Quantity) -> Bool {
      results.records.contains { $0.measurements.contains { $0.quantity == quantity } }
    }
    switch self {
    case .table1: return has(.accuracy)
    case .table2: return has(.fnmr)
    case .figure3: return results.records.contains { !$0.curves.isEmpty }
    case .table3: return attacks.questions.contains { $0.attribute == "gender" }
    case .table3b, .attackDistributions: return !attacks.isEmpty
    case .attackGallery:
      return attacks.records.contains { $0.reports.contains { !$0.galleryCurve.isEmpty } }
    case .table4: return has(.fdr)
    case .sweep: return !sweepFigures(results).isEmpty
    case .calibration:
      // Nothing to compare where the records hold the two usual conventions alone.
      let usual: Set = ["default", "paper-compatible"]
      return has(.fdr)
        && !Set(results.distinct(of: .fdr, \.convention)).subtracting(usual).isEmpty
    case .report: return true
    case .table5: return false
    }
  }
}

/// What a rendering left behind.
package struct RenderedOutputs: Sendable {
  /// Written files, in order.
  package var files: [URL] = []
  /// The tables as Markdown, for standard output.
  package var markdown = ""
  /// What the user should know: no published values found, no PDF converter, ….
  package var warnings: [String] = []
}

/// Renders outputs of an experiment from its records: `folder/records/*.json` and
/// `folder/records/attacks/*.json` in, files in
/// `folder/tables` and `folder/figures` and `folder/report.html` out. Nothing is trained or scored.
///
/// - Parameters:
///   - folder: results folder of the experiment.
///   - outputs: names as in a spec; nil: all for which the records hold something.
///   - published: folder with the paper's values; nil: `experiments/published` is looked for from
///     the current folder and from `folder` upwards.
/// - Throws: `ReportError` for an unknown output, missing or bad records, or a file that cannot be
///   written. Every file is complete or absent.
package func renderOutputs(
  experiment folder: URL, outputs: [String]? = nil, published: URL? = nil
) throws -> RenderedOutputs {
  let wanted = try outputs.map { try $0.map(ReportOutput.init(named:)) }
  let records = try ExperimentRecords(folder: folder)
  let (results, attacks, costs) = (records.results, records.attacks, records.costs)
  var rendered = RenderedOutputs()
  let values: PublishedValues
  if let source = published ?? publishedFolder(near: folder) {
    values = try PublishedValues(folder: source)
  } else {
    values = .none
    rendered.warnings.append(
      "no folder 'experiments/published' above the current folder or '\(folder.path)': "
        + "tables are written without the paper's values")
  }
  let applicable = ReportOutput.allCases.filter {
    $0 == .table5 ? !costs.isEmpty : $0.isApplicable(to: results, attacks: attacks)
  }
  for output in wanted ?? applicable {
    guard applicable.contains(output) else {
      rendered.warnings.append(
        output == .table5
          ? "output 'table5' left out: nothing is measured yet, 'Harness measure SPEC' does that"
          : "output '\(output.rawValue)' left out: the records hold nothing that it shows")
      continue
    }
    switch output {
    case .table1: try render(table1(results, published: values), in: folder, &rendered)
    case .table2: try render(table2(results, published: values), in: folder, &rendered)
    case .figure3:
      for figure in figure3(results) {
        try render(figure, output: output, in: folder, &rendered)
      }
    case .table5:
      try render(table5(costs, published: values), in: folder, &rendered)
      try render(identificationFigure(costs), output: output, in: folder, &rendered)
    case .table3: try render(table3(attacks, published: values), in: folder, &rendered)
    case .table3b: try render(table3b(attacks), in: folder, &rendered)
    case .attackDistributions:
      for figure in attackDistributions(attacks) {
        try render(figure, output: output, in: folder, &rendered)
      }
    case .attackGallery:
      for figure in attackGallery(attacks) {
        try render(figure, output: output, in: folder, &rendered)
      }
    case .table4: try render(table4(results, published: values), in: folder, &rendered)
    case .sweep:
      for figure in sweepFigures(results) {
        try render(figure, output: output, in: folder, &rendered)
      }
    case .calibration: try render(calibrationTable(results), in: folder, &rendered)
    case .report:
      let page = HTMLReport.text(
        results, attacks: attacks,
        documents: [
          applicable.contains(.table1) ? table1(results, published: values) : nil,
          applicable.contains(.table2) ? table2(results, published: values) : nil,
          applicable.contains(.table3) ? table3(attacks, published: values) : nil,
          applicable.contains(.table3b) ? table3b(attacks) : nil,
          applicable.contains(.table4) ? table4(results, published: values) : nil,
          applicable.contains(.calibration) ? calibrationTable(results) : nil,
        ].compactMap { $0 },
        figures: figure3(results) + sweepFigures(results)
          + (attacks.isEmpty ? [] : attackDistributions(attacks) + attackGallery(attacks)))
      let file = folder.appendingPathComponent("report.html")
      try writeAtomically(page, to: file)
      rendered.files.append(file)
    }
  }
  return rendered
}

/// The results folder that a user means: a folder with records, or an experiment's name or spec file
/// whose folder lies in `results`.
///
/// - Throws: `ReportError.noSuchExperiment` that lists where was looked.
package func resultsFolder(of experiment: String, in results: URL) throws -> URL {
  let given = URL(fileURLWithPath: experiment)
  let name =
    ["yaml", "yml"].contains(given.pathExtension)
    ? given.deletingPathExtension().lastPathComponent : experiment
  let candidates = [given, results.appendingPathComponent(name)]
  let found = candidates.first {
    FileManager.default.fileExists(atPath: $0.appendingPathComponent("records").path)
  }
  guard let found else {
    throw ReportError.noSuchExperiment(
      experiment, looked: candidates.map { $0.appendingPathComponent("records").relativePath })
  }
  return found
}

/// Writes a document as CSV, Markdown, and one LaTeX fragment per table.
private func render(
  _ document: ReportDocument, in folder: URL, _ rendered: inout RenderedOutputs
) throws {
  let tables = folder.appendingPathComponent("tables")
  let markdown = MarkdownWriter.text(document)
  rendered.markdown += (rendered.markdown.isEmpty ? "" : "\n") + markdown
  var texts = [
    ("\(document.name).csv", CSVWriter.text(document)), ("\(document.name).md", markdown),
  ]
  texts += document.tables.map { ("\($0.name).tex", LaTeXWriter.text($0, in: document)) }
  for (name, text) in texts {
    let file = tables.appendingPathComponent(name)
    try writeAtomically(text, to: file)
    rendered.files.append(file)
  }
}

/// Writes a figure as SVG and PGFPlots, and as PDF and PNG where the converter is installed.
private func render(
  _ figure: Figure, output: ReportOutput, in folder: URL, _ rendered: inout RenderedOutputs
) throws {
  let figures = folder.appendingPathComponent("figures")
  let svg = figures.appendingPathComponent("\(figure.name).svg")
  let tex = figures.appendingPathComponent("\(figure.name).tex")
  try writeAtomically(SVGPlot.text(figure, output: output.rawValue), to: svg)
  try writeAtomically(PGFPlotsWriter.text(figure, output: output.rawValue), to: tex)
  rendered.files += [svg, tex]
  guard let converter = VectorConverter() else {
    if !rendered.warnings.contains(VectorConverter.missingNote) {
      rendered.warnings.append(VectorConverter.missingNote)
    }
    return
  }
  for format in ["pdf", "png"] {
    let file = figures.appendingPathComponent("\(figure.name).\(format)")
    try converter.convert(svg, to: file)
    rendered.files.append(file)
  }
}

/// The folder with the paper's values nearest to the current folder, else to `folder`.
private func publishedFolder(near folder: URL) -> URL? {
  let current = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
  for start in [current, folder.standardizedFileURL] {
    var place = start
    while true {
      let candidate = place.appendingPathComponent("experiments/published")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
      let parent = place.deletingLastPathComponent()
      if parent.path == place.path { break }
      place = parent
    }
  }
  return nil
}

/// Writes a text so that the file is complete or untouched; makes its folder.
func writeAtomically(_ text: String, to file: URL) throws {
  do {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file, options: .atomic)
  } catch {
    throw ReportError.notWritable(file: file.path, reason: error.localizedDescription)
  }
}
