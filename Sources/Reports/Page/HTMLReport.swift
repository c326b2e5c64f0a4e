import Foundation
import Records
import Results
import Specs

/// One self-contained page of an experiment: answers first, then tables, figures, sizes, audit, warnings
/// and provenance, folded, each with its files inside the page.
///
/// No scripts and no references to other files, so that it can be mailed and archived. Links into a folded
/// section open it, and printing shows all: browsers do both since 2025.
package enum HTMLReport {
  /// The page.
  ///
  /// - Parameter folder: results folder of the experiment; PDF files are taken from there, where one lies
  ///   beside the drawing that stands on the page.
  static func text(_ contents: PageContents, folder: URL?) -> String {
    var identifiers = PageIdentifiers()
    let main = contents.mainFigures().map(\.name)
    var figures: [String: PageFigure] = [:]
    var parts: [PagePart] = []
    for section in contents.sections {
      let id = identifiers.identifier(section.output.rawValue)
      var own: [PageFigure] = []
      for figure in section.figures {
        let drawn = PageFigure(
          figure, output: section.output, id: identifiers.identifier("figure-\(figure.name)"),
          folder: folder)
        figures[figure.name] = drawn
        own.append(drawn)
      }
      let tables = section.documents.map { document in
        document.tables.map { identifiers.identifier("table-\($0.name)") }
      }
      parts.append(PagePart(section, id: id, tables: tables, figures: own, onTop: main))
    }
    let page = PageAssembly(
      contents: contents, parts: parts, main: main.compactMap { figures[$0] })
    let files = parts.flatMap(\.files)
    let bare = page.text(PageBudget(files, used: PageBudget.bytes))
    return page.text(PageBudget(files, used: bare.utf8.count - PageBudget.kept(in: bare)))
  }
}

/// One output with the identifiers of what it shows.
struct PagePart {
  let section: PageSection
  let id: String
  /// Of the tables, document by document.
  let tables: [[String]]
  let figures: [PageFigure]
  /// Names of the figures that stand on the first screen.
  let onTop: [String]
  /// All numbers of each document, and its tables as LaTeX; made once, for the page is laid out twice.
  private let tidy: [PageFile]
  private let latex: [[[PageFile]]]
  private let rows: [PageFile]

  init(
    _ section: PageSection, id: String, tables: [[String]], figures: [PageFigure], onTop: [String]
  ) {
    (self.section, self.id, self.tables) = (section, id, tables)
    (self.figures, self.onTop) = (figures, onTop)
    tidy = section.documents.map {
      PageFile(.tableCSV, "\($0.name).csv", CSVWriter.text($0))
    }
    latex = section.documents.map { document in
      document.tables.map { table in
        LaTeXWriter.files(table, in: document).enumerated().map {
          PageFile($0 == 0 ? .latex : .fullLaTeX, $1.name, $1.text)
        }
      }
    }
    rows = section.rows.map { PageFile(.tableCSV, $0.name, $0.text) }
  }

  /// Everything it has to download.
  var files: [PageFile] {
    zip(tidy, latex).flatMap { [$0] + $1.joined() } + rows + figures.flatMap(\.files)
  }

  /// What stands in the folded section, HTML.
  func body(_ budget: PageBudget) -> String {
    var text = ""
    if tables.joined().count > 3 { text += list }
    for (d, document) in section.documents.enumerated() {
      text += Self.reading(document.reading)
      text += budget.line(
        [tidy[d]] + rows, folder: "tables", output: section.output, label: "All numbers")
      for (t, table) in document.tables.enumerated() {
        let files = budget.line(latex[d][t], folder: "tables", output: section.output)
        text += HTMLTableWriter.text(table, id: tables[d][t], files: files) + "\n"
      }
    }
    for figure in figures {
      text +=
        onTop.contains(figure.figure.name)
        ? "<p class=\"note\">\(SVGCanvas.escaped(figure.figure.fullTitle)): "
          + "<a href=\"#\(figure.id)\">on the first screen</a></p>\n"
        : figure.text(budget)
    }
    return text
  }

