// Data sets on which ways of making intervals are compared, made as those of CoverageScenario.

import Biometrics

/// One kind of data set, and what is measured on it.
package struct MethodScenario: Sendable {
  package var name: String
  /// Scores of one system, of several trainings of the same people, or of two systems.
  package var scores: CoverageScenario
  package var conventions: [EvaluationConvention]
  package var quantities: Set<Quantity>
  /// Whether intervals by double-or-nothing are made, too, for the first convention.
  package var drawsDoubleOrNothing = false
  /// Whether the second system is subtracted from the first: paired differences.
  package var isOfDifferences = false

  /// The default convention with each group's own threshold.
  package static let perGroup = EvaluationConvention(name: "per-group") {
    $0.threshold = .perGroup
  }

  /// A threshold that was set elsewhere, on so many comparisons that it is exact.
  private static func given(_ scores: CoverageScenario) -> EvaluationConvention {
    EvaluationConvention(name: "development") {
      $0.threshold = .development
      $0.givenThresholds = [.init(target: scores.target, threshold: scores.commonThreshold)]
    }
  }

  private static let rates: Set<Quantity> = [.fnmr, .fmr, .fdr, .igarbe]

  /// FNMR with a mean number of errors among 360 mated comparisons of 120 people, and the fairness
  /// measures under every kind of threshold.
  package static func errors(_ name: String, mean: Double) -> MethodScenario {
    let scores = Self.scores(name, mean: mean)
    return MethodScenario(
      name: name, scores: scores,
      conventions: [.default, perGroup, given(scores), .paperCompatible], quantities: rates,
      drawsDoubleOrNothing: true)
  }

  /// Differences of a system and one that errs less, on the same people and draws; subject effects
  /// correlate by 0.8.
  package static func differences(_ name: String, mean: Double) -> MethodScenario {
    var scenario = errors(name, mean: mean)
    scenario.scores.mated.append(Self.scores(name, mean: mean + 0.3).mated[0])
    scenario.drawsDoubleOrNothing = false
    scenario.isOfDifferences = true
    return scenario
  }

  /// So few errors that fairness cannot be measured.
  private static var rare: MethodScenario {
    var scenario = errors("0.3 errors", mean: 6.73)
    scenario.conventions = [.default]
    return scenario
  }

  /// The areas and rates that need the whole ROC.
  package static func curve(_ name: String, mean: Double) -> MethodScenario {
    MethodScenario(
      name: name, scores: Self.scores(name, mean: mean), conventions: [.default],
      quantities: [.eer, .auc, .balancedAccuracy])
  }

  /// Three trainings of the same people, whose subject effects correlate by 0.8.
  package static let repeats: MethodScenario = {
    var scores = Self.scores("three trainings", mean: 4.8)
    scores.mated = [scores.mated[0], scores.mated[0], scores.mated[0]]
    return MethodScenario(
      name: "three trainings", scores: scores, conventions: [.default, perGroup],
      quantities: rates)
  }()

  /// Female mated scores spread 1.5 times as widely.
  private static func scores(_ name: String, mean: Double) -> CoverageScenario {
    CoverageScenario(
      name: name, note: "",
      mated: [[.init(mean: mean), .init(mean: mean, deviation: 1.5)]],
      nonMatedMeans: (male: 0, female: 0.3, mixed: -0.3))
  }

  /// All of the study: about 0.3 to 30 errors, the curve with few and many errors, repeats, and
  /// differences.
  package static let all = [
    rare, errors("1 error", mean: 6.14),
    errors("3 errors", mean: 5.55), errors("10 errors", mean: 4.8),
    errors("30 errors", mean: 4.05), curve("curve, 3 errors", mean: 5.55),
    curve("curve, 30 errors", mean: 4.05), repeats,
    differences("differences, 1 error", mean: 6.14),
    differences("differences, 3 errors", mean: 5.55),
    differences("differences, 10 errors", mean: 4.8),
    differences("differences, 30 errors", mean: 4.05),
  ]
}
