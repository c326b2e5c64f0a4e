import CHDF5
import Foundation

/// The HDF5 C library: one caller at a time, errors as text, dangerous features off.
///
/// The error stack and its automatic printing belong to the calling thread, so silencing, calling
/// and reading the errors happen in one synchronous block under the lock. The lock is recursive:
/// a handle may be released while another call of the same thread holds it.
enum HDF5Library {
  private static let lock = NSRecursiveLock()

  /// Plugins (code loaded from disk) and links into other files are switched off for good.
  private static let prepared: Bool = {
    H5open()
    H5PLset_loading_state(0)
    H5Lunregister(H5L_TYPE_EXTERNAL)
    return true
  }()

  /// Runs `body` as the only user of the library, with the automatic printing of errors silenced.
  static func serialised<R>(_ body: () throws -> R) rethrows -> R {
    lock.lock()
    defer { lock.unlock() }
    _ = prepared
    H5Eset_auto2(hid_t(H5E_DEFAULT), nil, nil)
    return try body()
  }

  /// The text of the last failure on this thread, without times and addresses.
  ///
  /// The stack runs from the called function to the place where it failed; the first and the last
  /// description say what was attempted and why it failed.
  static func lastError() -> String {
    let stack = H5Eget_current_stack()
    guard stack >= 0 else { return "unknown error of the HDF5 library" }
    defer { H5Eclose_stack(stack) }
    var descriptions: [String] = []
    withUnsafeMutablePointer(to: &descriptions) { pointer in
      _ = H5Ewalk2(
        stack, H5E_WALK_DOWNWARD,
        { _, entry, context in
          guard let text = entry?.pointee.desc else { return 0 }
          context!.assumingMemoryBound(to: [String].self).pointee.append(String(cString: text))
          return 0
        }, pointer)
    }
    let texts = descriptions.map(sanitised).filter { !$0.isEmpty }
    guard let first = texts.first, let last = texts.last else {
      return "unknown error of the HDF5 library"
    }
    return first == last ? first : "\(first): \(last)"
  }

  /// A message of the library without time stamps, pointers, sizes and file flags.
  static func sanitised(_ message: String) -> String {
    // The file drivers write "what: time = ..., name = '...', errno = 2, error message = '...', …".
    if let details = message.range(of: ", errno = ") ?? message.range(of: " errno = ") {
      let what = message.prefix { $0 != ":" && $0 != "," }
      let reason = message[details.upperBound...]
      if let quote = reason.range(of: "error message = '"),
        let end = reason[quote.upperBound...].firstIndex(of: "'")
      {
        return "\(what): \(reason[quote.upperBound..<end])"
      }
      return String(what)
    }
    return message.replacing(#/0x[0-9a-fA-F]+/#, with: "address")
      .replacing(#/time = [^,]*, /#, with: "")
      .replacing(#/[\r\n\t]+/#, with: " ")
  }

  /// `id` when the library returned a valid identifier, else its error.
  static func checked(
    _ id: hid_t, file: String, dataset: String? = nil, _ operation: String
  ) throws -> hid_t {
    if id < 0 {
      throw HDF5Error.library(
        file: file, dataset: dataset, operation: operation, message: lastError())
    }
    return id
  }

  /// Throws the library's error when a call returned a failure.
  static func check(
    _ status: herr_t, file: String, dataset: String? = nil, _ operation: String
  ) throws {
    if status < 0 {
      throw HDF5Error.library(
        file: file, dataset: dataset, operation: operation, message: lastError())
    }
  }

  /// Version of the linked library, e.g. "1.10.8".
  static var version: String {
    serialised {
      var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
      H5get_libversion(&major, &minor, &release)
      return "\(major).\(minor).\(release)"
    }
  }
}

/// Version of the HDF5 library in use, for records.
package var hdf5Version: String { HDF5Library.version }
