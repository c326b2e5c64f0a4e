import Dispatch
import Foundation
import Records
import Synchronization

/// A part of a run that cannot say how far it is, such as a bootstrap or an attack: what it does and for
/// how long, one rewritten line on a terminal, a plain line every few seconds elsewhere.
///
/// A part that is soon over is told on a terminal alone.
package final class RunStage: Sendable {
  private let what: String
  private let console: Console
  private let now: @Sendable () -> Double
  private let interval: Double
  private let start: Double
  private let shownAt: Mutex<Double>
  /// Cancelling is all that is done to it after `init`.
  nonisolated(unsafe) private let timer: (any DispatchSourceTimer)?

  /// - Parameters:
  ///   - what: what is done, e.g. "evaluating LFW ArcFace paper 0.5, cell 2 of 8".
  ///   - interval: least seconds between two lines; nil: 1 on a terminal, 30 elsewhere.
  ///   - ticks: whether lines come by themselves; else `tick` is to be called.
  ///   - now: a clock that never goes back, in seconds.
  package init(
    _ what: String, console: Console = .standardError, interval: Double? = nil, ticks: Bool = true,
    now: @escaping @Sendable () -> Double = {
      Double(DispatchTime.now().uptimeNanoseconds) * 1e-9
    }
  ) {
    self.what = what
    self.console = console
    self.now = now
    let interval = interval ?? (console.isTerminal ? 1 : 30)
    self.interval = interval
    start = now()
    shownAt = Mutex(start)
    timer = ticks ? DispatchSource.makeTimerSource(queue: .global()) : nil
    console.showStatus(what)
    timer?.setEventHandler { [weak self] in self?.tick() }
    timer?.schedule(deadline: .now() + interval, repeating: interval)
    timer?.resume()
  }

  /// Tells how long it takes by now, unless that was told within the interval.
  package func tick() {
    let time = now()
    let isDue = shownAt.withLock { shown in
      guard time - shown >= interval * 0.9 else { return false }
      shown = time
      return true
    }
    guard isDue else { return }
    let line = "\(what), \(durationText(time - start))"
    if console.isTerminal { console.showStatus(line) } else { console.line(line) }
  }

  /// Removes the status line; no line comes any more.
  package func finish() {
    timer?.cancel()
    shownAt.withLock { $0 = .infinity }
    console.showStatus("")
  }
}
