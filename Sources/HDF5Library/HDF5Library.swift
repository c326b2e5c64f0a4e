import CHDF5
import Foundation
import HDF5

/// The HDF5 C library: one caller at a time, errors as text, dangerous features off.
///
/// The error stack and its automatic printing belong to the calling thread, so silencing, calling
/// and reading the errors happen in one synchronous block under the lock. The lock is recursive:
/// a handle may be released while another call of the same thread holds it.
enum HDF5Library {
  private static let lock = NSRecursiveLock()

  /// Plugins (code loaded from disk) and links into other files are switched off for good.
  private static let prepared: Bool = {
    // Files are closed one by one; the library, which would do it at the end of the program, crashes over
    // those that could not be written.
    H5dont_atexit()
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

  /// Selects a range of one axis in a dataspace of an extent; all of a scalar.
  static func select(
    _ range: Range<Int>, of shape: [Int], axis: Int = 0, in space: hid_t
  ) -> herr_t {
    guard !shape.isEmpty else { return 0 }
    var start = [hsize_t](repeating: 0, count: shape.count)
    var count = shape.map { hsize_t($0) }
    start[axis] = hsize_t(range.lowerBound)
    count[axis] = hsize_t(range.count)
    return H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nil, count, nil)
  }
}

/// Where in which file the library is at work, for its errors.
struct HDF5Place {
  let file: String
  var dataset: String?

  /// An identifier or status of the library.
  ///
  /// - Throws: the library's error when it is a failure.
  @discardableResult
  func checked<Result: SignedInteger>(
    _ result: Result, _ operation: String
  ) throws(HDF5Error) -> Result {
    if result < 0 {
      throw .library(
        file: file, dataset: dataset, operation: operation, message: HDF5Library.lastError())
    }
    return result
  }

  /// The error of a dataset with a feature that is not read.
  func refused(_ reason: String) -> HDF5Error {
    .refused(file: file, dataset: dataset ?? "/", reason: reason)
  }
}

/// Version of the HDF5 library in use, for records, e.g. "1.10.8".
package var hdf5Version: String {
  HDF5Library.serialised {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    H5get_libversion(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
  }
}
