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
  /// Standard deviations of the repeats' values (n - 1); nil for one.
  package let aucSpread: Double?
  package let balancedAccuracySpread: Double?
  /// Of the mean AUC; nil where a repeat kept none or attacked other targets.
  package let aucReplicates: Replicates?
  /// The same of the mean balanced accuracy.
  package let balancedAccuracyReplicates: Replicates?

  /// max(AUC, 1 - AUC).
  package var twoSidedAUC: Estimate { auc.twoSided }

  /// How an interval was made, as CSV files name it.
  package func methodText(_ method: IntervalMethod) -> String {
    if repeats == 1 { return "\(method)" }
    return aucReplicates == nil
      ? "hull of \(repeats) repeats" : "\(method), mean of \(repeats) repeats"
  }

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
    balancedAccuracyReplicates =
      areTheSame ? Replicates(meanOf: outcomes.map(\.balancedAccuracyReplicates)) : nil
    auc = Self.pooled(outcomes.map(\.auc), aucReplicates, Estimate.areaMethod)
    balancedAccuracy = Self.pooled(
      outcomes.map(\.balancedAccuracy), balancedAccuracyReplicates, Estimate.shareMethod)
    aucSpread = Self.spread(outcomes.map(\.auc.value))
    balancedAccuracySpread = Self.spread(outcomes.map(\.balancedAccuracy.value))
  }

  private static func spread(_ values: [Double]) -> Double? {
    values.count > 1 ? variance(values).squareRoot() : nil
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

  /// The attack with the largest two-sided AUC; the first of equals, nil where all are NaN or none.
  package static func strongest(_ attacks: [RepeatedAttack]) -> RepeatedAttack? {
    var best: RepeatedAttack?
    for attack in attacks where attack.twoSidedAUC.value > (best?.twoSidedAUC.value ?? 0) {
      best = attack
    }
    return best
  }

  /// The strongest of A1 to A8.
  package static func strongestAdaptive(in reports: [AttackReport]) -> RepeatedAttack? {
    strongest(all(in: reports).filter { $0.attack != .a0 })
  }
}
