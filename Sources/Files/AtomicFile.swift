import Foundation

/// Files that are complete or absent, whatever interrupts the writer.
package enum AtomicFile {
  /// Writes the pieces one after the other (see `FileReplacement`). Makes the folder when it is
  /// missing.
  ///
  /// - Throws: `FileError`; an older target stays as it was then.
  package static func write(_ pieces: [UnsafeRawBufferPointer], to path: String) throws(FileError) {
    try makeFolder((path as NSString).deletingLastPathComponent)
    let replacement = try FileReplacement(path: path)
    do throws(FileError) {
      try write(pieces, to: replacement)
    } catch {
      replacement.abandon()
      throw error
    }
    try replacement.finish()
  }

  private static func write(_ pieces: [UnsafeRawBufferPointer], to replacement: FileReplacement)
    throws(FileError)
  {
    let (path, temporary) = (replacement.path, replacement.temporaryPath)
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .last(temporary, .create) }
    do throws(FileError) {
      for piece in pieces { try writeAll(piece, to: file, path: path) }
    } catch {
      close(file)
      throw error
    }
    // Network file systems report a full disk on close.
    guard close(file) == 0 else { throw .last(path, .write) }
  }

  /// Writes one piece of data.
  package static func write(_ data: Data, to path: String) throws(FileError) {
    var failure: FileError?
    data.withUnsafeBytes { bytes in
      do throws(FileError) { try write([bytes], to: path) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Makes a finished file appear in a second place: as a link where both lie on one file system,
  /// else as a copy.
  package static func linkOrCopy(_ source: String, to path: String) throws(FileError) {
    let folder = (path as NSString).deletingLastPathComponent
    try makeFolder(folder)
    try remove(path)
    if link(source, path) == 0 { return try FileReplacement.sync(folder: folder, of: path) }
    let file = try MappedFile(source)
    try withExtendedLifetime(file) { () throws(FileError) in try write([file.bytes], to: path) }
  }

  /// Makes a folder and those above it.
  package static func makeFolder(_ path: String) throws(FileError) {
    if path.isEmpty || mkdir(path, 0o755) == 0 { return }
    let code = errno
    if code == EEXIST {
      var status = stat()
      guard stat(path, &status) == 0 else {
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
        throw FileError(
          path: path, operation: .useAsFolder,
          reason: "it is a broken link to '\(target ?? "?")'; make that folder, or remove the link")
      }
      if status.st_mode & S_IFMT == S_IFDIR { return }
      let kind = RegularFile.unusualKind(status) ?? "a file"
      throw FileError(
        path: path, operation: .useAsFolder, reason: "it is \(kind); remove or rename it")
    }
    let parent = (path as NSString).deletingLastPathComponent
    guard code == ENOENT, parent != path, !parent.isEmpty else {
      throw FileError(path: path, operation: .create, code: code)
    }
    try makeFolder(parent)
    if mkdir(path, 0o755) != 0 && errno != EEXIST {
      throw .last(path, .create)
    }
  }

  /// Removes a file; one that is not there is fine.
  package static func remove(_ path: String) throws(FileError) {
    if unlink(path) != 0 && errno != ENOENT {
      throw .last(path, .remove)
    }
  }

  /// Writes bytes to an open file, however often the system takes a part of them.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32, path: String)
    throws(FileError)
  {
    var done = 0
    while done < bytes.count {
      let count = Foundation.write(file, bytes.baseAddress! + done, bytes.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .last(path, .write) }
      done += count
    }
  }
}
