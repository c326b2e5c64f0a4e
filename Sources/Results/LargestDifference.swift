import Biometrics

/// The largest of several differences that share their draws, with a bound and a p-value that pay
/// for the choice (max-T, definitions 13): the best of several factors, the worst of several groups.
package struct LargestDifference: Sendable {
  /// Which of the differences it is; the first of equals.
  package let index: Int
  /// How far it lies in the wanted direction.
  package let size: Double
  /// With 95 % certainty it lies at least so far; nil where one of all has no interval, and `note`
  /// says why.
  package let lowerBound: Double?
  /// p-value of "none lies in the wanted direction"; nil like the bound.
  package let pValue: Double?
  /// Differences that were compared.
  package let candidates: Int
  /// Why there is no bound; nil with one.
  package let note: String?

  /// How the bound was made, as CSV files name it.
  package var method: String { "max-T over \(candidates), one-sided" }

  /// - Parameters:
  ///   - differences: nil where one of the two sides has no value; such take no part.
  ///   - wanted: whether the lower or the higher differences are looked for.
  /// - Returns: nil where no difference has a value.
  package init?(_ differences: [SystemDifference?], wanted: Preference) {
    let sign = wanted == .higher ? 1.0 : -1.0
    let found = differences.enumerated().compactMap { i, difference in
      difference.map { (index: i, size: sign * $0.value, replicates: $0.replicates) }
    }
    guard var best = found.indices.first else { return nil }
    for k in found.indices where found[k].size > found[best].size { best = k }
    (index, size, candidates) = (found[best].index, found[best].size, found.count)
    let replicates = found.compactMap { $0.replicates.map { $0.map { sign * $0 } } }
    guard replicates.count == found.count,
      let bounds = SimultaneousBounds(
        estimates: found.map(\.size), replicates: replicates, null: 0, direction: .above)
    else {
      (lowerBound, pValue) = (nil, nil)
      note =
        differences.lazy.compactMap { $0 }.filter { $0.replicates == nil }.compactMap(\.note).first
        ?? "no bound: no paired replicates of all that are compared"
      return
    }
    (lowerBound, pValue, note) = (bounds.lower[best], bounds.pValues[best], nil)
  }
}
