import Datasets
import Files
import Foundation
import HDF5

/// A file of delimited text (CSV, TSV, or numbers between blanks), read as RFC 4180 says: fields in
/// quotes may hold delimiters, line feeds and doubled quotes.
///
/// Only where rows begin is kept, so memory is eight bytes a row.
final class DelimitedText {
  /// What stands between the fields of a row.
  enum Delimiter: Hashable {
    case sign(UInt8)
    /// Runs of blanks and tabs, as np.savetxt and MATLAB write.
    case blanks
  }

  let path: String
  let delimiter: Delimiter
  /// Names of the columns: those of the header, or their numbers from 1.
  let columns: [String]
  let hasHeader: Bool
  /// Where the rows begin, header aside.
  private let starts: [Int]
  private let bytes: UnsafeRawBufferPointer
  private let file: MappedFile

  var rows: Int { starts.count }

  private static let mostColumns = 1 << 17
  /// Most bytes of one field.
  static let mostFieldBytes = 16 << 20

  /// - Parameter hasHeader: nil: as it looks.
  init(_ path: String, hasHeader: Bool? = nil) throws {
    self.path = path
    let file = try MappedFile(path)
    self.file = file
    var bytes = file.bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      bytes = UnsafeRawBufferPointer(rebasing: bytes[3...])
    } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw ImportError(path, nil, "is UTF-16 text; save it as CSV in UTF-8")
    }
    self.bytes = bytes
    delimiter = Self.delimiter(of: bytes)
    let scanner = Scanner(bytes, delimiter, path: path)
    var first: [String] = []
    var starts: [Int] = []
    var at = 0
    while at < bytes.count {
      let start = at
      var count = 0
      let isFirst = first.isEmpty
      at = try scanner.row(from: at) { field, _ in
        count += 1
        guard count <= Self.mostColumns else {
          throw ImportError(path, nil, "has more than \(Self.mostColumns) columns")
        }
        if isFirst { first.append(try scanner.text(field, at: start)) }
      }
      // Blank lines hold nothing.
      if count == 0 { continue }
      guard count == first.count else {
        throw ImportError(
          path, "\(scanner.line(at: start))",
          "has \(count == 1 ? "1 field" : "\(count) fields"), expected \(first.count) as in the first row"
        )
      }
      starts.append(start)
    }
    guard !first.isEmpty else { throw ImportError(path, nil, "is empty; expected rows of text") }
    self.hasHeader = hasHeader ?? Self.isHeader(first)
    if self.hasHeader { starts.removeFirst() }
    self.starts = starts
    columns = self.hasHeader ? first : (1...first.count).map { String($0) }
    let repeated = Dictionary(grouping: columns.filter { !$0.isEmpty }) { $0 }.filter {
      $1.count > 1
    }
    if let name = repeated.keys.sorted().first {
      throw ImportError(path, nil, "has several columns '\(name)'; name each differently")
    }
  }

  /// The texts of one column; whole numbers that were written as floats ("7.0" of pandas beside missing
  /// values, "7.000000000000000000e+00" of savetxt) are "7".
  func texts(ofColumn column: Int) throws -> [String] {
    let scanner = Scanner(bytes, delimiter, path: path)
    var texts: [String] = []
    texts.reserveCapacity(rows)
    for start in starts {
      var index = 0
      _ = try scanner.row(from: start) { field, _ in
        if index == column {
          let text = try scanner.text(field, at: start)
          texts.append(wholeNumber(text) ?? text)
        }
        index += 1
      }
    }
    return texts
  }

  /// The first row's texts, for a look at what columns hold; empty without rows.
  func firstRow() throws -> [String] {
    guard let start = starts.first else { return [] }
    let scanner = Scanner(bytes, delimiter, path: path)
    var texts: [String] = []
    _ = try scanner.row(from: start) { field, _ in texts.append(try scanner.text(field, at: start))
    }
    return texts
  }

  /// Numbers of some columns of a row, in their order; ascending columns.
  func numbers(
    ofRow row: Int, columns wanted: Range<Int>, into target: UnsafeMutablePointer<Float>
  ) throws {
    let scanner = Scanner(bytes, delimiter, path: path)
    let start = starts[row]
    var index = 0
    _ = try scanner.row(from: start) { field, isQuoted in
      defer { index += 1 }
      guard wanted.contains(index) else { return }
      guard let value = scanner.number(field) else {
        throw ImportError(
          path, "\(scanner.line(at: start))",
          "has '\(try scanner.text(field, at: start).prefix(40))' in the column '\(columns[index])',"
            + " expected a number"
            + (Self.hasDecimalComma(try scanner.text(field, at: start))
              ? "; numbers with decimal commas are not read, write points" : ""))
      }
      target[index - wanted.lowerBound] = value
    }
  }

  /// The numbers within one field of a row, between blanks, commas or semicolons, brackets aside.
  ///
  /// - Returns: how many there are; those that fit are written.
  func numbers(
    ofRow row: Int, column: Int, into target: UnsafeMutableBufferPointer<Float>
  ) throws -> Int {
    let scanner = Scanner(bytes, delimiter, path: path)
    let start = starts[row]
    var index = 0
    var count = 0
    _ = try scanner.row(from: start) { field, _ in
      defer { index += 1 }
      guard index == column else { return }
      try scanner.words(field) { word in
        guard let value = scanner.number(word) else {
          let text = try scanner.text(word, at: start)
          throw ImportError(
            path, "\(scanner.line(at: start))",
            text == "..." || text == "…"
              ? "has a vector that was cut when it was printed ('...'); write one column per value, or"
                + " ' '.join(map(str, vector))"
              : "has '\(text.prefix(40))' within the vector of the column '\(columns[column])',"
                + " expected numbers")
        }
        if count < target.count { target[count] = value }
        count += 1
      }
    }
    return count
  }

  /// The line of the file that a row begins on.
  func line(ofRow row: Int) -> Int { Scanner(bytes, delimiter, path: path).line(at: starts[row]) }

  /// Whether the first row has names: one that is usual, texts alone (of two columns and more), or
  /// whole numbers that count, as pandas names columns.
  private static func isHeader(_ fields: [String]) -> Bool {
    if fields.contains(where: { ColumnRole(name: $0) != nil }) { return true }
    let numbers = fields.filter { Double($0.trimmingCharacters(in: .whitespaces)) != nil }
    if numbers.isEmpty { return fields.count > 1 }
    let whole = numbers.compactMap { Int($0) }
    return numbers.count > 2 && whole.count == numbers.count
      && zip(whole, whole.dropFirst()).allSatisfy { $0 < .max && $0 + 1 == $1 }
  }

  /// The sign that stands most often in the first row, outside quotes.
  private static func delimiter(of bytes: UnsafeRawBufferPointer) -> Delimiter {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    // Words between blanks, and those that are numbers.
    var (words, numbers) = (0, 0)
    var (isWithin, isNumeric) = (false, true)
    func endWord() {
      if isWithin {
        words += 1
        if isNumeric { numbers += 1 }
      }
      (isWithin, isNumeric) = (false, true)
    }
    scan: for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        if !isQuoted { break scan }
      case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|"):
        if !isQuoted { counts[byte, default: 0] += 1 }
      case UInt8(ascii: " "): endWord()
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
        isWithin = true
      default: (isWithin, isNumeric) = (true, false)
      }
    }
    endWord()
    // Of equally frequent ones the comma, then in the order of their codes.
    let best = counts.max {
      ($0.value, $0.key == 0x2C ? 1 : 0) < ($1.value, $1.key == 0x2C ? 1 : 0)
    }
    if let best { return .sign(best.key) }
    // Numbers, at most a person and an image before or behind them.
    let isVector = words > 1 && (numbers == words || numbers > 2 && numbers >= words - 2)
    return isVector ? .blanks : .sign(UInt8(ascii: ","))
  }

  /// "0,25".
  private static func hasDecimalComma(_ text: String) -> Bool {
    text.wholeMatch(of: /\s*[+-]?[0-9]+,[0-9]+\s*/) != nil
  }
}

/// "7" of "7.0" and of "7.000e+00"; nil for what is written otherwise, or is no whole number.
private func wholeNumber(_ text: String) -> String? {
  guard let first = text.utf8.first, first < 0x3A else { return nil }
  if text.hasSuffix(".0") { return Int64(text.dropLast(2)).map { String($0) } }
  guard text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }),
    text.wholeMatch(of: /[+-]?[0-9]\.[0-9]+[eE][+-][0-9]+/) != nil, let value = Double(text)
  else { return nil }
  return numberLabel(value, bytes: 8, allowsFractions: false)
}
