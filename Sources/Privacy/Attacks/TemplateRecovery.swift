// How much of the enrolled reference an inverted model gives back (attack A8): template recovery and
// linkability, which the paper does not evaluate.
import AttackReports
import COpenBLAS
import Kernels

extension TemplateRecovery {
  /// Compares recovered vectors with embeddings.
  ///
  /// - Parameters:
  ///   - recovered: one vector per target, [t, d].
  ///   - embeddings: one embedding per target, [t, d]: the enrolled reference (template recovery)
  ///     or another sample of the subject (linkability across enrolments).
  package init(recovered: Matrix64, embeddings: Matrix64) {
    precondition(recovered.rows == embeddings.rows && recovered.columns == embeddings.columns)
    precondition(recovered.rows >= 1)
    let t = recovered.rows
    let (a, b) = (recovered.rowsOfUnitLength(), embeddings.rowsOfUnitLength())
    var own: [Double] = []
    var others: [Double] = []
    own.reserveCapacity(t)
    others.reserveCapacity(t * (t - 1))
    var hits = 0
    var row = [Double](repeating: 0, count: t)
    for i in 0..<t {
      a.values.withUnsafeBufferPointer { x in
        cblas_dgemv(
          CblasRowMajor, CblasNoTrans, Int32(t), Int32(a.columns), 1, b.values, Int32(a.columns),
          x.baseAddress! + i * a.columns, 1, 0, &row, 1)
      }
      own.append(row[i])
      var isNearest = true
      for j in 0..<t where j != i {
        others.append(row[j])
        if row[j] >= row[i] { isNearest = false }
      }
      hits += isNearest ? 1 : 0
    }
    let mean = own.reduce(0, +) / Double(t)
    self.init(
      meanCosine: mean,
      deviation: (own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(t)).squareRoot(),
      meanCosineWithOthers: .nan, linkabilityAUC: .nan, rankOneRate: Double(hits) / Double(t),
      acceptedAtFMR1e3: .nan, targets: t)
    guard !others.isEmpty else { return }
    meanCosineWithOthers = others.reduce(0, +) / Double(others.count)
    others.sort()
    var wins = 0.0
    for value in own {
      let below = others.firstIndex(atLeast: value)
      let notAbove = others.firstIndex(above: value)
      wins += Double(below) + Double(notAbove - below) / 2
    }
    linkabilityAUC = wins / (Double(t) * Double(others.count))
    // At most a thousandth of the others may lie at or above an accepted value.
    let allowed = others.count / 1000
    acceptedAtFMR1e3 =
      Double(own.count { others.count - others.firstIndex(atLeast: $0) <= allowed }) / Double(t)
  }
}

extension [Double] {
  /// First index of an ascending array whose value is >= `value`.
  fileprivate func firstIndex(atLeast value: Double) -> Int {
    partition { $0 < value }
  }
  /// First index of an ascending array whose value is > `value`.
  fileprivate func firstIndex(above value: Double) -> Int {
    partition { $0 <= value }
  }
  private func partition(_ isBefore: (Double) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
