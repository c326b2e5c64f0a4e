import Specs

/// How the factors of a cell were chosen.
package struct FactorChoiceSummary: Sendable, Codable {
  /// Candidates, [f].
  package var factors: [Double]
  /// Threshold that risks were judged at, and the FMR it was set for.
  package var threshold: Double
  package var targetFMR: Double
  /// The risk that the choices aim at: the median at the balanced factor.
  package var targetRisk: Double
  /// Median risk of the models that were chosen.
  package var medianChosenRisk: Double
  /// People with each factor, [f], by group; "all" has everybody.
  package var counts: [String: [Int]]

  package init(
    factors: [Double], threshold: Double, targetFMR: Double, targetRisk: Double,
    medianChosenRisk: Double, counts: [String: [Int]]
  ) {
    self.factors = factors
    self.threshold = threshold
    self.targetFMR = targetFMR
    self.targetRisk = targetRisk
    self.medianChosenRisk = medianChosenRisk
    self.counts = counts
  }
}
