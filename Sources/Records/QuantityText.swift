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

/// A positive quantity of any size, with `digits` significant digits as far as they are decimals:
/// 0.0123, 12.3, 1234; at most twelve decimals. "0" for what is not positive.
package func significantText(_ value: Double, _ digits: Int) -> String {
  guard value > 0 else { return "0" }
  let decimals = max(0, digits - 1 - Int(floor(log10(value))))
  return String(format: "%.\(min(12, decimals))f", value)
}

/// The same of any number, with its sign: "+0.0123", "−12.3".
package func signedSignificantText(_ value: Double, _ digits: Int) -> String {
  (value < 0 ? "−" : "+") + significantText(abs(value), digits)
}

/// A measured time, however short or long, to three digits: "0.000000860 s", "1.23 s", "120 s".
package func secondsText(_ seconds: Double) -> String { "\(significantText(seconds, 3)) s" }

/// A share in percent, exactly as it was given: 0.5 is "50", 0.854 is "85.4".
package func exactPercentText(_ share: Double) -> String {
  guard share > 0 else { return "0" }
  let (digits, exponent) = shortestDigits(share)
  // Digits before the point.
  let whole = exponent + 3
  if whole <= 0 { return "0." + String(repeating: "0", count: -whole) + digits }
  let padded = digits.padding(
    toLength: max(whole, digits.count), withPad: "0", startingAt: 0)
  let fraction = padded.dropFirst(whole)
  return padded.prefix(whole) + (fraction.isEmpty ? "" : "." + fraction)
}

/// The fewest digits that read back to the same number, and the power of ten of the first.
package func shortestDigits(_ value: Double) -> (digits: String, exponent: Int) {
  let parts = "\(value)".split(separator: "e")
  let sides = parts[0].split(separator: ".", omittingEmptySubsequences: false)
  let all = sides.joined()
  let zeros = all.prefix { $0 == "0" }.count
  let exponent = sides[0].count - 1 - zeros + (parts.count > 1 ? Int(parts[1])! : 0)
  var digits = String(all.dropFirst(zeros))
  while digits.count > 1, digits.last == "0" { digits.removeLast() }
  return (digits, exponent)
}
