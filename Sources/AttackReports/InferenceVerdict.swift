import Configurations

/// What may be said of inference from a system (definitions 3.4): it is "prevented" only when the
/// upper 95 % bound of the two-sided AUC is below 0.60 for each of A1 to A8.
package enum InferenceVerdict: Sendable, Equatable {
  /// Every adaptive attack stays below the bound.
  case prevented
  /// The attacks that were run stay below the bound, but these could not be run.
  case notShown(missing: [AttackKind])
  /// The strongest attack's interval excludes chance.
  case possible
  /// Neither chance is excluded, nor does every attack stay below the bound.
  case undecided
  /// No adaptive attack was run; the attack of the paper (A0) alone proves nothing.
  case notTested

  /// Bound of the rule on the two-sided AUC.
  package static let bound = 0.60

  /// The statement rule.
  ///
  /// - Parameters:
  ///   - outcomes: all variants; A0 is not looked at.
  ///   - omitted: attacks that were not run; an inapplicable one does not stand in the way.
  package init(outcomes: [AttackOutcome], omitted: [OmittedAttack]) {
    let adaptive = outcomes.filter { $0.attack != .a0 }
    guard let strongest = AttackReport.strongest(adaptive) else {
      self = .notTested
      return
    }
    if adaptive.allSatisfy({ $0.twoSidedAUC.upper < Self.bound }) {
      let missing = omitted.filter { $0.attack != .a0 && !$0.isInapplicable }.map(\.attack)
      self = missing.isEmpty ? .prevented : .notShown(missing: missing)
    } else {
      self = strongest.twoSidedAUC.lower > 0.5 ? .possible : .undecided
    }
  }
}

extension AttackReport {
  /// What may be said of the system.
  package var verdict: InferenceVerdict { InferenceVerdict(outcomes: outcomes, omitted: omitted) }

  /// The largest upper bound of the two-sided AUC among the adaptive attacks; nil without any.
  package var largestBound: Double? {
    outcomes.filter { $0.attack != .a0 }.map(\.twoSidedAUC.upper).max()
  }
}
