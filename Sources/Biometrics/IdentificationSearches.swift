// One-to-many searches gathered from comparison scores (definitions 1.11): every probe is searched in the
// gallery of its fold. Letters: s subjects, r references, p probes, k candidates kept of a search.

import Workers

/// What evaluation needs of every search: the mate's score, and the best other people.
///
/// Memory: `kept` candidates a probe, whatever the gallery's size; the scores themselves are read once, and
/// again for a search of which no kept candidate was drawn into a replicate's gallery.
final class IdentificationSearches: @unchecked Sendable {
  /// People kept of a search. A replicate leaves a person out of the gallery with probability 1/e, so that
  /// it leaves all of them out about once in e^24 searches.
  static let usual = 24
  /// Columns that one unit of work looks at.
  private static let stripe = 1024

  let layout: TrialLayout
  /// Subject of each probe, [p] over all folds.
  let subjects: [Int32]
  /// Whether the probe's person has a reference other than one that was enrolled from the probe, [p].
  let isMated: [Bool]
  /// The mate's largest score, [p]; -infinity where there is none.
  let mates: [Float]
  /// Fold of each probe, [p], and where each fold's probes begin, [folds + 1].
  let folds: [Int32]
  let starts: [Int]
  /// People with a reference in each fold.
  let gallery: [[Int32]]
  private let rowsOfFold: [Range<Int>]
  private let kept: Int
  /// Best score of each kept person, descending, and the person; -infinity below the last. [p, k]
  private let scores: UnsafeMutablePointer<Float>
  private let people: UnsafeMutablePointer<Int32>

  var count: Int { subjects.count }

  /// - Throws: `MetricError.scoreIsNaN` with row and column of the first NaN.
  init(_ trials: TrialSet, kept: Int = usual, workers: Int) throws(MetricError) {
    precondition(kept > 0, "\(kept) candidates")
    let layout = TrialLayout(trials)
    self.layout = layout
    self.kept = kept
    let probes = layout.strata.map(\.probes)
    subjects = layout.strata.flatMap(\.probeSubject)
    folds = probes.enumerated().flatMap { [Int32](repeating: Int32($0), count: $1) }
    starts = probes.reduce(into: [0]) { $0.append($0.last! + $1) }
    gallery = layout.strata.map { $0.presence.filter { $0.references > 0 }.map(\.subject) }
    var first = 0
    rowsOfFold = trials.strata.map { stratum in
      defer { first += stratum.referenceSubject.count }
      return first..<(first + stratum.referenceSubject.count)
    }
    let total = subjects.count * kept
    scores = .allocate(capacity: max(total, 1))
    scores.initialize(repeating: -.infinity, count: max(total, 1))
    people = .allocate(capacity: max(total, 1))
    people.initialize(repeating: -1, count: max(total, 1))

    var isMated = [Bool](repeating: false, count: subjects.count)
    var mates = [Float](repeating: -.infinity, count: subjects.count)
    var firstNaN = Int.max
    for (r, row) in layout.rows.enumerated() {
      for column in layout.matedColumns(of: row) {
        let score = row.scores[Int(column)]
        if score.isNaN { firstNaN = min(firstNaN, r) }
        if column == row.ownColumn { continue }
        let j = starts[row.stratum] + Int(column)
        isMated[j] = true
        mates[j] = max(mates[j], score)
      }
    }
    self.isMated = isMated
    self.mates = mates
    firstNaN = min(firstNaN, gather(workers: workers))
    if firstNaN < Int.max { throw .scoreIsNaN(position: layout.positionOfNaN(row: firstNaN)) }
  }

  deinit {
    scores.deallocate()
    people.deallocate()
  }

  /// Reads all non-mated scores, a stripe of columns by each unit of work, so that no two write to the same
  /// search and rows are met in the same order by any number of workers.
  ///
  /// - Returns: the first row with a NaN, `Int.max` without.
  private func gather(workers: Int) -> Int {
    let stripes = layout.strata.enumerated().flatMap { fold, stratum in
      stride(from: 0, to: stratum.probes, by: Self.stripe).map {
        (fold: fold, columns: $0..<min($0 + Self.stripe, stratum.probes))
      }
    }
    var rows = [Int](repeating: Int.max, count: stripes.count)
    rows.withUnsafeMutableBufferPointer { rows in
      nonisolated(unsafe) let rows = rows
      concurrently(units: stripes.count, workers: workers) { _, unit in
        rows[unit] = gather(fold: stripes[unit].fold, stripes[unit].columns)
      }
    }
    return rows.min() ?? .max
  }

  private func gather(fold: Int, _ columns: Range<Int>) -> Int {
    var firstNaN = Int.max
    // The worst kept score of each search: what is not above it changes nothing.
    var floors = [Float](repeating: -.infinity, count: columns.count)
    let start = starts[fold] + columns.lowerBound
    floors.withUnsafeMutableBufferPointer { floors in
      subjects.withUnsafeBufferPointer { subjects in
        for r in rowsOfFold[fold] {
          let row = layout.rows[r]
          let own = row.scores + columns.lowerBound
          for j in 0..<columns.count where !(own[j] <= floors[j]) {
            if own[j].isNaN {
              firstNaN = min(firstNaN, r)
            } else if subjects[start + j] != row.subject {
              floors[j] = keep(own[j], of: row.subject, in: start + j)
            }
          }
        }
      }
    }
    return firstNaN
  }

  /// Puts a person's score among the kept ones of a search; of several references the best counts.
  ///
  /// - Returns: the worst kept score.
  private func keep(_ score: Float, of person: Int32, in search: Int) -> Float {
    let scores = scores + search * kept
    let people = people + search * kept
    // The place that is given up: the person's own, else the last.
    var i = 0
    while i < kept - 1 && people[i] != person { i += 1 }
    if people[i] == person && scores[i] >= score { return scores[kept - 1] }
    while i > 0 && scores[i - 1] < score {
      scores[i] = scores[i - 1]
      people[i] = people[i - 1]
      i -= 1
    }
    scores[i] = score
    people[i] = person
    return scores[kept - 1]
  }

  /// Score of the best candidate that is no mate, in the whole gallery; -infinity without.
  func best(_ search: Int) -> Float { scores[search * kept] }

  /// The same in the gallery of the people with a multiplicity above 0.
  func best(_ search: Int, in drawn: UnsafePointer<Int32>) -> Float {
    for i in (search * kept)..<((search + 1) * kept) {
      if people[i] < 0 { return -.infinity }
      if drawn[Int(people[i])] > 0 { return scores[i] }
    }
    return bestOfAll(search, in: drawn)
  }

  /// The same from the scores themselves.
  private func bestOfAll(_ search: Int, in drawn: UnsafePointer<Int32>) -> Float {
    let fold = Int(folds[search])
    let column = search - starts[fold]
    var best = -Float.infinity
    for r in rowsOfFold[fold] {
      let row = layout.rows[r]
      guard row.subject != subjects[search], drawn[Int(row.subject)] > 0 else { continue }
      best = max(best, row.scores[column])
    }
    return best
  }
}
