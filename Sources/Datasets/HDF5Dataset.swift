import CHDF5
import Foundation
import Kernels

/// One open dataset of a file: its shape, its element type, and reading of row blocks.
///
/// A row is one index of the first axis; further axes are flattened in storage order, so a
/// dataset [n, a, b] reads as n rows of a·b. A vector [n] reads as n rows of 1, a scalar as 1 x 1.
package final class HDF5Dataset: @unchecked Sendable {
  /// File and path of the dataset, for messages.
  package let file: String
  package let path: String
  var place: HDF5Place { HDF5Place(file: file, dataset: path) }
  /// Extent of each axis; empty for a scalar.
  package let shape: [Int]
  /// Extent of a chunk, or nil for contiguous and compact storage.
  package let chunk: [Int]?
  /// Names of the filters of a chunked dataset, in writing order, e.g. ["shuffle", "gzip"].
  package let filters: [String]
  let type: HDF5ElementType
  let id: hid_t

  /// Length of the first axis (1 for a scalar).
  package var rows: Int { shape.first ?? 1 }
  /// Elements of one row.
  package var columns: Int { shape.dropFirst().reduce(1, *) }
  /// Element type in words, e.g. "float16", "variable-length UTF-8 strings".
  package var typeName: String { type.description }

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
    return max(1, (wanted + chunkRows - 1) / chunkRows) * chunkRows
  }

  /// Opens a dataset after checking that nothing in it can reach outside the file.
  init(file: HDF5File, path: String) throws {
    self.file = file.path
    self.path = path
    let opened = try HDF5Library.serialised { () throws -> Opened in
      guard file.contains(path) else {
        throw HDF5Error.missing(file: file.path, dataset: path, available: file.datasets())
      }
      return try Opened(HDF5Place(file: file.path, dataset: path), id: file.id, path: path)
    }
    id = opened.id
    shape = opened.shape
    chunk = opened.chunk
    filters = opened.filters
    type = opened.type
  }

  deinit { _ = HDF5Library.serialised { H5Dclose(id) } }

  /// Reads rows as float32 into memory whose rows are `stride` floats apart.
  ///
  /// - Throws: `HDF5Error.wrongKind` for anything but numbers; the library's errors as text.
  package func read(
    rows range: Range<Int>, into target: UnsafeMutablePointer<Float>, stride: Int
  ) throws {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows && stride >= columns)
    guard type.isNumeric else {
      throw HDF5Error.wrongKind(file: file, dataset: path, found: typeName, expected: "numbers")
    }
    if range.isEmpty || columns == 0 { return }
    if type.kind == .half {
      try readHalf(rows: range, into: target, stride: stride)
    } else if type.kind == .float && type.size == 8 {
      try readDouble(rows: range, into: target, stride: stride)
    } else {
      try transfer(
        rows: range, memoryType: mote_H5T_NATIVE_FLOAT(), into: target, stride: stride)
    }
  }

  /// The whole dataset as a float32 matrix, rows by flattened columns.
  package func readMatrix(stride: Int? = nil) throws -> FloatMatrix {
    let stride = stride ?? columns
    let (bytes, overflow) = rows.multipliedReportingOverflow(by: stride * 4)
    let memory = ProcessInfo.processInfo.physicalMemory
    if overflow || UInt64(bytes) > memory {
      throw place.refused(
        "has \(rows) rows of \(columns) values, more than this machine's memory of "
          + "\(memory >> 30) GiB holds")
    }
    let matrix = FloatMatrix(rows: rows, columns: columns, stride: stride)
    try forEachBlock { range in
      try read(rows: range, into: matrix.base + range.lowerBound * stride, stride: stride)
    }
    return matrix
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

  /// Binary16 is read as stored and converted through a table (5,200 MB/s against 68).
  private func readHalf(
    rows range: Range<Int>, into target: UnsafeMutablePointer<Float>, stride: Int
  ) throws {
    let fileType = HDF5Library.serialised { H5Dget_type(id) }
    defer { _ = HDF5Library.serialised { H5Tclose(fileType) } }
    let count = range.count * columns
    let raw = UnsafeMutablePointer<UInt16>.allocate(capacity: count)
    defer { raw.deallocate() }
    try transfer(rows: range, memoryType: fileType, into: raw, stride: columns)
    let swap = type.isBigEndian
    HalfTable.values.withUnsafeBufferPointer { table in
      for i in 0..<range.count {
        let source = raw + i * columns
        let row = target + i * stride
        for j in 0..<columns {
          let bits = swap ? source[j].byteSwapped : source[j]
          row[j] = table[Int(bits)]
        }
      }
    }
  }

  /// float64 is converted here: from big-endian to float32 the library goes bit by bit (100 MB/s),
  /// while swapping bytes alone is fast.
  private func readDouble(
    rows range: Range<Int>, into target: UnsafeMutablePointer<Float>, stride: Int
  ) throws {
    let raw = UnsafeMutablePointer<Double>.allocate(capacity: range.count * columns)
    defer { raw.deallocate() }
    try transfer(
      rows: range, memoryType: mote_H5T_NATIVE_DOUBLE(), into: raw, stride: columns)
    for i in 0..<range.count {
      for j in 0..<columns { target[i * stride + j] = Float(raw[i * columns + j]) }
    }
  }

  /// One H5Dread of a row range into memory of [rows, stride] elements.
  func transfer(
    rows range: Range<Int>, memoryType: hid_t, into target: UnsafeMutableRawPointer, stride: Int
  ) throws {
    try HDF5Library.serialised {
      let fileSpace = try place.checked(H5Dget_space(id), "read its extent")
      defer { H5Sclose(fileSpace) }
      try place.checked(HDF5Library.select(range, of: shape, in: fileSpace), "select rows")
      let memorySpace = try place.checked(
        H5Screate_simple(2, [hsize_t(range.count), hsize_t(stride)], nil), "lay out memory")
      defer { H5Sclose(memorySpace) }
      if stride > columns {
        try place.checked(
          H5Sselect_hyperslab(
            memorySpace, H5S_SELECT_SET, [0, 0], nil, [hsize_t(range.count), hsize_t(columns)],
            nil), "lay out memory")
      }
      try place.checked(
        H5Dread(id, memoryType, memorySpace, fileSpace, hid_t(H5P_DEFAULT), target),
        "read rows \(range.lowerBound)..<\(range.upperBound)")
    }
  }
}

/// float32 values of all binary16 patterns.
private enum HalfTable {
  static let values: [Float] = (0...UInt16.max).map { Float(Float16(bitPattern: $0)) }
}
