import Foundation

/// "512 B", "3.1 MiB", "1.2 GiB".
package func byteText(_ bytes: Int) -> String {
  let units = ["KiB", "MiB", "GiB", "TiB"]
  var value = Double(bytes)
  if value < 1024 { return "\(bytes) B" }
  var index = -1
  while value >= 1023.95, index < units.count - 1 {
    value /= 1024
    index += 1
  }
  return String(format: "%.1f %@", value, units[index] as NSString)
}

/// "0.4 s", "42 s", "3 min 5 s", "2 h 40 min", "3 d 4 h".
package func durationText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "unknown time" }
  if seconds < 9.95 { return String(format: "%.1f s", seconds) }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3_600 { return "\(whole / 60) min \(whole % 60) s" }
  if whole < 86_400 { return "\(whole / 3_600) h \(whole % 3_600 / 60) min" }
  return "\(whole / 86_400) d \(whole % 86_400 / 3_600) h"
}
