import Reports
import Testing

struct TableTests {
  private func row(_ values: [String]) -> TableRow { TableRow(values.map { TableCell($0) }) }

  @Test func everyValueThatTiesWithTheBestAsPrintedIsBold() {
    var row = row(["name", "0.0387", "0.0400", "0.0387", "–", "n/a"])
    markBest(&row, among: 1..<6, .lower)
    #expect(row.cells.map(\.isBold) == [false, true, false, true, false, false])
    markBest(&row, among: 1..<3, .higher)
    #expect(row.cells[2].isBold)
  }

  @Test func aLoneNumberIsNotMarked() {
    var row = row(["0.0387", "–"])
    markBest(&row, among: 0..<2, .lower)
    #expect(!row.cells[0].isBold)
  }

  @Test func negativeValuesTakePart() {
    var row = row(["−0.2", "0.1"])
    markBest(&row, among: 0..<2, .lower)
    #expect(row.cells.map(\.isBold) == [true, false])
  }

  @Test func equalFootnotesShareAMarkInReadingOrder() {
    var table = Table(
      name: "t", title: "T", caption: "", isSynthetic: false,
      columns: [TableColumn("A"), TableColumn("B")])
    table.rows = [
      TableRow([TableCell("1", footnotes: ["second"]), TableCell("2", footnotes: ["first"])]),
      TableRow([TableCell("3", footnotes: ["second"]), .blank]),
    ]
    #expect(table.footnotes == ["second", "first"])
    #expect(table.footnoteMarks == ["second": "a", "first": "b"])
    table.rows = (0..<28).map { TableRow([TableCell("", footnotes: ["\($0)"]), .blank]) }
    #expect(table.footnoteMarks["25"] == "z")
    #expect(table.footnoteMarks["27"] == "ab")
  }

  @Test func neighbouringColumnsOfAGroupShareAHeading() {
    let table = Table(
      name: "t", title: "T", caption: "", isSynthetic: false,
      columns: [
        TableColumn("D"), TableColumn("a", group: "X"), TableColumn("b", group: "X"),
        TableColumn("a", group: "Y"), TableColumn("E"),
      ])
    #expect(table.columnGroups.map(\.title) == [nil, "X", "Y", nil])
    #expect(table.columnGroups.map(\.columns) == [0..<1, 1..<3, 3..<4, 4..<5])
  }

  @Test func markdownEscapesWhatWouldFormat() {
    var table = Table(
      name: "t", title: "T", caption: "", isSynthetic: false, columns: [TableColumn("a|b")])
    table.rows = [TableRow([TableCell("x*y<z|")])]
    #expect(
      MarkdownWriter.grid(table) == """
        |      a\\|b |
        |----------:|
        | x\\*y\\<z\\| |
        """)
  }

  @Test func latexEscapesEverySpecialCharacter() {
    #expect(
      LaTeXWriter.escaped("50 % & $5 #1 a_b {x} ~ ^ \\ <|> – − ± ≥")
        == "50 \\% \\& \\$5 \\#1 a\\_b \\{x\\} \\textasciitilde{} \\textasciicircum{} "
        + "\\textbackslash{} \\textless{}\\textbar{}\\textgreater{} -- $-$ $\\pm$ $\\ge$")
  }
}
