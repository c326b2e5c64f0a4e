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

  @Test func disjointPartsPassAndTheLinesSayWhatWasCompared() throws {
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
        "X, fold 0: no identifier in two parts (whatever its case and outer blanks); "
          + "no identical embedding in two parts",
        "X, fold 0: not compared by cosine: any rows",
      ])
    try audit.check(allowing: [])
  }

  @Test func whereNothingTrainsNothingIsCompared() {
    let set = population(male: 2, female: 2)
    let none = EmbeddingRows(set: set, rows: [])
    let audit = ProtocolAudit(Self.partition(none, none, EmbeddingRows(all: set)))
    #expect(
      audit.lines.last == "X, fold 0: nothing trains or develops, so nothing was compared")
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
        == "protocol audit: the same subjects stand in several parts\n"
        + "LFW, fold 0: 6 subjects in both development and evaluation: 'f1', 'f2', 'f3', 'm1', "
        + "'m2' and 1 more; use another dataset for one of them, or allow it with 'allow_overlap'")
    try audit.check(allowing: [.subjects])
  }

  @Test func anImageInTwoDatasetsIsFoundByItsEmbedding() {
    let a = embeddingSet(["1", "2"], dataset: "A", vectors: [[1, 2], [3, -4]])
    // The same number "1" means nothing; the vector of "9" does.
    let b = embeddingSet(["1", "9"], dataset: "B", vectors: [[-5, 6], [3, -4]])
    let audit = ProtocolAudit(
      Self.partition(EmbeddingRows(all: a), EmbeddingRows(set: a, rows: []), EmbeddingRows(all: b)))
    #expect(audit.findings.map(\.kind) == [.embeddings])
    #expect(
      errorText { try audit.check(allowing: [.subjects]) }.hasSuffix(
        "B, fold 0: 1 embedding in both cohort and evaluation under different subjects: '2 = 9'; "
          + "remove the duplicates from one of them, or allow it with 'allow_overlap'"))
    #expect(audit.lines.contains { $0.contains("1 number in both cohort and evaluation") })
    #expect(audit.duplicateCohort == [1])
  }

  /// Names of two datasets are the same people, however they are spelt.
  @Test func namesAreComparedAcrossDatasets() {
    let a = embeddingSet(
      ["Abdullah Gul", "Ann", "x"], dataset: "A", vectors: [[1, 0], [0, 1], [1, 1]])
    let b = embeddingSet(
      ["abdullah_gul", "Bob", "ann "], dataset: "B", vectors: [[1, 0.001], [-1, 1], [-1, -1]])
    let audit = ProtocolAudit(
      Self.partition(EmbeddingRows(all: a), EmbeddingRows(set: a, rows: []), EmbeddingRows(all: b)))
    #expect(audit.findings.map(\.kind) == [.names])
    #expect(
      audit.findings[0].text
        == "B, fold 0: 2 subjects of the same name in both cohort and evaluation, 1 with similar embeddings: "
        + "'Abdullah Gul = abdullah_gul', 'Ann = ann '")
    #expect(throws: ProtocolError.self) { try audit.check(allowing: [.subjects, .embeddings]) }
  }

  @Test func twoSpellingsOfOneDatasetAreOnePerson() {
    let set = embeddingSet(
      ["p1", "P1 ", "p2", "p_1"], vectors: [[1, 0], [0, 1], [-1, 0], [0, -1]])
    let audit = ProtocolAudit(
      Self.partition(
        EmbeddingRows(set: set, rows: [0]), EmbeddingRows(set: set, rows: [2]),
        EmbeddingRows(set: set, rows: [1, 3])))
    #expect(audit.findings.map(\.kind) == [.names] && audit.findings[0].count == 1)
  }

  @Test func numbersAreTheSamePeopleWhereMostLookAlike() {
    func found(_ vectors: [[Float]]) -> [PartitionOverlap] {
      let a = embeddingSet(["1", "2", "3"], dataset: "A", vectors: [[1, 0], [0, 1], [-1, 0]])
      let b = embeddingSet(["1", "2", "3"], dataset: "B", vectors: vectors)
      return ProtocolAudit(
        Self.partition(
          EmbeddingRows(all: a), EmbeddingRows(set: a, rows: []), EmbeddingRows(all: b))
      ).findings.map(\.kind)
    }
    #expect(found([[1, 0.01], [0.01, 1], [0, -1]]) == [.names])
    #expect(found([[1, 0.01], [1, 0.5], [0, -1]]) == [])
  }

  /// One person under two names, as Sung_Hong_Choi and Choi_Sung-hong of LFW.
  private static func twoNames() -> SubjectPartition {
    let set = embeddingSet(
      ["c1", "c1", "Choi_Sung-hong", "d1", "d1", "Sung_Hong_Choi", "e2", "e2"],
      vectors: [
        [1, 0, 0, 0], [1, 0.4, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0.1], [0.4, 1, 0, 0.1],
        [0, 0, 1, 0.1],
        [0, 0, -1, 1], [0, 0.2, -1, 1],
      ])
    return partition(
      EmbeddingRows(set: set, rows: [0, 1, 2]), EmbeddingRows(set: set, rows: [3, 4]),
      EmbeddingRows(set: set, rows: [5, 6, 7]))
  }

  @Test func onePersonUnderTwoNamesIsFoundByCosine() throws {
    let partition = Self.twoNames()
    let audit = ProtocolAudit(partition, references: [5, 6])
    #expect(audit.findings.map(\.kind) == [.similar])
    let text = try #require(audit.findings.first?.text)
    #expect(
      text.contains("1 subject of the cohort and 1 enrolled one of other names look alike"))
    #expect(text.contains("'Choi_Sung-hong = Sung_Hong_Choi, cosine 0.995'"))
    #expect(ProtocolAudit(partition, references: [6]).findings.isEmpty)
    #expect(ProtocolAudit(partition).findings.isEmpty)
  }

  @Test func theRuleForThemIsObeyed() throws {
    let partition = Self.twoNames()
    let warned = try partition.audited(
      references: [5, 6], nearDuplicates: .warn, allowsOverlap: false)
    #expect(warned.warnings.count == 1 && warned.cohort.isEmpty)
    #expect(warned.warnings[0].contains("'near_duplicates: drop'"))
    let dropped = try partition.audited(
      references: [5, 6], nearDuplicates: .drop, allowsOverlap: false)
    #expect(dropped.warnings.isEmpty && dropped.cohort == [1] && dropped.development.isEmpty)
    #expect(dropped.lines[0].contains("1 subject dropped from cohort"))
    let rest = partition.without(cohort: dropped.cohort, development: dropped.development)
    #expect(rest.cohort.rows == [0, 1] && rest.evaluation.rows == partition.evaluation.rows)
    #expect(
      errorText {
        _ = try partition.audited(
          references: [5, 6], nearDuplicates: .refuse, allowsOverlap: false)
      }.contains("remove them ('near_duplicates: drop')"))
  }

  /// Blocks do not matter, and their edges neither.
  @Test(arguments: [1, 1_023, 1_024, 1_025, 2_049])
  func similarRowsAreFoundInEveryBlock(_ count: Int) {
    var vectors = [[Float]](repeating: [1, 0, 0], count: count)
    vectors[count - 1] = [0, 1, 0.1]
    let a = embeddingSet((0..<count).map { "a\($0)" }, dataset: "A", vectors: vectors)
    vectors = [[Float]](repeating: [0, 0, 1], count: count)
    vectors[count / 2] = [0, 1, 0]
    let b = embeddingSet((0..<count).map { "b\($0)" }, dataset: "B", vectors: vectors)
    let audit = ProtocolAudit(
      Self.partition(
        EmbeddingRows(all: a), EmbeddingRows(set: a, rows: []), EmbeddingRows(all: b)),
      references: (0..<Int32(count)).map { $0 }, likeness: 0.9)
    #expect(audit.findings.map(\.kind) == [.similar])
    #expect(audit.duplicateCohort == [Int32(count - 1)])
  }

  /// Where everything looks alike, each person is told once: what is kept is bounded by people, not by
  /// pairs.
  @Test func everybodyWhoLooksAlikeIsToldOnce() throws {
    func people(_ name: String, _ angle: Float) -> EmbeddingSet {
      embeddingSet(
        (0..<60).map { "\(name)\($0 / 2)" }, dataset: name,
        vectors: (0..<60).map { [1, angle * Float(1 + $0)] })
    }
    let (a, b) = (people("a", 1e-5), people("b", -1e-5))
    let none = EmbeddingRows(set: a, rows: [])
    let audit = ProtocolAudit(
      Self.partition(EmbeddingRows(all: a), none, EmbeddingRows(all: b)),
      references: (0..<30).map { 2 * $0 }, likeness: 0.9)
    #expect(audit.findings.map(\.count) == [30])
    #expect(
      audit.findings[0].text.contains("30 subjects of the cohort and 30 enrolled ones of other"))
    // The same vector everywhere: rows of the cohort, not pairs of rows.
    let (c, d) = (people("c", 0), people("d", 0))
    let equal = ProtocolAudit(
      Self.partition(EmbeddingRows(all: c), none, EmbeddingRows(all: d)),
      references: (0..<30).map { 2 * $0 }, likeness: 0.9)
    #expect(equal.findings.map(\.kind) == [.embeddings] && equal.findings[0].count == 60)
    #expect(equal.duplicateCohort.count == 30)
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
