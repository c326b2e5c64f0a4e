import AttackReports
import Biometrics
import Configurations

extension AttackOutcome {
  /// What a variant reached: its decisions and its ranking of the targets.
  ///
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
    let accuracyReplicates = resampling.balancedAccuracyReplicates(predictsFirst: predictsFirst)
    let accuracyEstimate = Estimate(
      value: (Double(hits0) / Double(n0) + Double(hits1) / Double(isFirst.count - n0)) / 2,
      replicates: accuracyReplicates)
    let areaReplicates = resampling.areaUnderCurveReplicates(values)
    let area = Estimate(
      value: areaUnderCurve(values, isFirst: isFirst), replicates: areaReplicates,
      method: Estimate.areaMethod)
    self.init(
      attack: attack, variant: variant, training: training, targets: isFirst.count,
      targetsOfFirst: n0, recallFirst: Double(hits0) / Double(n0),
      recallSecond: Double(hits1) / Double(isFirst.count - n0),
      balancedAccuracy: accuracyEstimate, accuracy: Double(hits0 + hits1) / Double(isFirst.count),
      sharePredictedFirst: Double(predictsFirst.count { $0 }) / Double(isFirst.count),
      ties: values.count { $0 == 0 }, auc: area,
      medianSplitBalancedAccuracy: Privacy.balancedAccuracy(
        values, isFirst: isFirst, rule: .above(median(values))),
      bestThresholdBalancedAccuracy: Privacy.bestThresholdBalancedAccuracy(
        values, isFirst: isFirst),
      pValue: permutationPValue(
        observed: abs(area.value - 0.5), permuted: resampling.permutedSeparations(values)),
      decisionPValue: permutationPValue(
        observed: accuracyEstimate.value,
        permuted: resampling.permutedBalancedAccuracies(predictsFirst: predictsFirst)),
      aucReplicates: Replicates(areaReplicates),
      balancedAccuracyReplicates: Replicates(accuracyReplicates))
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
