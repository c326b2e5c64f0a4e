import Foundation

/// The bytes of a file, mapped into memory for reading as long as this value lives.
package final class MappedFile: @unchecked Sendable {
  package let bytes: UnsafeRawBufferPointer

  /// - Returns: nil when there is no such file.
  /// - Throws: `StoreError.system` for what cannot be opened or is no regular file.
  package init?(_ path: String) throws(StoreError) {
    // A FIFO would wait for a writer.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw .fromErrno(errno, path: path, verb: ("read", "opened"))
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else {
      throw .fromErrno(errno, path: path, verb: ("read", "read"))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .system(path: path, operation: "read", reason: "it is no regular file")
    }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, file, 0), base != MAP_FAILED else {
      throw .fromErrno(errno, path: path, verb: ("read", "mapped"))
    }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  deinit {
    if let base = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: base), bytes.count)
    }
  }
}
