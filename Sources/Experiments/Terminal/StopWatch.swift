import Foundation
import Records
import Specs

/// Wall and CPU seconds since it was made. CPU seconds are those of all threads of this process.
package struct StopWatch: Sendable {
  private let wallStart: Double
  private let cpuStart: Double

  /// Starts now.
  package init() {
    wallStart = Self.seconds(CLOCK_MONOTONIC)
    cpuStart = Self.seconds(CLOCK_PROCESS_CPUTIME_ID)
  }

  /// Seconds of the monotonic clock since the start.
  package var wallSeconds: Double { Self.seconds(CLOCK_MONOTONIC) - wallStart }

  /// CPU seconds of the process, user and system, since the start.
  package var cpuSeconds: Double { Self.seconds(CLOCK_PROCESS_CPUTIME_ID) - cpuStart }

  /// CPU seconds of the calling thread since it began.
  package static var threadSeconds: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

  /// Largest resident size of this program so far, in bytes.
  ///
  /// VmHWM of /proc/self/status, because `ru_maxrss` of a new program begins with that of the
  /// program that started it; 0 where the system does not tell.
  package static var peakBytes: Int { bytes("VmHWM") ?? 0 }

  /// Lets `peakBytes` begin anew at the resident size of now, where the system can do that.
  package static func restartPeak() {
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
  }

  /// Resident size of this program now, in bytes; 0 where the system does not tell.
  package static var residentBytes: Int { bytes("VmRSS") ?? 0 }

  /// A size that a file of /proc tells ("VmRSS:   123 kB") in bytes; nil where it does not.
  package static func bytes(_ field: String, in file: String = "/proc/self/status") -> Int? {
    guard let text = FileManager.default.contents(atPath: file) else { return nil }
    let lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
    let line = lines.first { $0.hasPrefix(field + ":") }
    let kibibytes = line?.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first
    return kibibytes.map { $0 * 1024 }
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    _ = clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
