import AttackReports
import Biometrics
import Configurations
import Records
import Specs

/// One variant of one attack over the repeats of a cell, as tables show it: what is resampled is
/// pooled by `RepeatedAttack`, the rest are means.
struct AttackSummary {
  /// Of the repeats; at least one.
  private let outcomes: [AttackOutcome]
  let pooled: RepeatedAttack

  private init?(_ outcomes: [AttackOutcome]) {
    guard let pooled = RepeatedAttack(outcomes) else { return nil }
    self.outcomes = outcomes
    self.pooled = pooled
  }

  var variant: String { pooled.variant }
  var training: TrainingSource? { pooled.training }
  var targets: Int { outcomes[0].targets }
  var targetsOfFirst: Int { outcomes[0].targetsOfFirst }
  var repeats: Int { pooled.repeats }
  var balancedAccuracy: Estimate { pooled.balancedAccuracy }
  var twoSidedAUC: Estimate { pooled.twoSidedAUC }
  var accuracy: Double { average(\.accuracy) }
  var majorityRate: Double { average(\.majorityRate) }
  var recallFirst: Double { average(\.recallFirst) }
  var recallSecond: Double { average(\.recallSecond) }
  var sharePredictedFirst: Double { average(\.sharePredictedFirst) }
  /// Sum over the repeats.
  var ties: Int { outcomes.reduce(0) { $0 + $1.ties } }
  /// Largest over the repeats: the weakest evidence.
  var decisionPValue: Double { outcomes.map(\.decisionPValue).max()! }
  /// All decisions are the same in every repeat.
  var isCollapsed: Bool { outcomes.allSatisfy(\.isCollapsed) }

  private func average(_ value: (AttackOutcome) -> Double) -> Double {
    mean(outcomes.map(value))
  }

  /// Every variant of an attack, in the order of the records.
  static func variants(_ attack: AttackKind, in reports: [AttackReport]) -> [AttackSummary] {
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
  static func strongest(
    _ attack: AttackKind, _ training: TrainingSource? = nil, in reports: [AttackReport]
  ) -> AttackSummary? {
    variants(attack, in: reports)
      .filter { training == nil || $0.training == nil || $0.training == training }
      .reduce(nil) { best, next in
        next.twoSidedAUC.value > (best?.twoSidedAUC.value ?? 0) ? next : best
      }
  }

  /// The paper's attack: larger mean score, on the scale the paper reads.
  static func printed(in reports: [AttackReport]) -> AttackSummary? {
    variants(.a0, in: reports).first
  }
}
