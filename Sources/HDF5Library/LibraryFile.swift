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
