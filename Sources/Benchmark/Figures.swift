import Configurations
import Foundation

/// Numbers as the benchmark's report prints them: three significant digits, a unit that fits.
package enum Figures {
  /// "126 s", "0.117 s", "71.2 ms", "1.31 µs", "640 ns".
  package static func seconds(_ value: Double) -> String {
    let (factor, unit) = unit(value)
    return "\(significant(value * factor)) \(unit)"
  }

  /// Median and range in the unit of the median: "0.117 s (0.115 to 0.121)"; the range is left out
  /// for a single run.
  package static func seconds(_ spread: Spread) -> String {
    guard spread.count > 1 else { return seconds(spread.median) }
    let (factor, _) = unit(spread.median)
    return "\(seconds(spread.median)) "
      + "(\(significant(spread.minimum * factor)) to \(significant(spread.maximum * factor)))"
  }

  private static func unit(_ seconds: Double) -> (factor: Double, name: String) {
    switch seconds {
    case 0.0995...: (1, "s")
    case 0.995e-3...: (1e3, "ms")
    case 0.995e-6...: (1e6, "µs")
    default: (1e9, "ns")
    }
  }

  /// "9.41 × (9.02 to 9.77)"; the range is left out for a single pair.
  package static func times(_ spread: Spread) -> String {
    let median = "\(significant(spread.median)) ×"
    guard spread.count > 1 else { return median }
    return "\(median) (\(significant(spread.minimum)) to \(significant(spread.maximum)))"
  }

  /// A count per second: "1.52 M", "515 k", "8.6".
  package static func rate(_ value: Double) -> String {
    switch value {
    case 0.9995e6...: "\(significant(value / 1e6)) M"
    case 0.9995e3...: "\(significant(value / 1e3)) k"
    default: significant(value)
    }
  }

  /// "290 MiB".
  package static func bytes(_ value: Int) -> String {
    "\(grouped(Int((Double(value) / 1_048_576).rounded()))) MiB"
  }

  /// "2.4e-07".
  package static func scientific(_ value: Double) -> String { String(format: "%.1e", value) }

  /// A stated number, without trailing zeros: "9", "3.5", "1,000".
  package static func plain(_ value: Double) -> String {
    value == value.rounded() ? grouped(Int(value)) : "\(value)"
  }

  /// Three significant digits without exponent: "0.0123", "9.41", "126", "1,780".
  package static func significant(_ value: Double) -> String {
    guard value > 0 else { return "0" }
    let magnitude = Int(log10(value).rounded(.down))
    let decimals = max(0, 2 - magnitude)
    // 9.996 has one digit before the point and rounds to 10.00: one decimal fewer.
    let rounded = String(format: "%.\(decimals)f", value)
    if decimals > 0, let number = Double(rounded), number >= pow(10, Double(magnitude + 1)) {
      return String(format: "%.\(decimals - 1)f", value)
    }
    guard decimals == 0 else { return rounded }
    let unit = pow(10, Double(max(0, magnitude - 2)))
    return grouped(Int(((value / unit).rounded() * unit).rounded()))
  }
}
