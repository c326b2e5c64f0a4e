import CHDF5
import HDF5

/// An HDF5 file open for reading, by the library itself: `HDF5File` is what the program uses, this is
/// behind it in a process of its own.
final class LibraryFile: @unchecked Sendable {
  /// Path as given.
  let path: String
  let id: hid_t

  /// Opens a file read-only.
  ///
  /// - Throws: the library's reason with a hint (newer format, still open for writing, locked,
  ///   truncated).
  init(path: String) throws {
    self.path = path
    let place = HDF5Place(file: path)
    id = try HDF5Library.serialised {
      let opened = H5Fopen(path, mote_H5F_ACC_RDONLY(), hid_t(H5P_DEFAULT))
      do throws(HDF5Error) {
        return try place.checked(opened, "open it")
      } catch {
        guard error.isLackOfLocks else { throw error }
      }
      // A writer is not noticed then; runs hold what they read against the file's digest.
      let access = mote_file_access_without_locks()
      defer { H5Pclose(access) }
      return try place.checked(H5Fopen(path, mote_H5F_ACC_RDONLY(), access), "open it")
    }
  }

  deinit { _ = HDF5Library.serialised { H5Fclose(id) } }

  /// Paths of all datasets, in order of name, without the leading slash.
  func datasets() -> [String] {
    HDF5Library.serialised {
      struct Walk {
        var names: [String] = []
        var visited = 0
      }
      var walk = Walk()
      withUnsafeMutablePointer(to: &walk) { pointer in
        _ = H5Ovisit2(
          id, H5_INDEX_NAME, H5_ITER_INC,
          { _, name, info, context in
            let walk = context!.assumingMemoryBound(to: Walk.self)
            guard let name, let info else { return 0 }
            walk.pointee.visited += 1
            let text = String(cString: name)
            if info.pointee.type == H5O_TYPE_DATASET { walk.pointee.names.append(text) }
            let depth = text.utf8.count { $0 == UInt8(ascii: "/") }
            return walk.pointee.visited >= HDF5Limits.objects || depth >= HDF5Limits.depth ? 1 : 0
          }, pointer, mote_H5O_INFO_BASIC())
      }
      return walk.names
    }
  }

  /// True when every link on a path exists.
  func contains(_ dataset: String) -> Bool {
    HDF5Library.serialised {
      var prefix = ""
      for component in dataset.split(separator: "/") {
        prefix += "/" + component
        if H5Lexists(id, prefix, hid_t(H5P_DEFAULT)) <= 0 { return false }
      }
      return !prefix.isEmpty
    }
  }
}
