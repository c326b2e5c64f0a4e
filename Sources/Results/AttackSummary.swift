import AttackReports
import Biometrics
import Configurations
import Records
import Specs

/// One variant of one attack over the repeats of a cell, as tables show it: what is resampled is
/// pooled by `RepeatedAttack`, the rest are means.
package struct AttackSummary {
  /// Of the repeats; at least one.
  private let outcomes: [AttackOutcome]
  package let pooled: RepeatedAttack

  private init?(_ outcomes: [AttackOutcome]) {
    guard let pooled = RepeatedAttack(outcomes) else { return nil }
    self.outcomes = outcomes
    self.pooled = pooled
  }

  package var variant: String { pooled.variant }
  package var training: TrainingSource? { pooled.training }
  package var targets: Int { outcomes[0].targets }
  package var targetsOfFirst: Int { outcomes[0].targetsOfFirst }
  package var repeats: Int { pooled.repeats }
  package var balancedAccuracy: Estimate { pooled.balancedAccuracy }
  package var twoSidedAUC: Estimate { pooled.twoSidedAUC }
  package var accuracy: Double { average(\.accuracy) }
  package var majorityRate: Double { average(\.majorityRate) }
  package var recallFirst: Double { average(\.recallFirst) }
  package var recallSecond: Double { average(\.recallSecond) }
  package var sharePredictedFirst: Double { average(\.sharePredictedFirst) }
  /// Sum over the repeats.
  package var ties: Int { outcomes.reduce(0) { $0 + $1.ties } }
  /// Largest over the repeats: the weakest evidence.
  package var decisionPValue: Double { outcomes.map(\.decisionPValue).max()! }
  /// All decisions are the same in every repeat.
  package var isCollapsed: Bool { outcomes.allSatisfy(\.isCollapsed) }

  private func average(_ value: (AttackOutcome) -> Double) -> Double {
    mean(outcomes.map(value))
  }

  /// Every variant of an attack, in the order of the records.
  package static func variants(_ attack: AttackKind, in reports: [AttackReport]) -> [AttackSummary]
  {
    let outcomes = reports.first?.outcomes.filter { $0.attack == attack } ?? []
    return outcomes.compactMap { outcome in
      AttackSummary(
        reports.compactMap { $0.outcome(attack, outcome.variant, outcome.training) })
    }
  }

  /// The variant with the largest mean two-sided AUC; the first of equals. Nil where the attack was
  /// not carried out.
  ///
  /// - Parameter training: of trained attacks those that learnt from it; nil: all.
  package static func strongest(
    _ attack: AttackKind, _ training: TrainingSource? = nil, in reports: [AttackReport]
  ) -> AttackSummary? {
    variants(attack, in: reports)
      .filter { training == nil || $0.training == nil || $0.training == training }
      .reduce(nil) { best, next in
        next.twoSidedAUC.value > (best?.twoSidedAUC.value ?? 0) ? next : best
      }
  }

  /// The paper's attack: larger mean score, on the scale the paper reads.
  package static func printed(in reports: [AttackReport]) -> AttackSummary? {
    variants(.a0, in: reports).first
  }
}
