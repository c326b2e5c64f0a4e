import CHDF5
import HDF5

// Fields of tables (PyTables, pandas, structured arrays of h5py) and bit fields, as plain values.

extension LibraryDataset {
  /// Numbers of fields for a range of records: records by the elements of all fields, side by side.
  ///
  /// - Throws: `HDF5Error` for a field that is not there or holds no numbers.
  func numbers(fields: [String], rows range: Range<Int>) throws -> [Float] {
    let range = range.clamped(to: 0..<rows)
    return try HDF5Library.serialised {
      var total = 0
      for field in fields {
        try withField(field) { _, base, elements in
          guard HDF5Entry.Kind(type: base) == .numbers else { throw wrong(field, base, "numbers") }
          total = try count(1, total + elements)
        }
      }
      var values = [Float](repeating: 0, count: try count(range.count, total))
      if range.isEmpty || total == 0 { return values }
      let record = try place.checked(H5Tcreate(H5T_COMPOUND, total * 4), "lay out memory")
      defer { H5Tclose(record) }
      var offset = 0
      for field in fields {
        try withField(field) { member, _, elements in
          try insert(field, member, element: mote_H5T_NATIVE_FLOAT(), at: offset, into: record)
          offset += elements * 4
        }
      }
      let names = "'\(fields[0])'" + (fields.count > 1 ? " to '\(fields[fields.count - 1])'" : "")
      try read(record, names, rows: range, into: &values, bytes: total * 4)
      return values
    }
  }

  /// Labels of a field, one per record, as `labels()` gives them of a dataset.
  ///
  /// - Parameters:
  ///   - element: which of the field's elements, where it has several.
  ///   - allowsFractions: numbers with fractions are labels too; else a NaN alone is one ("nan").
  func labels(field: String, element: Int, allowsFractions: Bool) throws
    -> [String]
  {
    try HDF5Library.serialised {
      try withField(field) { member, base, elements in
        guard element >= 0, element < elements else {
          throw place.refused("has \(elements) values in the field '\(field)', not \(element + 1)")
        }
        var labels: [String] = []
        labels.reserveCapacity(min(rows, 1 << 24))
        var start = 0
        while start < rows {
          let range = start..<min(rows, start + 1 << 14)
          labels += try fieldLabels(
            field, member, base, range, elements, element, allowsFractions: allowsFractions)
          start = range.upperBound
        }
        return labels
      }
    }
  }

