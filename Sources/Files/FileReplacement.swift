import Foundation

/// A file that is complete or absent, whatever interrupts its writer: a library writes
/// `temporaryPath`, then `finish()` moves it to `path`.
package struct FileReplacement: Sendable {
  /// Ending of files under construction; a crash may leave them.
  package static let temporarySuffix = ".partial"

  /// Where the finished file will be.
  package let path: String
  /// The file under construction, beside the target; other processes have other ones.
  package let temporaryPath: String
  private let keepsOther: Bool

  /// - Parameter keepsOther: a file at `path` that has another content in the end stays, and
  ///   `finish()` is an error.
  /// - Throws: `FileError` where the folder does not exist.
  package init(path: String, keepsOther: Bool = false) throws(FileError) {
    self.path = path
    self.keepsOther = keepsOther
    temporaryPath = "\(path).\(getpid())\(Self.temporarySuffix)"
    guard FileManager.default.fileExists(atPath: folder) else {
      throw FileError(
        path: path, operation: .create, reason: "the folder '\(folder)' does not exist")
    }
    UnfinishedFiles.add(temporaryPath)
  }

  /// Syncs the written file, renames it to `path` and syncs the folder.
  ///
  /// - Throws: `FileError`; the temporary file is removed then, an older target stays as it was.
  package func finish() throws(FileError) {
    do throws(FileError) {
      if keepsOther, access(path, F_OK) == 0, try !OutputFile.areEqual(path, temporaryPath) {
        throw FileError(
          path: path, operation: .replace,
          reason: "it is there with another content; name another file, or give --force")
      }
      var status = stat()
      if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        throw FileError(
          path: path, operation: .replace, reason: "it is a folder; remove or rename it")
      }
      try Self.sync(temporaryPath, O_RDONLY, of: path)
      guard rename(temporaryPath, path) == 0 else { throw .last(path, .rename) }
      UnfinishedFiles.remove(temporaryPath)
      try Self.sync(folder: folder, of: path)
    } catch {
      abandon()
      throw error
    }
  }

  /// Removes the file under construction.
  package func abandon() {
    unlink(temporaryPath)
    UnfinishedFiles.remove(temporaryPath)
  }

  private var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

  /// Makes the names in the folder of a file survive a power failure.
  static func sync(folder: String, of path: String) throws(FileError) {
    try sync(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY, of: path)
  }

  /// Forces the content of a file, or the names in a folder, to the disk.
  private static func sync(_ place: String, _ flags: Int32, of path: String) throws(FileError) {
    let descriptor = open(place, flags | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(path, .open) }
    defer { close(descriptor) }
    // Some file systems cannot sync a folder; the rename is as safe there as it can be.
    let isSynced = fsync(descriptor) == 0
    guard isSynced || flags & O_DIRECTORY != 0 && (errno == EINVAL || errno == ENOTSUP) else {
      throw .last(path, .sync)
    }
  }
}
