import Foundation

/// Writes one table as floats that are complete: caption, label, notes; `table` where it fits a column of
/// IEEEtran's page, else `table*`; several where it is longer than a page.
///
/// Needs the booktabs package and nothing else; group headings are `\multicolumn` with `\cmidrule`,
/// datasets are named in the first row of their block (no multirow), long text wraps. Columns that do
/// not fit side by side stand below one another. The caption is the title; how to read the table stands
/// below it with the footnotes.
package enum LaTeXWriter {
  /// The files of a table: as a paper prints it, and where there is more to it, all of it.
  package static func files(
    _ table: Table, in document: ReportDocument
  ) -> [(name: String, text: String)] {
    let compact = table.compact
    let files = [("\(table.name).tex", text(laidOut: compact, in: document, form: .compact))]
    if compact == table { return files }
    return files + [("\(table.name)-full.tex", text(table, in: document, form: .full))]
  }

  /// One form of a table.
  package static func text(
    _ table: Table, in document: ReportDocument, form: LaTeXForm = .compact
  ) -> String {
    text(laidOut: form == .compact ? table.compact : table, in: document, form: form)
  }

  /// A table that has the wanted form.
  private static func text(
    laidOut table: Table, in document: ReportDocument, form: LaTeXForm
  ) -> String {
    let layout = LaTeXLayout(table)
    let parts = LaTeXParts.of(table, layout, reading: document.reading)
    let floats = parts.enumerated().map { i, part in
      float(
        part, layout, in: document, form: form, part: parts.count > 1 ? (i + 1, parts.count) : nil)
    }
    let text = floats.joined(separator: "\n")
    return (comments(table, layout, in: document, text) + floats).joined(separator: "\n") + "\n"
  }

  /// Command, title and provenance; each line of the document is one comment line.
  private static func comments(
    _ table: Table, _ layout: LaTeXLayout, in document: ReportDocument, _ text: String
  ) -> [String] {
    let needs =
      "Needs \\usepackage{booktabs}"
      + (text.contains(where: needsT1) ? " and \\usepackage[T1]{fontenc}" : "")
    let place = layout.width == .column ? "a column" : "both columns"
    return
      ([
        document.generatedLine, table.fullTitle,
        "\(needs). Set for \(place) of IEEEtran "
          + "(\(Int(layout.width.rawValue)) pt); take the tabular alone for a float of your own.",
      ] + document.reading + document.provenance.lines.map { "\($0.label): \($0.text)" })
      .map { "% " + $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
  }

  private static func float(
    _ table: Table, _ layout: LaTeXLayout, in document: ReportDocument, form: LaTeXForm,
    part: (Int, Int)?
  ) -> String {
    let environment = layout.width == .column ? "table" : "table*"
    let label =
      "tab:\(document.provenance.experiment)-\(table.name)" + (form == .full ? "-full" : "")
    let suffix = part.map { $0.0 > 1 ? "-part\($0.0)" : "" } ?? ""
    let count = part.map { " (part \($0.0) of \($0.1))" } ?? ""
    let setting = layout.setting
    var lines = [
      "\\begin{\(environment)}[!t]", "\\centering", setting.command,
      "\\setlength{\\tabcolsep}{\(setting.separation)pt}",
      "\\caption{\(breakable(table.captionTitle + count))}\\label{\(label + suffix)}",
    ]
    for (i, panel) in layout.panels.enumerated() {
      if i > 0 { lines.append("\\par\\medskip") }
      lines += tabular(table, panel, setting)
    }
    let notes = LaTeXParts.notes(table, reading: document.reading).map { note in
      (note.mark.map { "\\textsuperscript{\($0)}~" } ?? "") + breakable(note.text)
    }
    if !notes.isEmpty {
      lines.append(
        "\\par\\smallskip\\parbox{\\linewidth}{\\scriptsize\\raggedright "
          + notes.joined(separator: "\n") + "}")
    }
    return (lines + ["\\end{\(environment)}"]).joined(separator: "\n")
  }

  private static func tabular(
    _ table: Table, _ panel: LaTeXLayout.Panel, _ setting: LaTeXLayout.Setting
  ) -> [String] {
    let columns = panel.settings.map { column in
      switch column {
      case .left: "l"
      case .right: "r"
      case .lines(let width): "p{\(width)pt}"
      }
    }.joined()
    var lines = ["\\begin{tabular}{@{}\(columns)@{}}", "\\toprule"]
    // After ragged text \\ would end a line of it, not the row.
    let end = if case .lines = panel.settings.last { "\\tabularnewline" } else { "\\\\" }
    if table.isSynthetic {
      lines += [
        "\\multicolumn{\(panel.columns.count)}{@{}c@{}}{\\textbf{SYNTHETIC DATA}} \(end)",
        "\\midrule",
      ]
    }
    lines += header(table, panel, setting, end: end)
    lines.append("\\midrule")
    let marks = table.footnoteMarks
    var isFirst = true
    var previous: TableRow.Style?
    for row in table.rows {
      let labels = table.columns.prefix { $0.alignment == .left }.count
      let values = panel.columns.filter { $0 >= labels }.map { row.cells[$0] }
      // Lines of which the panel has nothing belong to another.
      if row.style == .secondary, !values.isEmpty, values.allSatisfy({ $0 == .blank }) { continue }
      if !isFirst {
        if row.opensBlock {
          lines.append("\\midrule")
        } else if row.style == .body && previous == .secondary {
          lines.append("\\addlinespace[2pt]")
        }
      }
      lines += body(row, panel, marks: marks, end: end)
      (isFirst, previous) = (false, row.style)
    }
    return lines + ["\\bottomrule", "\\end{tabular}"]
  }

  private static func header(
    _ table: Table, _ panel: LaTeXLayout.Panel, _ setting: LaTeXLayout.Setting, end: String
  ) -> [String] {
    var lines: [String] = []
    // Runs of the panel's columns that share a title.
    var groups: [(title: String?, range: Range<Int>)] = []
    for (i, c) in panel.columns.enumerated() {
      let title = table.columns[c].group
      if let last = groups.last, title != nil, last.title == title {
        groups[groups.count - 1].range = last.range.lowerBound..<(i + 1)
      } else {
        groups.append((title, i..<(i + 1)))
      }
    }
    if groups.contains(where: { $0.title != nil }) {
      lines.append(
        groups.map { group in
          guard let title = group.title else { return "" }
          let right = group.range.upperBound == panel.columns.count ? "@{}" : ""
          return "\\multicolumn{\(group.range.count)}{c\(right)}{\(escaped(title))}"
        }.joined(separator: " & ") + " \(end)")
      lines.append(
        groups.filter { $0.title != nil }.map {
          "\\cmidrule(lr){\($0.range.lowerBound + 1)-\($0.range.upperBound)}"
        }.joined(separator: " "))
    }
    let headings = panel.columns.enumerated().map { i, c in
      LaTeXLayout.heading(table.columns[c], room: room(table, c, panel.settings[i], setting))
    }
    let count = headings.map(\.count).max()!
    for line in 0..<count {
      lines.append(
        headings.map { line < $0.count ? escaped($0[line]) : "" }.joined(separator: " & ")
          + " \(end)")
    }
    return lines
  }

  /// Width for the heading of a column, in units of the font size.
  private static func room(
    _ table: Table, _ column: Int, _ set: LaTeXLayout.Column, _ setting: LaTeXLayout.Setting
  ) -> Double {
    if case .lines(let width) = set { return width / setting.size }
    return table.rows.map { row in
      let cell = row.cells[column]
      let value = width(of: cell.value, isBold: cell.isBold)
      let detail = width(of: cell.detail) * 7 / setting.size
      return row.style == .body ? max(value, detail) : value + detail
    }.max() ?? 0
  }

  /// A row; the intervals of results stand in a line of their own below the values.
  private static func body(
    _ row: TableRow, _ panel: LaTeXLayout.Panel, marks: [String: String], end: String
  ) -> [String] {
    func line(_ texts: [String]) -> String {
      // Straight after \\ a bracket would be read as its argument, an asterisk as part of it.
      let isSpecial = texts[0].hasPrefix("[") || texts[0].hasPrefix("*")
      return (isSpecial ? "{}" : "") + texts.joined(separator: " & ") + " \(end)"
    }
    let cells = zip(panel.columns.map { row.cells[$0] }, panel.settings)
    func isLines(_ setting: LaTeXLayout.Column) -> Bool {
      if case .lines = setting { true } else { false }
    }
    func ragged(_ text: String, _ setting: LaTeXLayout.Column) -> String {
      isLines(setting) && !text.isEmpty ? "\\raggedright \(text)" : text
    }
    let details = cells.map { cell, setting in
      let text = isLines(setting) ? breakable(cell.detail) : escaped(cell.detail)
      return text.isEmpty ? "" : "{\\scriptsize \(text)}"
    }
    let values = cells.map { cell, setting in
      var text = isLines(setting) ? breakable(cell.value) : escaped(cell.value)
      if cell.isBold { text = "\\textbf{\(text)}" }
      if !cell.footnotes.isEmpty {
        text += "\\textsuperscript{\(cell.footnotes.map { marks[$0]! }.joined(separator: ","))}"
      }
      return text
    }
    switch row.style {
    case .body:
      let first = line(zip(values, panel.settings).map(ragged))
      return [first]
        + (details.contains { !$0.isEmpty }
          ? [line(zip(details, panel.settings).map(ragged))] : [])
    case .secondary:
      return [
        line(
          zip(zip(values, details), panel.settings).map { texts, setting in
            let (value, detail) = texts
            return ragged(value + (value.isEmpty || detail.isEmpty ? "" : " ") + detail, setting)
          })
      ]
    }
  }
}

extension Table {
  /// What a paper prints: without the lines that only the full form has, and notes by kind.
  package var compact: Table {
    var table = self
    table.rows.removeAll(where: \.isSupplement)
    for r in table.rows.indices {
      for c in table.rows[r].cells.indices {
        let notes = table.rows[r].cells[c].notes
        table.rows[r].cells[c].notes = notes.map { Footnote($0.brief) }.distinct()
      }
    }
    return table
  }

  /// The title without the number that it has in the paper: "FNMR at FMR = 1e-3, default convention".
  package var captionTitle: String {
    guard title.hasPrefix("Table "), let colon = title.range(of: ": ") else { return fullTitle }
    let number = title[..<colon.lowerBound].split(separator: ",", maxSplits: 1)
    let qualifier = number.count > 1 ? ",\(number[1])" : ""
    let text = title[colon.upperBound...]
    return (isSynthetic ? "SYNTHETIC · " : "") + String(text).beginningSentence + qualifier
  }
}
