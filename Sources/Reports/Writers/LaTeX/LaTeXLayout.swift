// How a table is laid onto a two-column page: its width, font, columns that wrap, panels and parts.

/// What of a table is written.
package enum LaTeXForm: Sendable, CaseIterable {
  /// What a paper prints: values, intervals, bold, notes by kind.
  case compact
  /// With counts, published values, differences, and every note in full.
  case full
}

/// A table laid onto IEEEtran's page. Lengths are in points.
package struct LaTeXLayout {
  /// Width of a column and of the whole text of IEEEtran, in which a float stands.
  package enum Width: Double, Sendable {
    case column = 252
    case text = 516
  }

  /// A font size with the space on either side of a column.
  struct Setting {
    let command: String
    let size: Double
    let separation: Double
  }

  /// How a column is set.
  enum Column: Equatable {
    case left
    case right
    /// Ragged lines of this width.
    case lines(Double)
  }

  /// Some columns of the table, below those that come before.
  package struct Panel {
    /// Indices of the table's columns, labels first.
    package var columns: [Int]
    /// How each of them is set.
    var settings: [Column]
  }

  package let width: Width
  let setting: Setting
  package let panels: [Panel]

  /// The fewest panels, in a column of the page if they fit there, in the largest font.
  package init(_ table: Table) {
    let measures = Self.settings.map { Measures(table, $0) }
    for (width, panels) in [(Width.column, 1...1), (.text, 1...1), (.text, 2...99)] {
      for measure in measures {
        if width == .column && measure.wraps { continue }
        if let found = measure.panels(width.rawValue), panels.contains(found.count) {
          let fewest = width == .text ? measures.last!.panels(width.rawValue)?.count : 1
          guard found.count == fewest else { continue }
          (self.width, setting, self.panels) = (width, measure.setting, found)
          return
        }
      }
    }
    // One column is wider than the page: nothing can be cut any more.
    (width, setting) = (.text, measures.last!.setting)
    panels = measures.last!.panels(.infinity)!
  }

  private static let settings = [
    Setting(command: "\\footnotesize", size: 8, separation: 5),
    Setting(command: "\\footnotesize", size: 8, separation: 3),
    Setting(command: "\\scriptsize", size: 7, separation: 2.5),
  ]

  /// Words of a heading in as many lines as it takes to be no wider than its values.
  ///
  /// - Parameter room: width of the values, in units of the font size.
  static func heading(_ column: TableColumn, room: Double) -> [String] {
    let words = column.heading.split(separator: " ").map(String.init)
    let room = max(room, words.map { LaTeXWriter.width(of: $0) }.max() ?? 0)
    var lines: [String] = []
    for word in words {
      if let last = lines.last, !word.hasPrefix("("),
        LaTeXWriter.width(of: "\(last) \(word)") <= room
      {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(word)
      }
    }
    return lines.isEmpty ? [""] : lines
  }
}

/// Widths of the columns of a table in one font.
private struct Measures {
  let setting: LaTeXLayout.Setting
  private let table: Table
  /// Widths that the columns take where nothing wraps, and that they need at least.
  private let natural: [Double]
  private let least: [Double]

  /// Text longer than this may wrap, in units of the font size.
  private static let longText = 11.0
  /// What is wider than the metrics say: kerning never, rounding of fonts at small sizes.
  private static let margin = 1.02

  init(_ table: Table, _ setting: LaTeXLayout.Setting) {
    self.table = table
    self.setting = setting
    let marks = table.footnoteMarks
    var natural: [Double] = []
    var least: [Double] = []
    for (c, column) in table.columns.enumerated() {
      let cells = table.rows.map { ($0.cells[c], $0.style) }
      let widest = cells.map { Self.width(of: $0, $1, setting, marks) }.max() ?? 0
      let isText = column.alignment == .left && widest > Self.longText * setting.size
      let words = isText ? cells.map { Self.longestWord($0.0, setting, marks) }.max() ?? 0 : widest
      let heading = LaTeXLayout.heading(column, room: (isText ? words : widest) / setting.size)
        .map { LaTeXWriter.width(of: $0) * setting.size }.max()!
      natural.append(max(widest, heading) * Self.margin)
      least.append(isText ? max(words, heading, 7 * setting.size) * Self.margin : natural[c])
    }
    self.natural = natural
    self.least = least
  }

