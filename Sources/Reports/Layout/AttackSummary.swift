import AttackReports
import Biometrics
import Configurations
import Records
import Specs

/// One variant of one attack over the repeats of a cell: means, and the hull of the intervals.
struct AttackSummary {
  let attack: AttackKind
  let variant: String
  let training: TrainingSource?
  let repeats: Int
  let balancedAccuracy: Estimate
  let twoSidedAUC: Estimate
  let auc: Estimate
  let accuracy: Double
  let majorityRate: Double
  let recallFirst: Double
  let recallSecond: Double
  let sharePredictedFirst: Double
  let ties: Int
  let targets: Int
  let targetsOfFirst: Int
  /// Largest over the repeats: the weakest evidence.
  let pValue: Double
  let decisionPValue: Double
  /// All decisions are the same in every repeat.
  let isCollapsed: Bool

  private init?(_ outcomes: [AttackOutcome]) {
    guard let first = outcomes.first else { return nil }
    func mean(_ value: (AttackOutcome) -> Double) -> Double {
      outcomes.reduce(0) { $0 + value($1) } / Double(outcomes.count)
    }
    func hull(_ estimate: (AttackOutcome) -> Estimate) -> Estimate {
      let all = outcomes.map(estimate)
      return Estimate(
        value: all.reduce(0) { $0 + $1.value } / Double(all.count),
        lower: all.map(\.lower).min()!, upper: all.map(\.upper).max()!)
    }
    attack = first.attack
    variant = first.variant
    training = first.training
    repeats = outcomes.count
    balancedAccuracy = hull(\.balancedAccuracy)
    twoSidedAUC = hull(\.twoSidedAUC)
    auc = hull(\.auc)
    accuracy = mean(\.accuracy)
    majorityRate = mean(\.majorityRate)
    recallFirst = mean(\.recallFirst)
    recallSecond = mean(\.recallSecond)
    sharePredictedFirst = mean(\.sharePredictedFirst)
    ties = outcomes.reduce(0) { $0 + $1.ties }
    targets = first.targets
    targetsOfFirst = first.targetsOfFirst
    pValue = outcomes.map(\.pValue).max()!
    decisionPValue = outcomes.map(\.decisionPValue).max()!
    isCollapsed = outcomes.allSatisfy(\.isCollapsed)
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
