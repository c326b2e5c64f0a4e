/// Writes one table as an HTML `figure` that scrolls in itself: heading groups span, the column that names
/// the lines stays in sight, secondary lines are muted.
package enum HTMLTableWriter {
  /// - Parameters:
  ///   - id: of the figure, unique on the page.
  ///   - files: line of downloads below the table, HTML.
  package static func text(_ table: Table, id: String, files: String = "") -> String {
    let marks = table.footnoteMarks
    let blocks = columnBlocks(table)
    var lines = [
      "<figure class=\"table\" id=\"\(id)\">",
      "<figcaption><h3 id=\"\(id)-title\">\(SVGCanvas.escaped(table.fullTitle))</h3>"
        + "<p>\(SVGCanvas.escaped(table.caption))</p></figcaption>",
    ]
    for (i, columns) in blocks.enumerated() {
      let title = SVGCanvas.escaped(table.fullTitle)
      let name =
        blocks.count == 1
        ? "aria-labelledby=\"\(id)-title\""
        : "aria-label=\"\(title), part \(i + 1) of \(blocks.count)\""
      lines += block(table.columns(columns), marks, name: name)
    }
    if !table.footnotes.isEmpty {
      let notes = table.footnotes.map {
        "<li><sup>\(marks[$0]!)</sup> \(SVGCanvas.escaped($0))</li>"
      }
      lines.append("<ul class=\"notes\">\(notes.joined())</ul>")
    }
    lines.append("\(files)</figure>")
    return lines.joined(separator: "\n")
  }

  /// One block of a table in a region that scrolls.
  private static func block(_ table: Table, _ marks: [String: String], name: String) -> [String] {
    let key = keyColumn(table)
    let isTall = table.rows.count > rowsInSight
    var lines = [
      "<div class=\"scroll\(isTall ? " tall" : "")\" role=\"region\" tabindex=\"0\" \(name)>"
        + "<table \(name)>", "<thead>",
    ]
    let groups = table.columnGroups
    if groups.contains(where: { $0.title != nil }) {
      lines.append(
        "<tr>"
          + groups.map { group in
            let title = group.title.map(SVGCanvas.escaped) ?? ""
            return title.isEmpty
              ? "<td colspan=\"\(group.columns.count)\"></td>"
              : "<th scope=\"colgroup\" colspan=\"\(group.columns.count)\" class=\"group\">\(title)</th>"
          }.joined() + "</tr>")
    }
    let keyClass = key.map { key in
      table.rows.contains { $0.cells[key].value.count > wordWidth } ? "key long" : "key"
    }
    lines.append(
      "<tr>"
        + table.columns.enumerated().map { i, column in
          "<th scope=\"col\"\(attribute(column, i == key ? keyClass : nil))>"
            + "\(SVGCanvas.escaped(column.heading))</th>"
        }.joined() + "</tr>")
    lines += ["</thead>", "<tbody>"]
    var label = ""
    for row in table.rows {
      if let key, !row.cells[key].value.isEmpty { label = row.cells[key].value }
      let again = row.style == .body ? label : ""
      lines.append(line(row, table, marks, key: key.map { ($0, keyClass!, again) }))
    }
    return lines + ["</tbody>", "</table></div>"]
  }

  /// Columns of a table in blocks that fit on a printed page and a wide screen, each with the labels in front;
  /// columns of one group stay together where they fit.
  package static func columnBlocks(_ table: Table) -> [[Int]] {
    let widths = table.columns.indices.map { i in
      let words = table.columns[i].heading.split(separator: " ").map(\.count).max() ?? 0
      let cells = table.rows.map { min($0.cells[i].value.count + $0.cells[i].detail.count + 1, 45) }
      return max(words, cells.max() ?? 0) + 2
    }
    func width(_ columns: some Sequence<Int>) -> Int { columns.map { widths[$0] }.reduce(0, +) }
    let labels = table.columns.prefix { $0.alignment == .left }.indices
    guard width(widths.indices) > pageWidth, labels.count < widths.count else {
      return [Array(widths.indices)]
    }
    let room = max(pageWidth - width(labels), pageWidth / 3)
    var blocks: [[Int]] = [[]]
    for group in table.columnGroups {
      let columns = group.columns.filter { !labels.contains($0) }
      let isWhole = width(columns) <= room
      if isWhole, group.title != nil, width(blocks.last! + columns) > room { blocks.append([]) }
      for column in columns {
        if width(blocks.last! + [column]) > room, !blocks.last!.isEmpty { blocks.append([]) }
        blocks[blocks.count - 1].append(column)
      }
    }
    return blocks.filter { !$0.isEmpty }.map { labels + $0 }
  }

  /// Characters of a table that fit on a printed page.
  private static let pageWidth = 165

  /// Characters of a label from which on it wraps on narrow screens.
  private static let wordWidth = 16

  /// Lines from which on a table scrolls downwards in itself, too, so that its headings stay in sight.
  private static let rowsInSight = 24

  /// Characters of the column that stays in sight, at most.
  private static let keyWidth = 30

  /// The column that names the lines: of the labels in front of the values the one with the most
  /// different texts, the first of equals; nil where none is narrow enough to stay in sight.
  package static func keyColumn(_ table: Table) -> Int? {
    var best: (column: Int, texts: Int)?
    for i in table.columns.prefix(while: { $0.alignment == .left }).indices {
      let texts = Set(table.rows.map { $0.cells[i].value }.filter { !$0.isEmpty })
      guard texts.allSatisfy({ $0.count <= keyWidth }), !texts.isEmpty else { continue }
      if best == nil || texts.count > best!.texts { best = (i, texts.count) }
    }
    return best?.column
  }

  /// - Parameter key: the column that names the lines, its class, and the label that goes on.
  private static func line(
    _ row: TableRow, _ table: Table, _ marks: [String: String],
    key: (column: Int, name: String, label: String)?
  ) -> String {
    let names = (row.opensBlock ? ["block"] : []) + (row.style == .secondary ? ["minor"] : [])
    let mark = names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\""
    let cells = row.cells.enumerated().map { i, cell in
      if let key, key.column == i {
        // The label of a block stands in its first line; here it goes with the lines.
        let text =
          cell.value.isEmpty && !key.label.isEmpty
          ? "<span class=\"again\">\(SVGCanvas.escaped(key.label))</span>" : text(cell, marks)
        return text.isEmpty
          ? "<td class=\"\(key.name)\"></td>"
          : "<th scope=\"row\" class=\"\(key.name)\">\(text)</th>"
      }
      // Sentences wrap; everything else stays on its line.
      return cell.value.count > 60
        ? "<td class=\"sentence\">\(text(cell, marks))</td>"
        : "<td\(attribute(table.columns[i], nil))>\(text(cell, marks))</td>"
    }
    return "<tr\(mark)>\(cells.joined())</tr>"
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

  private static func attribute(_ column: TableColumn, _ key: String?) -> String {
    key.map { " class=\"\($0)\"" } ?? (column.alignment == .right ? " class=\"r\"" : "")
  }
}

extension Table {
  /// The table with some of its columns.
  fileprivate func columns(_ some: [Int]) -> Table {
    var table = self
    table.columns = some.map { columns[$0] }
    for i in table.rows.indices { table.rows[i].cells = some.map { rows[i].cells[$0] } }
    return table
  }
}
