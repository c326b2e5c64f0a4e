import Kernels

/// Cosines among some rows: how images of one person stand apart from those of others.
///
/// At most `mostRows` rows of people drawn by a hash of their identifiers, at most
/// `mostRowsOfSubject` of each; all pairs of them. Memory is bounded by the square of `mostRows`.
struct CosineSample {
  /// Of pairs of rows of one subject, ascending.
  let mated: [Float]
  /// Of pairs of rows of different subjects, ascending.
  let nonMated: [Float]

  static let mostRows = 2_000
  static let mostRowsOfSubject = 12

  /// - Parameter parts: rows of finite, non-zero vectors of one dimension. Subjects of different parts
  ///   are different people.
  init(_ parts: [EmbeddingRows]) {
    var people: [(key: UInt64, part: Int, rows: [Int32])] = []
    for (part, rows) in parts.enumerated() {
      var rowsOfSubject: [Int32: [Int32]] = [:]
      for row in rows.rows {
        rowsOfSubject[rows.set.subjectOfRow[Int(row)], default: []].append(row)
      }
      for (subject, own) in rowsOfSubject {
        let identifier = rows.set.subjects[Int(subject)]
        people.append(
          (subjectKey(identifier, seed: 0, purpose: .cohortSelection), part, own))
      }
    }
    people.sort { ($0.key, $0.part, $0.rows[0]) < ($1.key, $1.part, $1.rows[0]) }
    var chosen: [(part: Int, row: Int32)] = []
    var personOfRow: [Int] = []
    for (person, own) in people.enumerated() where chosen.count < Self.mostRows {
      for row in own.rows.prefix(Self.mostRowsOfSubject) where chosen.count < Self.mostRows {
        chosen.append((own.part, row))
        personOfRow.append(person)
      }
    }
    let d = parts.first?.set.dimension ?? 0
    let unit = FloatMatrix(rows: chosen.count, columns: d)
    for (i, place) in chosen.enumerated() {
      copyUnitRow(parts[place.part].set.vectors, Int(place.row), to: unit.base + i * d)
    }
    let count = chosen.count
    let cosines = FloatMatrix(rows: count, columns: count)
    if count > 0 {
      BLAS.multiply(
        m: count, n: count, k: d, a: unit.base, aStride: d, b: unit.base, bStride: d,
        transposesB: true, c: cosines.base, cStride: count)
    }
    var (mated, nonMated): ([Float], [Float]) = ([], [])
    for i in 0..<count {
      let row = cosines.base + i * count
      for j in (i + 1)..<max(i + 1, count) {
        if personOfRow[i] == personOfRow[j] {
          mated.append(row[j])
        } else {
          nonMated.append(row[j])
        }
      }
    }
    mated.sort()
    nonMated.sort()
    self.mated = mated
    self.nonMated = nonMated
  }

  /// Probability that a mated cosine is larger than a non-mated one, ties half: 0.5 where labels say
  /// nothing about vectors. Nil with fewer than 20 mated pairs or without non-mated ones.
  var separation: Double? {
    guard mated.count >= 20, !nonMated.isEmpty else { return nil }
    var (below, equal) = (0, 0)
    var (twice, ahead) = (0.0, 0)
    for value in mated {
      while below < nonMated.count && nonMated[below] < value { below += 1 }
      equal = max(ahead, below)
      while equal < nonMated.count && nonMated[equal] == value { equal += 1 }
      ahead = equal
      twice += Double(below + equal)
    }
    return twice / 2 / Double(mated.count) / Double(nonMated.count)
  }

  /// The cosine from which two rows of different names are more likely one person than two
  /// (definitions 1.8): the median of mated pairs, and no less than what one in 100,000 non-mated
  /// pairs reaches; at most 0.99. Without mated pairs: 0.9.
  var likeness: Float {
    guard !mated.isEmpty else { return 0.9 }
    let median = mated[(mated.count - 1) / 2]
    let rare = nonMated.isEmpty ? -1 : nonMated[nonMated.count - 1 - nonMated.count / 100_000]
    return min(max(median, rare), 0.99)
  }
}

/// Writes a row divided by its L2 norm (float64); `columns` floats.
func copyUnitRow(_ matrix: FloatMatrix, _ row: Int, to target: UnsafeMutablePointer<Float>) {
  let source = matrix.base + row * matrix.stride
  var square = 0.0
  for j in 0..<matrix.columns { square += Double(source[j]) * Double(source[j]) }
  let scale = square > 0 ? 1 / square.squareRoot() : 0
  for j in 0..<matrix.columns { target[j] = Float(Double(source[j]) * scale) }
}