  /// A vector of bit fields as numbers in decimal digits: "0" and "1" of Booleans.
  func bits() throws -> [String] {
    try HDF5Library.serialised {
      let size = type.size
      guard size >= 1, size <= 8, shape.count(where: { $0 != 1 }) <= 1 else {
        throw HDF5Error.wrongKind(
          file: file, dataset: path, found: "\(typeName) of \(size) bytes, shape \(shape)",
          expected: "one label per row")
      }
      let memory = try place.checked(H5Dget_type(id), "read its type")
      defer { H5Tclose(memory) }
      let total = try count(shape.reduce(1, *), size)
      var bytes = [UInt8](repeating: 0, count: total)
      if total > 0 {
        try place.checked(
          H5Dread(id, memory, hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT), &bytes),
          "read its labels")
      }
      return bitTexts(bytes, size: size, isBigEndian: type.isBigEndian)
    }
  }

  // MARK: - Reading

  /// Type of a field, of one of its elements, and their number; the types are closed afterwards.
  private func withField<R>(_ name: String, _ body: (hid_t, hid_t, Int) throws -> R) throws -> R {
    let fileType = try place.checked(H5Dget_type(id), "read its type")
    defer { H5Tclose(fileType) }
    guard H5Tget_class(fileType) == H5T_COMPOUND else {
      throw HDF5Error.wrongKind(
        file: file, dataset: path, found: typeName, expected: "a table with the field '\(name)'")
    }
    let index = H5Tget_member_index(fileType, name)
    guard index >= 0 else { throw place.refused("has no field '\(name)'") }
    let member = try place.checked(H5Tget_member_type(fileType, UInt32(index)), "read its fields")
    defer { H5Tclose(member) }
    let (extent, base) = try HDF5Entry.Field.elements(of: member, place)
    defer { H5Tclose(base) }
    guard shape.count <= 1 else {
      throw HDF5Error.wrongKind(
        file: file, dataset: path, found: "a table of shape \(shape)",
        expected: "one row of records")
    }
    return try body(member, base, extent.reduce(1, *))
  }

  /// A product of counts that memory can be asked for.
  private func count(_ a: Int, _ b: Int) throws -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    guard !overflow, product >= 0, product <= 1 << 31 else {
      throw place.refused("has \(a) times \(b) values, more than are read at once")
    }
    return product
  }

  /// One read of a field of some records into dense memory, its elements as a type of memory.
  private func readField<T>(
    _ name: String, _ member: hid_t, element: hid_t, rows range: Range<Int>, into values: inout [T],
    bytes: Int
  ) throws {
    if range.isEmpty || bytes == 0 { return }
    let record = try place.checked(H5Tcreate(H5T_COMPOUND, bytes), "lay out memory")
    defer { H5Tclose(record) }
    try insert(name, member, element: element, at: 0, into: record)
    try read(record, "'\(name)'", rows: range, into: &values, bytes: bytes)
  }

  /// Makes a field of the file part of a record of memory, its elements as a type of memory.
  private func insert(
    _ name: String, _ member: hid_t, element: hid_t, at offset: Int, into record: hid_t
  ) throws {
    let field: hid_t
    if H5Tget_class(member) == H5T_ARRAY {
      let rank = H5Tget_array_ndims(member)
      var extent = [hsize_t](repeating: 0, count: Int(max(0, rank)))
      try place.checked(H5Tget_array_dims2(member, &extent), "read its fields")
      field = try place.checked(
        H5Tarray_create2(element, UInt32(max(0, rank)), extent), "lay out memory")
    } else {
      field = try place.checked(H5Tcopy(element), "lay out memory")
    }
    defer { H5Tclose(field) }
    try place.checked(H5Tinsert(record, name, offset, field), "lay out memory")
  }

  /// One read of some records into dense memory.
  ///
  /// - Parameter names: its fields, for the error.
  private func read<T>(
    _ record: hid_t, _ names: String, rows range: Range<Int>, into values: inout [T], bytes: Int
  ) throws {
    let fileSpace = try place.checked(H5Dget_space(id), "read its extent")
    defer { H5Sclose(fileSpace) }
    try place.checked(HDF5Library.select(range, of: shape, in: fileSpace), "select rows")
    let memorySpace = try place.checked(
      H5Screate_simple(1, [hsize_t(range.count)], nil), "lay out memory")
    defer { H5Sclose(memorySpace) }
    _ = try values.withUnsafeMutableBytes { memory in
      precondition(memory.count >= range.count * bytes)
      try place.checked(
        H5Dread(id, record, memorySpace, fileSpace, hid_t(H5P_DEFAULT), memory.baseAddress),
        "read the field \(names) of rows \(range.lowerBound)..<\(range.upperBound)")
    }
  }

  /// Labels of some records.
  private func fieldLabels(
    _ name: String, _ member: hid_t, _ base: hid_t, _ range: Range<Int>, _ elements: Int,
    _ element: Int, allowsFractions: Bool
  ) throws -> [String] {
    let size = H5Tget_size(base)
    func own<T>(_ values: [T]) -> [T] { (0..<range.count).map { values[$0 * elements + element] } }
    switch HDF5Entry.Kind(type: base) {
    case .numbers where H5Tget_class(base) == H5T_INTEGER && H5Tget_sign(base) == H5T_SGN_NONE:
      var values = [UInt64](repeating: 0, count: try count(range.count, elements))
      try readField(
        name, member, element: mote_H5T_NATIVE_UINT64(), rows: range, into: &values,
        bytes: elements * 8)
      return own(values).map { String($0) }
    case .numbers where H5Tget_class(base) == H5T_INTEGER, .enumeration:
      var values = [Int64](repeating: 0, count: try count(range.count, elements))
      let isNamed = HDF5Entry.Kind(type: base) == .enumeration
      let memory = try isNamed ? enumeration64(base) : H5Tcopy(mote_H5T_NATIVE_INT64())
      defer { H5Tclose(memory) }
      try readField(
        name, member, element: memory, rows: range, into: &values, bytes: elements * 8)
      let names = isNamed ? try enumerationNames(memory) : [:]
      return own(values).map { names[$0] ?? String($0) }
    case .numbers:
      var values = [Double](repeating: 0, count: try count(range.count, elements))
      try readField(
        name, member, element: mote_H5T_NATIVE_DOUBLE(), rows: range, into: &values,
        bytes: elements * 8)
      return try own(values).enumerated().map { row, value in
        if let label = numberLabel(value, bytes: size, allowsFractions: allowsFractions) {
          return label
        }
        throw HDF5Error.badValue(
          file: file, dataset: "\(path)/\(name)",
          reason: "has \(value) in row \(range.lowerBound + row), stored as a float of \(size)"
            + " bytes; expected whole numbers small enough to be told apart, or strings")
      }
    case .text where H5Tis_variable_str(base) == 0:
      var bytes = [UInt8](
        repeating: 0, count: try count(range.count, try count(elements, size)))
      try readField(
        name, member, element: base, rows: range, into: &bytes, bytes: elements * size)
      let isPadded = H5Tget_strpad(base) == H5T_STR_SPACEPAD
      return try (0..<range.count).map { row in
        let start = (row * elements + element) * size
        var text = bytes[start..<start + size].prefix { $0 != 0 }
        while isPadded, text.last == UInt8(ascii: " ") { text.removeLast() }
        guard let label = String(validating: text, as: UTF8.self) else {
          throw notUTF8(name, row: range.lowerBound + row)
        }
        return label
      }
    case .text:
      var pointers = [UnsafeMutablePointer<CChar>?](
        repeating: nil, count: try count(range.count, elements))
      defer { for pointer in pointers { if let pointer { H5free_memory(pointer) } } }
      try readField(
        name, member, element: base, rows: range, into: &pointers,
        bytes: elements * MemoryLayout<UnsafeMutablePointer<CChar>?>.stride)
      return try own(pointers).enumerated().map { row, pointer in
        // A null pointer is a string that was never written.
        guard let pointer else { return "" }
        guard let label = String(validatingCString: pointer) else {
          throw notUTF8(name, row: range.lowerBound + row)
        }
        return label
      }
    case .bitField where size >= 1 && size <= 8:
      var bytes = [UInt8](
        repeating: 0, count: try count(range.count, try count(elements, size)))
      try readField(
        name, member, element: base, rows: range, into: &bytes, bytes: elements * size)
      return own(
        bitTexts(bytes, size: size, isBigEndian: H5Tget_order(base) == H5T_ORDER_BE))
    default:
      throw wrong(name, base, "strings or integers")
    }
  }

  private func notUTF8(_ field: String, row: Int) -> HDF5Error {
    .badValue(
      file: file, dataset: "\(path)/\(field)",
      reason: "has text in row \(row) that is not UTF-8; re-save the labels as UTF-8 strings")
  }

  private func wrong(_ field: String, _ base: hid_t, _ expected: String) -> HDF5Error {
    .wrongKind(
      file: file, dataset: "\(path)/\(field)", found: HDF5ElementType(type: base).description,
      expected: expected)
  }

  /// An enumeration of the same names over 64-bit integers.
  private func enumeration64(_ base: hid_t) throws -> hid_t {
    let native = try place.checked(
      H5Tenum_create(mote_H5T_NATIVE_INT64()), "read its enumeration")
    for (value, name) in try enumerationNames(base) {
      var value = value
      H5Tenum_insert(native, name, &value)
    }
    return native
  }

  /// Names of an enumeration by value; the format counts them in 16 bits.
  func enumerationNames(_ type: hid_t) throws -> [Int64: String] {
    let base = try place.checked(H5Tget_super(type), "read its enumeration")
    defer { H5Tclose(base) }
    var names: [Int64: String] = [:]
    for index in 0..<UInt32(min(65_536, max(0, H5Tget_nmembers(type)))) {
      // The value arrives in the file's integer type and is converted in place.
      var value: Int64 = 0
      guard H5Tget_size(base) <= 8 else {
        throw place.refused("has an enumeration of wide numbers")
      }
      try place.checked(H5Tget_member_value(type, index, &value), "read its enumeration")
      try place.checked(
        H5Tconvert(base, mote_H5T_NATIVE_INT64(), 1, &value, nil, hid_t(H5P_DEFAULT)),
        "read its enumeration")
      guard let name = H5Tget_member_name(type, index) else { continue }
      names[value] = String(cString: name)
      H5free_memory(name)
    }
    return names
  }
}

/// Whole bytes of bits as decimal digits.
private func bitTexts(_ bytes: [UInt8], size: Int, isBigEndian: Bool) -> [String] {
  stride(from: 0, to: bytes.count - bytes.count % size, by: size).map { start in
    let own = bytes[start..<start + size]
    let value = (isBigEndian ? Array(own) : own.reversed()).reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    return String(value)
  }
}
