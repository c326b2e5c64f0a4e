import Foundation
import TestSupport
import Testing

import Reports

@Suite("Tables as LaTeX")
struct LaTeXTests {
  private func document(_ tables: [Table]) -> ReportDocument {
    ReportDocument(
      name: "made-up", title: "Made up", reading: [], tables: tables, tidy: [], isSynthetic: false,
      provenance: ProvenanceSummary(of: [], title: ""))
  }

  private func table(columns: [TableColumn], rows: [TableRow]) -> Table {
    Table(
      name: "made-up", title: "Table 2, default convention: FNMR at FMR = 1e-3",
      caption: "How to read it.", isSynthetic: false, columns: columns, rows: rows)
  }

  @Test("Powers of ten are set as such, where they stand alone")
  func powersOfTen() {
    #expect(LaTeXWriter.escaped("at FMR 1e-3") == "at FMR $10^{-3}$")
    #expect(LaTeXWriter.escaped("9.98e-4, −3e−7") == "$9.98\\cdot 10^{-4}$, $-$$3\\cdot 10^{-7}$")
    for name in ["table2-at-1e-2", "hash 5e8db6", "x1e3", "12e4", "1e", "1e-"] {
      #expect(!LaTeXWriter.escaped(name).contains("10^"), "\(name)")
    }
  }

  @Test("What no font has is named by its number")
  func otherScripts() {
    #expect(LaTeXWriter.escaped("é 人 👩‍👩") == "é [U+4EBA] [U+1F469][U+200D][U+1F469]")
  }

  @Test("Words that are too long for a line may end behind signs, or anywhere")
  func longWords() {
    let word = "paper+horizon=30+batches=shuffled"
    #expect(LaTeXWriter.atoms(word).joined() == word)
    #expect(LaTeXWriter.atoms(word).first == "paper+")
    let signless = String(repeating: "w", count: 100)
    #expect(LaTeXWriter.atoms(signless).joined() == signless)
    #expect(LaTeXWriter.atoms(signless).allSatisfy { LaTeXWriter.width(of: $0) < 9 })
    #expect(LaTeXWriter.atoms("short+word") == ["short+word"])
  }

  @Test("The caption is the title without the paper's number, which the class counts itself")
  func captions() {
    var made = table(columns: [], rows: [])
    #expect(made.captionTitle == "FNMR at FMR = 1e-3, default convention")
    made.title = "Table 3b: inference of gender"
    #expect(made.captionTitle == "Inference of gender")
    made.title = "Claims: answer by answer"
    #expect(made.captionTitle == "Claims: answer by answer")
    made.isSynthetic = true
    #expect(made.captionTitle == "SYNTHETIC · Claims: answer by answer")
  }

  @Test("A narrow table stands in a column, a wider one in both, the widest in panels")
  func widths() {
    func layout(_ columns: Int) -> LaTeXLayout {
      let cells = (0..<columns).map { _ in TableCell("0.1234", detail: "[0.1000, 0.2000]") }
      return LaTeXLayout(
        table(
          columns: TableColumn.labels("Dataset")
            + (0..<columns).map { TableColumn("MOTE (paper)", group: "Extractor \($0 / 2)") },
          rows: [TableRow("LFW", cells)]))
    }
    #expect(layout(3).width == .column)
    #expect(layout(6).width == .text)
    #expect(layout(6).panels.count == 1)
    let wide = layout(20)
    #expect(wide.panels.count > 1)
    #expect(wide.panels.flatMap { $0.columns.dropFirst() } == Array(1...20))
    // Groups stay together.
    #expect(wide.panels.allSatisfy { $0.columns.count % 2 == 1 })
  }

  @Test("The compact form goes without counts and published values and says notes by kind")
  func compactForm() {
    var value = TableRow("All", [TableCell("0.1")])
    value.cells[1].notes = [Footnote("one person causes 43 %", brief: "one person causes much")]
    let counts = TableRow(
      "errors/trials", [TableCell("1/10")], style: .secondary, isSupplement: true)
    let made = table(
      columns: TableColumn.labels("Group") + [TableColumn("MOTE")], rows: [value, counts])
    let compact = LaTeXWriter.text(made, in: document([made]))
    let full = LaTeXWriter.text(made, in: document([made]), form: .full)
    #expect(!compact.contains("1/10") && full.contains("1/10"))
    #expect(compact.contains("one person causes much") && !compact.contains("43"))
    #expect(full.contains("one person causes 43 \\%"))
    #expect(
      compact.contains("\\label{tab:-made-up}") && full.contains("\\label{tab:-made-up-full}"))
  }

  @Test("A table longer than a page becomes several, each with its labels")
  func longTables() {
    let rows = (0..<200).map { i in
      TableRow([TableCell(i == 0 ? "LFW" : ""), TableCell("\(i)")], opensBlock: i == 0)
    }
    let made = table(
      columns: TableColumn.labels("Dataset") + [TableColumn("Value")], rows: rows)
    let parts = LaTeXParts.of(made, LaTeXLayout(made), reading: [])
    #expect(parts.count > 1)
    #expect(parts.flatMap { $0.rows.map { $0.cells[1].value } } == (0..<200).map { "\($0)" })
    #expect(parts.allSatisfy { $0.rows[0].cells[0].value == "LFW" })
  }

  /// Whether what compiles papers is installed.
  static let hasTeX = FileManager.default.isExecutableFile(atPath: "/usr/bin/pdflatex")

  @Test(
    "Names of any characters compile, in lines that are none too wide",
    .enabled(if: hasTeX, "pdflatex is not installed"))
  func compiles() throws {
    let names = [
      "a_b & 50 % of #1 {x} ~ ^ \\ <|> – − ± ≥ $5", "é人ß\u{202e}", "[1]", "*", "\"quoted\"",
      String(repeating: "long", count: 60), "x+y=1e-3",
      String(repeating: "some words of a sentence ", count: 20),
    ]
    var made = table(
      columns: TableColumn.labels("Dataset", "Sentence")
        + [TableColumn("MOTE (paper-annealed+horizon=30)", unit: "%", group: "A_B")],
      rows: names.flatMap { name in
        [
          TableRow(
            [
              TableCell(name), TableCell(name, footnotes: [name]),
              TableCell("0.1234", detail: "[0.1000, 0.2000]", isBold: true),
            ], opensBlock: true),
          TableRow([.blank, TableCell(name), TableCell("7/9", detail: "(x)")], style: .secondary),
        ]
      })
    made.caption = names.joined(separator: "; ")
    let folder = try temporaryFolder("mote-latex")
    let text = LaTeXWriter.text(made, in: document([made]), form: .full)
    // The class of every installation; the text is no narrower than there.
    let paper = """
      \\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{times,booktabs}
      \\setlength{\\textwidth}{516pt}\\setlength{\\textheight}{700pt}\\begin{document}
      \(text)\\end{document}
      """
    try Data(paper.utf8).write(to: folder.appendingPathComponent("paper.tex"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/pdflatex")
    process.arguments = ["-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let log = String(
      decoding: try Data(contentsOf: folder.appendingPathComponent("paper.log")), as: UTF8.self)
    #expect(process.terminationStatus == 0, "\(log.suffix(2000))")
    let wide = log.split(separator: "\n").filter { $0.hasPrefix("Overfull \\hbox") }
    #expect(wide.isEmpty, "\(wide)")
  }
}
