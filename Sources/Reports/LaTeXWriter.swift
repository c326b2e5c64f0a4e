/// Writes one table as a `tabular` fragment, ready to paste into a `table` environment.
///
/// Needs the booktabs package and nothing else; group headings are `\multicolumn` with `\cmidrule`,
/// datasets are named in the first row of their block (no multirow). Footnotes follow the tabular.
package enum LaTeXWriter {
  package static func text(_ table: Table, in document: ReportDocument) -> String {
    let marks = table.footnoteMarks
    var lines = comments(table, in: document)
    lines.append("\\begin{tabular}{\(table.columns.map { letter($0.alignment) }.joined())}")
    lines.append("\\toprule")
    if table.isSynthetic {
      lines.append(
        "\\multicolumn{\(table.columns.count)}{c}{\\textbf{SYNTHETIC DATA}} \\\\\n\\midrule")
    }
    lines += header(table)
    lines.append("\\midrule")
    for (i, row) in table.rows.enumerated() {
      if row.opensBlock && i > 0 { lines.append("\\midrule") }
      lines.append(
        row.cells.map { cell($0, style: row.style, marks: marks) }
          .joined(separator: " & ") + " \\\\")
    }
    lines += ["\\bottomrule", "\\end{tabular}"]
    if !table.footnotes.isEmpty {
      let notes = table.footnotes.map {
        "\\textsuperscript{\(marks[$0]!)}~\(escaped($0))"
      }
      lines.append(
        "\\par\\smallskip{\\footnotesize \(notes.joined(separator: "; "))\\par}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Command, caption and provenance; each line of the document is one comment line.
  private static func comments(_ table: Table, in document: ReportDocument) -> [String] {
    ([document.generatedLine, table.fullTitle, "Needs \\usepackage{booktabs}."]
      + ["Caption: \(table.fullCaption)"] + document.reading
      + document.provenance.lines.map { "\($0.label): \($0.text)" })
      .map { "% " + $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
  }

  private static func header(_ table: Table) -> [String] {
    var lines: [String] = []
    let groups = table.columnGroups
    if groups.contains(where: { $0.title != nil }) {
      lines.append(
        groups.map { group in
          guard let title = group.title else { return "" }
          return "\\multicolumn{\(group.columns.count)}{c}{\(escaped(title))}"
        }.joined(separator: " & ") + " \\\\")
      lines.append(
        groups.filter { $0.title != nil }.map {
          "\\cmidrule(lr){\($0.columns.lowerBound + 1)-\($0.columns.upperBound)}"
        }.joined(separator: " "))
    }
    lines.append(table.columns.map { escaped($0.heading) }.joined(separator: " & ") + " \\\\")
    return lines
  }

  private static func cell(
    _ cell: TableCell, style: TableRow.Style, marks: [String: String]
  ) -> String {
    var text = escaped(cell.value)
    if cell.isBold { text = "\\textbf{\(text)}" }
    if !cell.footnotes.isEmpty {
      text += "\\textsuperscript{\(cell.footnotes.map { marks[$0]! }.joined(separator: ","))}"
    }
    // Straight after \\ a bracket would be read as its optional argument and an asterisk as part of it.
    if text.hasPrefix("[") || text.hasPrefix("*") { text = "{}" + text }
    if !cell.detail.isEmpty {
      text += (text.isEmpty ? "" : " ") + "{\\scriptsize \(escaped(cell.detail))}"
    }
    return style == .secondary && !text.isEmpty ? "{\\footnotesize \(text)}" : text
  }

  private static func letter(_ alignment: ColumnAlignment) -> String {
    switch alignment {
    case .left: "l"
    case .right: "r"
    case .centre: "c"
    }
  }

  /// Text in which every character stands for itself, in ASCII so that any engine takes it.
  package static func escaped(_ text: String) -> String {
    text.map { special[$0] ?? String($0) }.joined()
  }

  private static let special: [Character: String] = [
    "\\": "\\textbackslash{}", "&": "\\&", "%": "\\%", "$": "\\$", "#": "\\#", "_": "\\_",
    "{": "\\{", "}": "\\}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "–": "--", "—": "---",
    "−": "$-$", "±": "$\\pm$", "≥": "$\\ge$", "≤": "$\\le$", "×": "$\\times$", "∞": "$\\infty$",
    "·": "$\\cdot$", "“": "``", "”": "''", "’": "'", "…": "\\dots{}", "α": "$\\alpha$",
    "→": "$\\to$",
  ]
}
