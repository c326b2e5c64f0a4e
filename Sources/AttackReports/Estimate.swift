import Biometrics

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

  /// Whether the interval holds its own value: a corrected one can miss it.
  package var holdsValue: Bool { value.isNaN || (lower <= value && value <= upper) }

  /// The same for max(a, 1 - a): an interval that holds 0.5 begins there.
  package var twoSided: Estimate {
    let holdsChance = lower <= 0.5 && upper >= 0.5
    return Estimate(
      value: max(value, 1 - value),
      lower: holdsChance ? 0.5 : min(max(lower, 1 - lower), max(upper, 1 - upper)),
      upper: max(upper, 1 - lower))
  }
}

extension Estimate {
  /// The method of the AUC over targets: the shortest that held it in 93 % of data sets, with 10
  /// targets a group and more.
  package static let areaMethod = IntervalMethod.bca
  /// The method of shares of right decisions.
  package static let shareMethod = IntervalMethod.percentile

  /// A share with the 95 % interval of its replicates.
  ///
  /// Where none can be given, all of 0 to 1 is open; a share that every resample repeats (1 of a
  /// perfect separation, 0.5 of a collapsed decision) is its own interval.
  package init(value: Double, replicates: [Double], method: IntervalMethod = shareMethod) {
    let outcome = IntervalBasis(value: value, replicates: replicates, range: 0...1)
      .interval(method)
    let isConstant =
      replicates.count >= fewestReplicates && replicates.allSatisfy { $0 == value }
    let bounds = outcome.bounds ?? (isConstant ? value...value : 0...1)
    self.init(value: value, lower: bounds.lowerBound, upper: bounds.upperBound)
  }
}
