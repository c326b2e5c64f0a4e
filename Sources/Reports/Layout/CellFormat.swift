import Foundation
import Records

/// How the numbers of a table are printed: unit and decimals. Rounding happens here, once.
package struct CellFormat: Sendable, Equatable {
  /// Places by which the decimal point moves: 0 for fractions, 2 for percent.
  package let shift: Int
  package let decimals: Int

  package init(shift: Int = 0, decimals: Int) {
    self.shift = shift
    self.decimals = decimals
  }

  /// Error rates as in Table 2: 0.0387.
  package static let rate = CellFormat(decimals: 4)
  /// Accuracies as in Table 1: 99.956, in percent.
  package static let accuracy = CellFormat(shift: 2, decimals: 3)

  /// Areas under the curve: 0.9991 [0.9985, 0.9995].
  package static let area = CellFormat(decimals: 4)

  /// Fairness discrepancy rates: 0.99871; with fewer decimals all systems look alike.
  package static let fairnessDiscrepancy = CellFormat(decimals: 5)
  /// Fairness measures that are relative, such as iGARBE: 0.873.
  package static let equitability = CellFormat(decimals: 3)

  /// Whole percent, and percent with one decimal and with two.
  static let percent = CellFormat(shift: 2, decimals: 0)
  static let percentTenths = CellFormat(shift: 2, decimals: 1)
  static let percentHundredths = CellFormat(shift: 2, decimals: 2)
  /// Counts and means that need no more: 12.5.
  static let tenths = CellFormat(decimals: 1)
  /// Areas in sentences: 0.98.
  static let twoDecimals = CellFormat(decimals: 2)

  /// Text of a number that was not measurable; never 0.
  package static let notAvailable = "n/a"
  /// Text of a cell without record.
  package static let absent = "–"

  /// The value rounded to `decimals` places in the printed unit.
  package func text(_ value: Double) -> String { fixed(value, decimals) }

  /// The value with its sign: "+0.0012", "−0.0012", "0.0000".
  package func signed(_ value: Double) -> String {
    let text = fixed(value, decimals)
    return text.hasPrefix("−") || !text.contains(where: { "123456789".contains($0) })
      ? text : "+" + text
  }

  /// "[0.0312, 0.0475]": with the decimals of the value, so that all numbers of a row share them.
  package func interval(_ lower: Double, _ upper: Double) -> String {
    "[\(text(lower)), \(text(upper))]"
  }

  /// The interval of a difference: a bound that would round to 0 has a digit of its own, so that it is
  /// seen whether 0 is in it, "[−0.002, −3e-7]".
  package func differenceInterval(_ lower: Double, _ upper: Double) -> String {
    let text = interval(lower, upper)
    let bounds = text.dropFirst().dropLast().components(separatedBy: ", ")
    return "[\(unlikeZero(bounds[0], lower)), \(unlikeZero(bounds[1], upper))]"
  }

  /// A bound of a difference with its sign: "+0.0012", "+4e-4" where that would round to 0.
  package func signedBound(_ value: Double) -> String {
    let text = unlikeZero(signed(value), value)
    return value > 0 && !text.hasPrefix("+") ? "+" + text : text
  }

  /// A text, or one digit of the value where it is not 0 and the text has none.
  private func unlikeZero(_ text: String, _ value: Double) -> String {
    text.contains { "123456789".contains($0) } || value == 0 || !value.isFinite
      ? text : Self.oneDigit(value * pow(10, Double(shift)))
  }

  /// "−3e-7".
  private static func oneDigit(_ value: Double) -> String {
    (value < 0 ? "−" : "") + powerOfTen(abs(value), fractionDigits: 0)
  }

  /// A rate in scientific form with three significant digits, "9.98e-4".
  package static func scientific(_ value: Double) -> String {
    if value == 0 || value == 1 { return "\(Int(value))" }
    return powerOfTen(value, fractionDigits: 2)
  }

  /// "9.98e-4": without the zeros that C puts into exponents.
  private static func powerOfTen(_ value: Double, fractionDigits: Int) -> String {
    let parts = String(format: "%.\(fractionDigits)e", value).split(separator: "e")
    return "\(parts[0])e\(Int(parts[1]) ?? 0)"
  }

  /// The shortest form of a power of ten or another target: 0.001 is "1e-3", 0.0005 is "5e-4". With all
  /// digits that tell it from its neighbours, so that no two targets share a name.
  package static func target(_ value: Double) -> String {
    guard value > 0, value < 0.1 else { return "\(value)" }
    let (digits, exponent) = shortestDigits(value)
    let fraction = digits.dropFirst()
    return "\(digits.prefix(1))\(fraction.isEmpty ? "" : "." + fraction)e\(exponent)"
  }

  /// Rounds the stored value itself: moving the point in the text avoids a second rounding that
  /// multiplying by 100 would be.
  private func fixed(_ value: Double, _ places: Int) -> String {
    guard value.isFinite else { return value.isNaN ? Self.notAvailable : value < 0 ? "−∞" : "∞" }
    var digits = String(format: "%.\(places + shift)f", abs(value))
    if shift > 0 {
      let point = digits.firstIndex(of: ".") ?? digits.endIndex
      let whole = String(digits[..<point])
      let fraction = point < digits.endIndex ? String(digits[digits.index(after: point)...]) : ""
      let moved = String((whole + fraction.prefix(shift)).drop { $0 == "0" })
      let rest = fraction.dropFirst(shift)
      digits = (moved.isEmpty ? "0" : moved) + (rest.isEmpty ? "" : "." + rest)
    }
    let isZero = !digits.contains { "123456789".contains($0) }
    return value < 0 && !isZero ? "−" + digits : digits
  }
}
