import Configurations
import Datasets
import Kernels
import TestSupport
import Testing

/// A set with the given subjects in row order; vectors are distinct unless given.
func embeddingSet(
  _ identities: [String], genders: [String: Gender] = [:], dataset: String = "X",
  extractor: String = "e", vectors: [[Float]]? = nil, extraSubjects: [String] = []
) -> EmbeddingSet {
  var subjects: [String] = extraSubjects
  for identity in identities where !subjects.contains(identity) { subjects.append(identity) }
  let d = vectors?.first?.count ?? 2
  let matrix = FloatMatrix(rows: identities.count, columns: d)
  for i in 0..<identities.count {
    for j in 0..<d { matrix.base[i * d + j] = vectors?[i][j] ?? Float(i * d + j + 1) }
  }
  return EmbeddingSet(
    dataset: dataset, extractor: extractor, vectors: matrix,
    norms: [Float](repeating: 1, count: identities.count),
    subjectOfRow: identities.map { Int32(subjects.firstIndex(of: $0)!) }, subjects: subjects,
    genderOfSubject: subjects.map { genders[$0] ?? .unlabelled })
}

/// `male` men m1…, `female` women f1… and `unlabelled` others u1…, two rows each.
func population(
  male: Int, female: Int, unlabelled: Int = 0, dataset: String = "X", extractor: String = "e",
  reversed: Bool = false
) -> EmbeddingSet {
  var genders: [String: Gender] = [:]
  var names: [String] = []
  for (letter, count, gender) in [
    ("m", male, Gender.male), ("f", female, .female), ("u", unlabelled, .unlabelled),
  ] {
    for k in 0..<count {
      names.append("\(letter)\(k + 1)")
      genders["\(letter)\(k + 1)"] = gender
    }
  }
  if reversed { names.reverse() }
  return embeddingSet(
    names.flatMap { [$0, $0] }, genders: genders, dataset: dataset, extractor: extractor)
}

/// Identifiers of the subjects of some rows.
func names(_ rows: EmbeddingRows) -> Set<String> {
  Set(rows.subjects.map { rows.set.subjects[Int($0)] })
}

@Suite struct PartitionSchemeTests {
  static let half = PartitionScheme.within(cohort: 0.5, development: 0.2, evaluation: 0.3)

