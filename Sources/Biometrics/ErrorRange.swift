/// Errors that are counted where scores move within their rounding (definitions 1.10): whoever runs
/// the same training with other instructions may count any number of the range.
package struct ErrorRange: Sendable, Codable, Hashable {
  package var fewest: Int
  package var most: Int

  package init(fewest: Int, most: Int) {
    self.fewest = fewest
    self.most = most
  }

  /// Errors of both; nil where one is not known.
  package static func sum(_ ranges: [ErrorRange?]) -> ErrorRange? {
    guard !ranges.isEmpty, !ranges.contains(nil) else { return nil }
    return ranges.compactMap { $0 }.reduce(ErrorRange(fewest: 0, most: 0)) {
      ErrorRange(fewest: $0.fewest + $1.fewest, most: $0.most + $1.most)
    }
  }
}

extension ConventionMeasurements {
  /// Adds to each false non-match rate the errors that its scores leave open.
  ///
  /// When every score moves by at most `rounding`, the threshold, an order statistic of scores, moves
  /// by no more, and a mated score moves against it by twice that; a score that is calibrated by
  /// another one moves twice as far itself.
  ///
  /// - Parameter rounding: in units of the scores; 0 leaves nothing open.
  func addErrorRanges<View: ErrorView>(
    _ view: View, rounding: Double, to values: inout [MetricValue]
  ) {
    guard rounding > 0 else { return }
    let margin = (convention.threshold == .perSubject ? 4 : 2) * rounding
    for i in values.indices where values[i].quantity == .fnmr {
      guard let threshold = values[i].threshold, threshold.isFinite, values[i].numerator != nil
      else { continue }
      let key = groups.firstIndex(of: values[i].group).map(side) ?? everybody
      guard let below = view.counts(key, at: threshold - margin),
        let above = view.counts(key, at: threshold + margin)
      else { continue }
      values[i].errorRange = ErrorRange(
        fewest: below.falseNonMatches, most: above.falseNonMatches)
    }
  }
}
