/// How much incremental variable elimination removes. At 128 dimensions the defaults remove 20 × 5 coordinates.
package struct IVEConfiguration: Sendable, Codable, Hashable {
  package var trees = 30
  package var rounds = 20
  /// Share of the dimensions removed in each round.
  package var shareRemoved = 5.0 / 128
  package init() {}
}
