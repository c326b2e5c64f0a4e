import CHDF5
import HDF5

extension LibraryFile {
  /// All datasets of the file in order of name, with their shapes and types.
  ///
  /// - Throws: `HDF5Error.refused` for a file with more objects or deeper groups than are looked at,
  ///   of which nothing is left out silently.
  package func entries() throws -> [HDF5Entry] {
    try HDF5Library.serialised {
      let walk = try walk()
      if let excess = walk.excess {
        throw HDF5Error.refused(
          file: path, dataset: "/", reason: "has \(excess), which are not looked through")
      }
      let datasets = try walk.names.map { try entry($0) }
      let links = try refusedLinks()
      return links.isEmpty ? datasets : (datasets + links).sorted { $0.path < $1.path }
    }
  }

  /// Links into other files and links to nothing, which are not followed.
  private func refusedLinks() throws -> [HDF5Entry] {
    struct Links { var found: [(name: String, isExternal: Bool)] = [] }
    var links = Links()
    let result = withUnsafeMutablePointer(to: &links) { pointer in
      mote_visit_links(
        id,
        { name, type, context in
          guard let links = context?.assumingMemoryBound(to: Links.self), let name,
            type != H5L_TYPE_HARD
          else { return 0 }
          links.pointee.found.append((String(cString: name), type != H5L_TYPE_SOFT))
          return links.pointee.found.count > HDF5Limits.objects ? 1 : 0
        }, pointer)
    }
    try HDF5Place(file: path).checked(result, "list its links")
    return links.found.compactMap { name, isExternal in
      // A soft link may lead on to a link into another file, which the library refuses.
      if !isExternal, H5Oexists_by_name(id, name, hid_t(H5P_DEFAULT)) > 0 { return nil }
      return HDF5Entry(
        path: name, shape: [], kind: .other,
        typeName: isExternal ? "a link into another file" : "a link that leads nowhere", fields: [],
        matlabClass: nil)
    }
  }

  /// Paths of the datasets, in order of name.
  struct Walk {
    var names: [String] = []
    fileprivate var visited = 0
    /// Set where there is more than is looked through.
    var excess: String?
  }

  /// Looks for datasets until there are too many.
  func walk() throws -> Walk {
    var walk = Walk()
    let result = withUnsafeMutablePointer(to: &walk) { pointer in
      H5Ovisit2(
        id, H5_INDEX_NAME, H5_ITER_INC,
        { _, name, info, context in
          guard let walk = context?.assumingMemoryBound(to: Walk.self), let name, let info
          else { return 0 }
          walk.pointee.visited += 1
          let text = String(cString: name)
          if info.pointee.type == H5O_TYPE_DATASET { walk.pointee.names.append(text) }
          if walk.pointee.visited >= HDF5Limits.objects {
            walk.pointee.excess = "more than \(HDF5Limits.objects) objects"
          }
          if text.utf8.count(where: { $0 == UInt8(ascii: "/") }) >= HDF5Limits.depth {
            walk.pointee.excess = "groups deeper than \(HDF5Limits.depth)"
          }
          return walk.pointee.excess == nil ? 0 : 1
        }, pointer, mote_H5O_INFO_BASIC())
    }
    if walk.excess == nil { try HDF5Place(file: path).checked(result, "list its datasets") }
    return walk
  }

  /// Shape and type of one dataset.
  private func entry(_ name: String) throws -> HDF5Entry {
    let place = HDF5Place(file: path, dataset: name)
    let dataset = try place.checked(H5Dopen2(id, name, hid_t(H5P_DEFAULT)), "open the dataset")
    defer { H5Dclose(dataset) }
    let type = try place.checked(H5Dget_type(dataset), "read its type")
    defer { H5Tclose(type) }
    let space = try place.checked(H5Dget_space(dataset), "read its extent")
    defer { H5Sclose(space) }
    var shape: [Int] = []
    let rank = Int(H5Sget_simple_extent_ndims(space))
    if rank > 0, rank <= 32 {
      var extent = [hsize_t](repeating: 0, count: rank)
      H5Sget_simple_extent_dims(space, &extent, nil)
      shape = extent.map { Int(clamping: $0) }
    }
    return HDF5Entry(
      path: name, shape: shape, kind: HDF5Entry.Kind(type: type),
      typeName: HDF5ElementType(type: type).description,
      fields: try Self.fields(of: type, place),
      matlabClass: Self.matlabClass(of: dataset))
  }

