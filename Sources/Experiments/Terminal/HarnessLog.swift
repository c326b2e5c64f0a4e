import Foundation
import Logging
import Records
import Specs

/// How log lines are written.
package enum LogFormat: String, Sendable, CaseIterable {
  /// "warning: text (key: value)".
  case text
  /// One JSON object per line.
  case json
}

/// Writes log lines to the console: as text for people, or as one JSON object per line.
package struct ConsoleLogHandler: LogHandler {
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  private let label: String
  private let format: LogFormat
  private let console: Console
  private let now: @Sendable () -> String

  /// - Parameter now: the time stamp of JSON lines.
  package init(
    label: String, level: Logger.Level, format: LogFormat, console: Console = .standardError,
    now: @escaping @Sendable () -> String = { timestamp() }
  ) {
    self.label = label
    logLevel = level
    self.format = format
    self.console = console
    self.now = now
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    switch format {
    case .text:
      // Plain news needs no label; what deserves attention says what it is.
      let prefix = event.level == .info ? "" : "\(event.level.rawValue): "
      let details =
        all.isEmpty
        ? ""
        : " ("
          + all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
          .joined(separator: ", ") + ")"
      console.line("\(prefix)\(event.message)\(details)")
    case .json:
      var fields = Dictionary(uniqueKeysWithValues: all.map { ($0.key, "\($0.value)") })
      fields["time"] = now()
      fields["level"] = event.level.rawValue
      fields["label"] = label
      fields["message"] = "\(event.message)"
      console.line(String(decoding: canonicalJSON(fields), as: UTF8.self))
    }
  }
}

/// Sets up logging for the process; to be called once, by the command line.
///
/// - Parameters:
///   - verbose: debug lines too.
///   - format: text or JSON lines.
package func startLogging(verbose: Bool, format: LogFormat) {
  LoggingSystem.bootstrap { label in
    ConsoleLogHandler(label: label, level: verbose ? .debug : .info, format: format)
  }
}
