import CHDF5
import HDF5

extension LibraryDataset {
  /// Some columns of a matrix [d, n] for matrices that are stored transposed: column by column, d
  /// values each.
  ///
  /// - Throws: `HDF5Error` for what is no matrix of numbers.
  func columns(_ range: Range<Int>) throws -> [Float] {
    guard shape.count == 2, type.isNumeric else {
      throw HDF5Error.wrongKind(
        file: file, dataset: path, found: "\(typeName) of shape \(shape)",
        expected: "a matrix of numbers")
    }
    let range = range.clamped(to: 0..<shape[1])
    let (count, overflow) = shape[0].multipliedReportingOverflow(by: range.count)
    guard !overflow, count <= 1 << 31 else {
      throw place.refused("has \(shape[0]) rows, more than are read at once")
    }
    if count == 0 { return [] }
    var values = [Float](repeating: 0, count: count)
    try HDF5Library.serialised {
      let fileSpace = try place.checked(H5Dget_space(id), "read its extent")
      defer { H5Sclose(fileSpace) }
      try place.checked(
        HDF5Library.select(range, of: shape, axis: 1, in: fileSpace), "select columns")
      let memorySpace = try place.checked(
        H5Screate_simple(1, [hsize_t(count)], nil), "lay out memory")
      defer { H5Sclose(memorySpace) }
      try place.checked(
        H5Dread(
          id, mote_H5T_NATIVE_FLOAT(), memorySpace, fileSpace, hid_t(H5P_DEFAULT), &values),
        "read columns \(range.lowerBound)..<\(range.upperBound)")
    }
    // The read has them row by row.
    var turned = [Float](repeating: 0, count: count)
    let (d, n) = (shape[0], range.count)
    for j in 0..<d {
      for i in 0..<n { turned[i * d + j] = values[j * n + i] }
    }
    return turned
  }
}

extension LibraryDataset {
  /// One column of a matrix of numbers as labels, as `labels()` gives them of a vector.
  func labels(column: Int, allowsFractions: Bool) throws -> [String] {
    guard shape.count == 2, type.isNumeric, column >= 0, column < shape[1] else {
      throw HDF5Error.wrongKind(
        file: file, dataset: path, found: "\(typeName) of shape \(shape)",
        expected: "a matrix of numbers with \(column + 1) columns")
    }
    guard shape[0] <= 1 << 27 else { throw place.refused("has \(shape[0]) rows of labels") }
    switch type.kind {
    case .signedInteger:
      return try values(ofColumn: column, Int64(0), mote_H5T_NATIVE_INT64()).map { String($0) }
    case .unsignedInteger:
      return try values(ofColumn: column, UInt64(0), mote_H5T_NATIVE_UINT64()).map { String($0) }
    default:
      return try values(ofColumn: column, 0.0, mote_H5T_NATIVE_DOUBLE()).enumerated().map {
        guard let label = numberLabel($1, bytes: type.size, allowsFractions: allowsFractions) else {
          throw HDF5Error.badValue(
            file: file, dataset: path,
            reason: "has \($1) in row \($0) of column \(column); expected whole numbers as labels")
        }
        return label
      }
    }
  }

  private func values<T>(ofColumn column: Int, _ zero: T, _ memoryType: hid_t) throws -> [T] {
    var values = [T](repeating: zero, count: shape[0])
    if values.isEmpty { return values }
    try HDF5Library.serialised {
      let fileSpace = try place.checked(H5Dget_space(id), "read its extent")
      defer { H5Sclose(fileSpace) }
      try place.checked(
        HDF5Library.select(column..<column + 1, of: shape, axis: 1, in: fileSpace),
        "select a column")
      let memorySpace = try place.checked(
        H5Screate_simple(1, [hsize_t(shape[0])], nil), "lay out memory")
      defer { H5Sclose(memorySpace) }
      _ = try values.withUnsafeMutableBytes { memory in
        try place.checked(
          H5Dread(
            id, memoryType, memorySpace, fileSpace, hid_t(H5P_DEFAULT), memory.baseAddress),
          "read column \(column)")
      }
    }
    return values
  }
}
