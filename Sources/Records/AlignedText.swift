/// Rows as lines, columns padded to their widest cell and two spaces apart; no line ends in
/// spaces.
package func aligned(_ rows: [[String]], flushRight: [Bool]) -> [String] {
  let widths = flushRight.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    let cells = row.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - row[column].count)
      return flushRight[column] ? space + row[column] : row[column] + space
    }
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
