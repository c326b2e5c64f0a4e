/// Centres and scales columns by training statistics; constant columns become 0.
package struct Standardiser: Sendable {
  package let means: [Double]
  /// 1 / standard deviation (ddof 0), 0 for a constant column.
  package let scales: [Double]

  /// Statistics of the rows of `training`, at least one.
  package init(_ training: Matrix64) {
    precondition(training.rows > 0, "no rows to standardise by")
    let n = Double(training.rows)
    var means = [Double](repeating: 0, count: training.columns)
    var squares = means
    for i in 0..<training.rows {
      for j in 0..<training.columns { means[j] += training[i, j] }
    }
    for j in means.indices { means[j] /= n }
    for i in 0..<training.rows {
      for j in 0..<training.columns {
        let difference = training[i, j] - means[j]
        squares[j] += difference * difference
      }
    }
    self.means = means
    // A deviation at the level of rounding is a constant column, not a feature.
    scales = zip(squares, means).map { square, mean in
      let deviation = (square / n).squareRoot()
      return deviation <= 1e-12 * abs(mean) || deviation == 0 ? 0 : 1 / deviation
    }
  }

  /// The standardised rows.
  package func apply(_ features: Matrix64) -> Matrix64 {
    var result = features
    for i in 0..<features.rows {
      for j in 0..<features.columns {
        result[i, j] = (features[i, j] - means[j]) * scales[j]
      }
    }
    return result
  }
}

/// Weights of samples that give both groups the same total, mean 1.
func balancedWeights(_ isFirst: [Bool]) -> [Double] {
  let n = Double(isFirst.count)
  let n0 = Double(isFirst.count { $0 })
  return isFirst.map { $0 ? n / (2 * n0) : n / (2 * (n - n0)) }
}
