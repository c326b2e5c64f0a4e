import Dispatch
import Foundation
import Synchronization

/// SIGINT and SIGTERM as a flag that long loops poll.
///
/// The first signal raises the flag, so that a run can drop or finish its current units and say how
/// to continue; a second one ends the process at once. Nothing is installed until `install`.
package enum Interruption {
  /// Number of the signal that arrived; 0: none.
  private static let signal = Atomic<Int32>(0)
  private static let isInstalled = Atomic<Bool>(false)
  /// Kept alive for the process; written by the one caller that installs.
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// Starts to listen. Safe to call more than once.
  package static func install() {
    guard
      isInstalled.compareExchange(
        expected: false, desired: true, ordering: .acquiringAndReleasing
      ).exchanged
    else { return }
    for number in [SIGINT, SIGTERM] {
      // The default action would end the process before the source sees the signal.
      Foundation.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { received(number) }
      source.resume()
      sources.append(source)
    }
  }

  private static func received(_ number: Int32) {
    let first = signal.compareExchange(
      expected: 0, desired: number, ordering: .acquiringAndReleasing)
    if !first.exchanged { _exit(128 + number) }
  }

  /// True once a signal has arrived. Cheap enough for inner loops.
  package static var isRequested: Bool { signal.load(ordering: .relaxed) != 0 }

  /// 130 for SIGINT, 143 for SIGTERM, nil while no signal has arrived.
  package static var exitCode: Int32? {
    let number = signal.load(ordering: .acquiring)
    return number == 0 ? nil : 128 + number
  }

  /// - Throws: `Interrupted` once a signal has arrived.
  package static func check() throws(Interrupted) {
    if let exitCode { throw Interrupted(exitCode: exitCode) }
  }
}

/// A run was asked to stop.
package struct Interrupted: Error, Sendable, CustomStringConvertible {
  package let exitCode: Int32

  package var description: String {
    exitCode == 128 + SIGTERM ? "stopped by SIGTERM" : "stopped by Ctrl-C"
  }
}
