import Configurations
import Datasets
import Foundation
import TestSupport
import Testing

/// Who is evaluated and who is enrolled, where a spec chooses otherwise.
@Suite struct EvaluatedPeopleTests {
  private static func shares(
    cohort: Double = 0.5, cohortFrom: String? = nil, _ evaluated: EvaluatedPart
  ) -> PartitionScheme {
    .within(
      cohort: cohort, development: 0.2, evaluation: 0.3, cohortFrom: cohortFrom,
      evaluated: evaluated)
  }

  /// Evaluated are those who would have developed; as many of the cohort develop, by gender, and
  /// nobody of the evaluation part is in any part.
  @Test func developmentPeopleAreEvaluatedAndEvaluationPeopleTakeNoPart() throws {
    let set = population(male: 40, female: 20)
    let usual = try Self.shares(.evaluation).partitions(of: set, seed: 4)[0]
    let chosen = try Self.shares(.development).partitions(of: set, seed: 4)[0]
    #expect(names(chosen.evaluation) == names(usual.development))
    #expect(
      names(chosen.development).union(names(chosen.cohort)) == names(usual.cohort))
    #expect(names(chosen.development).isDisjoint(with: names(chosen.cohort)))
    for letter in ["m", "f"] {
      func count(_ rows: EmbeddingRows) -> Int { names(rows).count { $0.hasPrefix(letter) } }
      #expect(count(chosen.development) == count(usual.development))
      #expect(count(chosen.cohort) == count(usual.cohort) - count(usual.development))
    }
    // By seed: others develop under another one, in whatever order the file is.
    let reversed = try Self.shares(.development)
      .partitions(of: population(male: 40, female: 20, reversed: true), seed: 4)[0]
    #expect(names(reversed.development) == names(chosen.development))
    #expect(
      try names(Self.shares(.development).partitions(of: set, seed: 5)[0].development)
        != names(chosen.development))
  }

  @Test func aCohortThatIsTooSmallForTwoPartsIsAnError() {
    let found = errorText {
      _ = try Self.shares(cohort: 0.2, .development)
        .partitions(of: population(male: 20, female: 20), seed: 1)
    }
    #expect(
      found.hasPrefix(
        "'X' has 20 male subjects, which gives cohort 0, development 4, evaluation 4"),
      "\(found)")
  }

  /// Beside shares, another dataset trains whole, and the evaluated and developing people stay.
  @Test(arguments: [1, 3]) func anotherCohortLeavesTheOtherPartsAlone(_ folds: Int) throws {
    let set = population(male: 30, female: 30)
    let other = population(male: 5, female: 5, dataset: "CFP")
    let scheme = PartitionScheme.within(
      cohort: 0.5, development: 0.2, evaluation: 0.3, folds: folds)
    let usual = try scheme.partitions(of: set, seed: 2)
    let replaced = try scheme.replacing(cohort: "CFP", development: nil)
      .partitions(of: set, others: [other], seed: 2)
    #expect(usual.count == folds && replaced.count == folds)
    for (a, b) in zip(usual, replaced) {
      #expect(a.evaluation.rows == b.evaluation.rows && a.development.rows == b.development.rows)
      #expect(b.cohort.set.dataset == "CFP" && b.cohort.rows.count == 20)
    }
  }

  /// Rows: f1 m1 u1 f1 m2 m1 m1.
  private static let set = ComparisonProtocolTests.set
  private static let whole = ComparisonProtocolTests.whole(set)

  /// People with one sample have no reference, and their samples meet the references of others.
  @Test func peopleWithoutMatedProbeAreProbesOnly() throws {
    let comparison = try ComparisonProtocol(
      partition: Self.whole, enrolled: .withMatedProbe, seed: 1)
    #expect(comparison.referenceRows == [0, 1])
    #expect(comparison.probeRows == [1, 4, 5, 6, 0, 3, 2])
    #expect(comparison.ownColumns == [4, 0])
    #expect(comparison.subjectsNotEnrolled == [2, 3])
    #expect(comparison.subjectsWithoutReference.isEmpty)
    let everybody = try ComparisonProtocol(partition: Self.whole, seed: 1)
    #expect(everybody.probeRows == comparison.probeRows && everybody.subjectsNotEnrolled.isEmpty)
  }

  @Test func nobodyWithASecondSampleIsAnError() {
    let set = embeddingSet(["a", "b", "c"])
    let found = errorText {
      _ = try ComparisonProtocol(
        partition: ComparisonProtocolTests.whole(set), enrolled: .withMatedProbe, seed: 1)
    }
    #expect(
      found == "'X', fold 0: none of 3 evaluation subjects has a second usable sample, and "
        + "'references: with_mated_probe' enrols nobody else; write 'references: all', or evaluate "
        + "more people")
  }

  /// A written division with people who are probes only is read back under the same rule, and is
  /// refused under the other.
  @Test func aListedDivisionKeepsWhoIsEnrolled() throws {
    let set = embeddingSet(["a", "b", "c", "a", "d", "d"])
    let partition = SubjectPartition(
      fold: 0, cohort: EmbeddingRows(set: set, subjects: [3]),
      development: EmbeddingRows(set: set, rows: []),
      evaluation: EmbeddingRows(set: set, subjects: [0, 1, 2]))
    let comparison = try ComparisonProtocol(
      partition: partition, enrolled: .withMatedProbe, seed: 1)
    let folder = try temporaryFolder().path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/split.csv"
    let text = Split([partition], [comparison]).text
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    func read(_ enrolled: EnrolledSubjects) throws -> [SubjectPartition] {
      try PartitionScheme.files(["X": SplitFile(path: path)]).partitions(
        of: set, seed: 9, split: Split(contentsOf: path), enrolled: enrolled)
    }
    let found = errorText { _ = try read(.all) }
    #expect(found.contains("2 people with probes and no reference: 'b', 'c'"), "\(found)")
    let again = try read(.withMatedProbe)
    let listed = try ComparisonProtocol(
      partition: again[0], enrolled: .withMatedProbe, seed: 9)
    #expect(Split(again, [listed]).text == text)
  }
}
