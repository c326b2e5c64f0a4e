import Configurations
import Datasets
import Kernels
import Specs

// Who stays of the people whom a partition gives a part: limits of their number, and the cut of the
// cohort to a share of male rows, which configurations and attacked cells have in common.

extension SubjectPartition {
  /// The partition with at most so many subjects in each part, drawn by seed and identifier.
  func limited(to limits: LimitsSpec, seed: UInt64) -> SubjectPartition {
    // Those whom the limit leaves are drawn among people with rows.
    SubjectPartition(
      fold: fold, cohort: cohort.limited(to: limits.cohortSubjects, seed: seed),
      development: development.limited(to: limits.developmentSubjects, seed: seed),
      evaluation: evaluation.limited(to: limits.evaluationSubjects, seed: seed),
      evaluationSubjects: limits.evaluationSubjects == nil ? evaluationSubjects : nil,
      references: references)
  }
}

extension SubjectPartition {
  /// The partition with another cohort.
  func with(cohort: EmbeddingRows) -> SubjectPartition {
    SubjectPartition(
      fold: fold, cohort: cohort, development: development, evaluation: evaluation,
      evaluationSubjects: evaluationSubjects, references: references)
  }
}

extension EmbeddingRows {
  /// The rows of at most `count` subjects; the draw does not depend on the order of the file.
  func limited(to count: Int?, seed: UInt64) -> EmbeddingRows {
    var chosen = subjects.sorted { set.subjects[Int($0)] < set.subjects[Int($1)] }
    guard let count, chosen.count > count else { return self }
    var rng = CounterRNG(seed: seed, purpose: .cohortSelection)
    rng.shuffle(&chosen)
    var isChosen = [Bool](repeating: false, count: set.subjects.count)
    for s in chosen.prefix(count) { isChosen[Int(s)] = true }
    return EmbeddingRows(set: set, rows: rows.filter { isChosen[Int(set.subjectOfRow[Int($0)])] })
  }
}

extension EmbeddingRows {
  /// Whole subjects left out, drawn by seed and identifier, until the male share of the rows is as
  /// near to `share` as they allow; subjects without gender label go too.
  ///
  /// - Throws: `CohortOfOneGender`.
  func cut(toMaleShare share: Double, seed: UInt64) throws -> EmbeddingRows {
    var count = [Int](repeating: 0, count: set.subjects.count)
    for row in rows { count[Int(set.subjectOfRow[Int(row)])] += 1 }
    func members(_ gender: Gender) -> [Int] {
      var found = count.indices.filter { count[$0] > 0 && set.genderOfSubject[$0] == gender }
        .sorted { set.subjects[$0] < set.subjects[$1] }
      var rng = CounterRNG(
        seed: seed, purpose: .cohortSelection, subject: UInt32(gender.rawValue), step: 1)
      rng.shuffle(&found)
      return found
    }
    let (male, female) = (members(.male), members(.female))
    let maleRows = Double(male.reduce(0) { $0 + count[$1] })
    let femaleRows = Double(female.reduce(0) { $0 + count[$1] })
    guard maleRows > 0, femaleRows > 0 else {
      throw CohortOfOneGender(
        dataset: set.dataset, share: share, male: Int(maleRows), female: Int(femaleRows))
    }
    func first(_ subjects: [Int], rows limit: Double) -> [Int] {
      var sum = 0.0
      return subjects.filter { subject in
        let added = Double(count[subject])
        guard sum + added / 2 <= limit else { return false }
        sum += added
        return true
      }
    }
    let kept =
      maleRows / (maleRows + femaleRows) > share
      ? first(male, rows: femaleRows * share / (1 - share)) + female
      : male + first(female, rows: maleRows * (1 - share) / share)
    var isKept = [Bool](repeating: false, count: set.subjects.count)
    for subject in kept { isKept[subject] = true }
    return EmbeddingRows(set: set, rows: rows.filter { isKept[Int(set.subjectOfRow[Int($0)])] })
  }
}

/// Why a cohort cannot be cut to a share of male rows.
package struct CohortOfOneGender: Error, CustomStringConvertible, Equatable {
  let dataset: String
  let share: Double
  let male: Int
  let female: Int

  package var description: String {
    "'\(dataset)': a cohort with \(share) male rows needs both genders, found \(male) male and "
      + "\(female) female rows; write 'as_is' under 'cohort_male_share' or 'cohort_male_shares'"
  }
}
