import CHDF5
import HDF5

// What is checked before a dataset is read. These checks refuse features that reach outside the
// file and sizes that no embedding file has; against files that crash the library they do not help,
// which is why it runs in a process of its own.

extension LibraryDataset {
  /// A dataset that passed the checks.
  struct Opened {
    let id: hid_t
    let shape: [Int]
    let chunk: [Int]?
    let filters: [String]
    let type: HDF5ElementType

    init(_ place: HDF5Place, id fileID: hid_t, path: String) throws {
      let first = try place.checked(H5Dopen2(fileID, path, hid_t(H5P_DEFAULT)), "open the dataset")
      var keepsFirst = false
      defer { if !keepsFirst { H5Dclose(first) } }
      let typeID = try place.checked(H5Dget_type(first), "read its type")
      defer { H5Tclose(typeID) }
      type = HDF5ElementType(type: typeID)
      if type.kind == .fixedString && type.size > HDF5Limits.stringBytes {
        throw place.refused(
          "holds strings of \(type.size) bytes; at most \(HDF5Limits.stringBytes)")
      }
      shape = try Self.extent(of: first, place)

      let creation = try place.checked(H5Dget_create_plist(first), "read its storage layout")
      defer { H5Pclose(creation) }
      if H5Pget_external_count(creation) != 0 {
        throw place.refused(
          "keeps its values in other files (external storage), which is not read; save it in this file"
        )
      }
      switch H5Pget_layout(creation) {
      case H5D_VIRTUAL:
        throw place.refused(
          "is a virtual dataset made of other files, which is not read; save it as one dataset")
      case H5D_CHUNKED:
        let (extent, names) = try Self.chunk(
          creation, rank: shape.count, elementBytes: type.size, place)
        chunk = extent
        filters = names
      default:
        chunk = nil
        filters = []
      }
      // A row of chunks must fit in the chunk cache, or every block decompresses it again.
      guard let chunk, !chunk.isEmpty else {
        id = first
        keepsFirst = true
        return
      }
      let chunkBytes = chunk.reduce(max(1, type.size), *)
      let across = zip(shape, chunk).dropFirst().map { ($0 + $1 - 1) / max(1, $1) }
      let cacheBytes = min(max(1 << 20, across.reduce(chunkBytes, *)), 256 << 20)
      let access = H5Pcreate(mote_H5P_DATASET_ACCESS())
      defer { H5Pclose(access) }
      H5Pset_chunk_cache(access, 12_421, cacheBytes, 1)
      id = try place.checked(H5Dopen2(fileID, path, access), "open the dataset")
    }

    /// Axis lengths, within the limits.
    private static func extent(of id: hid_t, _ place: HDF5Place) throws -> [Int] {
      let space = try place.checked(H5Dget_space(id), "read its extent")
      defer { H5Sclose(space) }
      switch H5Sget_simple_extent_type(space) {
      case H5S_NULL: throw place.refused("is empty (it has a null dataspace); write values to it")
      case H5S_SCALAR: return []
      default: break
      }
      let rank = Int(H5Sget_simple_extent_ndims(space))
      guard rank >= 1, rank <= HDF5Limits.rank else {
        throw place.refused("has \(rank) axes; at most \(HDF5Limits.rank)")
      }
      var extent = [hsize_t](repeating: 0, count: rank)
      H5Sget_simple_extent_dims(space, &extent, nil)
      var elements: UInt64 = 1
      for length in extent {
        let (product, overflow) = elements.multipliedReportingOverflow(by: max(1, length))
        if overflow || product > UInt64(HDF5Limits.elements) {
          throw place.refused("has shape \(extent), more than \(HDF5Limits.elements) values")
        }
        elements = product
      }
      return extent.map { Int($0) }
    }

    /// Chunk extent and filter names; refuses filters that need a plugin.
    private static func chunk(
      _ creation: hid_t, rank: Int, elementBytes: Int, _ place: HDF5Place
    ) throws -> ([Int], [String]) {
      var extent = [hsize_t](repeating: 0, count: rank)
      guard H5Pget_chunk(creation, Int32(rank), &extent) == rank else {
        throw place.refused("has a chunk of another rank than its shape")
      }
      var bytes = UInt64(max(1, elementBytes))
      for length in extent {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: max(1, length))
        if overflow || product > UInt64(HDF5Limits.chunkBytes) {
          throw place.refused(
            "has chunks of \(extent) values, more than \(HDF5Limits.chunkBytes >> 20) MiB each")
        }
        bytes = product
      }
      var names: [String] = []
      for index in 0..<max(0, H5Pget_nfilters(creation)) {
        var (flags, values, configuration): (UInt32, Int, UInt32) = (0, 0, 0)
        let filter = H5Pget_filter2(
          creation, UInt32(index), &flags, &values, nil, 0, nil, &configuration)
        guard let name = builtInFilters[Int(filter)] else {
          let name = pluginFilters[Int(filter)] ?? "an unknown filter"
          throw place.refused(
            "is compressed with \(name) (filter \(filter)), which needs a plugin and is not read;"
              + " re-save it with compression='gzip' or none")
        }
        names.append(name)
      }
      return (extent.map { Int($0) }, names)
    }

    private static let builtInFilters = [
      1: "gzip", 2: "shuffle", 3: "fletcher32", 4: "szip", 5: "nbit", 6: "scaleoffset",
    ]
    private static let pluginFilters = [
      305: "LZO", 307: "bzip2", 32000: "LZF", 32001: "Blosc", 32002: "MAFISC", 32004: "LZ4",
      32008: "bitshuffle", 32013: "ZFP", 32015: "Zstandard", 32017: "SZ", 32018: "FCIDECOMP",
      32026: "Blosc2",
    ]
  }
}
