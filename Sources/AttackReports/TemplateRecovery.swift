/// How much of the enrolled reference an inverted model gives back (A8): cosines of recovered
/// vectors with embeddings.
package struct TemplateRecovery: Sendable, Codable {
  /// Mean and standard deviation over targets of the cosine with the target's own embedding.
  package var meanCosine: Double
  package var deviation: Double
  /// Mean cosine with other targets' embeddings.
  package var meanCosineWithOthers: Double
  /// P(own cosine > another target's), ties half: 0.5 is unlinkable, 1 fully linkable.
  package var linkabilityAUC: Double
  /// Share of targets whose own embedding is the nearest of all.
  package var rankOneRate: Double
  /// Share of targets whose own cosine exceeds the largest threshold with at most 1 in 1000 cosines
  /// with others at or above it: whom the recovered vector would impersonate.
  package var acceptedAtFMR1e3: Double
  package var targets: Int

  package init(
    meanCosine: Double, deviation: Double, meanCosineWithOthers: Double, linkabilityAUC: Double,
    rankOneRate: Double, acceptedAtFMR1e3: Double, targets: Int
  ) {
    self.meanCosine = meanCosine
    self.deviation = deviation
    self.meanCosineWithOthers = meanCosineWithOthers
    self.linkabilityAUC = linkabilityAUC
    self.rankOneRate = rankOneRate
    self.acceptedAtFMR1e3 = acceptedAtFMR1e3
    self.targets = targets
  }
}
