/// Where the value must lie for a claim to hold.
package enum ClaimRegion: Sendable, Hashable {
  /// Below the border; the border itself is outside.
  case below(Double)
  /// Above the border; the border itself is outside.
  case above(Double)
  /// So near the centre; both ends are inside.
  case within(Double, of: Double)
  /// Below the difference that the paper prints in the same cell of Table 2.
  case belowPublishedGap
  /// Beside the paper's figure, as it is printed: no answer.
  case beside(String)

  /// The answer for an interval; an end that is nil is not known.
  ///
  /// - Returns: `holds` where the interval lies wholly inside, `doesNotHold` where wholly outside.
  package func answer(lower: Double?, upper: Double?) -> ClaimAnswer.Answer {
    let (low, high) = (lower ?? -.infinity, upper ?? .infinity)
    let (isInside, isOutside) =
      switch self {
      case .below(let border): (high < border, low >= border)
      case .above(let border): (low > border, high <= border)
      case .within(let distance, let centre):
        (
          low >= centre - distance && high <= centre + distance,
          high < centre - distance || low > centre + distance
        )
      case .belowPublishedGap, .beside: (false, false)
      }
    return isInside ? .holds : isOutside ? .doesNotHold : .cannotBeToldApart
  }

  /// The border up to which the claim would have to be weakened (or could be sharpened) to just hold:
  /// the upper end for `below`, the lower for `above`, the larger distance from the centre for `within`;
  /// nil where that end is not known.
  package func smallestMargin(lower: Double?, upper: Double?) -> Double? {
    switch self {
    case .below: upper
    case .above: lower
    case .within(_, let centre):
      lower.flatMap { lower in upper.map { max(abs(lower - centre), abs($0 - centre)) } }
    case .belowPublishedGap, .beside: nil
    }
  }
}
