import Foundation

/// What this process may use of the machine.
package enum MachineLimits {
  /// Logical processors this process may run on, by number; all where the system does not say.
  static func allowedProcessors() -> [Int] {
    let name = "Cpus_allowed_list:"
    let status = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
    let line = String(decoding: status, as: UTF8.self).split(whereSeparator: \.isNewline)
      .first { $0.hasPrefix(name) }
    return line.map { parseProcessorList(String($0.dropFirst(name.count))) }
      ?? Array(0..<ProcessInfo.processInfo.activeProcessorCount)
  }

  /// Numbers of a list as the kernel writes it: "0-2,5" is [0, 1, 2, 5].
  package static func parseProcessorList(_ text: String) -> [Int] {
    text.split(separator: ",").flatMap { part -> [Int] in
      let ends = part.split(separator: "-").compactMap {
        Int($0.trimmingCharacters(in: .whitespaces))
      }
      guard let first = ends.first, let last = ends.last, first <= last else { return [] }
      return Array(first...last)
    }
  }

  /// Full path of a program on the PATH.
  package static func path(of program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
      .split(separator: ":")
    return folders.map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
