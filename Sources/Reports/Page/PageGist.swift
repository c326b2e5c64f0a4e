import Configurations

/// What a folded section says of its content.
enum PageGist {
  /// The first result of the first table, and how much there is: "LFW · All: MOTE (paper) 0.0174 [0.011,
  /// 0.029] ± 0.0079; 6 tables, 2 figures".
  static func text(_ section: PageSection) -> String {
    let tables = section.documents.flatMap(\.tables)
    let counts = [
      (tables.count, "table"), (section.figures.count, "figure"),
    ].filter { $0.0 > 0 }.map { counted($0.0, $0.1) }.joined(separator: ", ")
    let first = tables.lazy.compactMap { table in
      table.rows.first { hasValue($0, table) }.map { text($0, table) }
    }.first
    return [first, counts].compactMap { $0 }.joined(separator: "; ")
  }

  /// A line of a table: its labels, and its first values under their headings.
  static func text(_ row: TableRow, _ table: Table) -> String {
    let labels = zip(row.cells, table.columns).prefix { $1.alignment == .left }
    let values = zip(row.cells, table.columns).dropFirst(labels.count).filter {
      $1.alignment == .right && !$0.value.isEmpty
    }
    let name = labels.map(\.0.value).filter { !$0.isEmpty }.joined(separator: " · ")
    let texts = values.prefix(2).map { cell, column -> String in
      // A value without an interval says why, where a footnote does.
      let beside =
        cell.detail.isEmpty
        ? (cell.footnotes.first.map { " (\($0))" } ?? "") : " \(cell.detail)"
      return "\(column.heading) \(cell.value)\(beside)"
    }
    return (name.isEmpty ? "" : "\(name): ") + texts.joined(separator: ", ")
  }

  private static func hasValue(_ row: TableRow, _ table: Table) -> Bool {
    row.style == .body
      && zip(row.cells, table.columns).contains {
        $1.alignment == .right && $0.value.contains(where: \.isNumber)
      }
  }
}
