/// A value with its 95 % interval.
package struct Estimate: Sendable, Codable, Equatable {
  package var value: Double
  package var lower: Double
  package var upper: Double

  package init(value: Double, lower: Double, upper: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
  }

  /// The same for max(a, 1 - a): an interval that holds 0.5 begins there.
  package var twoSided: Estimate {
    let holdsChance = lower <= 0.5 && upper >= 0.5
    return Estimate(
      value: max(value, 1 - value),
      lower: holdsChance ? 0.5 : min(max(lower, 1 - lower), max(upper, 1 - upper)),
      upper: max(upper, 1 - lower))
  }
}
