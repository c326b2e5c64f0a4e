import Biometrics
import Specs

/// The reading that a rule chooses by its FNMR (definitions 12.1); to be evaluated on other people than
/// it was chosen on.
///
/// 1. Candidates are the readings under the first convention with a value, evaluated on the comparisons
///    of the first base: conventions and protocols change what is measured, not what is trained.
/// 2. The best has the smallest FNMR, the mean over the repeats.
/// 3. Of the best and those whose paired difference from it has no interval that excludes 0, the one
///    that changes least against the first base is chosen: fewest switches, another base counting as
///    one; then the smaller FNMR; then the order of the spec.
package struct ChosenReading: Sendable {
  /// One that could be chosen.
  package struct Candidate: Sendable {
    /// Of the names of the reading that with the fewest changes.
    package let reading: Reading
    package let estimate: ReadingEstimate
    /// Switches that differ from the first base, another base counting as one.
    package let changes: Int
  }

  package let chosen: Candidate
  /// The smallest FNMR.
  package let best: Candidate
  /// All candidates, in the order of the spec.
  package let candidates: [Candidate]
  /// Those that these people do not tell apart from the best, itself among them.
  package let notApart: [Candidate]

  /// - Returns: nil where the first base has no value.
  package init?(_ results: ReadingResults) {
    let readings = results.readings
    guard let base = readings.readings.first, let reference = results.estimate(.fnmr, of: base)
    else { return nil }
    func changes(_ reading: Reading) -> Int {
      reading.choices.count + (reading.base == base.base ? 0 : 1)
    }
    candidates = readings.distinct.compactMap { names in
      guard names[0].convention == base.convention,
        let estimate = results.estimate(.fnmr, of: names[0]), estimate.sizes == reference.sizes
      else { return nil }
      var nearest = names[0]
      for name in names where changes(name) < changes(nearest) { nearest = name }
      return Candidate(reading: nearest, estimate: estimate, changes: changes(nearest))
    }
    var best = candidates[0]
    for next in candidates where next.estimate.value < best.estimate.value { best = next }
    self.best = best
    notApart = candidates.filter { candidate in
      candidate.reading == best.reading
        || !candidate.estimate.difference(from: best.estimate).excludesZero
    }
    var chosen = notApart[0]
    for next in notApart
    where (next.changes, next.estimate.value) < (chosen.changes, chosen.estimate.value) {
      chosen = next
    }
    self.chosen = chosen
  }
}
