// Linearised replicates of the area under the ROC, for populations too large to weigh comparison by
// comparison (definitions 1.6). The area is a mean over mated x non-mated pairs; its complement
// falls into a part per mated subject and a part per non-mated comparison (Hajek projection):
//
//   1 - AUC* = E_mated[1 - F] + E_nonmated[1 - G] - (1 - AUC)
//
// F(g): share of non-mated scores below g; G(v): share of mated scores above v; ties count half.
// The first mean is exact in the multiplicities of the mated subjects, the second is linear in them
// (`SubjectSums`); denominators are exact.

/// The sums behind the linearised area of one side.
struct AreaSums: Sendable {
  /// Twice the number of non-mated scores above the mated scores of a subject (ties once), [s].
  let matedErrors: [Int]
  /// Twice the number of mated scores below a non-mated score, summed by subject.
  let nonMatedErrors: SubjectSums

  init(_ side: EvaluationSide, subjects: Int) {
    var errors = [Int](repeating: 0, count: subjects)
    var i = 0
    for step in side.steps {
      while i < step.matedAtLeast {
        errors[Int(side.mated.subjects[i])] += step.atLeast + step.above
        i += 1
      }
    }
    matedErrors = errors
    // Mated scores ascending; a non-mated score at or below the smallest is no error.
    let table = PivotTable(side.mated.scores)
    let steps = side.steps
    let total = side.mated.count
    // By slot: 2k below the k-th distinct mated score (ascending), 2k + 1 equal to it.
    var twiceBelow = [Int](repeating: 0, count: 2 * table.count + 2)
    for k in 0..<table.count {
      let step = steps[steps.count - 1 - k]
      let above = steps.count - 2 - k >= 0 ? steps[steps.count - 2 - k].matedAtLeast : 0
      twiceBelow[2 * k] = 2 * (total - step.matedAtLeast)
      twiceBelow[2 * k + 1] = (total - step.matedAtLeast) + (total - above)
    }
    twiceBelow[2 * table.count] = 2 * total
    twiceBelow[2 * table.count + 1] = 2 * total
    let ofBucket = table.slotsOfBuckets.map { $0 < 0 ? -1 : twiceBelow[Int($0)] }
    nonMatedErrors = twiceBelow.withUnsafeBufferPointer { below in
      ofBucket.withUnsafeBufferPointer { ofBucket in
        side.nonMated.subjectSums(
          MatedBelow(
            table: table, lowest: table.pivots[0], ofBucket: ofBucket, ofSlot: below))
      }
    }
  }

  /// The area in a replicate.
  ///
  /// - Parameters:
  ///   - m: multiplicity of each subject.
  ///   - totals: weighted numbers of mated and non-mated comparisons.
  func area(
    _ m: UnsafePointer<Int32>, point: Double, totals: (mated: Int, nonMated: Int),
    unweighted: (mated: Int, nonMated: Int)
  ) -> Double {
    var errors = 0
    for s in matedErrors.indices { errors += Int(m[s]) * matedErrors[s] }
    let mated = Double(errors) / (2 * Double(totals.mated) * Double(unweighted.nonMated))
    let nonMated =
      Double(nonMatedErrors.weighted(m)) / (2 * Double(unweighted.mated) * Double(totals.nonMated))
    return min(max(1 - (mated + nonMated - (1 - point)), 0), 1)
  }
}

/// Twice the number of mated scores below a score, ties once.
private struct MatedBelow: ScoreValue {
  /// Of the mated scores.
  let table: PivotTable
  /// The smallest mated score.
  let lowest: Float
  /// Where no mated score lies in a score's bucket, as for most, all scores of it are alike; -1: they
  /// must be told apart, [buckets].
  nonisolated(unsafe) let ofBucket: UnsafeBufferPointer<Int>
  /// By slot of the table.
  nonisolated(unsafe) let ofSlot: UnsafeBufferPointer<Int>

  @inline(__always)
  func callAsFunction(_ score: Float) -> Int {
    if score < lowest { return 0 }
    let alike = ofBucket[Int(PivotTable.bucket(score, table.low, table.scale))]
    return alike >= 0 ? alike : ofSlot[table.slot(of: score)]
  }
}

extension PivotTable {
  /// Slot of a score: 2k below pivot k (and above pivot k - 1), 2k + 1 equal to it.
  @inline(__always)
  func slot(of score: Float) -> Int {
    let bucket = Int(PivotTable.bucket(score, low, scale))
    var k = Int(bucketStart[bucket])
    var end = Int(bucketStart[bucket + 1])
    while k < end {
      let middle = (k + end) / 2
      if pivots[middle] < score { k = middle + 1 } else { end = middle }
    }
    while pivots[k] < score { k += 1 }
    return 2 * k + (pivots[k] == score ? 1 : 0)
  }
}
