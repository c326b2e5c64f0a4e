import Foundation

/// A file that is written in pieces through a buffer, and is complete or absent. Belongs to one thread.
package final class StreamedFile {
  private static let capacity = 1 << 20

  package let path: String
  private let replacement: FileReplacement
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// Makes the folder when it is missing.
  package init(_ path: String) throws(FileError) {
    self.path = path
    try AtomicFile.makeFolder((path as NSString).deletingLastPathComponent)
    replacement = try FileReplacement(path: path)
    descriptor = open(replacement.temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .last(replacement.temporaryPath, .create) }
    buffer.reserveCapacity(Self.capacity + (1 << 16))
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      replacement.abandon()
    }
  }

  package func append(_ bytes: [UInt8]) throws(FileError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.capacity { try flush() }
  }

  package func append(_ text: String) throws(FileError) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Appends bytes that lie in memory.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try flush()
    try AtomicFile.writeAll(bytes, to: descriptor, path: path)
  }

  /// Makes the file appear.
  package func finish() throws(FileError) {
    try flush()
    let isClosed = close(descriptor) == 0
    descriptor = -1
    // Network file systems report a full disk on close.
    guard isClosed else {
      let error = FileError.last(path, .write)
      replacement.abandon()
      throw error
    }
    try replacement.finish()
  }

  private func flush() throws(FileError) {
    if buffer.isEmpty { return }
    var failure: FileError?
    buffer.withUnsafeBytes { bytes in
      do throws(FileError) {
        try AtomicFile.writeAll(bytes, to: descriptor, path: path)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    buffer.removeAll(keepingCapacity: true)
  }
}
