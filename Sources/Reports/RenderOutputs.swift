import Claims
import Files
import Foundation
import Records
import Results
import Specs
import Workers

/// What a rendering left behind.
package struct RenderedOutputs: Sendable {
  /// Written files, in order.
  package var files: [URL] = []
  /// The tables as Markdown, for standard output.
  package var markdown = ""
  /// What the records answer to the paper's claims, a line each.
  package var answers = ""
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
///   - onPage: names of the outputs that stand on the page; nil: all for which the records hold something.
///   - replacesEarlier: true in a run: what earlier runs have written and this one does not is
///     removed, so that the folder holds what a fresh one would.
///   - convertsFigures: figures are written as PDF and PNG too, where the converter is installed.
///   - published: folder with the paper's values; nil: `experiments/published` is looked for from
///     the current folder and from `folder` upwards.
///   - readClaims: reads the file of claims, `claims.yaml` in that folder, where there is one.
/// - Throws: `ReportError` for an unknown output or a file that cannot be written, `ResultsError` for
///   missing or bad records. Every file is complete or absent.
package func renderOutputs(
  experiment folder: URL, outputs: [String]? = nil, onPage: [String]? = nil,
  replacesEarlier: Bool = false,
  convertsFigures: Bool = true, published: URL? = nil,
  readClaims: (String) throws -> [Claim] = { _ in [] }
) throws -> RenderedOutputs {
  let wanted = try outputs.map { try $0.map(ReportOutput.init(named:)) }
  let shown = try onPage.map { Set(try $0.map(ReportOutput.init(named:))) }
  let records = try ExperimentRecords(folder: folder)
  var rendered = RenderedOutputs()
  let paper: Paper
  if let source = published ?? publishedFolder(near: folder) {
    paper = try Paper(folder: source, readClaims: readClaims)
  } else {
    paper = .none
    rendered.warnings.append(
      "no folder 'experiments/published' above the current folder or '\(folder.path)': "
        + "tables are written without the paper's values")
  }
  let beside = PaperBeside(paper, records, onPage: shown)
  let outputs = wanted ?? ReportOutput.allCases
  // The page holds files that the others write.
  let isPage = outputs.map { $0 == .report }
  var parts = [RenderedOutputs](repeating: RenderedOutputs(), count: outputs.count)
  for pages in [false, true] {
    let units = outputs.indices.filter { isPage[$0] == pages }
    try parts.withUnsafeMutableBufferPointer { parts in
      nonisolated(unsafe) let parts = parts
      try concurrently(
        units: units.count, workers: ProcessInfo.processInfo.activeProcessorCount
      ) { _, unit in
        let i = units[unit]
        parts[i] = try render(
          outputs[i], isWanted: wanted != nil, records, beside, in: folder,
          converts: convertsFigures)
      }
    }
  }
  for part in parts { rendered.append(part) }
  rendered.answers = answerLines(beside.answers)
  if let run = records.run {
    try remember(rendered.files, of: run, replacesEarlier: replacesEarlier, in: folder)
  }
  return rendered
}

extension RenderedOutputs {
  /// Adds what another rendering left behind; a warning stands once.
  fileprivate mutating func append(_ part: RenderedOutputs) {
    files += part.files
    if !markdown.isEmpty && !part.markdown.isEmpty { markdown += "\n" }
    markdown += part.markdown
    for warning in part.warnings where !warnings.contains(warning) { warnings.append(warning) }
  }
}

/// Renders one output.
///
/// - Parameter isWanted: it was asked for, so that a warning tells where it is left out.
private func render(
  _ output: ReportOutput, isWanted: Bool, _ records: ExperimentRecords, _ beside: PaperBeside,
  in folder: URL, converts: Bool
) throws -> RenderedOutputs {
  var rendered = RenderedOutputs()
  let declaration = OutputDeclaration.of(output)
  let contents =
    declaration.isApplicable(records) ? declaration.contents(records, beside) : []
  if contents.isEmpty && isWanted {
    let absence = declaration.absence.replacing("SPEC", with: records.specPath ?? "SPEC")
    rendered.warnings.append("output '\(output.rawValue)' left out: \(absence)")
  }
  for content in contents {
    switch content {
    case .document(let document):
      try render(document, in: folder.appendingPathComponent("tables"), &rendered)
    case .figure(let figure):
      try render(figure, output: output, in: folder, converts: converts, &rendered)
    case .sheet(let sheet):
      let svg = try place("\(sheet.name).svg", in: folder.appendingPathComponent("figures"))
      try writeAtomically(SVGContactSheet.text(sheet, output: output.rawValue), to: svg)
      let caption = svg.deletingPathExtension().appendingPathExtension("caption.tex")
      try writeAtomically(FigureCaption.text(sheet, output: output.rawValue), to: caption)
      rendered.files += [svg, caption]
      try convert(svg, converts: converts, &rendered)
    case .rows(let name, let text, let metadata):
      let file = try place(name, in: folder.appendingPathComponent("tables"))
      try writeAtomically(text, to: file)
      let sidecar = TableMetadata.file(beside: file)
      try writeAtomically(metadata.text, to: sidecar)
      rendered.files += [file, sidecar]
    case .page(let page):
      let file = folder.appendingPathComponent("report.html")
      try writeAtomically(HTMLReport.text(page, folder: folder), to: file)
      rendered.files.append(file)
    }
  }
  return rendered
}

extension Paper {
  /// Reads values and claims of a folder.
  ///
  /// - Throws: `ResultsError`, and what `readClaims` throws.
  package init(folder: URL, readClaims: (String) throws -> [Claim]) throws {
    let file = folder.appendingPathComponent("claims.yaml")
    self.init(
      values: try PublishedValues(folder: folder),
      claims: FileManager.default.fileExists(atPath: file.path)
        ? try readClaims(file.relativePath) : [])
  }
}

/// Removes what earlier runs have written: the present one has nothing to show.
package func removeOutputs(experiment folder: URL) throws {
  let run = try ResultsError.reading { () throws(RecordError) in
    try PresentRun.read(in: folder.path)
  }
  if let run { try remember([], of: run, replacesEarlier: true, in: folder) }
}

/// Remembers the files that are written, for the next run to replace.
///
/// - Parameter replacesEarlier: remove those that were written earlier and are not any more.
private func remember(
  _ files: [URL], of run: PresentRun, replacesEarlier: Bool, in folder: URL
) throws {
  var run = run
  let base = folder.standardizedFileURL.path + "/"
  let written = files.map { String($0.standardizedFileURL.path.dropFirst(base.count)) }
  let others = run.files.filter { !written.contains($0) }
  if replacesEarlier {
    // A folder from somebody else may name anything; what lies elsewhere is not ours to remove.
    for name in others where !name.hasPrefix("/") && !name.split(separator: "/").contains("..") {
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
  }
  let known = written + (replacesEarlier ? [] : others)
  if known == run.files { return }
  run.files = known
  let path = PresentRun.path(in: folder.path)
  do throws(StoreError) { try RecordFolder.write(run, to: path) } catch {
    throw ReportError.notWritable(file: path, reason: "\(error)")
  }
}

/// The file of a name in a folder. Names hold those of datasets, which in records from somebody else
/// may be anything.
///
/// - Throws: `ReportError.notWritable` for a name that leads out of the folder.
private func place(_ name: String, in folder: URL) throws(ReportError) -> URL {
  guard !name.contains("/"), !name.contains("\0"), !name.hasPrefix(".") else {
    throw .notWritable(
      file: folder.path,
      reason: "'\(name)', named after a dataset or a system of the records, leads out of the folder"
    )
  }
  return folder.appendingPathComponent(name)
}

/// Writes a document as CSV with what stands beside it, Markdown, and LaTeX: a table as a paper prints it,
/// and where there is more to it, all of it in `-full`.
///
/// - Parameter tables: folder of the files.
func render(
  _ document: ReportDocument, in tables: URL, _ rendered: inout RenderedOutputs
) throws {
  let markdown = MarkdownWriter.text(document)
  rendered.markdown += (rendered.markdown.isEmpty ? "" : "\n") + markdown
  var texts = [
    ("\(document.name).csv", CSVWriter.text(document)),
    ("\(document.name).meta.json", TableMetadata(document).text),
    ("\(document.name).md", markdown),
  ]
  for table in document.tables {
    texts += LaTeXWriter.files(table, in: document).map { ($0.name, $0.text) }
  }
  for (name, text) in texts {
    let file = try place(name, in: tables)
    try writeAtomically(text, to: file)
    rendered.files.append(file)
  }
}

/// Writes a figure as SVG, PGFPlots and CSV with its caption, and as PDF and PNG where the converter is installed.
private func render(
  _ figure: Figure, output: ReportOutput, in folder: URL, converts: Bool,
  _ rendered: inout RenderedOutputs
) throws {
  let figures = folder.appendingPathComponent("figures")
  let svg = try place("\(figure.name).svg", in: figures)
  let tex = figures.appendingPathComponent("\(figure.name).tex")
  try writeAtomically(SVGPlot.text(figure, output: output.rawValue), to: svg)
  try writeAtomically(PGFPlotsWriter.text(figure, output: output.rawValue), to: tex)
  let caption = figures.appendingPathComponent("\(figure.name).caption.tex")
  try writeAtomically(FigureCaption.text(figure, output: output.rawValue), to: caption)
  let csv = figures.appendingPathComponent("\(figure.name).csv")
  let sidecar = TableMetadata.file(beside: csv)
  try writeAtomically(FigureCSV.text(figure), to: csv)
  try writeAtomically(TableMetadata(figure, output: output.rawValue).text, to: sidecar)
  rendered.files += [svg, tex, caption, csv, sidecar]
  try convert(svg, converts: converts, &rendered)
}

/// Writes an SVG file as PDF and PNG, too, where the converter is installed; else those of an earlier picture
/// are removed, which would lie beside the new one.
private func convert(_ svg: URL, converts: Bool, _ rendered: inout RenderedOutputs) throws {
  let files = ["pdf", "png"].map { svg.deletingPathExtension().appendingPathExtension($0) }
  guard converts, let converter = VectorConverter() else {
    if converts && !rendered.warnings.contains(VectorConverter.missingNote) {
      rendered.warnings.append(VectorConverter.missingNote)
    }
    for file in files { try AtomicFile.remove(file.path) }
    return
  }
  for file in files {
    try converter.convert(svg, to: file)
    rendered.files.append(file)
  }
}
