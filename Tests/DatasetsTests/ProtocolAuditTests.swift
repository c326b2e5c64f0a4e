import Configurations
import Datasets
import Kernels
import TestSupport
import Testing

@Suite struct ProtocolAuditTests {
  static func partition(
    _ cohort: EmbeddingRows, _ development: EmbeddingRows, _ evaluation: EmbeddingRows
  ) -> SubjectPartition {
    SubjectPartition(
      fold: 0, cohort: cohort, development: development, evaluation: evaluation)
  }

  @Test func disjointPartsPass() throws {
    let set = population(male: 2, female: 2)
    let audit = ProtocolAudit(
      Self.partition(
        EmbeddingRows(set: set, subjects: [0]), EmbeddingRows(set: set, subjects: [1]),
        EmbeddingRows(set: set, subjects: [2, 3])))
    #expect(
      audit.lines == [
        "X, fold 0: cohort X/e: 2 rows of 1 subject (1 male)",
        "X, fold 0: development X/e: 2 rows of 1 subject (1 male)",
        "X, fold 0: evaluation X/e: 4 rows of 2 subjects (2 female)",
        "X, fold 0: no subject and no embedding in two parts",
      ])
    try audit.check(allowing: [])
  }

  /// The official code develops on LFW also when LFW is evaluated.
  @Test func theOfficialCombinationNeedsPermission() throws {
    let lfw = population(male: 3, female: 3, dataset: "LFW")
    let morph = embeddingSet(["1", "2"], dataset: "MORPH", vectors: [[100, 1], [100, 2]])
    let partition = try PartitionScheme.cross(cohort: "MORPH", development: "LFW")
      .partitions(of: lfw, others: [morph], seed: 1)[0]
    let audit = ProtocolAudit(partition)
    #expect(audit.findings.map(\.kind) == [.subjects])
    #expect(audit.findings[0].count == 6)
    #expect(
      errorText { try audit.check(allowing: []) }
        == "LFW, fold 0: 6 subjects in both development and evaluation: 'f1', 'f2', 'f3', 'm1', "
        + "'m2' and 1 more; use another dataset for one of them, or allow it with 'allow_overlap'")
    try audit.check(allowing: [.subjects])
  }

  @Test func anImageInTwoDatasetsIsFoundByItsEmbedding() {
    let a = embeddingSet(["1", "2"], dataset: "A", vectors: [[1, 2], [3, 4]])
    // The same identifier "1" means nothing; the vector of "9" does.
    let b = embeddingSet(["1", "9"], dataset: "B", vectors: [[5, 6], [3, 4]])
    let audit = ProtocolAudit(
      Self.partition(EmbeddingRows(all: a), EmbeddingRows(set: a, rows: []), EmbeddingRows(all: b)))
    #expect(audit.findings.map(\.kind) == [.embeddings])
    #expect(
      errorText { try audit.check(allowing: [.subjects]) }
        == "B, fold 0: 1 embedding in both cohort and evaluation under different subjects: '2 = 9'; "
        + "remove the duplicates from one of them, or allow it with 'allow_overlap'")
  }

  @Test func duplicatesAcrossPartsOfOneDatasetAreFound() {
    let set = embeddingSet(
      ["a", "b", "c", "c"], vectors: [[1, 2], [1, 2], [7, 8], [7, 8]])
    let audit = ProtocolAudit(
      Self.partition(
        EmbeddingRows(set: set, rows: [0]), EmbeddingRows(set: set, rows: [2, 3]),
        EmbeddingRows(set: set, rows: [1])))
    #expect(audit.findings.map(\.count) == [1])
    #expect(audit.findings[0].first == "cohort" && audit.findings[0].second == "evaluation")
  }

  @Test func equalHashesAloneAreNotEnough() {
    // Rows that differ in one bit of one value.
    let set = embeddingSet(
      ["a", "b"], vectors: [[1, 2, 3, 4, 5], [1, 2, 3, 4, Float(5).nextUp]])
    let audit = ProtocolAudit(
      Self.partition(
        EmbeddingRows(set: set, rows: [0]), EmbeddingRows(set: set, rows: []),
        EmbeddingRows(set: set, rows: [1])))
    #expect(audit.findings.isEmpty)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 128, 511])
  func hashesDifferWhereRowsDifferAndOnlyThere(_ columns: Int) {
    let matrix = FloatMatrix(rows: columns + 2, columns: columns, stride: columns + 3)
    for i in 0..<matrix.rows {
      for j in 0..<columns { matrix[row: i][j] = Float(j) + (i == j ? 0.5 : 0) }
    }
    let hashes = rowHashes(of: matrix)
    // The last two rows are equal, all others differ from them in one column.
    #expect(hashes[columns] == hashes[columns + 1])
    #expect(Set(hashes).count == columns + 1)
  }
}
