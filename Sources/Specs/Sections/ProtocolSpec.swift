import Biometrics
import Configurations

/// Which comparisons are made (definitions 1.2).
package struct ProtocolSpec: Sendable, Codable, Hashable {
  /// Self trials of the `default` convention, and of custom conventions that do not say.
  package var selfTrials: EvaluationConvention.SelfTrials
  package var reference: ReferenceSelection
  package var unlabelled: UnlabelledRule
}

/// How error rates are formed from scores (definitions 1.3, 1.7, 2.3).
package struct ConventionSpec: Sendable, Codable, Hashable {
  package enum Threshold: String, Sendable, Codable, CaseIterable {
    /// One threshold over all comparisons of the dataset.
    case global
    /// Each group's own threshold at the FMR target.
    case perGroup = "per_group"
    /// One threshold set on the development rows: each reference of the system (for MOTE, each
    /// model) against all development rows, pooled. No evaluation sample takes part.
    case development
    /// One threshold for scores that are calibrated per subject: from each score is subtracted what
    /// the subject's own reference or model gives to development rows at the FMR target (type-7
    /// quantile at 1 - target).
    case perSubject = "per_subject"
  }
  package var name: String
  package var selfTrials: EvaluationConvention.SelfTrials
  package var threshold: Threshold
  package var nonMated: EvaluationConvention.NonMatedOf
  package var denominator: EvaluationConvention.Denominator
  package var rule: OperatingPointRule
  /// Weight of FMR against FNMR in FDR and GARBE.
  package var alpha: Double

  package init(
    name: String, selfTrials: EvaluationConvention.SelfTrials, threshold: Threshold = .global,
    nonMated: EvaluationConvention.NonMatedOf = .same,
    denominator: EvaluationConvention.Denominator = .conditional,
    rule: OperatingPointRule = .conservative, alpha: Double = 0.5
  ) {
    self.name = name
    self.selfTrials = selfTrials
    self.threshold = threshold
    self.nonMated = nonMated
    self.denominator = denominator
    self.rule = rule
    self.alpha = alpha
  }

  /// Names that need no definition.
  package static let knownNames = [
    "default", "paper-compatible", "per-group", "per-subject", "development",
  ]

  /// Those that are used where a spec names none.
  package static let usualNames = ["default", "paper-compatible"]

  /// The convention of a known name (definitions 1.7): ours, or the one that fits the paper.
  package static func named(_ name: String, selfTrials: EvaluationConvention.SelfTrials)
    -> ConventionSpec?
  {
    switch name {
    case "default": ConventionSpec(name: name, selfTrials: selfTrials)
    case "paper-compatible":
      ConventionSpec(
        name: name, selfTrials: .included, threshold: .perGroup, nonMated: .reference,
        denominator: .conditional, rule: .nearestDrop)
    // The default but for the threshold.
    case "per-group":
      ConventionSpec(name: name, selfTrials: selfTrials, threshold: .perGroup)
    case "per-subject":
      ConventionSpec(name: name, selfTrials: selfTrials, threshold: .perSubject)
    case "development":
      ConventionSpec(name: name, selfTrials: selfTrials, threshold: .development)
    default: nil
    }
  }
}
