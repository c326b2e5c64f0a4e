import Configurations
import Kernels

extension PartitionScheme {
  /// Divides an evaluated dataset.
  ///
  /// The division of a `within` scheme depends on the seed and on identifiers and genders of the
  /// subjects only, not on row order or vectors: two extractors of one dataset share it. Each
  /// subject's place follows from a random key made of seed and identifier, so a subject that one
  /// extractor lost moves the others by at most one place.
  ///
  /// - Parameters:
  ///   - set: the evaluated dataset.
  ///   - others: the datasets a `cross` scheme names, of the same extractor.
  ///   - seed: the experiment's seed.
  ///   - needsCohort: false: the rows of a whole dataset that would train are left out, and its set is
  ///     not needed.
  ///   - needsDevelopment: the same of those that would develop.
  ///   - split: what the file of a `files` scheme says.
  ///   - enrolled: who needs a reference in that file.
  /// - Throws: `PartitionError`, for shares that cannot be met and sets that do not fit together.
  package func partitions(
    of set: EmbeddingSet, others: [EmbeddingSet] = [], seed: UInt64, needsCohort: Bool = true,
    needsDevelopment: Bool = true, split: Split? = nil, enrolled: EnrolledSubjects = .all
  ) throws -> [SubjectPartition] {
    let candidates = [set] + others
    func rows(_ name: String, _ role: String, isNeeded: Bool) throws -> EmbeddingRows {
      isNeeded
        ? EmbeddingRows(all: try Self.find(name, role, for: set, in: candidates))
        : EmbeddingRows(set: set, rows: [])
    }
    switch self {
    case .within(
      let cohort, let development, let evaluation, let folds, let cohortFrom, let developmentFrom,
      let evaluated):
      try Self.checkShares(
        cohort, development, evaluation, folds: folds, hasCohort: cohortFrom == nil)
      let own =
        try folds > 1
        ? Self.folded(set, cohort: cohort, development: development, folds: folds, seed: seed)
        : [
          Self.single(
            set, cohort: cohort, development: development, evaluation: evaluation,
            evaluated: evaluated, seed: seed)
        ]
      let cohortRows = try cohortFrom.map { try rows($0, "cohort", isNeeded: needsCohort) }
      let developmentRows = try developmentFrom.map {
        try rows($0, "development", isNeeded: needsDevelopment)
      }
      return own.map {
        SubjectPartition(
          fold: $0.fold, cohort: cohortRows ?? $0.cohort,
          development: developmentRows ?? $0.development, evaluation: $0.evaluation,
          evaluationSubjects: $0.evaluationSubjects)
      }
    case .files:
      let (cohort, development) = datasets(evaluating: set.dataset)
      return try split!.partitions(
        of: set, enrolled: enrolled,
        cohort: needsCohort || cohort == set.dataset
          ? Self.find(cohort, "cohort", for: set, in: candidates) : nil,
        development: needsDevelopment || development == set.dataset
          ? Self.find(development, "development", for: set, in: candidates) : nil)
    case .cross(let cohort, let development):
      let partition = SubjectPartition(
        fold: 0, cohort: try rows(cohort, "cohort", isNeeded: needsCohort),
        development: try rows(development, "development", isNeeded: needsDevelopment),
        evaluation: EmbeddingRows(all: set),
        evaluationSubjects: set.subjects.indices.map { Int32($0) })
      return [partition]
    }
  }

  /// Shares must be positive (development may be 0) and sum to at most 1.
  private static func checkShares(
    _ cohort: Double, _ development: Double, _ evaluation: Double, folds: Int,
    hasCohort: Bool
  ) throws {
    let isValid =
      (hasCohort ? cohort > 0 : cohort >= 0) && cohort < 1 && development >= 0 && development < 1
      && folds >= 1
      && (folds > 1
        || evaluation > 0 && evaluation < 1 && cohort + development + evaluation <= 1 + 1e-9)
    if !isValid {
      throw PartitionError.badShares(
        cohort: cohort, development: development, evaluation: evaluation, folds: folds)
    }
  }

