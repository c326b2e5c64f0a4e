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
  package enum Threshold: Hashable, Sendable {
    /// One threshold for everybody, set on all comparisons at the FMR target.
    case global
    /// Each group's own threshold, set on its own comparisons at the FMR target.
    case perGroup
    /// Thresholds set elsewhere, e.g. on a development set.
    case given([GivenThreshold])
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
  package var selfTrials: SelfTrials
  package var threshold: Threshold
  package var nonMated: NonMatedOf
  package var denominator: Denominator
  /// How the threshold is found for an FMR target.
  package var rule: OperatingPointRule
  /// Weight of the FMR side in the fairness measures, 0...1.
  package var alpha: Double

  package init(
    name: String, selfTrials: SelfTrials, threshold: Threshold, nonMated: NonMatedOf,
    denominator: Denominator, rule: OperatingPointRule, alpha: Double
  ) {
    self.name = name
    self.selfTrials = selfTrials
    self.threshold = threshold
    self.nonMated = nonMated
    self.denominator = denominator
    self.rule = rule
    self.alpha = alpha
  }

  /// The convention of our own tables (definitions 2.3).
  package static let `default` = EvaluationConvention(
    name: "default", selfTrials: .excluded, threshold: .global, nonMated: .same,
    denominator: .conditional, rule: .conservative, alpha: 0.5)

  /// What the paper's tables most probably were made with (definitions 1.2, 1.3 and 1.7).
  package static let paperCompatible = EvaluationConvention(
    name: "paper-compatible", selfTrials: .included, threshold: .perGroup, nonMated: .reference,
    denominator: .conditional, rule: .nearestDrop, alpha: 0.5)
}

/// "global", "per_group", or a list of given thresholds.
extension EvaluationConvention.Threshold: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let text = try? container.decode(String.self) else {
      self = .given(try container.decode([EvaluationConvention.GivenThreshold].self))
      return
    }
    switch text {
    case "global": self = .global
    case "per_group": self = .perGroup
    default:
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription:
          "threshold is '\(text)', expected 'global', 'per_group' or a list of thresholds")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .global: try container.encode("global")
    case .perGroup: try container.encode("per_group")
    case .given(let thresholds): try container.encode(thresholds)
    }
  }
}

extension EvaluationConvention {
  /// The given threshold for a target and group: the group's own, else the one for everybody.
  package func givenThreshold(target: Double, group: String?) -> Double? {
    guard case .given(let list) = threshold else { return nil }
    let fitting = list.filter { $0.target == target }
    return (fitting.first { $0.group == group } ?? fitting.first { $0.group == nil })?.threshold
  }
}
