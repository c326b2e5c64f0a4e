import Files
import Foundation
import Specs

/// What can go wrong with a results folder.
package enum StoreError: Error, Sendable, CustomStringConvertible {
  /// A second run on the same folder. `holder` is what the first one wrote about itself.
  case locked(folder: String, holder: String)
  case diskFull(path: String)
  case permission(path: String, operation: String)
  /// Any other failure of the operating system.
  case system(path: String, operation: String, reason: String)
  /// A score block that is not what its name says.
  case badBlock(path: String, reason: String)

  package var description: String {
    switch self {
    case .locked(let folder, let holder):
      "results folder '\(folder)' is in use by another run (\(holder)); "
        + "wait for it, stop it, or give this run another folder with --results"
    case .diskFull(let path):
      "'\(path)' could not be written: no space left on the device; finished records are kept, "
        + "free some space and run the same command again"
    case .permission(let path, let operation):
      "'\(path)': permission denied to \(operation) it; check the owner of the results folder"
    case .system(let path, let operation, let reason):
      "'\(path)' could not be \(operation): \(reason)"
    case .badBlock(let path, let reason):
      "score block '\(path)' is not usable: \(reason)"
    }
  }

  /// The error for a failed system call.
  ///
  /// - Parameter verb: base form and participle, e.g. ("write", "written").
  package static func fromErrno(_ code: Int32, path: String, verb: (String, String)) -> StoreError {
    switch code {
    case ENOSPC, EDQUOT: .diskFull(path: path)
    case EACCES, EPERM, EROFS: .permission(path: path, operation: verb.0)
    default:
      .system(path: path, operation: verb.1, reason: String(cString: strerror(code)))
    }
  }

  /// The error of a file, in the words of a results folder.
  package init(_ error: FileError) {
    let verb =
      switch error.operation {
      case .open: ("open", "opened")
      case .create: ("create", "created")
      case .read: ("read", "read")
      case .write: ("write", "written")
      case .sync: ("write", "written to disk")
      case .rename, .replace: ("replace", "replaced")
      case .remove: ("remove", "removed")
      case .start: ("start", "started")
      case .useAsFolder: ("use", "used as a folder")
      }
    self =
      error.code.map { .fromErrno($0, path: error.path, verb: verb) }
      ?? .system(path: error.path, operation: verb.1, reason: error.reason)
  }
}

/// Does something with the files of a results folder.
///
/// - Throws: `StoreError` for the error of the file.
package func stored(_ body: @autoclosure () throws(FileError) -> Void) throws(StoreError) {
  do throws(FileError) { try body() } catch { throw StoreError(error) }
}
