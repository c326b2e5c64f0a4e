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

  /// - Throws: `FileError` where the folder does not exist.
  package init(path: String) throws(FileError) {
    self.path = path
    temporaryPath = "\(path).\(getpid())\(Self.temporarySuffix)"
    guard FileManager.default.fileExists(atPath: folder) else {
      throw FileError(
        path: path, operation: "create it", reason: "the folder '\(folder)' does not exist")
    }
  }

  /// Syncs the written file, renames it to `path` and syncs the folder.
  ///
  /// - Throws: `FileError`; the temporary file is removed then, an older target stays as it was.
  package func finish() throws(FileError) {
    do throws(FileError) {
      try Self.sync(temporaryPath)
      guard rename(temporaryPath, path) == 0 else { throw .last(path, "rename it") }
      try Self.sync(folder)
    } catch {
      abandon()
      throw error
    }
  }

  /// Removes the file under construction.
  package func abandon() { unlink(temporaryPath) }

  private var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

  /// Forces the content of a file, or the names in a folder, to the disk.
  private static func sync(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(path, "open it") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .last(path, "sync it") }
  }
}
