// Scales on which an attacker reads scores (definitions 3.4): the value itself, the probability it
// stands for, and both after centring and scaling per target (row) or per attacker sample (column).
import AttackReports
import Glibc

extension ScoreScale {
  /// The scores on this scale.
  package func apply(to scores: Matrix64) -> Matrix64 {
    switch self {
    case .raw: scores
    case .probability: mapped(scores) { 1 / (1 + exp(-$0)) }
    case .probabilityFloat32: mapped(scores) { Double(1 / (1 + expf(-Float($0)))) }
    case .rawByRow: normalisedByRow(scores)
    case .rawByColumn: normalisedByColumn(scores)
    case .probabilityByRow: normalisedByRow(ScoreScale.probability.apply(to: scores))
    }
  }

  private func mapped(_ scores: Matrix64, _ transform: (Double) -> Double) -> Matrix64 {
    Matrix64(rows: scores.rows, columns: scores.columns, values: scores.values.map(transform))
  }
}

/// Each row with mean 0 and standard deviation 1 (ddof 0); constant rows become 0.
package func normalisedByRow(_ scores: Matrix64) -> Matrix64 {
  var result = scores
  let n = Double(scores.columns)
  result.values.withUnsafeMutableBufferPointer { values in
    for i in 0..<scores.rows {
      let row = UnsafeMutableBufferPointer(
        rebasing: values[(i * scores.columns)..<((i + 1) * scores.columns)])
      let mean = pairwiseSum(row.count) { row[$0] } / n
      let variance = pairwiseSum(row.count) { (row[$0] - mean) * (row[$0] - mean) } / n
      let deviation = variance == 0 ? 1 : variance.squareRoot()
      for j in row.indices { row[j] = (row[j] - mean) / deviation }
    }
  }
  return result
}

/// Each column with mean 0 and standard deviation 1 (ddof 0); constant columns become 0.
package func normalisedByColumn(_ scores: Matrix64) -> Matrix64 {
  var result = scores
  let n = Double(scores.rows)
  for j in 0..<scores.columns {
    var mean = 0.0
    for i in 0..<scores.rows { mean += scores[i, j] }
    mean /= n
    var variance = 0.0
    for i in 0..<scores.rows { variance += (scores[i, j] - mean) * (scores[i, j] - mean) }
    variance /= n
    let deviation = variance == 0 ? 1 : variance.squareRoot()
    for i in 0..<scores.rows { result[i, j] = (scores[i, j] - mean) / deviation }
  }
  return result
}

/// Sum of `count` terms by halves down to blocks of 128 in eight lanes: error grows with log n, the
/// order is fixed.
func pairwiseSum(_ count: Int, from start: Int = 0, _ term: (Int) -> Double) -> Double {
  if count < 8 {
    var sum = 0.0
    for i in 0..<count { sum += term(start + i) }
    return sum
  }
  if count > 128 {
    let half = count / 2 - (count / 2) % 8
    return pairwiseSum(half, from: start, term)
      + pairwiseSum(count - half, from: start + half, term)
  }
  var lanes = SIMD8<Double>()
  for lane in 0..<8 { lanes[lane] = term(start + lane) }
  var i = 8
  while i + 8 <= count {
    for lane in 0..<8 { lanes[lane] += term(start + i + lane) }
    i += 8
  }
  var sum =
    ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
    + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
  while i < count {
    sum += term(start + i)
    i += 1
  }
  return sum
}
