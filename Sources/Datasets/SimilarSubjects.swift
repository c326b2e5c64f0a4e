import Kernels

/// Two people of different names with rows that look alike.
struct SimilarSubjects: Sendable, Hashable {
  /// Subject of the first rows' set, and of the second's.
  let first: Int32
  let second: Int32
  /// Largest cosine of their rows.
  let cosine: Float
}

/// Pairs of subjects, one of each side, with rows of a cosine of at least `level`; largest first, then
/// by number of subject.
///
/// All rows meet all rows in blocks of 1,024: memory is that of three blocks, whatever the number of
/// rows. One thread, fixed blocks: the same result each time.
///
/// - Parameter isKnown: pairs of subjects to leave out.
func similarSubjects(
  _ a: EmbeddingRows, _ b: EmbeddingRows, atLeast level: Float,
  excluding isKnown: (_ first: Int32, _ second: Int32) -> Bool
) -> [SimilarSubjects] {
  let d = a.set.dimension
  guard d == b.set.dimension, !a.rows.isEmpty, !b.rows.isEmpty else { return [] }
  let block = 1_024
  let left = FloatMatrix(rows: block, columns: d)
  let right = FloatMatrix(rows: block, columns: d)
  let cosines = FloatMatrix(rows: block, columns: block)
  var best: [Int64: Float] = [:]
  for start in stride(from: 0, to: b.rows.count, by: block) {
    let n = min(block, b.rows.count - start)
    for j in 0..<n { copyUnitRow(b.set.vectors, Int(b.rows[start + j]), to: right.base + j * d) }
    for top in stride(from: 0, to: a.rows.count, by: block) {
      let m = min(block, a.rows.count - top)
      for i in 0..<m { copyUnitRow(a.set.vectors, Int(a.rows[top + i]), to: left.base + i * d) }
      BLAS.multiply(
        m: m, n: n, k: d, a: left.base, aStride: d, b: right.base, bStride: d, transposesB: true,
        c: cosines.base, cStride: block)
      for i in 0..<m {
        let row = cosines.base + i * block
        for j in 0..<n where row[j] >= level {
          let first = a.set.subjectOfRow[Int(a.rows[top + i])]
          let second = b.set.subjectOfRow[Int(b.rows[start + j])]
          let pair = Int64(first) << 32 | Int64(second)
          best[pair] = max(best[pair] ?? -1, row[j])
        }
      }
    }
  }
  return best.map { pair, cosine in
    SimilarSubjects(
      first: Int32(pair >> 32), second: Int32(truncatingIfNeeded: pair), cosine: cosine)
  }
  .filter { !isKnown($0.first, $0.second) }
  .sorted { (-$0.cosine, $0.first, $0.second) < (-$1.cosine, $1.first, $1.second) }
}
