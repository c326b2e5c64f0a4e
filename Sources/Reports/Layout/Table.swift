// One table, laid out once. Writers only know separators: every text is final here.
import Specs

/// Alignment of a column.
package enum ColumnAlignment: Sendable, Equatable {
  case left, right
}

/// Heading of one column.
package struct TableColumn: Sendable, Equatable {
  package var title: String
  /// Unit of the values, shown in the heading: "%".
  package var unit: String?
  /// Neighbouring columns of the same group share a spanning heading.
  package var group: String?
  package var alignment: ColumnAlignment

  package init(
    _ title: String, unit: String? = nil, group: String? = nil,
    alignment: ColumnAlignment = .right
  ) {
    self.title = title
    self.unit = unit
    self.group = group
    self.alignment = alignment
  }

  /// Columns of labels, on the left.
  package static func labels(_ titles: String...) -> [TableColumn] {
    titles.map { TableColumn($0, alignment: .left) }
  }

  /// Title with unit.
  package var heading: String { unit.map { "\(title) (\($0))" } ?? title }
}

/// A footnote of a cell.
package struct Footnote: Hashable, Sendable {
  /// With the figures of its cell.
  package var text: String
  /// Its kind, where many cells have one: "one person causes more than a quarter of the errors".
  package var brief: String

  package init(_ text: String, brief: String? = nil) {
    self.text = PathText.text(text)
    self.brief = brief ?? Self.kind(of: self.text)
  }

  /// The reason why an interval is missing, without the count of errors, which differs from cell to cell.
  private static func kind(of text: String) -> String {
    guard text.hasPrefix("no interval: ") else { return text }
    return text.replacing(
      /^no interval: [0-9.]+ false non-match(es)?/, with: "no interval: too few false non-matches"
    ).replacing(/^no interval: [0-9.]+ miss(es)?/, with: "no interval: too few misses")
  }
}

/// One cell: a rounded value, what belongs to it (interval, counts), and its footnotes.
package struct TableCell: Sendable, Equatable {
  package var value: String
  package var detail: String
  package var isBold: Bool
  package var notes: [Footnote]

  package init(
    _ value: String, detail: String = "", isBold: Bool = false, footnotes: [String] = []
  ) {
    self.value = value
    self.detail = detail
    self.isBold = isBold
    notes = footnotes.map { Footnote($0) }
  }

  /// Texts of the footnotes; the table numbers them.
  package var footnotes: [String] { notes.map(\.text) }

  package static let blank = TableCell("")
}

/// One line of a table.
package struct TableRow: Sendable, Equatable {
  package enum Style: Sendable, Equatable {
    /// A line of results.
    case body
    /// A line that belongs to the result above it: counts, published value, difference.
    case secondary
  }
  package var cells: [TableCell]
  package var style: Style
  /// A rule is drawn above the row (a new dataset begins).
  package var opensBlock: Bool
  /// The compact form of a table goes without the row: counts, published values, differences from them.
  package var isSupplement: Bool

  package init(
    _ cells: [TableCell], style: Style = .body, opensBlock: Bool = false, isSupplement: Bool = false
  ) {
    self.cells = cells
    self.style = style
    self.opensBlock = opensBlock
    self.isSupplement = isSupplement
  }

  /// A line with its label in front.
  package init(
    _ label: String, _ cells: [TableCell], style: Style = .body, isSupplement: Bool = false
  ) {
    self.init([TableCell(label)] + cells, style: style, isSupplement: isSupplement)
  }

  /// The lines of a block: its labels stand in the first alone, below a rule.
  static func block(_ labels: [String], _ lines: [TableRow]) -> [TableRow] {
    lines.enumerated().map { i, line in
      TableRow(
        labels.map { TableCell(i == 0 ? $0 : "") } + line.cells, style: line.style,
        opensBlock: i == 0, isSupplement: line.isSupplement)
    }
  }

  /// Whether nothing stands in the line but its label.
  var isBlank: Bool { cells.dropFirst().allSatisfy { $0 == .blank } }
}

/// A table ready to be written in any format.
package struct Table: Captioned, Sendable, Equatable {
  /// File stem and LaTeX label: "table2-paper-compatible".
  package var name: String
  package var title: String
  /// What the table shows and how to read it, a few sentences.
  package var caption: String
  package var isSynthetic: Bool
  package var columns: [TableColumn]
  package var rows: [TableRow]

  package init(
    name: String, title: String, caption: String, isSynthetic: Bool, columns: [TableColumn],
    rows: [TableRow] = []
  ) {
    self.name = name
    self.title = title
    self.caption = caption
    self.isSynthetic = isSynthetic
    self.columns = columns
    self.rows = rows
  }

  /// Whether it has no values: no column besides labels, or no line.
  var isEmpty: Bool { rows.isEmpty || columns.allSatisfy { $0.alignment == .left } }

  /// Distinct footnotes in reading order.
  package var footnotes: [String] { rows.flatMap { $0.cells.flatMap(\.footnotes) }.distinct() }

  /// Marks of the footnotes by text: a … z, then aa, ab, ….
  package var footnoteMarks: [String: String] {
    Dictionary(
      uniqueKeysWithValues: footnotes.enumerated().map { ($1, Table.mark($0)) })
  }

  /// Runs of neighbouring columns with the same group: title (nil: none) and column range.
  package var columnGroups: [(title: String?, columns: Range<Int>)] {
    var groups: [(title: String?, columns: Range<Int>)] = []
    for (i, column) in columns.enumerated() {
      if let last = groups.last, last.title == column.group, column.group != nil {
        groups[groups.count - 1].columns = last.columns.lowerBound..<(i + 1)
      } else {
        groups.append((column.group, i..<(i + 1)))
      }
    }
    return groups
  }

  private static func mark(_ i: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(97 + i % 26)))
    return i < 26 ? letter : mark(i / 26 - 1) + letter
  }
}
