/// Writes one table as an HTML `figure`: heading groups span, secondary lines are muted.
enum HTMLTableWriter {
  static func text(_ table: Table) -> String {
    let marks = table.footnoteMarks
    var lines = [
      "<figure id=\"\(SVGCanvas.escaped(table.name))\">",
      "<figcaption><strong>\(SVGCanvas.escaped(table.fullTitle)).</strong> "
        + "\(SVGCanvas.escaped(table.caption))</figcaption>",
      "<div class=\"scroll\"><table>", "<thead>",
    ]
    let groups = table.columnGroups
    if groups.contains(where: { $0.title != nil }) {
      lines.append(
        "<tr>"
          + groups.map { group in
            let title = group.title.map(SVGCanvas.escaped) ?? ""
            let mark = title.isEmpty ? "" : " class=\"group\""
            return "<th colspan=\"\(group.columns.count)\"\(mark)>\(title)</th>"
          }.joined() + "</tr>")
    }
    lines.append(
      "<tr>"
        + table.columns.map {
          "<th\(attribute($0.alignment))>\(SVGCanvas.escaped($0.heading))</th>"
        }.joined() + "</tr>")
    lines += ["</thead>", "<tbody>"]
    for row in table.rows {
      let names = (row.opensBlock ? ["block"] : []) + (row.style == .secondary ? ["minor"] : [])
      let mark = names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\""
      lines.append(
        "<tr\(mark)>"
          + zip(row.cells, table.columns).map { cell, column in
            // Sentences wrap; everything else stays on its line.
            cell.value.count > 60
              ? "<td class=\"sentence\">\(text(cell, marks))</td>"
              : "<td\(attribute(column.alignment))>\(text(cell, marks))</td>"
          }.joined() + "</tr>")
    }
    lines += ["</tbody>", "</table></div>"]
    if !table.footnotes.isEmpty {
      let notes = table.footnotes.map { "<sup>\(marks[$0]!)</sup> \(SVGCanvas.escaped($0))" }
      lines.append("<p class=\"notes\">\(notes.joined(separator: "; "))</p>")
    }
    lines.append("</figure>")
    return lines.joined(separator: "\n")
  }

  private static func text(_ cell: TableCell, _ marks: [String: String]) -> String {
    var text = SVGCanvas.escaped(cell.value)
    if cell.isBold { text = "<b>\(text)</b>" }
    if !cell.footnotes.isEmpty {
      text += "<sup>\(cell.footnotes.map { marks[$0]! }.joined(separator: ","))</sup>"
    }
    if !cell.detail.isEmpty {
      text += "\(text.isEmpty ? "" : " ")<small>\(SVGCanvas.escaped(cell.detail))</small>"
    }
    return text
  }

  private static func attribute(_ alignment: ColumnAlignment) -> String {
    alignment == .right ? " class=\"r\"" : ""
  }
}