  /// Whether a column is long text, which asks for the width of the page.
  var wraps: Bool { natural != least }

  /// Panels of a width at most; nil where one column besides the labels does not fit.
  func panels(_ width: Double) -> [LaTeXLayout.Panel]? {
    let labels = Array(table.columns.indices.prefix { table.columns[$0].alignment == .left })
    let others = Array(table.columns.indices.dropFirst(labels.count))
    if needs(labels + others) <= width { return [panel(labels + others, width)] }
    // Whole groups first, single columns of a group that is too wide by itself.
    var units: [[Int]] = []
    for group in table.columnGroups {
      let columns = group.columns.filter { $0 >= labels.count }
      units += needs(labels + columns) <= width ? [columns] : columns.map { [$0] }
    }
    var panels: [[Int]] = []
    for unit in units where !unit.isEmpty {
      if let last = panels.last, needs(labels + last + unit) <= width {
        panels[panels.count - 1] += unit
      } else {
        guard needs(labels + unit) <= width else { return nil }
        panels.append(unit)
      }
    }
    return panels.isEmpty ? nil : panels.map { panel(labels + $0, width) }
  }

  /// The least width of some columns together.
  private func needs(_ columns: [Int]) -> Double {
    columns.reduce(0) { $0 + least[$1] } + gaps(columns) + groupExcess(columns, least)
  }

  private func gaps(_ columns: [Int]) -> Double {
    2 * setting.separation * Double(max(columns.count - 1, 0))
  }

  /// By how much the titles of groups are wider than their columns.
  private func groupExcess(_ columns: [Int], _ widths: [Double]) -> Double {
    table.columnGroups.reduce(0) { sum, group in
      let own = columns.filter { group.columns.contains($0) }
      guard let title = group.title, !own.isEmpty else { return sum }
      let room = own.reduce(0) { $0 + widths[$1] } + gaps(own)
      return sum + max(0, LaTeXWriter.width(of: title) * setting.size * Self.margin - room)
    }
  }

  /// Divides what is left among the columns that wrap, always to the one with the most lines.
  private func panel(_ columns: [Int], _ width: Double) -> LaTeXLayout.Panel {
    let step = 2.0
    var widths = least
    var room = width - needs(columns)
    if room == .infinity { widths = natural }
    while room >= step,
      let tallest = columns.filter({ natural[$0] > widths[$0] }).max(by: {
        natural[$0] / widths[$0] < natural[$1] / widths[$1]
      })
    {
      let more = min(step, natural[tallest] - widths[tallest])
      widths[tallest] += more
      room -= more
    }
    return LaTeXLayout.Panel(
      columns: columns,
      settings: columns.map { c in
        if table.columns[c].alignment == .right { return .right }
        return natural[c] - widths[c] < 0.01
          ? .left : .lines((widths[c] * 10).rounded(.down) / 10)
      })
  }

  private static func width(
    of cell: TableCell, _ style: TableRow.Style, _ setting: LaTeXLayout.Setting,
    _ marks: [String: String]
  ) -> Double {
    let value =
      LaTeXWriter.width(of: cell.value, isBold: cell.isBold) * setting.size + mark(cell, marks)
    let detail = LaTeXWriter.width(of: cell.detail) * 7
    if style == .body { return max(value, detail) }
    return value + (value > 0 && detail > 0 ? 0.35 * setting.size : 0) + detail
  }

  /// Width of the marks of a cell's footnotes, in the font of superscripts.
  private static func mark(_ cell: TableCell, _ marks: [String: String]) -> Double {
    let text = cell.footnotes.map { marks[$0] ?? "" }.joined(separator: ",")
    return LaTeXWriter.width(of: text) * 6
  }

  private static func longestWord(
    _ cell: TableCell, _ setting: LaTeXLayout.Setting, _ marks: [String: String]
  ) -> Double {
    func longest(_ text: String, _ isBold: Bool) -> Double {
      text.split(separator: " ").flatMap(LaTeXWriter.atoms)
        .map { LaTeXWriter.width(of: $0, isBold: isBold) }.max() ?? 0
    }
    return max(
      longest(cell.value, cell.isBold) * setting.size + mark(cell, marks),
      longest(cell.detail, false) * 7)
  }
}
