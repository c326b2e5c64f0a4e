import Kernels

/// A person, and the one of another name on the other side who looks most like him.
struct SimilarSubject: Sendable, Hashable {
  /// Subject of the first rows' set, and of the second's.
  let first: Int32
  let second: Int32
  /// Largest cosine of their rows.
  let cosine: Float
}

/// People of one side who look like people of the other.
struct SimilarSubjects: Sendable, Hashable {
  /// Everyone of the first side with a row of a cosine of at least the level, each with the most
  /// similar one of the second side; largest cosine first, then by number of subject.
  let pairs: [SimilarSubject]
  /// How many of the second side any of them looks like.
  let secondCount: Int

  static let none = SimilarSubjects(pairs: [], secondCount: 0)
}

/// Who of `a` looks like somebody of `b`: rows of a cosine of at least `level`.
///
/// All rows meet all rows in blocks of 1,024. Memory is that of three blocks and a few numbers per
/// subject, however many rows there are and however many of them are alike. One thread, fixed blocks:
/// the same result each time.
///
/// - Parameter isKnown: pairs of subjects to leave out; asked where a cosine reaches the level.
func similarSubjects(
  _ a: EmbeddingRows, _ b: EmbeddingRows, atLeast level: Float,
  excluding isKnown: (_ first: Int32, _ second: Int32) -> Bool
) -> SimilarSubjects {
  let d = a.set.dimension
  guard d == b.set.dimension, !a.rows.isEmpty, !b.rows.isEmpty else { return .none }
  let block = 1_024
  let left = FloatMatrix(rows: block, columns: d)
  let right = FloatMatrix(rows: block, columns: d)
  let cosines = FloatMatrix(rows: block, columns: block)
  var best = [(second: Int32, cosine: Float)](
    repeating: (-1, -.infinity), count: a.set.subjects.count)
  var isSecond = [Bool](repeating: false, count: b.set.subjects.count)
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
        let first = a.set.subjectOfRow[Int(a.rows[top + i])]
        for j in 0..<n where row[j] >= level {
          let second = b.set.subjectOfRow[Int(b.rows[start + j])]
          let known = best[Int(first)]
          // Of equal ones the first by number, whatever the order of rows.
          let isNearer = (row[j], -second) > (known.cosine, -known.second)
          if isSecond[Int(second)] && !isNearer || isKnown(first, second) { continue }
          isSecond[Int(second)] = true
          if isNearer { best[Int(first)] = (second, row[j]) }
        }
      }
    }
  }
  let pairs = best.enumerated().filter { $0.element.second >= 0 }
    .map {
      SimilarSubject(
        first: Int32($0.offset), second: $0.element.second, cosine: $0.element.cosine)
    }
    .sorted { (-$0.cosine, $0.first) < (-$1.cosine, $1.first) }
  return SimilarSubjects(pairs: pairs, secondCount: isSecond.count { $0 })
}
