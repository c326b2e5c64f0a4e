// How rates are counted: the switches of definitions 1.2 and 2.3, under one name.

/// One way to turn comparison scores into rates. Every measurement names the convention it was made
/// under, because the same scores give different numbers under different conventions.
package struct EvaluationConvention: Codable, Hashable, Sendable {
  /// Whether a reference is compared with the sample it was enrolled from.
  package enum SelfTrials: String, Codable, Hashable, Sendable, CaseIterable {
    case excluded
    case included
  }

  /// Where the threshold of a group's rates comes from.
  package enum Threshold: String, Codable, Hashable, Sendable, CaseIterable {
    /// One threshold for everybody, set on all comparisons at the FMR target.
    case global
    /// Each group's own threshold, set on its own comparisons at the FMR target.
    case perGroup = "per_group"
    /// One threshold set on the development rows: each reference of the system (for MOTE, each
    /// model) against all development rows, pooled. No evaluation sample takes part; the threshold
    /// is brought in as one of `givenThresholds`.
    case development
    /// One threshold for scores that are calibrated per subject: from each score is subtracted what
    /// the subject's own reference or model gives to development rows at the FMR target (type-7
    /// quantile at 1 - target). The caller subtracts; evaluation then does as for `global`.
    case perSubject = "per_subject"
  }

  /// A threshold brought in from outside, for one FMR target.
  package struct GivenThreshold: Codable, Hashable, Sendable {
    /// The FMR target that the threshold was set for.
    package var target: Double
    package var threshold: Double
    /// The group it holds for; nil: everybody (a group without an own entry uses this one).
    package var group: String?

    package init(target: Double, threshold: Double, group: String? = nil) {
      self.target = target
      self.threshold = threshold
      self.group = group
    }
  }

  /// Which non-mated comparisons belong to a group.
  package enum NonMatedOf: String, Codable, Hashable, Sendable, CaseIterable {
    /// Reference and probe both in the group.
    case same
    /// Reference in the group, any probe.
    case reference
  }

  /// What a group's error counts are divided by.
  package enum Denominator: String, Codable, Hashable, Sendable, CaseIterable {
    /// The group's mated (or non-mated) comparisons.
    case conditional
    /// All comparisons of the group.
    case joint
  }

  /// Name in records and tables, e.g. "default".
  package var name: String
  package var selfTrials = SelfTrials.excluded
  package var threshold = Threshold.global
  package var nonMated = NonMatedOf.same
  package var denominator = Denominator.conditional
  /// How the threshold is found for an FMR target.
  package var rule = OperatingPointRule.conservative
  /// Weight of the FMR side in the fairness measures, 0...1.
  package var alpha = 0.5
  /// Thresholds of `development`, once they are known; no part of the convention's coded form.
  package var givenThresholds: [GivenThreshold] = []

  private enum CodingKeys: String, CodingKey {
    case name, selfTrials, threshold, nonMated, denominator, rule, alpha
  }

  /// The convention of our own tables under another name, with what differs from it.
  package init(name: String, _ change: (inout EvaluationConvention) -> Void = { _ in }) {
    self.name = name
    change(&self)
  }

  /// The convention of our own tables (definitions 2.3).
  package static let `default` = EvaluationConvention(name: "default")

  /// What the paper's tables most probably were made with (definitions 1.2, 1.3 and 1.7).
  package static let paperCompatible = EvaluationConvention(name: "paper-compatible") {
    $0.selfTrials = .included
    $0.threshold = .perGroup
    $0.nonMated = .reference
    $0.rule = .nearestDrop
  }
}

extension EvaluationConvention {
  /// Conventions that a name alone stands for: ours, the one that fits the paper, and ours but for
  /// the threshold (definitions 1.7).
  private static let known: [EvaluationConvention] = [
    .default, .paperCompatible,
    EvaluationConvention(name: "per-group") { $0.threshold = .perGroup },
    EvaluationConvention(name: "per-subject") { $0.threshold = .perSubject },
    EvaluationConvention(name: "development") { $0.threshold = .development },
  ]

  /// Names that need no definition.
  package static var knownNames: [String] { known.map(\.name) }

  /// Those that are used where a spec names none.
  package static let usualNames = [EvaluationConvention.default.name, paperCompatible.name]

  /// The convention of a known name; the paper's has self trials whatever `selfTrials` says.
  package static func named(_ name: String, selfTrials: SelfTrials) -> EvaluationConvention? {
    guard var convention = known.first(where: { $0.name == name }) else { return nil }
    if convention.selfTrials == .excluded { convention.selfTrials = selfTrials }
    return convention
  }

  /// The given threshold for a target and group: the group's own, else the one for everybody.
  package func givenThreshold(target: Double, group: String?) -> Double? {
    let fitting = givenThresholds.filter { $0.target == target }
    return (fitting.first { $0.group == group } ?? fitting.first { $0.group == nil })?.threshold
  }
}
