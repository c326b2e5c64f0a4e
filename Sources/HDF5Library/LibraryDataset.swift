import CHDF5
import HDF5

/// One open dataset of a file, by the library itself; see `HDF5Dataset` for what its readings mean.
final class LibraryDataset: @unchecked Sendable {
  /// File and path of the dataset, for messages.
  let file: String
  let path: String
  var place: HDF5Place { HDF5Place(file: file, dataset: path) }
  /// Extent of each axis; empty for a scalar.
  let shape: [Int]
  /// Extent of a chunk, or nil for contiguous and compact storage.
  let chunk: [Int]?
  /// Names of the filters of a chunked dataset, in writing order, e.g. ["shuffle", "gzip"].
  let filters: [String]
  let type: HDF5ElementType
  let id: hid_t

  /// Length of the first axis (1 for a scalar).
  var rows: Int { shape.first ?? 1 }
  /// Elements of one row.
  var columns: Int { shape.dropFirst().reduce(1, *) }
  /// Element type in words, e.g. "float16", "variable-length UTF-8 strings".
  var typeName: String { type.description }

  /// Bytes of the file that its values take.
  var storedBytes: Int { HDF5Library.serialised { Int(clamping: H5Dget_storage_size(id)) } }

  /// Byte of the file at which its values begin; nil: not in one piece, or not written.
  var offset: Int? {
    guard chunk == nil else { return nil }
    // HADDR_UNDEF, all bits set, for compact storage and before the first write.
    return Int(exactly: HDF5Library.serialised { H5Dget_offset(id) })
  }

  /// Opens a dataset after checking that nothing in it can reach outside the file.
  init(file: LibraryFile, path: String) throws {
    self.file = file.path
    self.path = path
    let opened = try HDF5Library.serialised { () throws -> Opened in
      guard file.contains(path) else {
        let walk = try file.walk()
        throw HDF5Error.missing(
          file: file.path, dataset: path, available: walk.names, excess: walk.excess)
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

  /// Reads rows as float32.
  ///
  /// - Parameter target: memory of as many rows of `columns` floats.
  /// - Throws: `HDF5Error.wrongKind` for anything but numbers; the library's errors as text.
  func read(rows range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows)
    guard type.isNumeric else {
      throw HDF5Error.wrongKind(file: file, dataset: path, found: typeName, expected: "numbers")
    }
    if range.isEmpty || columns == 0 { return }
    if type.kind == .half {
      try readHalf(rows: range, into: target)
    } else if type.kind == .float && type.size == 8 {
      try readDouble(rows: range, into: target)
    } else {
      try transfer(rows: range, memoryType: mote_H5T_NATIVE_FLOAT(), into: target)
    }
  }

  /// Binary16 is read as stored and converted through a table (5,200 MB/s against 68).
  private func readHalf(rows range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    let fileType = HDF5Library.serialised { H5Dget_type(id) }
    defer { _ = HDF5Library.serialised { H5Tclose(fileType) } }
    let count = range.count * columns
    let raw = UnsafeMutablePointer<UInt16>.allocate(capacity: count)
    defer { raw.deallocate() }
    try transfer(rows: range, memoryType: fileType, into: raw)
    let swap = type.isBigEndian
    HalfTable.values.withUnsafeBufferPointer { table in
      for i in 0..<count { target[i] = table[Int(swap ? raw[i].byteSwapped : raw[i])] }
    }
  }

  /// float64 is converted here: from big-endian to float32 the library goes bit by bit (100 MB/s),
  /// while swapping bytes alone is fast.
  private func readDouble(rows range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws {
    let count = range.count * columns
    let raw = UnsafeMutablePointer<Double>.allocate(capacity: count)
    defer { raw.deallocate() }
    try transfer(rows: range, memoryType: mote_H5T_NATIVE_DOUBLE(), into: raw)
    for i in 0..<count { target[i] = Float(raw[i]) }
  }

  /// One H5Dread of a row range into dense memory.
  func transfer(
    rows range: Range<Int>, memoryType: hid_t, into target: UnsafeMutableRawPointer
  ) throws {
    try HDF5Library.serialised {
      let fileSpace = try place.checked(H5Dget_space(id), "read its extent")
      defer { H5Sclose(fileSpace) }
      try place.checked(HDF5Library.select(range, of: shape, in: fileSpace), "select rows")
      // Of the form of what is read: others are matched element by element (1.7 times for gzip).
      let extent = [hsize_t(range.count)] + shape.dropFirst().map { hsize_t($0) }
      let memorySpace = try place.checked(
        H5Screate_simple(Int32(extent.count), extent, nil), "lay out memory")
      defer { H5Sclose(memorySpace) }
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
