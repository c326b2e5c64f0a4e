import Configurations
import Datasets
import Kernels
import TestSupport
import Testing

@Suite struct ComparisonProtocolTests {
  /// Rows: f1 m1 u1 f1 m2 m1 m1.
  static let set = embeddingSet(
    ["f1", "m1", "u1", "f1", "m2", "m1", "m1"],
    genders: ["f1": .female, "m1": .male, "m2": .male])

  static func whole(_ set: EmbeddingSet) -> SubjectPartition {
    SubjectPartition(
      fold: 0, cohort: EmbeddingRows(set: set, rows: []),
      development: EmbeddingRows(set: set, rows: []), evaluation: EmbeddingRows(all: set),
      evaluationSubjects: set.subjects.indices.map { Int32($0) })
  }

  @Test func columnsAreSortedByGenderThenFileOrder() throws {
    let comparisons = try ComparisonProtocol(partition: Self.whole(Self.set), seed: 1)
    #expect(comparisons.referenceRows == [0, 1, 2, 4])
    #expect(comparisons.probeRows == [1, 4, 5, 6, 0, 3, 2])
    #expect(comparisons.ownColumns == [4, 0, 6, 1])
    #expect(comparisons.probeSubjects == [1, 3, 1, 1, 0, 0, 2])
  }

  /// Cells of each kind, after checking that each is what the lists of the protocol say.
  private func cells(_ comparisons: ComparisonProtocol) -> [Int] {
    var (mated, own, nonMated) = (0, 0, 0)
    for i in 0..<comparisons.referenceCount {
      for j in 0..<comparisons.probeCount {
        if comparisons.probeRows[j] == comparisons.referenceRows[i] {
          own += 1
          #expect(comparisons.ownColumns[i] == j)
        } else if comparisons.probeSubjects[j] == comparisons.referenceSubjects[i] {
          mated += 1
        } else {
          nonMated += 1
        }
      }
    }
    return [mated, own, nonMated]
  }

  @Test func cellsAreThoseCountedByHand() throws {
    let comparisons = try ComparisonProtocol(partition: Self.whole(Self.set), seed: 1)
    #expect(comparisons.referenceCount == 4 && comparisons.probeCount == 7)
    #expect(cells(comparisons) == [3, 4, 21])
  }

  @Test func everyProbeMeetsItsSubjectOnce() throws {
    let partition = try PartitionScheme.within(cohort: 0.4, development: 0.2, evaluation: 0.4)
      .partitions(of: population(male: 11, female: 9, unlabelled: 4), seed: 3)[0]
    let comparisons = try ComparisonProtocol(partition: partition, reference: .random, seed: 3)
    let (references, probes) = (comparisons.referenceCount, comparisons.probeCount)
    #expect(
      cells(comparisons) == [probes - references, references, (references - 1) * probes])
  }

  @Test func unlabelledSubjectsCanBeLeftOut() throws {
    let comparisons = try ComparisonProtocol(
      partition: Self.whole(Self.set), unlabelled: .excluded, seed: 1)
    #expect(comparisons.referenceRows == [0, 1, 4])
    #expect(comparisons.probeRows == [1, 4, 5, 6, 0, 3])
  }

  @Test func randomReferencesDependOnTheSeedAndNotOnTheExtractor() throws {
    let names = (0..<40).flatMap { k in [String](repeating: "s\(k)", count: 5) }
    let (a, b) = (embeddingSet(names), embeddingSet(names, extractor: "f"))
    func rows(_ set: EmbeddingSet, _ seed: UInt64) throws -> [Int32] {
      try ComparisonProtocol(partition: Self.whole(set), reference: .random, seed: seed)
        .referenceRows
    }
    #expect(try rows(a, 1) == rows(b, 1))
    #expect(try rows(a, 1) != rows(a, 2))
    #expect(try Set(rows(a, 1).map { $0 % 5 }).count > 2)
    #expect(try rows(a, 1).enumerated().allSatisfy { $0.offset == Int($0.element) / 5 })
  }

  @Test func subjectsWithoutRowsFailToEnrol() throws {
    let set = embeddingSet(["a", "b"], extraSubjects: ["lost"])
    let comparisons = try ComparisonProtocol(partition: Self.whole(set), seed: 1)
    #expect(comparisons.subjectsWithoutReference == [0])
    #expect(comparisons.referenceSubjects == [1, 2])
  }

  @Test func nothingToCompareIsAnError() {
    #expect(
      errorText {
        _ = try ComparisonProtocol(
          partition: Self.whole(embeddingSet(["a"])), unlabelled: .excluded, seed: 1)
      }
        == "'X', fold 0: no evaluation subject has a usable sample; check the gender labels when "
        + "'unlabelled: excluded' is set")
  }
}
