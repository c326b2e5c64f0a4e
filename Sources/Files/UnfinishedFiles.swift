import Foundation
import Synchronization

/// Files under construction of this process, for signals that end it: what is on the way to be written
/// is removed before.
///
/// A handler of signals may do next to nothing (no locks, no memory), so paths are kept as C strings in a
/// table of fixed size; files beyond it stay behind as after a crash, for `Leftovers`.
package enum UnfinishedFiles {
  private static let count = 64
  private static let lock = Mutex<Void>(())
  /// Paths; nil: a free place.
  private nonisolated(unsafe) static let paths: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> =
    {
      let paths = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: count)
      paths.initialize(repeating: nil, count: count)
      return paths
    }()

  /// A file is begun.
  static func add(_ path: String) {
    lock.withLock { _ in
      if let free = (0..<count).first(where: { paths[$0] == nil }) { paths[free] = strdup(path) }
    }
  }

  /// It is finished, or gone.
  static func remove(_ path: String) {
    lock.withLock { _ in
      for index in 0..<count {
        guard let known = paths[index], strcmp(known, path) == 0 else { continue }
        paths[index] = nil
        free(known)
      }
    }
  }

  /// What a handler of signals may do.
  static func unlinkAll() {
    for index in 0..<count {
      if let path = paths[index] { unlink(path) }
    }
  }

  /// From here on SIGINT, SIGTERM and SIGHUP remove unfinished files and then end the process as they
  /// would have; what is ignored stays ignored (nohup).
  package static func endWithSignals() {
    _ = paths
    // Whoever starts the program may have blocked them, as threads of Dispatch do.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number) { number in
        UnfinishedFiles.unlinkAll()
        signal(number, SIG_DFL)
        raise(number)
      }
      if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
        signal(number, SIG_IGN)
      }
    }
  }
}