  @Test func sharesAreMetWithinEachGender() throws {
    let set = population(male: 40, female: 20, unlabelled: 10)
    let partition = try Self.half.partitions(of: set, seed: 1)[0]
    for (rows, share) in [
      (partition.cohort, 0.5), (partition.development, 0.2), (partition.evaluation, 0.3),
    ] {
      let subjects = names(rows)
      #expect(subjects.count { $0.hasPrefix("m") } == Int(40 * share))
      #expect(subjects.count { $0.hasPrefix("f") } == Int(20 * share))
      #expect(subjects.count { $0.hasPrefix("u") } == Int(10 * share))
      #expect(rows.rows == rows.rows.sorted() && rows.rows.count == 2 * subjects.count)
    }
    #expect(
      names(partition.cohort).union(names(partition.development)).union(names(partition.evaluation))
        .count == 70)
  }

  /// The evaluated people are those of the same shares without another dataset.
  @Test(arguments: [1, 3]) func aCohortCanBeAWholeDatasetBesideShares(_ folds: Int) throws {
    let set = population(male: 30, female: 30)
    let other = population(male: 5, female: 5, dataset: "CFP")
    let scheme = PartitionScheme.within(
      cohort: 0, development: 0.2, evaluation: 0.3, folds: folds, cohortFrom: "CFP")
    let partitions = try scheme.partitions(of: set, others: [other], seed: 1)
    #expect(partitions.count == folds)
    for partition in partitions {
      #expect(partition.cohort.set.dataset == "CFP" && partition.cohort.rows.count == 20)
      #expect(partition.development.set.dataset == "X" && !partition.development.rows.isEmpty)
      #expect(
        names(partition.development).isDisjoint(with: names(partition.evaluation)))
    }
    if folds == 1 {
      let plain = try Self.half.partitions(of: set, seed: 1)[0]
      #expect(plain.evaluation.rows == partitions[0].evaluation.rows)
      #expect(plain.development.rows == partitions[0].development.rows)
    }
    #expect(scheme.datasets(evaluating: "X") == ("CFP", "X"))
    #expect(
      errorText { _ = try scheme.partitions(of: set, seed: 1) }.hasPrefix(
        "no dataset 'CFP' of extractor 'e' for the cohort"))
    // Who trains nothing needs no cohort.
    let untrained = try scheme.partitions(of: set, seed: 1, needsCohort: false)
    #expect(untrained.allSatisfy { $0.cohort.rows.isEmpty })
  }

  @Test func aSumBelowOneLeavesSubjectsOut() throws {
    let set = population(male: 10, female: 10)
    let partition = try PartitionScheme.within(cohort: 0.3, development: 0.2, evaluation: 0.2)
      .partitions(of: set, seed: 1)[0]
    #expect(names(partition.cohort).count == 6)
    #expect(names(partition.development).count == 4)
    #expect(names(partition.evaluation).count == 4)
  }

  @Test func theSeedDecidesAndRowOrderDoesNot() throws {
    let set = population(male: 30, female: 30)
    let other = population(male: 30, female: 30, extractor: "f", reversed: true)
    func evaluated(_ set: EmbeddingSet, _ seed: UInt64) throws -> Set<String> {
      names(try Self.half.partitions(of: set, seed: seed)[0].evaluation)
    }
    #expect(try evaluated(set, 1) == evaluated(other, 1))
    #expect(try evaluated(set, 1) != evaluated(set, 2))
  }

  @Test func aLostSubjectHardlyMovesTheOthers() throws {
    let names100 = (1...100).map { "m\($0)" }
    let scheme = PartitionScheme.within(cohort: 0.5, development: 0, evaluation: 0.5)
    func evaluated(_ names: [String]) throws -> Set<String> {
      let genders = Dictionary(uniqueKeysWithValues: names.map { ($0, Gender.male) })
      let set = embeddingSet(names, genders: genders)
      return DatasetsTests.names(try scheme.partitions(of: set, seed: 1)[0].evaluation)
    }
    let full = try evaluated(names100)
    let reduced = try evaluated(names100.filter { $0 != "m50" })
    #expect(full.symmetricDifference(reduced).count <= 2)
  }

  @Test(arguments: [2, 3, 5])
  func everySubjectIsEvaluatedInExactlyOneFold(_ folds: Int) throws {
    let set = population(male: 23, female: 17, unlabelled: 5)
    let scheme = PartitionScheme.within(
      cohort: 0.6, development: 0.2, evaluation: 0.2, folds: folds)
    let partitions = try scheme.partitions(of: set, seed: 4)
    #expect(partitions.map(\.fold) == Array(0..<folds))
    var times: [String: Int] = [:]
    for partition in partitions {
      for name in names(partition.evaluation) { times[name, default: 0] += 1 }
      let parts = [partition.cohort, partition.development, partition.evaluation].map(names)
      #expect(parts[0].union(parts[1]).union(parts[2]).count == 45)
      #expect(parts.map(\.count).reduce(0, +) == 45)
      #expect(abs(Double(parts[0].count) / Double(parts[0].count + parts[1].count) - 0.75) < 0.05)
      #expect(ProtocolAudit(partition).findings.isEmpty)
    }
    #expect(times.count == 45 && times.values.allSatisfy { $0 == 1 })
  }

  @Test func crossTakesWholeDatasets() throws {
    let (lfw, morph) = (
      population(male: 3, female: 3, dataset: "LFW"),
      population(male: 4, female: 4, dataset: "MORPH")
    )
    let partition = try PartitionScheme.cross(cohort: "MORPH", development: "LFW")
      .partitions(of: lfw, others: [morph], seed: 1)[0]
    #expect(partition.cohort.set.dataset == "MORPH" && partition.cohort.rows.count == 16)
    #expect(partition.development.set.dataset == "LFW" && partition.development.rows.count == 12)
    #expect(partition.evaluation.rows.count == 12)
  }

  @Test func infeasibleSchemesSayWhatIsMissing() {
    func text(_ scheme: PartitionScheme, _ set: EmbeddingSet, _ others: [EmbeddingSet] = [])
      -> String
    {
      errorText { _ = try scheme.partitions(of: set, others: others, seed: 1) }
    }
    #expect(
      text(Self.half, population(male: 20, female: 2))
        == "'X' has 2 female subjects, which gives cohort 1, development 0, evaluation 1; every part "
        + "needs at least one: change the shares, or use a larger dataset")
    #expect(
      text(
        .within(cohort: 0.5, development: 0.2, evaluation: 0.3, folds: 5),
        population(male: 20, female: 4))
        == "'X' has 4 female subjects, which gives cohort 3, development 1, evaluation 0 in one of 5 "
        + "folds; every part needs at least one: change the shares or use fewer folds, or use a "
        + "larger dataset")
    #expect(
      text(.within(cohort: 0.8, development: 0.2, evaluation: 0.3), population(male: 9, female: 9))
        == "shares cohort 0.8, development 0.2, evaluation 0.3 cannot be met; expected cohort and "
        + "evaluation in (0, 1), development in [0, 1), a sum of at most 1 and at least one fold")
    #expect(
      text(.cross(cohort: "MORPH", development: "X"), population(male: 2, female: 2))
        == "no dataset 'MORPH' of extractor 'e' for the cohort; loaded are 'X/e'")
    let wide = embeddingSet(["a"], dataset: "MORPH", vectors: [[1, 2, 3]])
    #expect(
      text(.cross(cohort: "MORPH", development: "X"), population(male: 2, female: 2), [wide])
        == "the cohort dataset 'MORPH' has dimension 3, the evaluated 'X' 2; they must come from the "
        + "same extractor")
  }

  @Test func aSingleGenderIsNoError() throws {
    let set = population(male: 10, female: 0)
    #expect(try Self.half.partitions(of: set, seed: 1)[0].evaluationSubjects.count == 3)
  }
}
