// Uncertainty of an attack over its targets: bootstrap intervals and label permutations, with the
// same draws for all attacks on the same targets, so that they can be compared in pairs.
import AttackReports
import Biometrics
import Kernels

/// Draws of targets with replacement, within each group, and permutations of their labels.
package struct TargetResampling: Sendable {
  /// Whether each target belongs to the first group.
  package let isFirst: [Bool]
  package let replicates: Int
  package let permutations: Int
  /// How often each target occurs in each replicate, [replicates × targets].
  private let multiplicities: [UInt16]
  /// Targets that carry the first group's label in each permutation, [permutations × n0].
  private let permutedFirst: [Int32]
  private let firstCount: Int

  /// - Parameters:
  ///   - isFirst: labels of the targets; both occur.
  ///   - replicates: bootstrap draws.
  ///   - permutations: label permutations.
  ///   - seed: draws depend on it and on the labels only.
  package init(isFirst: [Bool], replicates: Int, permutations: Int, seed: UInt64) {
    self.isFirst = isFirst
    self.replicates = replicates
    self.permutations = permutations
    let n = isFirst.count
    let groups = [
      isFirst.indices.filter { isFirst[$0] }, isFirst.indices.filter { !isFirst[$0] },
    ]
    firstCount = groups[0].count
    var multiplicities = [UInt16](repeating: 0, count: replicates * n)
    for b in 0..<replicates {
      var rng = CounterRNG(seed: seed, purpose: .bootstrap, subject: 0x5072_6976, step: UInt32(b))
      for group in groups {
        for _ in group { multiplicities[b * n + group[rng.index(below: group.count)]] += 1 }
      }
    }
    self.multiplicities = multiplicities
    var permutedFirst: [Int32] = []
    permutedFirst.reserveCapacity(permutations * firstCount)
    for b in 0..<permutations {
      var rng = CounterRNG(seed: seed, purpose: .permutation, step: UInt32(b))
      var order = (0..<Int32(n)).map { $0 }
      // The first n0 places of a Fisher–Yates shuffle.
      for k in 0..<firstCount {
        order.swapAt(k, k + rng.index(below: n - k))
      }
      permutedFirst.append(contentsOf: order[0..<firstCount])
    }
    self.permutedFirst = permutedFirst
  }

  /// AUC of `values` in every replicate. O(replicates · targets).
  package func areaUnderCurveReplicates(_ values: [Double]) -> [Double] {
    let (ranks, order) = midranks(values)
    let pairs = Double(firstCount) * Double(values.count - firstCount)
    return (0..<replicates).map { b in
      let base = b * values.count
      var (wins, below, begin) = (0.0, 0.0, 0)
      while begin < order.count {
        var (first, second, end) = (0.0, 0.0, begin)
        while end < order.count, ranks[order[end]] == ranks[order[begin]] {
          let target = order[end]
          let weight = Double(multiplicities[base + target])
          if isFirst[target] { first += weight } else { second += weight }
          end += 1
        }
        wins += first * (below + second / 2)
        below += second
        begin = end
      }
      return wins / pairs
    }
  }

  /// Balanced accuracy of decisions in every replicate.
  package func balancedAccuracyReplicates(predictsFirst: [Bool]) -> [Double] {
    let n = predictsFirst.count
    return (0..<replicates).map { b in
      balancedAccuracy(predictsFirst) { Double(multiplicities[b * n + $0]) }
    }
  }

  private func balancedAccuracy(_ predictsFirst: [Bool], weight: (Int) -> Double) -> Double {
    var (hits0, hits1) = (0.0, 0.0)
    for i in predictsFirst.indices where predictsFirst[i] == isFirst[i] {
      if isFirst[i] { hits0 += weight(i) } else { hits1 += weight(i) }
    }
    return (hits0 / Double(firstCount) + hits1 / Double(predictsFirst.count - firstCount)) / 2
  }

  /// |AUC - 0.5| under each label permutation.
  package func permutedSeparations(_ values: [Double]) -> [Double] {
    let (ranks, _) = midranks(values)
    let (n0, n1) = (Double(firstCount), Double(values.count - firstCount))
    return (0..<permutations).map { b in
      var sum = 0.0
      for k in 0..<firstCount { sum += ranks[Int(permutedFirst[b * firstCount + k])] }
      return abs((sum - n0 * (n0 + 1) / 2) / (n0 * n1) - 0.5)
    }
  }

  /// Balanced accuracy of fixed decisions under each label permutation.
  package func permutedBalancedAccuracies(predictsFirst: [Bool]) -> [Double] {
    let (n0, n1) = (Double(firstCount), Double(predictsFirst.count - firstCount))
    let predicted = predictsFirst.count { $0 }
    return (0..<permutations).map { b in
      var hits = 0
      for k in 0..<firstCount where predictsFirst[Int(permutedFirst[b * firstCount + k])] {
        hits += 1
      }
      return (Double(hits) / n0 + (n1 - Double(predicted - hits)) / n1) / 2
    }
  }
}

/// Share of permutations at least as extreme as what was observed, the observation included.
package func permutationPValue(observed: Double, permuted: [Double]) -> Double {
  // Equal configurations may differ in the last digit by the order of operations.
  let extreme = permuted.count { $0 >= observed - 1e-12 }
  return Double(1 + extreme) / Double(permuted.count + 1)
}

/// Type-7 quantile (linear between order statistics) of ascending values.
func quantile(ofSorted values: [Double], _ p: Double) -> Double {
  let position = p * Double(values.count - 1)
  let below = Int(position.rounded(.down))
  guard below + 1 < values.count else { return values[values.count - 1] }
  return values[below] + (position - Double(below)) * (values[below + 1] - values[below])
}
