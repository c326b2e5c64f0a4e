// How the scores of one target against the attacker's samples of one group become one number
// (definitions 3.1 and 3.2). s_(1) >= s_(2) >= … are the sorted scores of the group.
import Glibc

/// One statistic of the scores of a group.
package enum GroupStatistic: Sendable, Hashable {
  /// Mean of all scores (the paper's wording).
  case mean
  /// Mean of the n largest.
  case top(Int)
  /// Sum over ranks r = 1…n of -log10(r/(r+1)) s_(r).
  case logarithmic(Int)
  /// Sum over ranks r = 1…n of s_(r)/(r+1).
  case linear(Int)

  /// Name in records: "mean", "top-10", "log-10", "linear-10".
  package var name: String {
    switch self {
    case .mean: "mean"
    case .top(let n): "top-\(n)"
    case .logarithmic(let n): "log-\(n)"
    case .linear(let n): "linear-\(n)"
    }
  }

  /// The value for scores sorted in descending order, at least one; n is cut at their number.
  package func value(descending scores: UnsafeBufferPointer<Double>) -> Double {
    precondition(!scores.isEmpty, "a group without scores")
    switch self {
    case .mean: return weightedSum(scores, count: scores.count) { _ in 1 } / Double(scores.count)
    case .top(let n):
      let count = min(max(n, 1), scores.count)
      return weightedSum(scores, count: count) { _ in 1 } / Double(count)
    case .logarithmic(let n):
      return weightedSum(scores, count: min(max(n, 1), scores.count)) { -log10($0 / ($0 + 1)) }
    case .linear(let n):
      return dividedSum(scores, count: min(max(n, 1), scores.count))
    }
  }

  @inline(__always)
  private func weightedSum(
    _ scores: UnsafeBufferPointer<Double>, count: Int, _ weight: (Double) -> Double
  ) -> Double {
    var sum = 0.0
    for r in 0..<count { sum += scores[r] * weight(Double(r + 1)) }
    return sum
  }

  private func dividedSum(_ scores: UnsafeBufferPointer<Double>, count: Int) -> Double {
    var sum = 0.0
    for r in 0..<count { sum += scores[r] / Double(r + 2) }
    return sum
  }
}

/// d(t) = statistic over the first group minus statistic over the second, per target.
///
/// - Parameters:
///   - scores: targets × attacker samples.
///   - isFirst: whether each attacker sample belongs to the first group; both groups occur.
///   - statistics: each gives one list; every row is sorted once for all of them.
/// - Returns: one list of [targets] per statistic.
package func scoreDifferences(
  _ scores: Matrix64, isFirst: [Bool], statistics: [GroupStatistic]
) -> [[Double]] {
  precondition(
    isFirst.count == scores.columns, "\(isFirst.count) labels, \(scores.columns) columns")
  let first = isFirst.indices.filter { isFirst[$0] }
  let second = isFirst.indices.filter { !isFirst[$0] }
  var differences = statistics.map { _ in [Double](repeating: 0, count: scores.rows) }
  var firstScores = [Double](repeating: 0, count: first.count)
  var secondScores = [Double](repeating: 0, count: second.count)
  for target in 0..<scores.rows {
    for (k, column) in first.enumerated() { firstScores[k] = scores[target, column] }
    for (k, column) in second.enumerated() { secondScores[k] = scores[target, column] }
    firstScores.sort(by: >)
    secondScores.sort(by: >)
    for (k, statistic) in statistics.enumerated() {
      let a = firstScores.withUnsafeBufferPointer { statistic.value(descending: $0) }
      let b = secondScores.withUnsafeBufferPointer { statistic.value(descending: $0) }
      differences[k][target] = a - b
    }
  }
  return differences
}
