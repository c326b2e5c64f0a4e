/// Which comparisons are made (definitions 1.2).
package struct ProtocolSpec: Sendable, Codable, Hashable {
  package enum SelfTrials: String, Sendable, Codable, CaseIterable {
    /// The reference sample is not compared with its own reference.
    case excluded
    /// It is, as in the official code.
    case included
  }
  package enum Reference: String, Sendable, Codable, CaseIterable {
    /// The subject's first sample in file order.
    case first
    /// One sample drawn by seed.
    case random
  }
  package enum Unlabelled: String, Sendable, Codable, CaseIterable {
    /// Subjects without gender label count in "All" only.
    case inAllOnly = "all_only"
    /// They are left out of the evaluation.
    case excluded
  }

  /// Self trials of the `default` convention, and of custom conventions that do not say.
  package var selfTrials: SelfTrials
  package var reference: Reference
  package var unlabelled: Unlabelled
}

/// How error rates are formed from scores (definitions 1.3, 1.7, 2.3).
package struct ConventionSpec: Sendable, Codable, Hashable {
  package enum Threshold: String, Sendable, Codable, CaseIterable {
    /// One threshold over all comparisons of the dataset.
    case global
    /// Each group's own threshold at the FMR target.
    case perGroup = "per_group"
    /// The threshold reached on the development set.
    case development
  }
  package enum NonMated: String, Sendable, Codable, CaseIterable {
    /// Reference and probe are both of the group.
    case same
    /// The reference is of the group, the probe any.
    case reference
  }
  package enum Denominator: String, Sendable, Codable, CaseIterable {
    /// Mated or non-mated trials of the group.
    case conditional
    /// All trials of the group.
    case joint
  }
  /// Rule that picks the operating point at an FMR target.
  package enum Rule: String, Sendable, Codable, CaseIterable {
    case conservative
    case nearestDrop = "nearest_drop"
    case nearest
    case interpolated
    case quantile
  }

  package var name: String
  package var selfTrials: ProtocolSpec.SelfTrials
  package var threshold: Threshold
  package var nonMated: NonMated
  package var denominator: Denominator
  package var rule: Rule
  /// Weight of FMR against FNMR in FDR and GARBE.
  package var alpha: Double

  package init(
    name: String, selfTrials: ProtocolSpec.SelfTrials, threshold: Threshold = .global,
    nonMated: NonMated = .same, denominator: Denominator = .conditional,
    rule: Rule = .conservative, alpha: Double = 0.5
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
  static let knownNames = ["default", "paper-compatible"]

  /// The convention of a known name (definitions 1.7): ours, or the one that fits the paper.
  static func named(_ name: String, selfTrials: ProtocolSpec.SelfTrials) -> ConventionSpec? {
    switch name {
    case "default": ConventionSpec(name: name, selfTrials: selfTrials)
    case "paper-compatible":
      ConventionSpec(
        name: name, selfTrials: .included, threshold: .perGroup, nonMated: .reference,
        denominator: .conditional, rule: .nearestDrop)
    default: nil
    }
  }
}
