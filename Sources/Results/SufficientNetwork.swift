import Biometrics

/// Whether a far smaller network recognises as well as the base (definitions 6.7).
///
/// Far smaller: at most a quarter of the base's bytes. As good: FNMR minus that of the base stays
/// below `margin`, by the upper bound of a one-sided 95 % interval that holds for all far smaller
/// networks at once (max-T over the same draws), so that the choice among them is paid for.
package struct SufficientNetwork: Sendable {
  /// The margin of claim R1: a difference in FNMR that still counts as comparable.
  package static let margin = 0.01
  /// Bytes of the base over those of a far smaller network, at least.
  package static let ratio = 4

  /// The far smaller networks that have a difference, as in the place.
  package let candidates: [AblatedNetwork]
  /// Upper bound of each candidate's difference; nil without replicates of all.
  package let upperBounds: [Double]?

  /// - Returns: nil where there is no far smaller network with a difference.
  package init?(_ place: AblatedPlace) {
    guard let base = place.baseNetwork else { return nil }
    candidates = place.networks.filter {
      Self.ratio * $0.bytes <= base.bytes && $0.difference != nil
    }
    if candidates.isEmpty { return nil }
    let differences = candidates.map { $0.difference! }
    let replicates = differences.compactMap(\.replicates)
    guard replicates.count == candidates.count,
      let bounds = SimultaneousBounds(
        estimates: differences.map { -$0.value }, replicates: replicates.map { $0.map { -$0 } },
        null: 0, direction: .above)
    else {
      upperBounds = nil
      return
    }
    upperBounds = bounds.lower.map { -$0 }
  }

  /// Index of the smallest candidate that is as good; nil: none is shown to be.
  package var sufficient: Int? {
    upperBounds?.firstIndex { $0 < Self.margin }
  }
}
