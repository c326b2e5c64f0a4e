import CHDF5
import Foundation
import HDF5

// Labels of rows: identities, genders, file names, ages. Files in the wild hold them as variable
// or fixed strings, integers, integral floats (MATLAB) or enumerations (h5py Booleans).

extension LibraryDataset {
  /// All elements as text, in storage order.
  ///
  /// A dataset may be a vector [n] or a column [n, 1] or row [1, n]. Integers become decimal text,
  /// integral floats the same; enumerations become their names.
  ///
  /// - Parameter allowsMissing: a NaN becomes "nan", which can be named as a code.
  /// - Throws: `wrongKind` for tables, references and matrices; `badValue` for text that is not
  ///   UTF-8 and for floats with a fraction where `allowsFractions` is false.
  func labels(allowsFractions: Bool, allowsMissing: Bool) throws -> [String] {
    guard shape.count(where: { $0 != 1 }) <= 1 else {
      throw HDF5Error.wrongKind(
        file: file, dataset: path, found: "an array of shape \(shape)",
        expected: "one label per row")
    }
    switch type.kind {
    case .variableString: return try variableStrings()
    case .fixedString: return try fixedStrings()
    case .signedInteger:
      return try elements(of: Int64.self, as: mote_H5T_NATIVE_INT64()).map { String($0) }
    case .unsignedInteger:
      return try elements(of: UInt64.self, as: mote_H5T_NATIVE_UINT64()).map { String($0) }
    case .half, .float:
      return try numberLabels(allowsFractions: allowsFractions, allowsMissing: allowsMissing)
    case .enumeration: return try enumerationNames()
    case .other:
      throw HDF5Error.wrongKind(
        file: file, dataset: path, found: typeName, expected: "strings or integers")
    }
  }

  /// Elements of the whole dataset, converted by the library to a number type.
  private func elements<T: FixedWidthInteger>(of: T.Type, as memoryType: hid_t) throws -> [T] {
    var values = [T](repeating: 0, count: shape.reduce(1, *))
    try readAll(memoryType, into: &values)
    return values
  }

  /// One H5Dread of everything.
  private func readAll<T>(_ memoryType: hid_t, into values: inout [T]) throws {
    if values.isEmpty { return }
    _ = try values.withUnsafeMutableBytes { bytes in
      try HDF5Library.serialised {
        try place.checked(
          H5Dread(
            id, memoryType, hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT), bytes.baseAddress),
          "read its labels")
      }
    }
  }

  private func numberLabels(allowsFractions: Bool, allowsMissing: Bool) throws -> [String] {
    var values = [Double](repeating: 0, count: shape.reduce(1, *))
    try readAll(mote_H5T_NATIVE_DOUBLE(), into: &values)
    // From here on neighbouring integers are stored as the same number.
    let limit: Double = type.size == 2 ? 0x1p11 : type.size == 4 ? 0x1p24 : 0x1p53
    return try values.enumerated().map { row, value in
      if !allowsFractions, value.magnitude >= limit, value.isFinite {
        throw HDF5Error.badValue(
          file: file, dataset: path,
          reason: "has \(value) in row \(row), stored as \(typeName): from \(Int64(limit)) on"
            + " different numbers are stored as one; save labels as integers or strings")
      }
      if let integer = Int64(exactly: value) { return String(integer) }
      if allowsMissing && value.isNaN { return "nan" }
      if allowsFractions { return String(value) }
      throw HDF5Error.badValue(
        file: file, dataset: path,
        reason: "has \(value) in row \(row); expected integers or strings as labels")
    }
  }

  private func variableStrings() throws -> [String] {
    let count = shape.reduce(1, *)
    var labels: [String] = []
    labels.reserveCapacity(count)
    let block = 1 << 16
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: min(block, max(1, count)))
    var start = 0
    while start < count {
      let n = min(block, count - start)
      try HDF5Library.serialised {
        // The memory type is the file's: the library refuses to mix character sets.
        let memoryType = try place.checked(H5Dget_type(id), "read its type")
        defer { H5Tclose(memoryType) }
        let fileSpace = try place.checked(H5Dget_space(id), "read its extent")
        defer { H5Sclose(fileSpace) }
        let axis = shape.firstIndex { $0 != 1 } ?? 0
        try place.checked(
          HDF5Library.select(start..<(start + n), of: shape, axis: axis, in: fileSpace),
          "select rows")
        let memorySpace = try place.checked(
          H5Screate_simple(1, [hsize_t(n)], nil), "lay out memory")
        defer { H5Sclose(memorySpace) }
        for i in 0..<n { pointers[i] = nil }
        _ = try pointers.withUnsafeMutableBytes { bytes in
          try place.checked(
            H5Dread(
              id, memoryType, memorySpace, fileSpace, hid_t(H5P_DEFAULT), bytes.baseAddress),
            "read its labels")
        }
        defer {
          _ = pointers.withUnsafeMutableBytes {
            H5Dvlen_reclaim(memoryType, memorySpace, hid_t(H5P_DEFAULT), $0.baseAddress)
          }
        }
        for i in 0..<n {
          // A null pointer is a string that was never written.
          guard let pointer = pointers[i] else {
            labels.append("")
            continue
          }
          guard strnlen(pointer, HDF5Limits.stringBytes + 1) <= HDF5Limits.stringBytes else {
            throw place.refused(
              "has a text of more than \(HDF5Limits.stringBytes) bytes in row \(start + i); labels are"
                + " shorter")
          }
          guard let text = String(validatingCString: pointer) else {
            throw notUTF8(row: start + i)
          }
          labels.append(text)
        }
      }
      start += n
    }
    return labels
  }

  private func fixedStrings() throws -> [String] {
    let count = shape.reduce(1, *)
    let size = type.size
    var bytes = [UInt8](repeating: 0, count: count * size)
    let (memoryType, padding) = try HDF5Library.serialised {
      let memoryType = try place.checked(H5Dget_type(id), "read its type")
      return (memoryType, H5Tget_strpad(memoryType))
    }
    defer { _ = HDF5Library.serialised { H5Tclose(memoryType) } }
    try readAll(memoryType, into: &bytes)
    return try (0..<count).map { row in
      var text = bytes[row * size..<(row + 1) * size]
      if let end = text.firstIndex(of: 0) { text = text[..<end] }
      if padding == H5T_STR_SPACEPAD {
        while text.last == UInt8(ascii: " ") { text.removeLast() }
      }
      guard let label = String(validating: text, as: UTF8.self) else { throw notUTF8(row: row) }
      return label
    }
  }

  /// Names of the members of an enumeration; a value without a member becomes its number.
  private func enumerationNames() throws -> [String] {
    let values = try elements(of: Int64.self, as: mote_H5T_NATIVE_INT64())
    let names: [Int64: String] = try HDF5Library.serialised {
      let fileType = try place.checked(H5Dget_type(id), "read its type")
      defer { H5Tclose(fileType) }
      return try self.enumerationNames(fileType)
    }
    return values.map { names[$0] ?? String($0) }
  }

  private func notUTF8(row: Int) -> HDF5Error {
    .badValue(
      file: file, dataset: path,
      reason: "has text in row \(row) that is not UTF-8; re-save the labels as UTF-8 strings")
  }
}
