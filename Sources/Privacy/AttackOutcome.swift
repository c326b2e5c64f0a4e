/// The attacks of definitions 3.4, from the one in the paper to full access.
package enum AttackKind: String, Sendable, Codable, CaseIterable, Comparable {
  /// Larger mean score wins (the paper's attack).
  case a0 = "A0"
  /// Ranking by the difference of means, without a threshold.
  case a1 = "A1"
  /// A0 and A1 on logits.
  case a2 = "A2"
  /// Threshold calibrated on models that the attacker enrolled.
  case a3 = "A3"
  /// Scores normalised per attacker sample over all intercepted models.
  case a4 = "A4"
  /// Top-n, logarithmic and linear statistics.
  case a5 = "A5"
  /// Classifier on the vector of scores.
  case a6 = "A6"
  /// White box: classifier on what the template itself gives away.
  case a7 = "A7"
  /// White box: inversion of the model into an embedding.
  case a8 = "A8"

  package static func < (a: AttackKind, b: AttackKind) -> Bool { a.rawValue < b.rawValue }

  /// One phrase for tables.
  package var summary: String {
    switch self {
    case .a0: "larger mean score"
    case .a1: "ranking of mean differences"
    case .a2: "the same on logits"
    case .a3: "calibrated threshold"
    case .a4: "normalised per attacker sample"
    case .a5: "top-n statistics"
    case .a6: "classifier on scores"
    case .a7: "classifier on template"
    case .a8: "model inversion"
    }
  }
}

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

  /// - Parameters:
  ///   - values: one number per target, larger for the first group.
  ///   - predictsFirst: the decision per target.
  ///   - resampling: the targets' labels with the shared draws.
  package init(
    attack: AttackKind, variant: String, training: TrainingSource? = nil, values: [Double],
    predictsFirst: [Bool], resampling: TargetResampling
  ) {
    let isFirst = resampling.isFirst
    precondition(values.count == isFirst.count && predictsFirst.count == isFirst.count)
    let n0 = isFirst.count { $0 }
    var (hits0, hits1) = (0, 0)
    for i in isFirst.indices where isFirst[i] == predictsFirst[i] {
      if isFirst[i] { hits0 += 1 } else { hits1 += 1 }
    }
    self.attack = attack
    self.variant = variant
    self.training = training
    targets = isFirst.count
    targetsOfFirst = n0
    recallFirst = Double(hits0) / Double(n0)
    recallSecond = Double(hits1) / Double(isFirst.count - n0)
    accuracy = Double(hits0 + hits1) / Double(isFirst.count)
    sharePredictedFirst = Double(predictsFirst.count { $0 }) / Double(isFirst.count)
    ties = values.count { $0 == 0 }
    balancedAccuracy = resampling.balancedAccuracyEstimate(predictsFirst: predictsFirst)
    auc = resampling.areaUnderCurveEstimate(values)
    medianSplitBalancedAccuracy = Privacy.balancedAccuracy(
      values, isFirst: isFirst, rule: .above(median(values)))
    bestThresholdBalancedAccuracy = Privacy.bestThresholdBalancedAccuracy(values, isFirst: isFirst)
    pValue = permutationPValue(
      observed: abs(auc.value - 0.5), permuted: resampling.permutedSeparations(values))
    decisionPValue = permutationPValue(
      observed: balancedAccuracy.value,
      permuted: resampling.permutedBalancedAccuracies(predictsFirst: predictsFirst))
  }

  /// The outcome of a fixed rule.
  package init(
    attack: AttackKind, variant: String, training: TrainingSource? = nil, values: [Double],
    rule: DecisionRule, resampling: TargetResampling
  ) {
    self.init(
      attack: attack, variant: variant, training: training, values: values,
      predictsFirst: values.map(rule.predictsFirst), resampling: resampling)
  }
}