  /// One split: the first subjects in random order are evaluated, the next develop, the next train.
  ///
  /// Where the development part is evaluated, all move up: the first have no part, and as many of the
  /// cohort part as there are in the development part, the first of them in that order, develop.
  private static func single(
    _ set: EmbeddingSet, cohort: Double, development: Double, evaluation: Double,
    evaluated: EvaluatedPart, seed: UInt64
  ) throws -> SubjectPartition {
    var (train, develop, test): ([Int32], [Int32], [Int32]) = ([], [], [])
    for gender in Gender.allCases {
      let order = randomOrder(of: set, gender: gender, seed: seed)
      // Boundaries are rounded, not counts, so that shares that sum to 1 use every subject.
      let n = Double(order.count)
      let first = Int((n * evaluation).rounded())
      let second = Int((n * (evaluation + development)).rounded())
      let third = min(order.count, Int((n * (evaluation + development + cohort)).rounded()))
      var parts = (test: 0..<first, develop: first..<second, train: second..<third)
      if evaluated == .development {
        let taken = min(third, second + (second - first))
        parts = (test: first..<second, develop: second..<taken, train: taken..<third)
      }
      test += order[parts.test]
      develop += order[parts.develop]
      train += order[parts.train]
      try requireSubjects(
        set, gender, cohort: cohort > 0 ? parts.train.count : nil,
        development: development > 0 ? parts.develop.count : nil,
        evaluation: parts.test.count, folds: 1)
    }
    return partition(set, fold: 0, cohort: train, development: develop, evaluation: test)
  }

  /// k folds: consecutive blocks of the random order are evaluated in turn; of the others, in
  /// cyclic order from the block's end, the first share trains and the rest develops.
  private static func folded(
    _ set: EmbeddingSet, cohort: Double, development: Double, folds: Int, seed: UInt64
  ) throws -> [SubjectPartition] {
    let orders = Gender.allCases.map { randomOrder(of: set, gender: $0, seed: seed) }
    return try (0..<folds).map { fold in
      var (train, develop, test): ([Int32], [Int32], [Int32]) = ([], [], [])
      for (gender, order) in zip(Gender.allCases, orders) {
        let start = order.count * fold / folds
        let end = order.count * (fold + 1) / folds
        let rest = Array(order[end...] + order[..<start])
        // Shares are 0 where other datasets give the rows; people who have no part stay out.
        let sum = cohort + development
        let split = sum > 0 ? Int((Double(rest.count) * cohort / sum).rounded()) : 0
        test += order[start..<end]
        train += rest[..<split]
        if development > 0 { develop += rest[split...] }
        try requireSubjects(
          set, gender, cohort: cohort > 0 ? split : nil,
          development: development > 0 ? rest.count - split : nil,
          evaluation: end - start, folds: folds)
      }
      return partition(set, fold: fold, cohort: train, development: develop, evaluation: test)
    }
  }

  private static func partition(
    _ set: EmbeddingSet, fold: Int, cohort: [Int32], development: [Int32], evaluation: [Int32]
  ) -> SubjectPartition {
    SubjectPartition(
      fold: fold, cohort: EmbeddingRows(set: set, subjects: cohort),
      development: EmbeddingRows(set: set, subjects: development),
      evaluation: EmbeddingRows(set: set, subjects: evaluation), evaluationSubjects: evaluation)
  }

  /// Subjects of a gender in the order of their random keys.
  private static func randomOrder(of set: EmbeddingSet, gender: Gender, seed: UInt64) -> [Int32] {
    set.subjects.indices.filter { set.genderOfSubject[$0] == gender }
      .map { (key: subjectKey(set.subjects[$0], seed: seed, purpose: .partition), subject: $0) }
      .sorted { ($0.key, set.subjects[$0.subject]) < ($1.key, set.subjects[$1.subject]) }
      .map { Int32($0.subject) }
  }

