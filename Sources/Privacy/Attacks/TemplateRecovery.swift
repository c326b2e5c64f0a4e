// How much of the enrolled reference an inverted model gives back (attack A8): template recovery and
// linkability, which the paper does not evaluate.
import AttackReports
import Biometrics
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
    linkabilityAUC = (try? areaUnderROC(mated: own, nonMated: others)) ?? .nan
    // At most a thousandth of the others may lie at or above an accepted value.
    let allowed = others.count / 1000
    others.sort(by: >)
    // Those above the first that may not be exceeded.
    let limit = others[allowed]
    acceptedAtFMR1e3 = Double(own.count { $0 > limit }) / Double(t)
  }
}
