import Foundation

/// A file that the operating system would not open, read, write or move.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  package let path: String
  /// What was tried, e.g. "open it".
  package let operation: String
  package let reason: String

  package init(path: String, operation: String, reason: String) {
    self.path = path
    self.operation = operation
    self.reason = reason
  }

  /// The error of the system call that failed last.
  static func last(_ path: String, _ operation: String) -> FileError {
    FileError(path: path, operation: operation, reason: String(cString: strerror(errno)))
  }

  package var description: String { "\(path): cannot \(operation): \(reason)" }
}
