// How well d(t) separates two groups of targets, without and with a threshold. n0, n1: targets of
// the first and of the second group; the first group is the positive one.
import Biometrics

/// P(d of a first-group target > d of a second-group target) + half the probability of equality.
///
/// 0.5 when a group is empty or a value is not a number: nothing is ranked then.
package func areaUnderCurve(_ values: [Double], isFirst: [Bool]) -> Double {
  let first = values.indices.filter { isFirst[$0] }.map { values[$0] }
  let second = values.indices.filter { !isFirst[$0] }.map { values[$0] }
  return (try? areaUnderROC(mated: first, nonMated: second)) ?? 0.5
}

/// Ranks 1…n in ascending order, ties at their mean rank; and the order itself.
func midranks(_ values: [Double]) -> (ranks: [Double], order: [Int]) {
  let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
  var ranks = [Double](repeating: 0, count: values.count)
  var begin = 0
  while begin < order.count {
    var end = begin + 1
    while end < order.count, values[order[end]] == values[order[begin]] { end += 1 }
    let rank = Double(begin + 1 + end) / 2
    for k in begin..<end { ranks[order[k]] = rank }
    begin = end
  }
  return (ranks, order)
}

/// How a number per target becomes a group.
package enum DecisionRule: Sendable, Hashable {
  /// The first group when d >= 0: the larger group score wins, a tie goes to the first group.
  case largerScore
  /// The first group when d > threshold.
  case above(Double)
  /// The first group when d < threshold: for scores that rank the groups the other way round.
  case below(Double)

  /// Whether `d` is taken for the first group.
  package func predictsFirst(_ d: Double) -> Bool {
    switch self {
    case .largerScore: d >= 0
    case .above(let threshold): d > threshold
    case .below(let threshold): d < threshold
    }
  }
}

/// Mean of the two recalls when each target is decided by `rule`.
package func balancedAccuracy(_ values: [Double], isFirst: [Bool], rule: DecisionRule) -> Double {
  var (hits0, n0, hits1, n1) = (0, 0, 0, 0)
  for i in values.indices {
    let predicted = rule.predictsFirst(values[i])
    if isFirst[i] {
      n0 += 1
      hits0 += predicted ? 1 : 0
    } else {
      n1 += 1
      hits1 += predicted ? 0 : 1
    }
  }
  return (Double(hits0) / Double(n0) + Double(hits1) / Double(n1)) / 2
}

/// Median: the mean of the two middle values for an even number. NaN for none.
package func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// Threshold with the largest balanced accuracy of `d > threshold` on calibration targets.
///
/// Candidates are -inf, the midpoints of neighbouring distinct values, +inf; the first maximum in
/// ascending order is taken.
package func calibratedThreshold(_ values: [Double], isFirst: [Bool]) -> Double {
  thresholdSearch(values, isFirst: isFirst).best
}

/// The better of `d > threshold` and `d < threshold` on calibration targets: an attacker with models
/// of his own sees which way the scores point. The stated direction wins ties.
package func calibratedRule(_ values: [Double], isFirst: [Bool]) -> DecisionRule {
  let search = thresholdSearch(values, isFirst: isFirst)
  return search.highest >= 1 - search.lowest ? .above(search.best) : .below(search.worst)
}

/// Largest balanced accuracy any threshold reaches on these very targets, in either direction: an
/// upper bound, not an attack.
package func bestThresholdBalancedAccuracy(_ values: [Double], isFirst: [Bool]) -> Double {
  let search = thresholdSearch(values, isFirst: isFirst)
  return max(search.highest, 1 - search.lowest)
}

/// Walks all thresholds in ascending order; the first maximum and the first minimum are kept.
private func thresholdSearch(
  _ values: [Double], isFirst: [Bool]
) -> (best: Double, highest: Double, worst: Double, lowest: Double) {
  let order = values.indices.sorted { values[$0] < values[$1] }
  let n0 = isFirst.count { $0 }
  let n1 = values.count - n0
  // Below every value: all are predicted first.
  var (above0, below1) = (n0, 0)
  func accuracy() -> Double { (Double(above0) / Double(n0) + Double(below1) / Double(n1)) / 2 }
  var (best, highest) = (-Double.infinity, accuracy())
  var (worst, lowest) = (best, highest)
  var k = 0
  while k < order.count {
    let value = values[order[k]]
    while k < order.count, values[order[k]] == value {
      if isFirst[order[k]] { above0 -= 1 } else { below1 += 1 }
      k += 1
    }
    let threshold = k < order.count ? (value + values[order[k]]) / 2 : .infinity
    let now = accuracy()
    if now > highest { (best, highest) = (threshold, now) }
    if now < lowest { (worst, lowest) = (threshold, now) }
  }
  return (best, highest, worst, lowest)
}
