import Workers

/// An integer x of a score, known when it is compiled: it is called for every comparison.
protocol ScoreValue: Sendable {
  func callAsFunction(_ score: Float) -> Int
}

/// 1 from a threshold on, else 0.
struct AtLeast: ScoreValue {
  let threshold: Double

  @inline(__always)
  func callAsFunction(_ score: Float) -> Int { Double(score) >= threshold ? 1 : 0 }
}

/// Sums over the non-mated comparisons that a subject takes part in, as reference or as probe.
///
/// The weighted sum over a replicate, sum m_i m_j x_ij, is a quadratic form; its linear part at
/// m = 1 is sum_k m_k `ofSubject`[k] - `total` (each comparison counts once for either side). What
/// is left out, sum (m_i - 1)(m_j - 1) x_ij, has mean zero and is smaller by the square root of the
/// number of comparisons that a subject takes part in.
struct SubjectSums: Sendable {
  var ofSubject: [Int]
  var total: Int

  /// - Parameter value: integer x of a score.
  init<Value: ScoreValue>(
    _ layout: TrialLayout, _ population: Population, value: Value, workers: Int
  ) {
    let subjects = layout.subjects
    let threads = max(1, min(workers, layout.units))
    nonisolated(unsafe) let sums = UnsafeMutablePointer<Int>.allocate(
      capacity: max(threads * subjects, 1))
    sums.initialize(repeating: 0, count: max(threads * subjects, 1))
    defer { sums.deallocate() }
    concurrently(units: layout.units, workers: threads) { worker, unit in
      let mine = sums + worker * subjects
      for r in layout.rows(ofUnit: unit) {
        let row = layout.rows[r]
        if let group = population.group, row.code != group { continue }
        let stratum = layout.strata[row.stratum]
        let onlyCode: UInt8? = if case .same(let group) = population { UInt8(group) } else { nil }
        var rowSum = 0
        stratum.probeSubject.withUnsafeBufferPointer { probeSubject in
          stratum.probeCode.withUnsafeBufferPointer { probeCode in
            layout.forEachNonMatedStretch(of: row) { columns in
              for column in columns {
                if let onlyCode, probeCode[column] != onlyCode { continue }
                let x = value(row.scores[column])
                if x == 0 { continue }
                rowSum += x
                mine[Int(probeSubject[column])] += x
              }
            }
          }
        }
        mine[Int(row.subject)] += rowSum
      }
    }
    ofSubject = (0..<subjects).map { s in
      (0..<threads).reduce(0) { $0 + sums[$1 * subjects + s] }
    }
    total = ofSubject.reduce(0, +) / 2
  }

  /// The linear part of the weighted sum under the multiplicities m.
  func weighted(_ m: UnsafePointer<Int32>) -> Int {
    var sum = -total
    for s in ofSubject.indices { sum += Int(m[s]) * ofSubject[s] }
    return sum
  }
}
