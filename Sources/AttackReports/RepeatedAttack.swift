// Attacks over repeats, and what may be said of the strongest of them (definitions 13). Every repeat
// attacks the same targets with the same draws, so a drawn target brings all its models: replicate b
// of the mean is the mean of the repeats' replicates b.

import Biometrics
import Configurations

/// One variant of one attack over the repeats of a cell.
package struct RepeatedAttack: Sendable {
  package let attack: AttackKind
  package let variant: String
  package let training: TrainingSource?
  /// Repeats behind the means.
  package let repeats: Int
  /// Mean over repeats, with the interval of the mean.
  package let auc: Estimate
  package let balancedAccuracy: Estimate
  /// Standard deviation of the repeats' AUC (n - 1); nil for one.
  package let aucSpread: Double?
  /// Of the mean AUC; nil where a repeat kept none or attacked other targets.
  package let aucReplicates: Replicates?

  /// max(AUC, 1 - AUC).
  package var twoSidedAUC: Estimate { auc.twoSided }
  /// The variant with what it learnt from.
  package var name: String { training.map { "\(variant), \($0.rawValue)" } ?? variant }

  /// Pools one variant's outcomes, a repeat each; nil for none.
  ///
  /// Without replicates of every repeat the interval is the hull of the repeats' intervals.
  package init?(_ outcomes: [AttackOutcome]) {
    guard let first = outcomes.first else { return nil }
    attack = first.attack
    variant = first.variant
    training = first.training
    repeats = outcomes.count
    let areTheSame = outcomes.allSatisfy {
      $0.targets == first.targets && $0.targetsOfFirst == first.targetsOfFirst
    }
    aucReplicates = areTheSame ? Replicates(meanOf: outcomes.map(\.aucReplicates)) : nil
    auc = Self.pooled(outcomes.map(\.auc), aucReplicates, Estimate.areaMethod)
    balancedAccuracy = Self.pooled(
      outcomes.map(\.balancedAccuracy),
      areTheSame ? Replicates(meanOf: outcomes.map(\.balancedAccuracyReplicates)) : nil,
      .percentile)
    let mean = auc.value
    aucSpread =
      outcomes.count > 1
      ? (outcomes.reduce(0) { $0 + ($1.auc.value - mean) * ($1.auc.value - mean) }
        / Double(outcomes.count - 1)).squareRoot() : nil
  }

  private static func pooled(
    _ estimates: [Estimate], _ replicates: Replicates?, _ method: IntervalMethod
  ) -> Estimate {
    guard estimates.count > 1 else { return estimates[0] }
    let value = estimates.reduce(0) { $0 + $1.value } / Double(estimates.count)
    if let replicates {
      return Estimate(value: value, replicates: replicates.values, method: method)
    }
    return Estimate(
      value: value, lower: estimates.map(\.lower).min()!, upper: estimates.map(\.upper).max()!)
  }

  /// Every variant of every attack, in the order of the first report; those of all reports only.
  package static func all(in reports: [AttackReport]) -> [RepeatedAttack] {
    (reports.first?.outcomes ?? []).compactMap { outcome in
      let found = reports.compactMap {
        $0.outcome(outcome.attack, outcome.variant, outcome.training)
      }
      return found.count == reports.count ? RepeatedAttack(found) : nil
    }
  }
}

/// The strongest of the adaptive attacks (A1 to A8), with bounds that allow for the choice.
package struct StrongestAttack: Sendable {
  /// The variant with the largest two-sided AUC; the first of equals.
  package let attack: RepeatedAttack
  /// Variants that were compared.
  package let variants: Int
  /// With 95 % certainty some attack separates the groups at least this well: the largest of the
  /// simultaneous lower bounds of the two-sided AUC, 0.5 where none is above chance. The choice of the
  /// winner is paid for, which the winner's own interval does not do.
  package let lowerBound: Double
  /// p-value of "no attack separates the groups", by max-T over the same draws.
  package let pValue: Double

  /// Some attack is above chance.
  package var isPossible: Bool { lowerBound > 0.5 }

  /// Nil without an adaptive attack that has a number, or where the reports keep too few replicates.
  package init?(in reports: [AttackReport]) {
    self.init(RepeatedAttack.all(in: reports))
  }

  /// The same of outcomes of one audit.
  package init?(_ outcomes: [AttackOutcome]) {
    self.init(outcomes.compactMap { RepeatedAttack([$0]) })
  }

  private init?(_ all: [RepeatedAttack]) {
    let attacks = all.filter { $0.attack != .a0 && !$0.auc.value.isNaN }
    let replicates = attacks.compactMap(\.aucReplicates?.values)
    guard let first = attacks.first, replicates.count == attacks.count,
      let bounds = SimultaneousBounds(
        estimates: attacks.map(\.auc.value), replicates: replicates, null: 0.5,
        direction: .either)
    else { return nil }
    attack = attacks.dropFirst().reduce(first) {
      $1.twoSidedAUC.value > $0.twoSidedAUC.value ? $1 : $0
    }
    variants = attacks.count
    lowerBound = 0.5 + bounds.lower.max()!
    pValue = bounds.pValues.min()!
  }
}
