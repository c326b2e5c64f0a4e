#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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

  /// Largest resident size this process ever had, in bytes.
  package static var peakBytes: Int {
    var usage = rusage()
    #if canImport(Glibc)
      _ = getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #else
      _ = getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    _ = clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
