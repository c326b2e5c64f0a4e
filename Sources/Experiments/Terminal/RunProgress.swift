import Dispatch
import Foundation
import Records
import Specs
import Synchronization

/// How far a run is: one rewritten line with an ETA on a terminal, a plain line per finished unit
/// elsewhere, at most one every few seconds; a closing line in both.
package final class RunProgress: Sendable {
  private struct State {
    var done = 0
    var current = ""
    var shownAt = -Double.infinity
  }

  private let total: Int
  private let what: String
  private let console: Console
  private let now: @Sendable () -> Double
  private let interval: Double
  private let start: Double
  private let state = Mutex(State())

  /// - Parameters:
  ///   - total: amount of work, in any unit that takes about equal time (e.g. subjects to enrol).
  ///   - what: name of that unit, plural.
  ///   - interval: least seconds between two lines; nil: 0.1 on a terminal, 10 elsewhere.
  ///   - now: a clock that never goes back, in seconds.
  package init(
    total: Int, what: String, console: Console = .standardError, interval: Double? = nil,
    now: @escaping @Sendable () -> Double = {
      Double(DispatchTime.now().uptimeNanoseconds) * 1e-9
    }
  ) {
    self.total = total
    self.what = what
    self.console = console
    self.interval = interval ?? (console.isTerminal ? 0.1 : 10)
    self.now = now
    start = now()
  }

  /// Records work done.
  ///
  /// - Parameters:
  ///   - amount: in the unit of `total`.
  ///   - current: what is being worked on, e.g. "LFW ArcFace paper"; nil leaves it as it is.
  package func advance(by amount: Int, current: String? = nil) {
    let line: String? = state.withLock { state in
      state.done += amount
      if let current { state.current = current }
      let time = now()
      guard time - state.shownAt >= interval else { return nil }
      state.shownAt = time
      return text(state, at: time)
    }
    guard let line else { return }
    if console.isTerminal { console.showStatus(line) } else { console.line(line) }
  }

  /// Removes the status line and says how much was done, and how long it took.
  package func finish() {
    console.showStatus("")
    let done = state.withLock { $0.done }
    console.line("\(done) of \(total) \(what) in \(durationText(now() - start))")
  }

  /// "412 of 5749 subjects (7 %), LFW ArcFace paper, 68/s, 1 min 18 s left".
  private func text(_ state: State, at time: Double) -> String {
    let percent = total > 0 ? 100 * state.done / total : 100
    var parts = ["\(state.done) of \(total) \(what) (\(percent) %)"]
    if !state.current.isEmpty { parts.append(state.current) }
    let elapsed = time - start
    if state.done > 0 && state.done < total && elapsed > 0 {
      let rate = Double(state.done) / elapsed
      parts.append("\(rateText(rate))/s")
      parts.append("\(durationText(Double(total - state.done) / rate)) left")
    }
    return parts.joined(separator: ", ")
  }
}

/// Two significant digits or a whole number.
private func rateText(_ rate: Double) -> String {
  rate >= 10 ? "\(Int(rate.rounded()))" : String(format: "%.2g", rate)
}