  /// A labelled gender that is present must be present in every part.
  private static func requireSubjects(
    _ set: EmbeddingSet, _ gender: Gender, cohort: Int?, development: Int?, evaluation: Int,
    folds: Int
  ) throws {
    let available = set.genderOfSubject.count { $0 == gender }
    guard gender != .unlabelled || available == set.subjects.count, available > 0 else { return }
    if cohort == 0 || development == 0 || evaluation == 0 {
      throw PartitionError.tooFewSubjects(
        dataset: set.dataset, gender: gender, available: available, cohort: cohort,
        development: development, evaluation: evaluation, folds: folds)
    }
  }

  /// The set of a name, after checking that it fits the evaluated one.
  private static func find(
    _ name: String, _ role: String, for set: EmbeddingSet, in candidates: [EmbeddingSet]
  ) throws -> EmbeddingSet {
    guard
      let found = candidates.first(where: { $0.dataset == name && $0.extractor == set.extractor })
    else {
      throw PartitionError.missingDataset(
        name: name, role: role, extractor: set.extractor,
        available: candidates.map { "\($0.dataset)/\($0.extractor)" })
    }
    if found.dimension != set.dimension {
      throw PartitionError.dimensions(
        name: name, role: role, found: found.dimension, evaluated: set.dataset,
        expected: set.dimension)
    }
    return found
  }
}

/// Why a dataset cannot be divided as asked.
package enum PartitionError: Error, Hashable, Sendable, CustomStringConvertible {
  case badShares(cohort: Double, development: Double, evaluation: Double, folds: Int)
  case tooFewSubjects(
    dataset: String, gender: Gender, available: Int, cohort: Int?, development: Int?,
    evaluation: Int, folds: Int)
  case missingDataset(name: String, role: String, extractor: String, available: [String])
  case dimensions(name: String, role: String, found: Int, evaluated: String, expected: Int)

  package var description: String {
    switch self {
    case .badShares(let cohort, let development, let evaluation, let folds):
      "shares cohort \(cohort), development \(development), evaluation \(evaluation)"
        + (folds == 1 ? "" : " with \(folds) folds")
        + " cannot be met; expected cohort and evaluation in (0, 1), development in [0, 1),"
        + " a sum of at most 1 and at least one fold"
    case .tooFewSubjects(
      let dataset, let gender, let available, let cohort, let development, let evaluation,
      let folds):
      "'\(dataset)' has \(counted(available, "\(gender.name) subject")), which gives "
        + "\(cohort.map { "cohort \($0), " } ?? "")\(development.map { "development \($0), " } ?? "")evaluation \(evaluation)"
        + (folds == 1 ? "" : " in one of \(folds) folds")
        + "; every part needs at least one: change the shares"
        + (folds == 1 ? "" : " or use fewer folds") + ", or use a larger dataset"
    case .missingDataset(let name, let role, let extractor, let available):
      "no dataset '\(name)' of extractor '\(extractor)' for the \(role); loaded are"
        + " \(examples(available, limit: 12))"
    case .dimensions(let name, let role, let found, let evaluated, let expected):
      "the \(role) dataset '\(name)' has dimension \(found), the evaluated '\(evaluated)'"
        + " \(expected); they must come from the same extractor"
    }
  }
}

/// A random key of a subject that depends on seed, purpose and identifier only.
func subjectKey(_ identifier: String, seed: UInt64, purpose: RandomPurpose) -> UInt64 {
  var rng = subjectRNG(identifier, seed: seed, purpose: purpose)
  return rng.next()
}

/// The stream of random numbers of a subject, addressed by the hash of its identifier.
func subjectRNG(_ identifier: String, seed: UInt64, purpose: RandomPurpose) -> CounterRNG {
  let hash = fnv1a(identifier)
  return CounterRNG(
    seed: seed, purpose: purpose, subject: UInt32(truncatingIfNeeded: hash),
    step: UInt32(truncatingIfNeeded: hash &>> 32))
}

/// FNV-1a hash of a text, 64 bits: the same on every machine and in every run.
func fnv1a(_ text: String) -> UInt64 {
  text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
}
