import Datasets
import Foundation

/// Columns of delimited text: labels, and vectors over one column a value or within one column.
final class TextColumns: SourceFile {
  private let text: DelimitedText
  private let first: [String]

  init(_ text: DelimitedText) throws {
    self.text = text
    first = try text.firstRow()
  }

  var path: String { text.path }

  var columns: [SourceColumn] {
    let vector = vectorColumn().map { text.columns[$0] }
    let values =
      text.hasHeader
      ? Set(families().values.filter { $0.count > 3 }.joined()) : Set((try? headless([])) ?? [])
    return text.columns.enumerated().filter { !$1.isEmpty }.prefix(1_000).map { index, name in
      SourceColumn(
        name: name, summary: first.isEmpty ? "no rows" : "'\(first[index].prefix(24))' first",
        isMatrix: name == vector, isValue: values.contains(index))
    }
  }

  func labels(_ column: String, allowsFractions: Bool) throws -> [String] {
    guard let index = text.columns.firstIndex(of: column) else { throw missing(column) }
    return try text.texts(ofColumn: index)
  }

  func vectors(_ column: String?, isTransposed: Bool, labels: Set<String>) throws -> (
    column: String, source: any VectorSource
  ) {
    if isTransposed {
      throw ImportError(
        path, nil, "is text, which is not transposed; save its transpose, np.savetxt(path, x.T)")
    }
    if text.rows == 0 { throw ImportError(path, nil, "has a header and no rows") }
    if let column, !column.hasSuffix("*") {
      guard let index = text.columns.firstIndex(of: column) else { throw missing(column) }
      return (column, try vector(inColumn: index))
    }
    if let column {
      let prefix = String(column.dropLast())
      return (column, try wide(families()[prefix] ?? [], named: column))
    }
    if let index = vectorColumn() { return (text.columns[index], try vector(inColumn: index)) }
    let found = text.hasHeader ? families().filter { $1.count > 1 } : ["": try headless(labels)]
    let largest = found.values.map(\.count).max() ?? 0
    let best = found.filter { $1.count == largest }
    guard best.count == 1, let (prefix, indices) = best.first, largest > 1 else {
      throw ImportError(
        path, nil,
        "has no columns that are plainly a vector (one per value, named f0, f1, …, or one of them all"
          + " named 'embedding'); say which with --embeddings 'f*' or --embeddings COLUMN; it holds "
          + summary)
    }
    return ("\(prefix)*", try wide(indices, named: "\(prefix)*"))
  }

  /// Columns named by a prefix and a number, by prefix, in order of the file.
  private func families() -> [String: [Int]] {
    var families: [String: [Int]] = [:]
    for (index, name) in text.columns.enumerated() {
      if let stem = NumberedNames.split(name)?.stem { families[stem, default: []].append(index) }
    }
    return families
  }

  /// Of a text without header, the columns of numbers that hold no labels.
  private func headless(_ labels: Set<String>) throws -> [Int] {
    var columns = text.columns.indices.filter {
      !labels.contains(text.columns[$0])
        && Double(first[$0].trimmingCharacters(in: .whitespaces)) != nil
    }[...]
    // A code of gender, an age, a number of a person beside fractions is no value of a vector.
    guard columns.count(where: { !Self.isWhole(first[$0]) }) * 2 > columns.count else {
      return Array(columns)
    }
    func isCode(_ column: Int) throws -> Bool {
      try Self.isWhole(first[column]) && text.texts(ofColumn: column).allSatisfy(Self.isWhole)
    }
    while let column = columns.first, try isCode(column) { columns.removeFirst() }
    while let column = columns.last, try isCode(column) { columns.removeLast() }
    return Array(columns)
  }

  /// "7", "-1", not "7.0".
  private static func isWhole(_ text: String) -> Bool {
    Int(text.trimmingCharacters(in: .whitespaces)) != nil
  }

  /// The column that holds whole vectors, of a usual name; nil: there is none.
  private func vectorColumn() -> Int? {
    let names = ColumnRole.embeddings.matches(among: text.columns)
    guard names.count == 1, let index = text.columns.firstIndex(of: names[0]) else { return nil }
    return index
  }

  private func vector(inColumn index: Int) throws -> any VectorSource {
    var value: Float = 0
    let dimension = try withUnsafeMutablePointer(to: &value) {
      try text.numbers(
        ofRow: 0, column: index, into: UnsafeMutableBufferPointer(start: $0, count: 0))
    }
    guard dimension > 0, dimension <= 1 << 17 else {
      throw ImportError(
        path, "\(text.line(ofRow: 0))",
        "has a vector of \(dimension) values in the column '\(text.columns[index])'")
    }
    return VectorsInColumn(text: text, column: index, dimension: dimension)
  }

  /// Neighbouring columns as vectors; their numbers must count.
  private func wide(_ indices: [Int], named name: String) throws -> any VectorSource {
    guard let first = indices.first, let last = indices.last else { throw missing(name) }
    guard last - first + 1 == indices.count else {
      throw ImportError(
        path, nil, "has other columns between those of '\(name)'; put the vector's side by side")
    }
    let numbers = indices.map { NumberedNames.split(text.columns[$0])?.number }
    for (index, number) in numbers.enumerated().dropFirst()
    where number != (numbers[0] ?? 0) + index && text.hasHeader {
      throw ImportError(
        path, nil,
        "has '\(text.columns[first + index])' as column \(index + 1) of the vector '\(name)'; put"
          + " them in order, without gaps")
    }
    return WideVectors(text: text, columns: first..<last + 1)
  }
}

/// Vectors over several columns, one value each.
private struct WideVectors: VectorSource {
  let text: DelimitedText
  let columns: Range<Int>

  var rows: Int { text.rows }
  var dimension: Int { columns.count }
  var origin: String {
    "\(text.path): columns '\(text.columns[columns.lowerBound])' to"
      + " '\(text.columns[columns.upperBound - 1])'"
  }

  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    for row in range {
      try text.numbers(
        ofRow: row, columns: columns, into: target + (row - range.lowerBound) * dimension)
    }
  }
}

/// Vectors within one column.
private struct VectorsInColumn: VectorSource {
  let text: DelimitedText
  let column: Int
  let dimension: Int

  var rows: Int { text.rows }
  var origin: String { text.path }

  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    for row in range {
      let own = UnsafeMutableBufferPointer(
        start: target + (row - range.lowerBound) * dimension, count: dimension)
      let count = try text.numbers(ofRow: row, column: column, into: own)
      if count != dimension {
        throw ImportError(
          text.path, "\(text.line(ofRow: row))",
          "has a vector of \(count) values, expected \(dimension) as in the first row")
      }
    }
  }
}
