import CHDF5
import Foundation
import Kernels

/// An HDF5 file open for reading.
///
/// All calls of the library are serialised, so a file may be used from any thread. Errors carry
/// file, dataset and the library's own text.
package final class HDF5File: @unchecked Sendable {
  /// Path as given.
  package let path: String
  let id: hid_t

  /// Opens a file read-only.
  ///
  /// - Throws: `HDF5Error.noFile`, or the library's reason with a hint (newer format, still open
  ///   for writing, locked, truncated).
  package init(path: String) throws {
    self.path = path
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw HDF5Error.noFile(
        file: path,
        found: errno == ENOENT ? "no such file" : String(cString: strerror(errno)))
    }
    // Opening a pipe or a device would wait for a writer.
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw HDF5Error.noFile(
        file: path, found: status.st_mode & S_IFMT == S_IFDIR ? "is a folder" : "is not a file")
    }
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
  package func datasets() -> [String] {
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
  package func contains(_ dataset: String) -> Bool {
    HDF5Library.serialised {
      var prefix = ""
      for component in dataset.split(separator: "/") {
        prefix += "/" + component
        if H5Lexists(id, prefix, hid_t(H5P_DEFAULT)) <= 0 { return false }
      }
      return !prefix.isEmpty
    }
  }

  /// Opens one dataset.
  package func dataset(_ path: String) throws -> HDF5Dataset {
    try HDF5Dataset(file: self, path: path)
  }

  /// Extent of each axis of a dataset; empty for a scalar.
  package func shape(of dataset: String) throws -> [Int] {
    try self.dataset(dataset).shape
  }

  /// A numeric dataset as float32: rows of the first axis by the flattened others.
  package func read(_ dataset: String) throws -> FloatMatrix {
    try self.dataset(dataset).readMatrix()
  }

  /// A dataset of labels (strings, integers, enumerations) as text; see `HDF5Dataset.labels`.
  package func labels(_ dataset: String) throws -> [String] {
    try self.dataset(dataset).labels()
  }
}
