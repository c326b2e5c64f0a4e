// The same comparison of methods for the AUC of an attack over few targets.

import Biometrics
import Foundation
import Kernels
import Privacy

/// Compares the methods on normal values of two groups of targets that lie apart so that the AUC is
/// known: AUC = Phi(distance / sqrt 2).
///
/// - Parameters:
///   - targets: of each group.
///   - area: the true AUC, above 0 and below 1.
///   - sets, replicates, workers: as in `methodStudy`.
package func attackMethodStudy(
  targets: Int, area: Double, sets: Int, replicates: Int, workers: Int
) -> [MethodLine] {
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
      scenario: "\(targets) targets a group, AUC \(area)", convention: "", quantity: "attack auc",
      method: "\(methods[m])", truth: area, expectedErrors: nil)
    for outcomes in found { line.add(outcomes[m].bounds) }
    return line
  }
}