  /// Fields of a record type; none of any other.
  private static func fields(of type: hid_t, _ place: HDF5Place) throws -> [HDF5Entry.Field] {
    guard H5Tget_class(type) == H5T_COMPOUND else { return [] }
    let count = Int(H5Tget_nmembers(type))
    guard count >= 0, count <= 10_000 else {
      throw place.refused("has \(count) fields, which are not looked through")
    }
    return try (0..<UInt32(count)).map { index in
      let member = try place.checked(H5Tget_member_type(type, index), "read its fields")
      defer { H5Tclose(member) }
      guard let text = H5Tget_member_name(type, index) else {
        throw place.refused("has a field without a name")
      }
      defer { H5free_memory(text) }
      let (shape, base) = try HDF5Entry.Field.elements(of: member, place)
      defer { H5Tclose(base) }
      return HDF5Entry.Field(
        name: String(cString: text), kind: HDF5Entry.Kind(type: base), shape: shape,
        typeName: HDF5ElementType(type: base).description)
    }
  }

  /// The attribute MATLAB_class of a dataset; nil where it has none.
  static func matlabClass(of dataset: hid_t) -> String? {
    guard H5Aexists(dataset, "MATLAB_class") > 0 else { return nil }
    let attribute = H5Aopen(dataset, "MATLAB_class", hid_t(H5P_DEFAULT))
    guard attribute >= 0 else { return nil }
    defer { H5Aclose(attribute) }
    let type = H5Aget_type(attribute)
    guard type >= 0 else { return nil }
    defer { H5Tclose(type) }
    let size = H5Tget_size(type)
    guard H5Tget_class(type) == H5T_STRING, H5Tis_variable_str(type) == 0, size > 0, size <= 256,
      H5Aget_storage_size(attribute) <= 256
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: 256)
    guard H5Aread(attribute, type, &bytes) >= 0 else { return nil }
    return String(decoding: bytes.prefix(size).prefix { $0 != 0 }, as: UTF8.self)
  }
}

extension HDF5Entry.Field {
  /// Axes of a field's type and the type of one element, which the caller closes.
  static func elements(of member: hid_t, _ place: HDF5Place) throws -> (shape: [Int], base: hid_t) {
    guard H5Tget_class(member) == H5T_ARRAY else {
      return ([], try place.checked(H5Tcopy(member), "read its fields"))
    }
    let rank = Int(H5Tget_array_ndims(member))
    guard rank >= 1, rank <= 8 else { throw place.refused("has a field of \(rank) axes") }
    var extent = [hsize_t](repeating: 0, count: rank)
    try place.checked(H5Tget_array_dims2(member, &extent), "read its fields")
    var count: UInt64 = 1
    for length in extent {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(1, length))
      guard !overflow, product <= UInt64(HDF5Limits.fieldElements) else {
        throw place.refused("has a field of \(extent) values in each record")
      }
      count = product
    }
    return (extent.map { Int($0) }, try place.checked(H5Tget_super(member), "read its fields"))
  }
}

extension HDF5Entry.Kind {
  /// The kind behind a library identifier of a type.
  init(type: hid_t) {
    self =
      switch H5Tget_class(type) {
      case H5T_FLOAT, H5T_INTEGER: .numbers
      case H5T_STRING: .text
      case H5T_ENUM: .enumeration
      case H5T_BITFIELD: .bitField
      // Of regions lead to parts of datasets.
      case H5T_REFERENCE where H5Tequal(type, mote_H5T_STD_REF_OBJ()) > 0: .references
      case H5T_COMPOUND: .table
      default: .other
      }
  }
}
