import CHDF5
import HDF5

// Cell arrays of MATLAB: references to datasets of characters elsewhere in the file.

extension LibraryDataset {
  /// The texts that a vector of references leads to; an empty cell is "".
  ///
  /// - Throws: `HDF5Error` for references that lead elsewhere.
  func referencedTexts() throws -> [String] {
    guard case .references = try kind(), shape.count(where: { $0 != 1 }) <= 1 else {
      throw HDF5Error.wrongKind(
        file: file, dataset: path, found: "\(typeName) of shape \(shape)",
        expected: "a cell array with one text per row")
    }
    let count = shape.reduce(1, *)
    guard count <= 1 << 26 else { throw place.refused("has \(count) references") }
    if count == 0 { return [] }
    return try HDF5Library.serialised {
      let fileType = try place.checked(H5Dget_type(id), "read its type")
      defer { H5Tclose(fileType) }
      guard H5Tequal(fileType, mote_H5T_STD_REF_OBJ()) > 0 else {
        throw place.refused("holds references to parts of datasets, which are not followed")
      }
      var references = [hobj_ref_t](repeating: 0, count: count)
      try place.checked(
        H5Dread(
          id, mote_H5T_STD_REF_OBJ(), hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT),
          &references), "read its references")
      return try references.enumerated().map { row, reference in
        var reference = reference
        let object = try place.checked(
          H5Rdereference2(id, hid_t(H5P_DEFAULT), H5R_OBJECT, &reference),
          "follow the reference of row \(row)")
        defer { H5Oclose(object) }
        guard H5Iget_type(object) == H5I_DATASET else {
          throw place.refused("refers in row \(row) to something that is no dataset")
        }
        return try text(of: object, row: row)
      }
    }
  }

  /// A matrix of characters [characters, rows], as MATLAB stores one of [rows, characters]: a text
  /// per row, without the blanks that pad it.
  func characterRows() throws -> [String] {
    guard shape.count == 2, type.kind == .unsignedInteger, type.size <= 2 else {
      throw HDF5Error.wrongKind(
        file: file, dataset: path, found: "\(typeName) of shape \(shape)",
        expected: "a matrix of characters")
    }
    let (length, rows) = (shape[0], shape[1])
    guard length <= 1 << 16, rows <= 1 << 26, length * rows <= 1 << 30 else {
      throw place.refused("has \(rows) texts of \(length) characters, more than are read")
    }
    var units = [UInt64](repeating: 0, count: length * rows)
    if units.isEmpty { return [String](repeating: "", count: rows) }
    try HDF5Library.serialised {
      _ = try place.checked(
        H5Dread(
          id, mote_H5T_NATIVE_UINT64(), hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT), &units),
        "read its characters")
    }
    return (0..<rows).map { row in
      var own = (0..<length).map { UInt16(truncatingIfNeeded: units[$0 * rows + row]) }
      while let last = own.last, last == 0x20 || last == 0 { own.removeLast() }
      return String(decoding: own, as: UTF16.self)
    }
  }

  private func kind() throws -> HDF5Entry.Kind {
    try HDF5Library.serialised {
      let fileType = try place.checked(H5Dget_type(id), "read its type")
      defer { H5Tclose(fileType) }
      return HDF5Entry.Kind(type: fileType)
    }
  }

  /// The text of a dataset of UTF-16 units.
  private func text(of dataset: hid_t, row: Int) throws -> String {
    if H5Aexists(dataset, "MATLAB_empty") > 0 { return "" }
    let type = try place.checked(H5Dget_type(dataset), "read the text of row \(row)")
    defer { H5Tclose(type) }
    let space = try place.checked(H5Dget_space(dataset), "read the text of row \(row)")
    defer { H5Sclose(space) }
    let count = H5Sget_simple_extent_npoints(space)
    guard H5Tget_class(type) == H5T_INTEGER, H5Tget_size(type) <= 2, count >= 0, count <= 1 << 16
    else {
      throw place.refused(
        "refers in row \(row) to \(HDF5ElementType(type: type)), expected characters; save it with"
          + " cellstr(…) as texts")
    }
    if count == 0 { return "" }
    var units = [UInt64](repeating: 0, count: Int(count))
    try place.checked(
      H5Dread(
        dataset, mote_H5T_NATIVE_UINT64(), hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT),
        &units), "read the text of row \(row)")
    return String(decoding: units.map { UInt16(truncatingIfNeeded: $0) }, as: UTF16.self)
  }
}
