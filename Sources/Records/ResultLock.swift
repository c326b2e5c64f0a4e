import Files
import Foundation
import Specs
import Synchronization

/// Keeps a second run out of a results folder for as long as this value lives.
///
/// An advisory lock of the operating system on the file `.lock`: it ends with the process, however
/// that ends, so a crash leaves nothing to clean up. The file's text only names the holder.
package final class ResultLock: Sendable {
  /// The open lock file; -1 once released.
  private let file: Atomic<Int32>
  /// What is not protected, where the file system has no locks; nil: the folder is locked.
  package let warning: String?

  /// - Throws: `StoreError.locked` that names the holder, or an error about the folder.
  package init(folder: String) throws(StoreError) {
    try stored(AtomicFile.makeFolder(folder))
    let path = resolved(".lock", in: folder)
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw .fromErrno(errno, path: path, verb: ("open", "opened"))
    }
    var warning: String?
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let code = errno
      if FileError.lackOfLocks.contains(code) {
        warning =
          "the file system of '\(folder)' has no locks (\(String(cString: strerror(code)))): a second "
          + "run in this folder at the same time is not noticed, and the two would disturb each other"
        break
      }
      var holder = [UInt8](repeating: 0, count: 256)
      let count = code == EWOULDBLOCK ? pread(file, &holder, holder.count, 0) : 0
      close(file)
      guard code == EWOULDBLOCK else {
        throw .fromErrno(code, path: path, verb: ("lock", "locked"))
      }
      let text = String(decoding: holder.prefix(max(0, count)), as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      throw .locked(folder: folder, holder: text.isEmpty ? "it has not said which" : text)
    }
    let text = Array("process \(getpid()) on \(hostName()) since \(timestamp())\n".utf8)
    // The text is a courtesy: the lock holds without it, on a full disk too.
    if ftruncate(file, 0) == 0 { _ = pwrite(file, text, text.count, 0) }
    self.file = Atomic(file)
    self.warning = warning
  }

  /// Lets the next run in. The lock also ends with this value or with the process.
  package func release() {
    let file = file.exchange(-1, ordering: .acquiringAndReleasing)
    guard file >= 0 else { return }
    _ = ftruncate(file, 0)
    // Closing would leave the lock to a process that is just being started (until its exec).
    _ = flock(file, LOCK_UN)
    close(file)
  }

  deinit { release() }
}

/// Name of this machine.
package func hostName() -> String {
  var name = [CChar](repeating: 0, count: 256)
  guard gethostname(&name, name.count - 1) == 0 else { return "this machine" }
  return name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
}

/// The present moment, ISO 8601 in UTC to the second.
package func timestamp(_ date: Date = Date()) -> String {
  date.formatted(.iso8601)
}
