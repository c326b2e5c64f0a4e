/// Cuts a table that is longer than a page.
package enum LaTeXParts {
  /// Height of IEEEtran's text, less what a float needs around it.
  private static let pageHeight = 670.0

  /// The table, or its rows in as many tables as pages are needed: cut between datasets where they fit,
  /// else between results. Labels stand at the head of each part again.
  package static func of(_ table: Table, _ layout: LaTeXLayout, reading: [String]) -> [Table] {
    func height(_ table: Table) -> Double { Self.height(table, layout, reading) }
    guard height(table) > pageHeight else { return [table] }
    let labels = table.columns.prefix { $0.alignment == .left }.count
    var parts: [Table] = []
    var part = emptied(table)
    for block in blocks(table.rows, opens: \.opensBlock) {
      var longer = part
      longer.rows += block
      if height(longer) <= pageHeight {
        part = longer
        continue
      }
      if !part.rows.isEmpty { parts.append(part) }
      part = emptied(table)
      for result in blocks(block, opens: { $0.style == .body }) {
        longer = part
        longer.rows += result
        if height(longer) > pageHeight, !part.rows.isEmpty {
          parts.append(part)
          part = emptied(table)
          // The labels of the block stand in its first line alone.
          var first = result
          for c in 0..<labels where first[0].cells[c] == .blank {
            first[0].cells[c] = TableCell(block[0].cells[c].value)
          }
          first[0].opensBlock = true
          part.rows += first
        } else {
          part = longer
        }
      }
    }
    return parts + (part.rows.isEmpty ? [] : [part])
  }

  /// What stands below a table: how to read it, what bold, spreads and published values are where it has
  /// them, then its footnotes.
  ///
  /// - Parameter reading: the sentences of its document.
  static func notes(_ table: Table, reading: [String]) -> [(mark: String?, text: String)] {
    let cells = table.rows.flatMap(\.cells)
    let shown = [
      ("Bold:", cells.contains(where: \.isBold)),
      ("±", cells.contains { $0.detail.contains("±") }),
      ("“published”", cells.contains { $0.value == "published" }),
    ]
    let sentences = reading.filter { sentence in
      shown.contains { (sign, isShown) in isShown && sentence.contains(sign) }
    }
    let marks = table.footnoteMarks
    return ([table.fullCaption] + sentences).filter { !$0.isEmpty }.map { (nil, $0) }
      + table.footnotes.map { (marks[$0], $0) }
  }

  private static func emptied(_ table: Table) -> Table {
    var table = table
    table.rows = []
    return table
  }

  /// Runs of rows, each from a row that opens one to the next.
  private static func blocks(
    _ rows: [TableRow], opens: (TableRow) -> Bool
  ) -> [[TableRow]] {
    var blocks: [[TableRow]] = []
    for row in rows {
      if blocks.isEmpty || opens(row) { blocks.append([]) }
      blocks[blocks.count - 1].append(row)
    }
    return blocks
  }

  /// Height in points, a little more than it becomes.
  private static func height(
    _ table: Table, _ layout: LaTeXLayout, _ reading: [String]
  ) -> Double {
    let line = layout.setting.size * 1.2
    var sum = 45.0
    for panel in layout.panels {
      sum += 6 * line + 15
      for row in table.rows {
        var lines = 1.0
        for (c, setting) in zip(panel.columns, panel.settings) {
          if case .lines(let width) = setting {
            let text = LaTeXWriter.width(of: row.cells[c].value) * layout.setting.size
            lines = max(lines, (text * 1.08 / width).rounded(.up))
          }
        }
        let hasDetails = panel.columns.contains { !row.cells[$0].detail.isEmpty }
        sum += line * lines + (row.style == .body && hasDetails ? 9 : 0) + (row.opensBlock ? 6 : 2)
      }
    }
    // Notes run on in one paragraph.
    let text = notes(table, reading: reading).reduce(0) {
      $0 + (LaTeXWriter.width(of: $1.text) + 1) * 7
    }
    return sum + (text * 1.05 / layout.width.rawValue).rounded(.up) * 8.4
  }
}
