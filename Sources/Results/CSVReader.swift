import Foundation

/// A CSV file with a header row, read whole: fields by column name.
///
/// RFC 4180 quoting; lines that begin with `#` before the header are comments; empty lines are
/// skipped. Line numbers count from 1 and include comments, for error texts.
package struct CSVReader: Sendable {
  /// One data row: its line in the file and its fields by column name.
  package struct Row: Sendable {
    package let line: Int
    package let fields: [String: String]
  }

  /// Column names in file order.
  package let columns: [String]
  package let rows: [Row]

  /// Reads `text`; `file` only names it in errors.
  ///
  /// - Throws: `ResultsError.badTable` for a missing header, a repeated column name, a row with
  ///   another number of fields than the header, or an unclosed quote.
  package init(text: String, file: String) throws {
    var columns: [String]?
    var rows: [Row] = []
    for (line, fields) in try Self.split(text, file: file) {
      guard let names = columns else {
        if Set(fields).count != fields.count {
          throw ResultsError.badTable(file: file, line: line, reason: "a column name is repeated")
        }
        columns = fields
        continue
      }
      guard fields.count == names.count else {
        throw ResultsError.badTable(
          file: file, line: line,
          reason: "found \(fields.count) fields, expected \(names.count) as in the header")
      }
      rows.append(
        Row(line: line, fields: Dictionary(uniqueKeysWithValues: zip(names, fields))))
    }
    guard let columns else {
      throw ResultsError.badTable(file: file, line: 1, reason: "no header row")
    }
    self.columns = columns
    self.rows = rows
  }

  /// Records of the text with the line on which each begins.
  private static func split(_ text: String, file: String) throws -> [(Int, [String])] {
    var records: [(Int, [String])] = []
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    var line = 1
    var recordLine = 1
    // Swift joins CR and LF into one Character, so both line ends are one step.
    var characters = Array(text)[...]
    func endRecord() {
      fields.append(field)
      field = ""
      let isEmpty = fields.count == 1 && fields[0].isEmpty
      let isComment = records.isEmpty && fields[0].hasPrefix("#")
      if !isEmpty && !isComment { records.append((recordLine, fields)) }
      fields = []
    }
    while let character = characters.popFirst() {
      if isQuoted {
        if character == "\"" {
          if characters.first == "\"" {
            field.append("\"")
            characters.removeFirst()
          } else {
            isQuoted = false
          }
        } else {
          field.append(character)
          if character.isNewline { line += 1 }
        }
      } else if records.isEmpty && fields.isEmpty && field.hasPrefix("#") && !character.isNewline {
        field.append(character)
      } else if character == "\"" && field.isEmpty {
        isQuoted = true
      } else if character == "," {
        fields.append(field)
        field = ""
      } else if character.isNewline {
        endRecord()
        line += 1
        recordLine = line
      } else {
        field.append(character)
      }
    }
    if isQuoted {
      throw ResultsError.badTable(file: file, line: recordLine, reason: "a quote is not closed")
    }
    if !field.isEmpty || !fields.isEmpty { endRecord() }
    return records
  }
}
