import Dispatch
import Foundation
import Records
import Specs
import Synchronization

/// SIGINT and SIGTERM as a flag that long loops poll.
///
/// The first signal raises the flag, so that a run can finish or drop its current units and say how
/// to continue; a second one, or a stage that does not come to its end within seconds, ends the
/// process at once. That is safe at any moment: all files are complete or absent. Signals are
/// listened to from `install` on.
package final class Interruption: Sendable {
  /// Number of the signal that arrived; 0: none.
  private let signal = Atomic<Int32>(0)
  /// Kept alive with this value.
  private let sources = Mutex<[Source]>([])

  /// Sources are only resumed and cancelled, from wherever.
  private struct Source: @unchecked Sendable { let source: any DispatchSourceSignal }

  package init() {}

  /// Starts to listen to Ctrl-C and to SIGTERM. Safe to call more than once.
  ///
  /// - Parameters:
  ///   - grace: seconds that the process has to end by itself after the first signal.
  ///   - isLate: called before the process is ended because it has not.
  package func install(grace: Double = 5, isLate: @escaping @Sendable () -> Void = {}) {
    // Its own queue: the workers may occupy all threads of the shared ones.
    let queue = DispatchQueue(label: "signals")
    sources.withLock { sources in
      guard sources.isEmpty else { return }
      for number in [SIGINT, SIGTERM] {
        // The default action would end the process before the source sees the signal.
        Foundation.signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler { [weak self] in
          if self?.request(signal: number) != true { _exit(128 + number) }
          queue.asyncAfter(deadline: .now() + grace) {
            isLate()
            _exit(128 + number)
          }
        }
        // Until the source is registered the signal would be lost.
        let isRegistered = DispatchSemaphore(value: 0)
        source.setRegistrationHandler { isRegistered.signal() }
        source.resume()
        _ = isRegistered.wait(timeout: .now() + 1)
        sources.append(Source(source: source))
      }
    }
  }

  deinit {
    sources.withLock { sources in
      for entry in sources { entry.source.cancel() }
    }
  }

  /// Raises the flag, as the signal would.
  ///
  /// - Returns: false when it was raised before.
  @discardableResult
  package func request(signal number: Int32 = SIGINT) -> Bool {
    signal.compareExchange(expected: 0, desired: number, ordering: .acquiringAndReleasing)
      .exchanged
  }

  /// True once a signal has arrived. Cheap enough for inner loops.
  package var isRequested: Bool { signal.load(ordering: .relaxed) != 0 }

  /// 130 for SIGINT, 143 for SIGTERM, nil while no signal has arrived.
  package var exitCode: Int32? {
    let number = signal.load(ordering: .acquiring)
    return number == 0 ? nil : 128 + number
  }

  /// - Throws: `Interrupted` once a signal has arrived.
  package func check() throws(Interrupted) {
    if let exitCode { throw Interrupted(exitCode: exitCode) }
  }
}

/// A run was asked to stop.
package struct Interrupted: Error, Sendable, CustomStringConvertible {
  package let exitCode: Int32

  package init(exitCode: Int32) { self.exitCode = exitCode }

  package var description: String {
    exitCode == 128 + SIGTERM ? "stopped by SIGTERM" : "stopped by Ctrl-C"
  }
}
