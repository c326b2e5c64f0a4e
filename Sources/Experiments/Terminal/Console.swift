import Foundation
import Records
import Specs
import Synchronization

/// Standard error, shared by log lines and the progress line so that they never mix.
///
/// At most one line is the status line: it is rewritten in place on a terminal, cleared before any
/// other line and drawn again after it. Elsewhere there is no status line.
package final class Console: Sendable {
  /// The standard error of this process.
  package static let standardError = Console(
    isTerminal: isatty(STDERR_FILENO) == 1, width: { terminalWidth(STDERR_FILENO) },
    output: { text in
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return }
        bytes = bytes.dropFirst(count)
      }
    })

  /// True where a line can be rewritten.
  package let isTerminal: Bool
  private let width: @Sendable () -> Int
  private let output: @Sendable (String) -> Void
  private let status = Mutex<String>("")

  /// - Parameters:
  ///   - isTerminal: whether `\r` and the erase sequence work.
  ///   - width: columns of the terminal; asked at every draw.
  ///   - output: receives the bytes to write, as text.
  package init(
    isTerminal: Bool, width: @escaping @Sendable () -> Int = { 80 },
    output: @escaping @Sendable (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.width = width
    self.output = output
  }

  /// Writes a whole line; the status line stays below it.
  package func line(_ text: String) {
    status.withLock { status in
      output(status.isEmpty ? text + "\n" : "\r\u{1B}[K\(text)\n\(status)")
    }
  }

  /// Replaces the status line; empty text removes it. Does nothing where there is no terminal.
  package func showStatus(_ text: String) {
    guard isTerminal else { return }
    status.withLock { status in
      // One column stays free: some terminals wrap when the last one is written.
      let fitted = String(text.prefix(max(1, width() - 1)))
      if fitted.isEmpty && status.isEmpty { return }
      status = fitted
      output("\r\u{1B}[K\(fitted)")
    }
  }
}

private func terminalWidth(_ descriptor: Int32) -> Int {
  var size = winsize()
  guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
  return Int(size.ws_col)
}
