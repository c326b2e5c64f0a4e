// Incremental variable elimination (Terhörst et al. 2019, IVE): coordinates that predict gender best
// are removed a few at a time, with a new forest after each removal.
import Configurations
import Kernels

/// The kept coordinates, compared by cosine.
///
/// Trees do not see a monotone change of a coordinate, so the standardisation of the original is not
/// computed; kept coordinates are compared as the extractor gave them.
package struct IncrementalVariableElimination: CosineComparedScheme {
  package let name = "ive"
  /// Coordinates that are left, ascending.
  package let kept: [Int]
  /// Coordinates in the order of removal.
  package let removed: [Int]
  package var templateWidth: Int { kept.count }

  /// - Parameter check: called before every tree; what it throws ends the training.
  /// - Throws: `PrivacyError.tooFewTraining`, or `.settingOutOfRange` when nothing would be left.
  package static func train(
    on cohort: TrainingCohort, configuration: IVEConfiguration = IVEConfiguration(), seed: UInt64,
    check: () throws -> Void = {}
  ) throws -> IncrementalVariableElimination {
    try cohort.check(scheme: "ive", needed: 2)
    let d = cohort.vectors.columns
    let step = max(1, Int((configuration.shareRemoved * Double(d)).rounded()))
    guard configuration.rounds * step < d, configuration.trees > 0 else {
      throw PrivacyError.settingOutOfRange(
        setting: "rounds", value: "\(configuration.rounds) of \(step) coordinates",
        allowed: "fewer than the \(d) dimensions in all")
    }
    let ranks = FeatureRanks(cohort.vectors)
    var kept = Array(0..<d)
    var removed: [Int] = []
    for round in 0..<configuration.rounds {
      let forest = try DecisionForest(
        ranks, isFirst: cohort.isFirst, features: kept, trees: configuration.trees, seed: seed,
        unit: UInt32(round), check: check)
      let importances = forest.importances
      let leaving = kept.sorted { (-importances[$0], $0) < (-importances[$1], $1) }.prefix(step)
      removed.append(contentsOf: leaving)
      let leavingSet = Set(leaving)
      kept.removeAll(where: leavingSet.contains)
    }
    return IncrementalVariableElimination(kept: kept, removed: removed)
  }

  package func protect(
    _ vectors: FloatMatrix, serials: [UInt32], role: TemplateRole
  ) -> FloatMatrix {
    let templates = FloatMatrix(rows: vectors.rows, columns: kept.count)
    for i in 0..<vectors.rows {
      let (source, target) = (vectors[row: i], templates[row: i])
      for (k, j) in kept.enumerated() { target[k] = source[j] }
    }
    return templates
  }
}