  /// How to read the tables: the first sentence, and behind a fold the others where they are many.
  private static func reading(_ sentences: [String]) -> String {
    func list(_ some: ArraySlice<String>) -> String {
      let items = some.map { "<li>\(SVGCanvas.escaped($0))</li>" }.joined()
      return items.isEmpty ? "" : "<ul class=\"reading\">\(items)</ul>\n"
    }
    guard sentences.count > 3 else { return list(sentences[...]) }
    return list(sentences.prefix(1))
      + "<details class=\"more\"><summary>How to read these tables: "
      + "\(sentences.count - 1) more sentences</summary>\n\(list(sentences.dropFirst()))</details>\n"
  }

  /// Links to the tables of a section that has many.
  private var list: String {
    let titles = section.documents.flatMap(\.tables).map {
      $0.title.replacing(" (\(DevelopmentMark.text))", with: "")
    }
    let links = zip(titles, tables.joined()).map {
      "<li><a href=\"#\($1)\">\(SVGCanvas.escaped($0))</a></li>"
    }
    return "<ul class=\"inside\">\(links.joined())</ul>\n"
  }
}

/// One figure with its drawing and its files.
struct PageFigure {
  let figure: Figure
  let output: ReportOutput
  let id: String
  let files: [PageFile]
  private let drawing: String

  init(_ figure: Figure, output: ReportOutput, id: String, folder: URL?) {
    (self.figure, self.output, self.id) = (figure, output, id)
    let svg = SVGPlot.text(figure, output: output.rawValue)
    // Names inside a drawing are those of its figure, which may be named after any dataset; on the page
    // they are the identifier's.
    var named = figure
    named.name = id
    drawing = Self.inline(
      named.name == figure.name ? svg : SVGPlot.text(named, output: output.rawValue),
      title: figure.fullTitle)
    let name = figure.name
    files =
      [
        PageFile(.svg, "\(name).svg", svg),
        PageFile(.figureCSV, "\(name).csv", FigureCSV.text(figure)),
        PageFile(.pgfplots, "\(name).tex", PGFPlotsWriter.text(figure, output: output.rawValue)),
        PageFile(
          .caption, "\(name).caption.tex", FigureCaption.text(figure, output: output.rawValue)),
      ]
      + (folder.flatMap { Self.pdf(name, of: svg, in: $0) }.map {
        [PageFile(.pdf, "\(name).pdf", $0)]
      } ?? [])
  }

  /// The drawing without its leading comment, which belongs to the file of its own, named for those who do
  /// not see it, with its width for the style sheet.
  private static func inline(_ svg: String, title: String) -> String {
    let lines = svg.split(separator: "\n", maxSplits: 1)
    let drawing = lines[0].hasPrefix("<!--") ? String(lines[1]) : svg
    var width = "700px"
    if let found = drawing.firstMatch(of: /<svg[^>]*? width="([0-9.]+)(pt)?"/) {
      // What is made for a column of a paper is small on a screen.
      width = found.2 == nil ? "\(found.1)px" : "calc(1.3 * \(found.1)pt)"
    }
    return drawing.replacing(
      "<svg ", with: "<svg aria-label=\"\(SVGCanvas.escaped(title))\" style=\"--w:\(width)\" ",
      maxReplacements: 1)
  }

  /// The PDF beside the same drawing in the results folder, made after it; nil where there is none.
  private static func pdf(_ name: String, of svg: String, in folder: URL) -> Data? {
    guard !name.contains("/"), !name.hasPrefix(".") else { return nil }
    let figures = folder.appendingPathComponent("figures")
    let files = ["svg", "pdf"].map { figures.appendingPathComponent("\(name).\($0)") }
    guard let drawn = try? Data(contentsOf: files[0]), drawn == Data(svg.utf8) else { return nil }
    func changed(_ file: URL) -> Date? {
      (try? FileManager.default.attributesOfItem(atPath: file.path))?[.modificationDate] as? Date
    }
    guard let before = changed(files[0]), let after = changed(files[1]), after >= before else {
      return nil
    }
    return try? Data(contentsOf: files[1])
  }

  /// Drawing, caption and files, HTML.
  func text(_ budget: PageBudget) -> String {
    """
    <figure class="drawing\(figure.width == .full ? " wide" : "")" id="\(id)">
    <div class="canvas" role="region" tabindex="0" aria-labelledby="\(id)-title">
    \(drawing)</div>
    <figcaption><h3 id="\(id)-title">\(SVGCanvas.escaped(figure.fullTitle))</h3>\
    <p>\(SVGCanvas.escaped(figure.fullCaption))</p></figcaption>
    \(budget.line(files, folder: "figures", output: output))</figure>

    """
  }
}
