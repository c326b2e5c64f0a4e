import Foundation

/// Reading of files that a user names: a FIFO, a device or a folder is an error at once, where
/// opening it would wait for a writer or never come to an end.
package enum RegularFile {
  /// Opens a file for reading; the caller closes the descriptor.
  ///
  /// - Throws: `FileError` for what cannot be opened or is no regular file.
  package static func open(_ path: String) throws(FileError) -> Int32 {
    let file = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else { throw .last(path, .open) }
    var status = stat()
    guard fstat(file, &status) == 0 else {
      let error = FileError.last(path, .open)
      close(file)
      throw error
    }
    guard let kind = unusualKind(status) else { return file }
    close(file)
    throw FileError(path: path, operation: .open, reason: "it is \(kind), expected a file")
  }

  /// All bytes of a file.
  package static func read(_ path: String) throws(FileError) -> Data {
    let file = try open(path)
    defer { close(file) }
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .last(path, .read) }
      if count == 0 { return data }
      data.append(contentsOf: buffer[..<count])
    }
  }

  /// What something is that is no regular file, in words; nil for a regular file.
  static func unusualKind(_ status: stat) -> String? {
    switch status.st_mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe (FIFO)"
    case S_IFCHR, S_IFBLK: "a device"
    case S_IFLNK: "a link"
    case S_IFSOCK: "a socket"
    default: "no file"
    }
  }
}
