import Biometrics

/// What a paired difference says at 95 % after Holm's correction over its family of tests.
package enum FairnessVerdict: Sendable, Equatable {
  case better, worse, notDistinguishable
  /// No replicates, or different trials.
  case notTested

  /// Verdicts of a family of differences, in the same order.
  ///
  /// - Parameters:
  ///   - differences: nil where one of the two systems has no value; such tests take no part.
  ///   - preference: whether lower or higher values are the better ones.
  /// - Returns: each verdict with its adjusted p-value.
  package static func family(_ differences: [SystemDifference?], _ preference: Preference) -> [(
    verdict: FairnessVerdict, pValue: Double?
  )] {
    family(
      values: differences.map { $0?.value }, pValues: differences.map { $0?.pValue }, preference)
  }

  /// The same from values and p-values, [test]; tests that lack one of the two take no part.
  package static func family(values: [Double?], pValues: [Double?], _ preference: Preference) -> [(
    verdict: FairnessVerdict, pValue: Double?
  )] {
    let tested = values.indices.filter { values[$0] != nil && pValues[$0] != nil }
    let adjusted = holmAdjusted(tested.map { pValues[$0]! })
    var verdicts: [(verdict: FairnessVerdict, pValue: Double?)] = values.map { _ in
      (.notTested, nil)
    }
    for (i, p) in zip(tested, adjusted) {
      let value = values[i]!
      let isBetter = preference == .higher ? value > 0 : value < 0
      verdicts[i] = (p >= 0.05 || value == 0 ? .notDistinguishable : isBetter ? .better : .worse, p)
    }
    return verdicts
  }
}
