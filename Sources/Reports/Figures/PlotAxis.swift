import Biometrics
import Foundation
import Results

/// One axis of a plot: what it shows, its scale and its range.
package struct PlotAxis: Sendable, Equatable {
  package enum Scale: Sendable, Equatable {
    case linear
    /// Base 10; values must be positive.
    case log
    /// Quantile of the normal distribution, as on a DET plot; values in (0, 1).
    case probit
    /// Names at 0, 1, … from the lower end; an empty one has no tick.
    case categories([String])
  }
  /// Name with unit, as printed beside the axis.
  package var label: String
  package var scale: Scale
  package var range: ClosedRange<Double>
  /// The panel below has the same axis, which is labelled there alone.
  package var isShared = false
  /// Values below the range are drawn at its lower end, e.g. 0 on a logarithmic axis.
  package var holdsLow = false

  package init(_ label: String, scale: Scale = .linear, range: ClosedRange<Double>) {
    self.label = label
    self.scale = scale
    self.range = range
  }

  /// An axis of names, with half a step beyond the first and the last.
  package init(_ label: String, categories: [String]) {
    self.init(
      label, scale: .categories(categories), range: -0.5...(Double(max(1, categories.count)) - 0.5))
  }

  /// Place of a value on the axis: 0 at the lower end of the range, 1 at the upper. Values that the
  /// scale cannot show (0 on a logarithmic one, NaN) are put at the lower end or below it.
  package func position(_ value: Double) -> Double {
    let low = transformed(range.lowerBound)
    let high = transformed(range.upperBound)
    let place = transformed(value)
    return high > low && !place.isNaN ? (max(place, low - 1e6) - low) / (high - low) : 0
  }

  /// Whether a mark at the value lies on the axis.
  func shows(_ value: Double) -> Bool {
    range.contains(holdsLow ? max(value, range.lowerBound) : value)
  }

  /// The value, or where it is far outside a place a few ranges away, so that drawings stay finite.
  func near(_ value: Double) -> Double {
    if value.isNaN { return range.lowerBound }
    let value = holdsLow ? max(value, range.lowerBound) : value
    let (low, high) = (range.lowerBound, range.upperBound)
    switch scale {
    case .linear, .categories:
      let span = high - low
      return min(max(value, low - 3 * span), high + 3 * span)
    case .log:
      let ratio = pow(high / low, 3)
      return min(max(value, low / ratio), high * ratio)
    case .probit: return min(max(value, 1e-9), 1 - 1e-9)
    }
  }

  private func transformed(_ value: Double) -> Double {
    switch scale {
    case .linear, .categories: value
    case .log: value > 0 ? log10(value) : -1e6
    case .probit: normalQuantile(min(max(value, 1e-12), 1 - 1e-12))
    }
  }

  /// A mark on the axis; `superscript` is the exponent of a power of ten.
  package struct Tick: Sendable, Equatable {
    package var value: Double
    package var text: String
    package var superscript: String = ""

    package init(value: Double, text: String, superscript: String = "") {
      (self.value, self.text, self.superscript) = (value, text, superscript)
    }

    /// A value written out.
    init(plain value: Double) { self.init(value: value, text: String(format: "%g", value)) }

    /// A whole number of times a power of ten, written out where it has few digits.
    init(mantissa: Int, exponent: Int) {
      let value = Double(mantissa) * pow(10, Double(exponent))
      if exponent == 0 || (mantissa > 1 && (-2...3).contains(exponent)) {
        self.init(plain: value)
      } else {
        self.init(
          value: value, text: mantissa == 1 ? "10" : "\(mantissa)·10",
          superscript: "\(exponent)".replacing("-", with: "−"))
      }
    }
  }

  /// Labelled ticks inside the range.
  package var ticks: [Tick] {
    switch scale {
    case .linear:
      let step = linearStep
      let decimals = max(0, -Int(floor(log10(step) + 1e-9)))
      return multiples(of: step).map {
        Tick(
          value: $0,
          text: String(format: "%.\(decimals)f", $0 == 0 ? 0 : $0).replacing("-", with: "−"))
      }
    case .log:
      return decades.count < 2
        ? steps.map { mantissa, exponent in
          // Among 50 and 200 a power of ten is written as they are.
          (-2...3).contains(exponent)
            ? Tick(plain: Double(mantissa) * pow(10, Double(exponent)))
            : Tick(mantissa: mantissa, exponent: exponent)
        }
        : decades.map { Tick(mantissa: 1, exponent: $0) }
    case .probit:
      let usual = [
        1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999,
      ]
      return usual.filter(range.contains).map { Tick(value: $0, text: probitText($0)) }
    case .categories(let names):
      return names.enumerated().filter { !$1.isEmpty }.map { Tick(value: Double($0), text: $1) }
    }
  }

  /// Places of the unlabelled ticks.
  package var minorTicks: [Double] {
    switch scale {
    case .linear:
      let minor = linearStep / 5
      return multiples(of: minor).filter { value in
        !ticks.contains { abs($0.value - value) < minor / 2 }
      }
    case .log:
      // The decade below the first tick is shown in part.
      return ((decades.first.map { [$0 - 1] } ?? []) + decades).flatMap { decade in
        (2...9).map { Double($0) * pow(10, Double(decade)) }
      }.filter(range.contains)
    case .probit:
      return [2e-5, 5e-5, 2e-4, 5e-4, 0.002, 0.005, 0.02, 0.1, 0.3, 0.4, 0.6, 0.7, 0.9, 0.98]
        .filter(range.contains)
    case .categories: return []
    }
  }

  /// The powers of ten around values, at least one decade; for a logarithmic axis. 1 to 10 where none is
  /// above 0.
  package static func decades(around values: [Double]) -> ClosedRange<Double> {
    let positive = values.filter { $0 > 0 }
    let low = pow(10, floor(log10(positive.min() ?? 1)))
    return low...max(low * 10, pow(10, ceil(log10(positive.max() ?? 10))))
  }

  /// 1, 2 or 5 times a power of ten, giving four to seven intervals.
  private var linearStep: Double {
    let span = range.upperBound - range.lowerBound
    guard span > 0 else { return 1 }
    let power = pow(10, floor(log10(span / 5)))
    return [1.0, 2, 5, 10].map { $0 * power }.first { span / $0 <= 6.5 } ?? 10 * power
  }

  private func multiples(of step: Double) -> [Double] {
    let first = Int(ceil(range.lowerBound / step - 1e-9))
    let last = Int(floor(range.upperBound / step + 1e-9))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// 1, 2 and 5 times powers of ten inside the range, for axes of few decades.
  private var steps: [(mantissa: Int, exponent: Int)] {
    let first = Int(floor(log10(range.lowerBound) - 1e-9))
    let last = Int(ceil(log10(range.upperBound) + 1e-9))
    return (first...max(first, last)).flatMap { exponent in
      [1, 2, 5].map { ($0, exponent) }
    }.filter { range.contains(Double($0.0) * pow(10, Double($0.1))) }
  }

  private var decades: [Int] {
    let first = Int(ceil(log10(range.lowerBound) - 1e-9))
    let last = Int(floor(log10(range.upperBound) + 1e-9))
    return first <= last ? Array(first...last) : []
  }

  /// In percent, which the name of the axis says, without trailing zeros.
  private func probitText(_ value: Double) -> String {
    let text = String(format: "%.6f", value * 100)
    return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
  }

  /// The smallest `1 − g`, g of 0.01, 0.02, 0.05, 0.1, …, that is at most `minimum`: lower end of an
  /// axis whose upper end is 1.
  package static func lowerEnd(below minimum: Double) -> Double {
    1 - ([0.01, 0.02, 0.05, 0.1, 0.2, 0.5].first { 1 - minimum <= $0 } ?? 1)
  }
}
