import CHDF5
import Files
import Foundation
import HDF5

/// Writes an HDF5 file that is complete or absent.
///
/// Everything goes to a temporary file beside the target; `finish()` flushes, syncs and renames it.
/// A writer that is released without `finish()` removes the temporary file. Files hold no times:
/// the same content gives the same bytes.
///
///     let writer = try HDF5Writer(path: "templates.h5")
///     try writer.create("fc1/weight", .float16, shape: [s, 128, 512], chunk: [1, 128, 512])
///     try writer.write("fc1/weight", rows: 0..<16, from: block)      // 16 x 65,536 floats
///     try writer.writeStrings("identity", subjects)
///     try writer.finish()
package final class HDF5Writer {
  /// Element types that can be written.
  package enum Element: String, Sendable, Codable, CaseIterable {
    case float32, float16, float64, int8, int32, int64
    /// Variable-length UTF-8.
    case string
  }

  /// Where the finished file will be.
  package let path: String
  private let replacement: FileReplacement
  private let seal: Seal?
  private var file: hid_t
  private var open: [String: (id: hid_t, element: Element, shape: [Int])] = [:]

  /// Creates the temporary file, so that a bad folder or a full disk fails at once.
  ///
  /// - Parameters:
  ///   - keepsOther: a file at `path` that has another content in the end stays, and `finish()` is
  ///     an error.
  ///   - isSealed: the file begins with a seal of its content.
  package init(path: String, keepsOther: Bool = false, isSealed: Bool = false) throws {
    self.path = path
    // What killed ones left of the same file may be as large as it.
    try Leftovers.remove(of: path)
    replacement = try FileReplacement(path: path, keepsOther: keepsOther)
    let seal = isSealed ? Seal.hdf5 : nil
    self.seal = seal
    let temporaryPath = replacement.temporaryPath
    file = try HDF5Library.serialised {
      let creation = H5Pcreate(mote_H5P_FILE_CREATE())
      defer { H5Pclose(creation) }
      H5Pset_obj_track_times(creation, false)
      if let seal { H5Pset_userblock(creation, hsize_t(seal.count)) }
      // Nobody else knows the temporary file.
      let access = mote_file_access_without_locks()
      defer { H5Pclose(access) }
      return try HDF5Place(file: path).checked(
        H5Fcreate(temporaryPath, mote_H5F_ACC_TRUNC(), creation, access), "create it")
    }
  }

  deinit { abandon() }

  /// Creates a dataset, and the groups on the way to it.
  ///
  /// - Parameter chunk: extent of a chunk; nil stores the dataset contiguously.
  package func create(
    _ dataset: String, _ element: Element, shape: [Int], chunk: [Int]? = nil
  ) throws {
    precondition(open[dataset] == nil, "dataset '\(dataset)' created twice")
    precondition(chunk == nil || chunk!.count == shape.count, "chunk of another rank than shape")
    try HDF5Library.serialised {
      let space = try checked(
        shape.isEmpty
          ? H5Screate(H5S_SCALAR)
          : H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil),
        dataset, "lay it out")
      defer { H5Sclose(space) }
      let creation = H5Pcreate(mote_H5P_DATASET_CREATE())
      defer { H5Pclose(creation) }
      H5Pset_obj_track_times(creation, false)
      if let chunk, !shape.contains(0) {
        let extent = zip(chunk, shape).map { hsize_t(max(1, min($0, $1))) }
        try checked(H5Pset_chunk(creation, Int32(extent.count), extent), dataset, "chunk it")
      }
      let links = H5Pcreate(mote_H5P_LINK_CREATE())
      defer { H5Pclose(links) }
      H5Pset_create_intermediate_group(links, 1)
      let type = fileType(element)
      defer { H5Tclose(type) }
      let id = try checked(
        H5Dcreate2(file, dataset, type, space, links, creation, hid_t(H5P_DEFAULT)), dataset,
        "create the dataset")
      open[dataset] = (id, element, shape)
    }
  }

  /// Writes rows (indices of the first axis, further axes flattened) from dense float32 values.
  ///
  /// - Throws: `badValue` when a value exceeds the range of float16.
  package func write(
    _ dataset: String, rows: Range<Int>, from values: UnsafePointer<Float>
  ) throws {
    let target = try target(dataset)
    guard target.element == .float16 else {
      try transfer(dataset, rows: rows, memoryType: mote_H5T_NATIVE_FLOAT(), from: values)
      return
    }
    let count = rows.count * target.shape.dropFirst().reduce(1, *)
    let halves = UnsafeMutablePointer<UInt16>.allocate(capacity: max(1, count))
    defer { halves.deallocate() }
    for i in 0..<count {
      let half = Float16(values[i])
      if half.isInfinite && values[i].isFinite {
        throw HDF5Error.badValue(
          file: path, dataset: dataset,
          reason: "gets the value \(values[i]), beyond float16; store it as float32")
      }
      halves[i] = half.bitPattern
    }
    let type = HDF5Library.serialised { fileType(.float16) }
    defer { _ = HDF5Library.serialised { H5Tclose(type) } }
    try transfer(dataset, rows: rows, memoryType: type, from: halves)
  }

  /// Writes rows of 8-bit integers.
  package func write(_ dataset: String, rows: Range<Int>, from values: UnsafePointer<Int8>) throws {
    try transfer(dataset, rows: rows, memoryType: mote_H5T_NATIVE_INT8(), from: values)
  }

  /// Creates a vector of doubles, integers or floats and writes all of it.
  package func writeVector(_ dataset: String, _ values: [Double], as element: Element) throws {
    try create(dataset, element, shape: [values.count])
    try transfer(
      dataset, rows: 0..<values.count, memoryType: mote_H5T_NATIVE_DOUBLE(), from: values)
  }

  /// Creates a vector of variable-length UTF-8 strings and writes all of it.
  package func writeStrings(_ dataset: String, _ values: [String]) throws {
    try create(dataset, .string, shape: [values.count])
    try writeStrings(dataset, rows: 0..<values.count, values)
  }

  /// Writes some rows of a vector of strings created before.
  package func writeStrings(_ dataset: String, rows: Range<Int>, _ values: [String]) throws {
    precondition(rows.count == values.count)
    var pointers: [UnsafeMutablePointer<CChar>?] = values.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    let type = HDF5Library.serialised { fileType(.string) }
    defer { _ = HDF5Library.serialised { H5Tclose(type) } }
    try pointers.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      try transfer(dataset, rows: rows, memoryType: type, from: base)
    }
  }

  /// Sets a text attribute of the file ("/") or of a dataset.
  package func setAttribute(_ name: String, _ value: String, of object: String = "/") throws {
    try HDF5Library.serialised {
      let type = fileType(.string)
      defer { H5Tclose(type) }
      let space = try checked(H5Screate(H5S_SCALAR), "\(object)@\(name)", "lay it out")
      defer { H5Sclose(space) }
      let attribute = try checked(
        H5Acreate_by_name(
          file, object, name, type, space, hid_t(H5P_DEFAULT), hid_t(H5P_DEFAULT),
          hid_t(H5P_DEFAULT)), "\(object)@\(name)", "create the attribute")
      defer { H5Aclose(attribute) }
      try value.withCString { text in
        var pointer: UnsafePointer<CChar>? = text
        try checked(H5Awrite(attribute, type, &pointer), "\(object)@\(name)", "write the attribute")
      }
    }
  }

  /// Flushes, seals, syncs and renames the file into place.
  package func finish() throws {
    do {
      try HDF5Library.serialised {
        closeDatasets()
        defer {
          if file >= 0 { H5Fclose(file) }
          file = -1
        }
        try HDF5Place(file: path).checked(H5Fflush(file, H5F_SCOPE_LOCAL), "write it")
        let closing = file
        file = -1
        try HDF5Place(file: path).checked(H5Fclose(closing), "write it")
      }
      try seal?.write(into: replacement.temporaryPath)
    } catch {
      replacement.abandon()
      throw error
    }
    try replacement.finish()
  }

  /// Gives the file up and removes what was written; nothing happens after `finish()`.
  package func abandon() {
    HDF5Library.serialised {
      closeDatasets()
      guard file >= 0 else { return }
      H5Fclose(file)
      file = -1
      replacement.abandon()
    }
  }

  /// Closes in order of name: chunks still in memory get their place in the file then.
  private func closeDatasets() {
    for name in open.keys.sorted() { H5Dclose(open[name]!.id) }
    open = [:]
  }

  private func target(_ dataset: String) throws -> (id: hid_t, element: Element, shape: [Int]) {
    guard let target = open[dataset] else {
      throw HDF5Error.missing(file: path, dataset: dataset, available: open.keys.sorted())
    }
    return target
  }

  /// One H5Dwrite of a row range from dense memory.
  private func transfer(
    _ dataset: String, rows: Range<Int>, memoryType: hid_t, from source: UnsafeRawPointer
  ) throws {
    let (id, _, shape) = try target(dataset)
    precondition(rows.lowerBound >= 0 && rows.upperBound <= shape.first ?? 1)
    let columns = shape.dropFirst().reduce(1, *)
    if rows.isEmpty || columns == 0 { return }
    try HDF5Library.serialised {
      let fileSpace = try checked(H5Dget_space(id), dataset, "read its extent")
      defer { H5Sclose(fileSpace) }
      try checked(HDF5Library.select(rows, of: shape, in: fileSpace), dataset, "select rows")
      let memorySpace = try checked(
        H5Screate_simple(1, [hsize_t(rows.count * columns)], nil), dataset, "lay out memory")
      defer { H5Sclose(memorySpace) }
      try checked(
        H5Dwrite(id, memoryType, memorySpace, fileSpace, hid_t(H5P_DEFAULT), source), dataset,
        "write rows \(rows.lowerBound)..<\(rows.upperBound)")
    }
  }

  /// A fresh library type for an element; the caller closes it.
  private func fileType(_ element: Element) -> hid_t {
    switch element {
    case .float32: return H5Tcopy(mote_H5T_IEEE_F32LE())
    case .float64: return H5Tcopy(mote_H5T_IEEE_F64LE())
    case .int8: return H5Tcopy(mote_H5T_STD_I8LE())
    case .int32: return H5Tcopy(mote_H5T_STD_I32LE())
    case .int64: return H5Tcopy(mote_H5T_STD_I64LE())
    case .float16:
      // binary16: sign bit 15, five exponent bits from bit 10 with bias 15, ten mantissa bits.
      let type = H5Tcopy(mote_H5T_IEEE_F32LE())
      H5Tset_fields(type, 15, 10, 5, 0, 10)
      H5Tset_size(type, 2)
      H5Tset_ebias(type, 15)
      return type
    case .string:
      let type = H5Tcopy(mote_H5T_C_S1())
      H5Tset_size(type, mote_H5T_VARIABLE())
      H5Tset_cset(type, H5T_CSET_UTF8)
      return type
    }
  }

  @discardableResult
  private func checked<Result: SignedInteger>(
    _ result: Result, _ dataset: String, _ operation: String
  ) throws -> Result {
    try HDF5Place(file: path, dataset: dataset).checked(result, operation)
  }
}
