import Foundation

/// The bytes of a file, mapped into memory for reading as long as this value lives.
package final class MappedFile: @unchecked Sendable {
  package let bytes: UnsafeRawBufferPointer

  /// - Throws: `FileError` for what cannot be opened or is no regular file.
  package init(_ path: String) throws(FileError) {
    let file = try RegularFile.open(path)
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .last(path, .read) }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, file, 0), base != MAP_FAILED else {
      throw .last(path, .read)
    }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  /// From here on a file that another program cuts off while it is read ends this one with a message
  /// and the exit code of unusable data; it would end anyhow (SIGBUS).
  package static func endWhereCutOff() {
    signal(SIGBUS) { _ in
      let text: StaticString =
        "error: a file was cut off while it was read; try again when it is complete\n"
      _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
      UnfinishedFiles.unlinkAll()
      _exit(65)
    }
  }

  deinit {
    if let base = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: base), bytes.count)
    }
  }
}
