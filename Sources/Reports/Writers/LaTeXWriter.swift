import Foundation

/// Writes one table as a `tabular` fragment, ready to paste into a `table` environment.
///
/// Needs the booktabs package and nothing else; group headings are `\multicolumn` with `\cmidrule`,
/// datasets are named in the first row of their block (no multirow). Footnotes follow the tabular.
package enum LaTeXWriter {
  package static func text(_ table: Table, in document: ReportDocument) -> String {
    let marks = table.footnoteMarks
    var lines = comments(table, in: document)
    lines.append(
      "\\begin{tabular}{\(table.columns.map { $0.alignment == .left ? "l" : "r" }.joined())}")
    lines.append("\\toprule")
    if table.isSynthetic {
      lines.append(
        "\\multicolumn{\(table.columns.count)}{c}{\\textbf{SYNTHETIC DATA}} \\\\\n\\midrule")
    }
    lines += header(table)
    lines.append("\\midrule")
    for (i, row) in table.rows.enumerated() {
      if i > 0 {
        if row.opensBlock {
          lines.append("\\midrule")
        } else if row.style == .body && table.rows[i - 1].style == .secondary {
          lines.append("\\addlinespace[2pt]")
        }
      }
      lines += body(row, marks: marks)
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
      + ["For the environment:", caption(table, in: document)] + document.reading
      + document.provenance.lines.map { "\($0.label): \($0.text)" })
      .map { "% " + $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
  }

  /// `\caption` and `\label`, ready to be taken over; experiment and table make the label unique.
  private static func caption(_ table: Table, in document: ReportDocument) -> String {
    let title = document.provenance.title
    return "\\caption{\(title.isEmpty ? "" : escaped(title) + ". ")\(escaped(table.fullCaption))}"
      + "\\label{tab:\(document.provenance.experiment)-\(table.name)}"
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
    // "MOTE (paper)" takes two lines: columns are as wide as their values.
    let headings = table.columns.map { column in
      let heading = column.heading
      guard let cut = heading.range(of: " (") else { return [heading, ""] }
      return [String(heading[..<cut.lowerBound]), String(heading[cut.lowerBound...].dropFirst())]
    }
    for line in 0..<2 where headings.contains(where: { !$0[line].isEmpty }) {
      lines.append(headings.map { escaped($0[line]) }.joined(separator: " & ") + " \\\\")
    }
    return lines
  }

  /// A row; the intervals of results stand in a line of their own below the values.
  private static func body(_ row: TableRow, marks: [String: String]) -> [String] {
    func line(_ texts: [String]) -> String {
      // Straight after \\ a bracket would be read as its argument, an asterisk as part of it.
      let isSpecial = texts[0].hasPrefix("[") || texts[0].hasPrefix("*")
      return (isSpecial ? "{}" : "") + texts.joined(separator: " & ") + " \\\\"
    }
    let details = row.cells.map {
      $0.detail.isEmpty ? "" : "{\\scriptsize \(escaped($0.detail))}"
    }
    let values = row.cells.map { cell in
      var text = escaped(cell.value)
      if cell.isBold { text = "\\textbf{\(text)}" }
      if !cell.footnotes.isEmpty {
        text += "\\textsuperscript{\(cell.footnotes.map { marks[$0]! }.joined(separator: ","))}"
      }
      return text
    }
    switch row.style {
    case .body:
      return [line(values)] + (details.contains { !$0.isEmpty } ? [line(details)] : [])
    case .secondary:
      return [
        line(
          zip(values, details).map { value, detail in
            value.isEmpty
              ? detail : "{\\footnotesize \(value)\(detail.isEmpty ? "" : " ")\(detail)}"
          })
      ]
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
    "→": "$\\to$", "Δ": "$\\Delta$", "≠": "$\\ne$",
  ]
}
