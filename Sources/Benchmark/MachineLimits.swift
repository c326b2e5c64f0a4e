import Foundation

/// What this process may use of the machine.
package struct MachineLimits: Sendable, Equatable {
  /// Logical processors this process may run on, by number.
  package var allowedProcessors: [Int]

  package init(allowedProcessors: [Int]) {
    self.allowedProcessors = allowedProcessors
  }

  /// The limits of this process; all processors where the system does not say.
  package static func current() -> MachineLimits {
    let allowed = lines("/proc/self/status").first { $0.hasPrefix("Cpus_allowed_list:") }
      .map { parseProcessorList(String($0.dropFirst("Cpus_allowed_list:".count))) }
    return MachineLimits(
      allowedProcessors: allowed ?? Array(0..<ProcessInfo.processInfo.activeProcessorCount))
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

  /// Memory that can be had without swapping; nil where the system does not say.
  package static func availableBytes() -> Int? {
    guard let line = lines("/proc/meminfo").first(where: { $0.hasPrefix("MemAvailable:") })
    else { return nil }
    return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
  }

  /// Full path of a program on the PATH.
  package static func path(of program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
      .split(separator: ":")
    return folders.map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private static func lines(_ path: String) -> [Substring] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
  }
}
