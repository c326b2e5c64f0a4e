import Configurations

/// What may be said of inference from a system (definitions 3.4): it is "prevented" only when the
/// upper 95 % bound of the two-sided AUC is below 0.60 for each of A1 to A8.
package enum InferenceVerdict: Sendable, Equatable {
  /// Every adaptive attack stays below the bound.
  case prevented
  /// The attacks that were run stay below the bound, but these could not be run.
  case notShown(missing: [AttackKind])
  /// Some attack is above chance, by bounds that allow for the choice of the strongest.
  case possible
  /// Neither chance is excluded, nor does every attack stay below the bound.
  case undecided
  /// No adaptive attack was run; the attack of the paper (A0) alone proves nothing.
  case notTested

  /// Bound of the rule on the two-sided AUC.
  package static let bound = 0.60

  /// The statement rule over the repeats of a cell: bounds are those of the means over repeats. A0 is
  /// not looked at. An inapplicable attack does not stand in the way; one that some repeat lacks does.
  package init(of reports: [AttackReport]) {
    let adaptive = RepeatedAttack.all(in: reports).filter { $0.attack != .a0 }
    guard let strongest = RepeatedAttack.strongest(adaptive) else {
      self = .notTested
      return
    }
    if adaptive.allSatisfy({ $0.twoSidedAUC.upper < Self.bound }) {
      let missing = Self.missing(in: reports)
      self = missing.isEmpty ? .prevented : .notShown(missing: missing)
    } else {
      // The winner's own bound forgets that it was chosen; without replicates there is no other.
      let isPossible =
        StrongestAttack(in: reports)?.isPossible ?? (strongest.twoSidedAUC.lower > 0.5)
      self = isPossible ? .possible : .undecided
    }
  }

  /// Adaptive attacks that could not be run in some repeat, or lack a variant that another has.
  private static func missing(in reports: [AttackReport]) -> [AttackKind] {
    let omitted = reports.flatMap { report in
      report.omitted.filter { !$0.isInapplicable }.map(\.attack)
    }
    let outcomes = reports.flatMap(\.outcomes)
    let partial = outcomes.filter { outcome in
      reports.contains { $0.outcome(outcome.attack, outcome.variant, outcome.training) == nil }
    }.map(\.attack)
    let found = Set(omitted + partial).subtracting([.a0])
    return AttackKind.allCases.filter(found.contains)
  }
}

extension AttackReport {
  /// What may be said of the system by this audit alone.
  package var verdict: InferenceVerdict { InferenceVerdict(of: [self]) }
}
