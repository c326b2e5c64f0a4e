import AttackReports
import Biometrics
import Configurations
import Records
import Specs

/// One variant of one attack over the repeats of a cell: means, and the hull of the intervals.
struct AttackSummary {
  /// Of the repeats; at least one.
  private let outcomes: [AttackOutcome]

  private init?(_ outcomes: [AttackOutcome]) {
    if outcomes.isEmpty { return nil }
    self.outcomes = outcomes
  }

  var variant: String { outcomes[0].variant }
  var training: TrainingSource? { outcomes[0].training }
  var targets: Int { outcomes[0].targets }
  var targetsOfFirst: Int { outcomes[0].targetsOfFirst }
  var repeats: Int { outcomes.count }
  var balancedAccuracy: Estimate { hull(\.balancedAccuracy) }
  var twoSidedAUC: Estimate { hull(\.twoSidedAUC) }
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

  private func hull(_ estimate: (AttackOutcome) -> Estimate) -> Estimate {
    let all = outcomes.map(estimate)
    return Estimate(
      value: mean(all.map(\.value)), lower: all.map(\.lower).min()!,
      upper: all.map(\.upper).max()!)
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
