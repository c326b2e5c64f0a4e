import Foundation
import Kernels

/// One dataset of a file: its shape, its element type, and reading of row blocks.
///
/// A row is one index of the first axis; further axes are flattened in storage order, so a
/// dataset [n, a, b] reads as n rows of a·b. A vector [n] reads as n rows of 1, a scalar as 1 x 1.
package final class HDF5Dataset: Sendable {
  /// File and path of the dataset, for messages.
  package let file: String
  package let path: String
  private let reader: HDF5ReaderProcess
  private let description: HDF5Description

  /// Extent of each axis; empty for a scalar.
  package var shape: [Int] { description.shape }
  /// Extent of a chunk, or nil for contiguous and compact storage.
  package var chunk: [Int]? { description.chunk }
  /// Names of the filters of a chunked dataset, in writing order, e.g. ["shuffle", "gzip"].
  package var filters: [String] { description.filters }
  /// Length of the first axis (1 for a scalar).
  package var rows: Int { shape.first ?? 1 }
  /// Elements of one row.
  package var columns: Int { shape.dropFirst().reduce(1, *) }
  /// Element type in words, e.g. "float16", "variable-length UTF-8 strings".
  package var typeName: String { description.typeName }
  /// Whether it can be read as float32.
  package var isNumeric: Bool { description.isNumeric }

  /// Byte of the file at which its values begin, row after row; nil where they are not in one piece, or
  /// were never written.
  package var offset: Int? { description.offset }

  /// Storage in words, e.g. "contiguous", "chunked 256x512 (shuffle, gzip)".
  package var layoutName: String {
    guard let chunk else { return "contiguous" }
    let extent = chunk.map(String.init).joined(separator: "x")
    return "chunked \(extent)" + (filters.isEmpty ? "" : " (\(filters.joined(separator: ", ")))")
  }

  /// Rows to ask for at once: whole chunks, about 8 MiB.
  package var preferredBlockRows: Int {
    let wanted = max(1, (8 << 20) / max(1, columns * 4))
    guard let chunkRows = chunk?.first, chunkRows > 0 else { return wanted }
    return min(mostRows, max(1, (wanted + chunkRows - 1) / chunkRows) * chunkRows)
  }

  /// Rows that are read at once at most.
  private var mostRows: Int { max(1, HDF5Limits.valuesAtOnce / max(1, columns)) }

  /// Opens a dataset after checking that nothing in it can reach outside the file.
  init(file: HDF5File, path: String) throws {
    (self.file, self.path, reader) = (file.path, path, file.reader)
    description = try reader.ask(.description(of: path)) { answer, _ in
      guard case .description(let description) = answer, description.isSound else { return nil }
      return description
    }
  }

  /// Reads rows as float32 into memory whose rows are `stride` floats apart.
  ///
  /// - Throws: `HDF5Error.wrongKind` for anything but numbers; the library's errors as text.
  package func read(
    rows range: Range<Int>, into target: UnsafeMutablePointer<Float>, stride: Int
  ) throws {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows && stride >= columns)
    guard isNumeric else {
      throw HDF5Error.wrongKind(file: file, dataset: path, found: typeName, expected: "numbers")
    }
    if columns == 0 { return }
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(range.upperBound, start + mostRows)
      let place = target + (start - range.lowerBound) * stride
      try receive(.rows(of: path, start..<end), (end - start) * columns) { channel in
        if stride == columns || end - start == 1 {
          return try channel.receive((end - start) * columns, into: place)
        }
        // Rows apart, by way of a MiB.
        let few = min(end - start, max(1, (1 << 18) / columns))
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: few * columns) { block in
          for first in Swift.stride(from: start, to: end, by: few) {
            let count = min(few, end - first)
            try channel.receive(count * columns, into: block.baseAddress!)
            for row in 0..<count {
              (place + (first - start + row) * stride).update(
                from: block.baseAddress! + row * columns, count: columns)
            }
          }
        }
      }
      start = end
    }
  }

  /// The whole dataset as a float32 matrix, rows by flattened columns.
  package func readMatrix(stride: Int? = nil) throws -> FloatMatrix {
    let stride = stride ?? columns
    let (bytes, overflow) = rows.multipliedReportingOverflow(by: stride * 4)
    let memory = ProcessInfo.processInfo.physicalMemory
    if overflow || UInt64(bytes) > memory {
      throw HDF5Error.refused(
        file: file, dataset: path,
        reason: "has \(rows) rows of \(columns) values, more than this machine's memory of "
          + "\(memory >> 30) GiB holds")
    }
    try expectWritten()
    let matrix = FloatMatrix(rows: rows, columns: columns, stride: stride)
    try forEachBlock { range in
      try read(rows: range, into: matrix.base + range.lowerBound * stride, stride: stride)
    }
    return matrix
  }

  /// - Throws: `HDF5Error.refused` for rows most of which nobody wrote: a few bytes of a file can stand
  ///   for any number of them.
  package func expectWritten() throws {
    let bytes = rows.multipliedReportingOverflow(by: columns * 4)
    let most = description.storedBytes.multipliedReportingOverflow(by: HDF5Limits.compression)
    guard bytes.overflow || bytes.partialValue > 1 << 28, !most.overflow,
      bytes.overflow || most.partialValue < bytes.partialValue
    else { return }
    throw HDF5Error.refused(
      file: file, dataset: path,
      reason: "has \(rows) rows of \(columns) values and stores \(description.storedBytes) bytes of"
        + " them, so most were never written; where only the first rows are filled, take these with"
        + " Harness import … --rows N")
  }

  /// Calls `body` with consecutive row ranges of a size that suits the storage.
  package func forEachBlock(_ body: (Range<Int>) throws -> Void) rethrows {
    let block = preferredBlockRows
    var start = 0
    while start < rows {
      let end = min(rows, start + block)
      try body(start..<end)
      start = end
    }
  }

  /// Some columns of a matrix [d, n] for matrices that are stored transposed: column by column, d
  /// values each.
  ///
  /// - Throws: `HDF5Error` for what is no matrix of numbers.
  package func columns(_ range: Range<Int>) throws -> [Float] {
    let range = range.clamped(to: 0..<(shape.count == 2 ? shape[1] : 0))
    return try floats(.columns(of: path, range), (shape.first ?? 0) * range.count)
  }

  /// Numbers of fields of a table for a range of records: records by the elements of all fields, side by
  /// side.
  ///
  /// - Parameter elements: values of these fields in each record.
  /// - Throws: `HDF5Error` for a field that is not there or holds no numbers.
  package func numbers(fields: [String], elements: Int, rows range: Range<Int>) throws -> [Float] {
    let range = range.clamped(to: 0..<rows)
    return try floats(.fields(of: path, fields, range), range.count * elements)
  }

  /// All elements as text, in storage order.
  ///
  /// A dataset may be a vector [n] or a column [n, 1] or row [1, n]. Integers become decimal text,
  /// integral floats the same; enumerations become their names.
  ///
  /// - Parameter allowsMissing: a NaN becomes "nan", which can be named as a code.
  /// - Throws: `wrongKind` for tables, references and matrices; `badValue` for text that is not
  ///   UTF-8 and for floats with a fraction where `allowsFractions` is false.
  package func labels(allowsFractions: Bool = false, allowsMissing: Bool = false) throws -> [String]
  {
    try labels(
      .vector(allowsFractions: allowsFractions, allowsMissing: allowsMissing), shape.reduce(1, *))
  }

  /// One column of a matrix of numbers as labels, as `labels()` gives them of a vector.
  package func labels(column: Int, allowsFractions: Bool = false) throws -> [String] {
    try labels(.column(column, allowsFractions: allowsFractions), rows)
  }

  /// Labels of a field, one per record, as `labels()` gives them of a dataset.
  ///
  /// - Parameters:
  ///   - element: which of the field's elements, where it has several.
  ///   - allowsFractions: numbers with fractions are labels too; else a NaN alone is one ("nan").
  package func labels(field: String, element: Int = 0, allowsFractions: Bool = false) throws
    -> [String]
  {
    try labels(.field(field, element: element, allowsFractions: allowsFractions), rows)
  }

  /// A vector of bit fields as numbers in decimal digits: "0" and "1" of Booleans.
  package func bits() throws -> [String] { try labels(.bits, shape.reduce(1, *)) }

  /// The texts that a vector of references leads to (MATLAB's cells); an empty cell is "".
  ///
  /// - Throws: `HDF5Error` for references that lead elsewhere.
  package func referencedTexts() throws -> [String] { try labels(.references, shape.reduce(1, *)) }

  /// A matrix of characters [characters, rows], as MATLAB stores one of [rows, characters]: a text
  /// per row, without the blanks that pad it.
  package func characterRows() throws -> [String] {
    try labels(.characters, shape.count == 2 ? shape[1] : 0)
  }

  // MARK: - Answers

  private func labels(_ labels: HDF5Labels, _ count: Int) throws -> [String] {
    try reader.ask(.labels(of: path, labels)) { answer, channel in
      guard case .texts(let sent) = answer, sent == count else { return nil }
      return try channel.receiveTexts(count)
    }
  }

  private func floats(_ question: HDF5Question, _ count: Int) throws -> [Float] {
    var values: [Float] = []
    try receive(question, count) { channel in
      values = try [Float](unsafeUninitializedCapacity: count) { memory, filled in
        try channel.receive(UnsafeMutableRawBufferPointer(memory))
        filled = count
      }
    }
    return values
  }

  /// Asks for float32 values; `body` receives so many.
  private func receive(
    _ question: HDF5Question, _ count: Int, _ body: (HDF5Channel) throws -> Void
  ) throws {
    try reader.ask(question) { (answer, channel) -> Void? in
      guard case .floats(let sent) = answer, sent == count else { return nil }
      try body(channel)
      return ()
    }
  }
}

extension HDF5Channel {
  /// Fills memory of so many float32 values.
  fileprivate func receive(_ count: Int, into start: UnsafeMutablePointer<Float>) throws {
    try receive(
      UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: start, count: count)))
  }
}
