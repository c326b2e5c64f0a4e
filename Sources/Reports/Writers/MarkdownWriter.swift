import Configurations

/// Writes tables as GitHub Markdown, padded so that they can be read in a terminal too.
package enum MarkdownWriter {
  /// The whole document: title, how to read it, every table, provenance.
  package static func text(_ document: ReportDocument) -> String {
    var blocks = ["<!-- \(document.generatedLine) -->", "# \(document.fullTitle)"]
    if !document.provenance.title.isEmpty { blocks.append(escaped(document.provenance.title)) }
    if document.isSynthetic { blocks.append("**\(syntheticNotice)**") }
    if !document.reading.isEmpty {
      blocks.append(document.reading.map { "- \(escaped($0))" }.joined(separator: "\n"))
    }
    blocks += document.tables.flatMap(self.blocks)
    blocks.append(
      "---\n\n"
        + document.provenance.lines.map { "\($0.label): \(escaped($0.text))" }
        .joined(separator: "  \n"))
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// Tables by themselves.
  package static func text(_ tables: [Table]) -> String {
    tables.flatMap(blocks).joined(separator: "\n\n") + "\n"
  }

  /// Title, caption, grid and footnotes of a table.
  private static func blocks(_ table: Table) -> [String] {
    let notes = footnotes(table)
    return ["## \(escaped(table.fullTitle))", escaped(table.caption), grid(table)]
      + (notes.isEmpty ? [] : [notes])
  }

  /// The grid of one table, without title and footnotes.
  package static func grid(_ table: Table) -> String {
    let header = table.columns.map {
      escaped($0.group.map { group in "\(group): " } ?? "") + escaped($0.heading)
    }
    let marks = table.footnoteMarks
    let body = table.rows.map { row in
      row.cells.enumerated().map { text($1, row: row, column: $0, marks: marks) }
    }
    let widths = header.indices.map { i in ([header] + body).map { $0[i].count }.max()! }
    let rule = zip(table.columns, widths).map { column, width in
      let dashes = String(repeating: "-", count: width + 1)
      return column.alignment == .left ? ":" + dashes : dashes + ":"
    }
    let lines = ([header] + body).map { line in
      "| "
        + zip(zip(line, widths), table.columns).map { cell, column in
          padded(cell.0, to: cell.1, column.alignment)
        }.joined(separator: " | ") + " |"
    }
    return ([lines[0], "|" + rule.joined(separator: "|") + "|"] + lines.dropFirst())
      .joined(separator: "\n")
  }

  private static func footnotes(_ table: Table) -> String {
    let marks = table.footnoteMarks
    return table.footnotes.map { "<sup>\(marks[$0]!)</sup> \(escaped($0))" }
      .joined(separator: "  \n")
  }

  private static func text(
    _ cell: TableCell, row: TableRow, column: Int, marks: [String: String]
  ) -> String {
    var text = escaped(cell.value)
    if cell.isBold { text = "**\(text)**" }
    // The label of a secondary line is set apart from the groups.
    if row.style == .secondary && column < 2 && !text.isEmpty { text = "*\(text)*" }
    if !cell.footnotes.isEmpty {
      text += "<sup>\(cell.footnotes.map { marks[$0]! }.joined(separator: ","))</sup>"
    }
    if !cell.detail.isEmpty { text += " \(escaped(cell.detail))" }
    return text
  }

  private static func padded(_ text: String, to width: Int, _ alignment: ColumnAlignment) -> String
  {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return alignment == .left ? text + space : space + text
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in withoutTurns(text) {
      if "\\|*<`".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
