// The same comparison of methods for the AUC of an attack over few targets.

import Biometrics
import Foundation
import Kernels
import Privacy

/// One kind of attacked data: normal values of two groups of targets that lie apart so that the AUC is
/// known, AUC = Phi(distance / sqrt 2).
package struct AttackMethodScenario: Sendable {
  /// Of each group.
  package let targets: Int
  /// The true AUC, above 0 and below 1.
  package let area: Double

  package init(targets: Int, area: Double) {
    self.targets = targets
    self.area = area
  }

  package var name: String { "\(targets) targets a group, AUC \(area)" }

  /// All of the study.
  package static let all = [10, 20, 50].flatMap { targets in
    [0.5, 0.7, 0.9].map { AttackMethodScenario(targets: targets, area: $0) }
  }
}

/// Compares the methods on a scenario.
///
/// - Parameter sets, replicates, workers: as in `methodStudy`.
package func attackMethodStudy(
  _ scenario: AttackMethodScenario, sets: Int, replicates: Int, workers: Int
) -> [MethodLine] {
  let (targets, area) = (scenario.targets, scenario.area)
  let distance = 2.0.squareRoot() * normalQuantile(area)
  let isFirst = (0..<2 * targets).map { $0 < targets }
  let methods: [IntervalMethod] = [.percentile, .basic, .recentred, .bca]
  let found = bySeed(sets, workers: workers) { seed in
    var rng = CounterRNG(seed: UInt64(seed), purpose: .syntheticDataset, subject: 7)
    let values = isFirst.map { isFirst -> Double in
      let radius = (-2 * log(1 - rng.uniform())).squareRoot()
      return radius * cos(2 * .pi * rng.uniform()) + (isFirst ? distance : 0)
    }
    let resampling = TargetResampling(
      isFirst: isFirst, replicates: replicates, permutations: 0, seed: UInt64(seed))
    let basis = IntervalBasis(
      value: areaUnderCurve(values, isFirst: isFirst),
      replicates: resampling.areaUnderCurveReplicates(values), range: 0...1)
    return methods.map(basis.interval)
  }
  return methods.indices.map { m in
    var line = MethodLine(
      scenario: scenario.name, convention: "", quantity: "attack auc",
      method: "\(methods[m])", truth: area, expectedErrors: nil)
    for outcomes in found { line.add(outcomes[m].bounds) }
    return line
  }
}
