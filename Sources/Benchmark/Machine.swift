import Foundation

/// The machine a benchmark runs on, as far as it matters for the numbers.
package struct Machine: Sendable, Equatable {
  /// e.g. "AMD EPYC".
  package var processor: String
  /// Logical processors this process may use, by number.
  package var allowedProcessors: [Int]
  /// Physical memory in bytes.
  package var memoryBytes: Int
  /// e.g. "Debian GNU/Linux 12 (bookworm)".
  package var system: String

  package init(
    processor: String, allowedProcessors: [Int], memoryBytes: Int, system: String
  ) {
    self.processor = processor
    self.allowedProcessors = allowedProcessors
    self.memoryBytes = memoryBytes
    self.system = system
  }

  /// This machine.
  package static func current() -> Machine {
    let info = text("/proc/cpuinfo") ?? ""
    let names = info.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("model name") }
    let name = names.first.flatMap { $0.split(separator: ":", maxSplits: 1).last }
    let status = text("/proc/self/status") ?? ""
    let allowed = status.split(whereSeparator: \.isNewline)
      .first { $0.hasPrefix("Cpus_allowed_list:") }
      .map { parseProcessorList(String($0.dropFirst("Cpus_allowed_list:".count))) }
    let count = ProcessInfo.processInfo.activeProcessorCount
    return Machine(
      processor: name.map { $0.trimmingCharacters(in: .whitespaces) } ?? architecture,
      allowedProcessors: allowed ?? Array(0..<count),
      memoryBytes: Int(ProcessInfo.processInfo.physicalMemory), system: systemName())
  }

  /// One line for tables.
  package var summary: String {
    let gib = Int((Double(memoryBytes) / 1_073_741_824).rounded())
    return "\(processor) (\(Self.architecture)), \(allowedProcessors.count) processors, "
      + "\(gib) GiB, \(system)"
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
    let lines = (text("/proc/meminfo") ?? "").split(whereSeparator: \.isNewline)
    guard let line = lines.first(where: { $0.hasPrefix("MemAvailable:") }) else { return nil }
    return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
  }

  /// Full path of a program on the PATH.
  package static func path(of program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
      .split(separator: ":")
    return folders.map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  package static var architecture: String {
    #if arch(x86_64)
      "x86-64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }

  private static func systemName() -> String {
    let lines = (text("/etc/os-release") ?? "").split(whereSeparator: \.isNewline)
    if let line = lines.first(where: { $0.hasPrefix("PRETTY_NAME=") }) {
      return line.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" }
    }
    return ProcessInfo.processInfo.operatingSystemVersionString
  }

  private static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }
}
