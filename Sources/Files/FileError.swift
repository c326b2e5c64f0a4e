import Foundation

/// What can be tried with a file, or with a folder.
package enum FileOperation: String, Sendable {
  case open, create, read, write, sync, rename, replace, remove, start
  case useAsFolder = "use as a folder"
}

/// A file that the operating system would not open, read, write or move.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  package let path: String
  /// What was tried.
  package let operation: FileOperation
  /// The operating system's number of the error; nil: it is not an error of the system.
  package let code: Int32?
  package let reason: String

  package init(path: String, operation: FileOperation, reason: String) {
    (self.path, self.operation, self.reason) = (path, operation, reason)
    code = nil
  }

  /// The error of a system call that failed with a code.
  package init(path: String, operation: FileOperation, code: Int32) {
    (self.path, self.operation, self.code) = (path, operation, code)
    reason = String(cString: strerror(code))
  }

  /// Codes of `flock` where a file system has no locks: Lustre without `-o flock`, NFS without its
  /// lock service.
  package static let lackOfLocks: Set<Int32> = [ENOSYS, ENOLCK, ENOTSUP, EOPNOTSUPP]

  /// The error of the system call that failed last.
  static func last(_ path: String, _ operation: FileOperation) -> FileError {
    FileError(path: path, operation: operation, code: errno)
  }

  package var description: String {
    let (verb, rest) =
      operation == .useAsFolder ? ("use", " as a folder") : (operation.rawValue, "")
    return "\(path): cannot \(verb) it\(rest): \(reason)"
  }
}
