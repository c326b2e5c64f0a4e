import Foundation
import Specs

/// Files that are complete or absent, whatever interrupts the writer.
package enum AtomicFile {
  /// Ending of files under construction; a crash may leave them, the next run removes them.
  package static let temporarySuffix = ".partial"

  /// Writes the pieces one after the other: temporary file beside the target, fsync, rename, fsync of
  /// the folder. Makes the folder when it is missing.
  ///
  /// - Throws: `StoreError`; the temporary file is removed then, an older target stays as it was.
  package static func write(_ pieces: [UnsafeRawBufferPointer], to path: String) throws(StoreError)
  {
    let folder = (path as NSString).deletingLastPathComponent
    try makeFolder(folder)
    let temporary = "\(path).\(getpid())\(temporarySuffix)"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw .fromErrno(errno, path: temporary, verb: ("create", "created"))
    }
    var failure: StoreError?
    for piece in pieces where failure == nil {
      failure = writeAll(piece, to: file, path: path)
    }
    if failure == nil, fsync(file) != 0 {
      failure = .fromErrno(errno, path: path, verb: ("write", "written to disk"))
    }
    // Network file systems report a full disk on close.
    if close(file) != 0, failure == nil {
      failure = .fromErrno(errno, path: path, verb: ("write", "written"))
    }
    if failure == nil, rename(temporary, path) != 0 {
      failure = .fromErrno(errno, path: path, verb: ("replace", "replaced"))
    }
    if let failure {
      unlink(temporary)
      throw failure
    }
    try syncFolder(folder)
  }

  /// Writes one piece of data.
  package static func write(_ data: Data, to path: String) throws(StoreError) {
    var failure: StoreError?
    data.withUnsafeBytes { bytes in
      do throws(StoreError) { try write([bytes], to: path) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Makes a finished file appear in a second place: as a link where both lie on one file system,
  /// else as a copy.
  package static func linkOrCopy(_ source: String, to path: String) throws(StoreError) {
    let folder = (path as NSString).deletingLastPathComponent
    try makeFolder(folder)
    try remove(path)
    if link(source, path) == 0 { return try syncFolder(folder) }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: source), options: .alwaysMapped)
    } catch {
      throw .system(path: source, operation: "read", reason: error.localizedDescription)
    }
    try write(data, to: path)
  }

  /// Makes a folder and those above it.
  package static func makeFolder(_ path: String) throws(StoreError) {
    if path.isEmpty || mkdir(path, 0o755) == 0 { return }
    let code = errno
    if code == EEXIST {
      var status = stat()
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
      throw .system(
        path: path, operation: "used as a folder", reason: "it is a file; remove or rename it")
    }
    let parent = (path as NSString).deletingLastPathComponent
    guard code == ENOENT, parent != path, !parent.isEmpty else {
      throw .fromErrno(code, path: path, verb: ("create", "created"))
    }
    try makeFolder(parent)
    if mkdir(path, 0o755) != 0 && errno != EEXIST {
      throw .fromErrno(errno, path: path, verb: ("create", "created"))
    }
  }

  /// Removes a file; one that is not there is fine.
  package static func remove(_ path: String) throws(StoreError) {
    if unlink(path) != 0 && errno != ENOENT {
      throw .fromErrno(errno, path: path, verb: ("remove", "removed"))
    }
  }

  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32, path: String)
    -> StoreError?
  {
    var done = 0
    while done < bytes.count {
      let count = Foundation.write(file, bytes.baseAddress! + done, bytes.count - done)
      if count < 0 {
        if errno == EINTR { continue }
        return .fromErrno(errno, path: path, verb: ("write", "written"))
      }
      done += count
    }
    return nil
  }

  /// Makes a rename survive a power failure.
  private static func syncFolder(_ path: String) throws(StoreError) {
    let folder = open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else {
      throw .fromErrno(errno, path: path, verb: ("open", "opened"))
    }
    defer { close(folder) }
    // Some file systems cannot sync a folder; the rename is as safe there as it can be.
    if fsync(folder) != 0 && errno != EINVAL && errno != ENOTSUP {
      throw .fromErrno(errno, path: path, verb: ("write", "written to disk"))
    }
  }
}
