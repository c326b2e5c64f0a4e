import Biometrics
import Configurations

/// What one variant of one attack reached against all targets of a system.
package struct AttackOutcome: Sendable, Codable {
  package var attack: AttackKind
  /// Statistic, scale and classifier, e.g. "mean/raw" or "scores/logistic".
  package var variant: String
  /// What the attacker learnt from; nil for attacks that learn from no reference.
  package var training: TrainingSource?
  package var targets: Int
  package var targetsOfFirst: Int
  package var recallFirst: Double
  package var recallSecond: Double
  package var balancedAccuracy: Estimate
  /// Right guesses over all targets; with skewed targets compare it with `majorityRate`.
  package var accuracy: Double
  package var sharePredictedFirst: Double
  /// Targets whose value is exactly 0 (group scores equal).
  package var ties: Int
  package var auc: Estimate
  /// Threshold at the median: what an attacker does who assumes equal shares.
  package var medianSplitBalancedAccuracy: Double
  /// Best threshold on the targets themselves: a bound, not an attack.
  package var bestThresholdBalancedAccuracy: Double
  /// Label-permutation p-value of the two-sided AUC.
  package var pValue: Double
  /// Label-permutation p-value of the balanced accuracy, one-sided.
  package var decisionPValue: Double
  /// AUC and balanced accuracy in every replicate, in the order of the draws that all attacks on the
  /// same targets share; nil where they were not kept.
  package var aucReplicates: Replicates?
  package var balancedAccuracyReplicates: Replicates?

  package init(
    attack: AttackKind, variant: String, training: TrainingSource? = nil, targets: Int,
    targetsOfFirst: Int, recallFirst: Double, recallSecond: Double, balancedAccuracy: Estimate,
    accuracy: Double, sharePredictedFirst: Double, ties: Int, auc: Estimate,
    medianSplitBalancedAccuracy: Double, bestThresholdBalancedAccuracy: Double, pValue: Double,
    decisionPValue: Double, aucReplicates: Replicates? = nil,
    balancedAccuracyReplicates: Replicates? = nil
  ) {
    self.attack = attack
    self.variant = variant
    self.training = training
    self.targets = targets
    self.targetsOfFirst = targetsOfFirst
    self.recallFirst = recallFirst
    self.recallSecond = recallSecond
    self.balancedAccuracy = balancedAccuracy
    self.accuracy = accuracy
    self.sharePredictedFirst = sharePredictedFirst
    self.ties = ties
    self.auc = auc
    self.medianSplitBalancedAccuracy = medianSplitBalancedAccuracy
    self.bestThresholdBalancedAccuracy = bestThresholdBalancedAccuracy
    self.pValue = pValue
    self.decisionPValue = decisionPValue
    self.aucReplicates = aucReplicates
    self.balancedAccuracyReplicates = balancedAccuracyReplicates
  }

  /// Share predicted to be of the first group below which, or above one minus which, a decision says
  /// nothing (definitions 12, P1).
  package static let collapsedShare = 0.02

  /// Nearly everybody is given the same group.
  package var saysNothing: Bool {
    sharePredictedFirst < Self.collapsedShare || sharePredictedFirst > 1 - Self.collapsedShare
  }

  /// The variant with what it learnt from, e.g. "scores/logistic, own references".
  package var name: String { training.map { "\(variant), \($0.rawValue)" } ?? variant }
  /// max(AUC, 1 - AUC): the ranking may point either way.
  package var twoSidedAUC: Estimate { auc.twoSided }
  /// All targets are given the same group: the decision says nothing about information.
  package var isCollapsed: Bool { sharePredictedFirst == 0 || sharePredictedFirst == 1 }
  /// Share of the larger group among the targets.
  package var majorityRate: Double {
    Double(max(targetsOfFirst, targets - targetsOfFirst)) / Double(targets)
  }
}
