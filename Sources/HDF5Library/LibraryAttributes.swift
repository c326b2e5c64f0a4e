import CHDF5
import Foundation
import HDF5

extension LibraryFile {
  /// All attributes of an object that are single values, as text: scalars and one-element arrays of
  /// strings, integers and floats.
  func attributes(of object: String) throws -> [String: String] {
    try HDF5Library.serialised {
      var names: [String] = []
      // One after the other: by their numbers the library would sort them for each.
      let result = withUnsafeMutablePointer(to: &names) { pointer in
        H5Aiterate_by_name(
          id, object, H5_INDEX_NAME, H5_ITER_INC, nil,
          { _, name, _, context in
            guard let names = context?.assumingMemoryBound(to: [String].self), let name
            else { return 0 }
            names.pointee.append(String(cString: name))
            return names.pointee.count < 1_000 ? 0 : 1
          }, pointer, hid_t(H5P_DEFAULT))
      }
      try HDF5Place(file: path, dataset: object).checked(result, "list its attributes")
      var values: [String: String] = [:]
      for name in names {
        let attribute = try checked(
          H5Aopen_by_name(id, object, name, hid_t(H5P_DEFAULT), hid_t(H5P_DEFAULT)), name)
        defer { H5Aclose(attribute) }
        if let value = try text(of: attribute, name: name) { values[name] = value }
      }
      return values
    }
  }

  /// The single value of an open attribute as text; nil when it is not a single value.
  private func text(of attribute: hid_t, name: String) throws -> String? {
    let space = try checked(H5Aget_space(attribute), name)
    defer { H5Sclose(space) }
    guard H5Sget_simple_extent_npoints(space) == 1 else { return nil }
    let fileType = try checked(H5Aget_type(attribute), name)
    defer { H5Tclose(fileType) }
    let type = HDF5ElementType(type: fileType)
    switch type.kind {
    case .variableString:
      var pointer: UnsafeMutablePointer<CChar>?
      try checked(H5Aread(attribute, fileType, &pointer), name)
      guard let pointer else { return "" }
      defer { H5free_memory(pointer) }
      guard strnlen(pointer, HDF5Limits.stringBytes + 1) <= HDF5Limits.stringBytes else {
        return nil
      }
      return String(cString: pointer)
    case .fixedString:
      guard type.size <= HDF5Limits.stringBytes else { return nil }
      var bytes = [UInt8](repeating: 0, count: type.size)
      try checked(H5Aread(attribute, fileType, &bytes), name)
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    case .signedInteger, .unsignedInteger, .enumeration:
      var value: Int64 = 0
      try checked(H5Aread(attribute, mote_H5T_NATIVE_INT64(), &value), name)
      return String(value)
    case .half, .float:
      var value = 0.0
      try checked(H5Aread(attribute, mote_H5T_NATIVE_DOUBLE(), &value), name)
      return String(value)
    case .other: return nil
    }
  }

  @discardableResult
  private func checked<Result: SignedInteger>(_ result: Result, _ name: String) throws -> Result {
    try HDF5Place(file: path, dataset: "@\(name)").checked(result, "read the attribute")
  }
}
