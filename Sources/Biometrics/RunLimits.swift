/// How many comparisons of a population are kept in memory, at 12 bytes each.
///
/// Point estimates do not depend on it; it decides which intervals are bootstrapped exactly and which
/// are linearised.
package struct RunLimits: Sendable {
  /// Populations up to this size are kept whole.
  package var whole: Int
  /// Longest run for what can also be linearised; a replicate walks it in about 1 ns a comparison.
  package var affordable: Int
  /// Longest run at all.
  package var longest: Int

  package init(whole: Int = 1_000_000, affordable: Int = 4_000_000, longest: Int = 16_000_000) {
    self.whole = whole
    self.affordable = affordable
    self.longest = longest
  }
}
