import Configurations
import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct SplitTests {
  /// A division of 20 men and 20 women, and the file that lists it.
  private func division() throws -> (set: EmbeddingSet, [SubjectPartition], text: String) {
    let set = population(male: 20, female: 20)
    let partitions = try PartitionScheme.within(
      cohort: 0.5, development: 0.5, evaluation: 0.25, folds: 4
    ).partitions(of: set, seed: 1)
    return (set, partitions, try text(partitions))
  }

  private func text(_ partitions: [SubjectPartition]) throws -> String {
    let comparisons = try partitions.map {
      try ComparisonProtocol(partition: $0, reference: .random, seed: 1)
    }
    return Split(partitions, comparisons).text
  }

  private func read(_ text: String, _ set: EmbeddingSet) throws -> [SubjectPartition] {
    let folder = try temporaryFolder().path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/split.csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try PartitionScheme.files(["X": SplitFile(path: path)])
      .partitions(of: set, seed: 9, split: Split(contentsOf: path))
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let (set, partitions, text) = try division()
    let again = try read(text, set)
    #expect(again.count == 4)
    for (a, b) in zip(partitions, again) {
      #expect(a.cohort.rows == b.cohort.rows && a.development.rows == b.development.rows)
      #expect(
        a.evaluation.rows == b.evaluation.rows && a.evaluationSubjects == b.evaluationSubjects)
    }
    // Drawn references are fixed with it, whatever the seed.
    #expect(try self.text(again) == text)
  }

  @Test func namesWithCommasAndQuotesSurvive() throws {
    let names = ["a,b", "\"c\"", "d\"\",e"]
    let set = embeddingSet(names + names, vectors: (0..<6).map { [Float($0), 1] })
    let partition = SubjectPartition(
      fold: 0, cohort: EmbeddingRows(set: set, subjects: [0]),
      development: EmbeddingRows(set: set, subjects: [1]),
      evaluation: EmbeddingRows(set: set, subjects: [2]))
    let text = try text([partition])
    #expect(try self.text(read(text, set)) == text)
  }

  @Test func peopleWithoutUsableRowsAreKept() throws {
    let set = embeddingSet(["a", "b", "c"], extraSubjects: ["lost"])
    let partition = SubjectPartition(
      fold: 0, cohort: EmbeddingRows(set: set, subjects: [1]),
      development: EmbeddingRows(set: set, rows: []),
      evaluation: EmbeddingRows(set: set, subjects: [2, 3]), evaluationSubjects: [0, 2, 3])
    let text = try text([partition])
    #expect(text.contains("0,unenrolled,X,lost,\n"))
    #expect(try read(text, set)[0].evaluationSubjects == [0, 2, 3])
  }

  @Test(arguments: [
    ("fold;part\n", "split.csv:1: the first line is 'fold;part'"),
    ("0,cohort,X\n", "split.csv:2: expected five values"),
    ("0,train,X,m1,0\n", "part 'train', expected one of cohort, development"),
    ("0,cohort,X,m1,-2\n", "row '-2', expected a number from 0 on"),
    ("0,cohort,Y,m1,0\n", "cohort row of 'Y', expected 'X'; name its dataset with 'cohort: NAME'"),
    (
      "0,probe,X,zoe,0\n", "row 0 of 'X/e' is of 'm1', the split says 'zoe', whom the file does not"
    ),
    ("0,probe,X,m2,0\n", "is this the split of a file in another order?"),
    ("0,probe,X,m1,99\n", "'X/e' has no usable row 99, it has 8 usable rows"),
    ("0,probe,X,m1,0\n0,cohort,X,m1,1\n", "'m1' is in cohort here and in evaluation in line 2"),
    ("0,probe,X,m1,0\n0,probe,X,m1,0\n", "row 0 is listed twice, first in line 2"),
    ("0,probe,X,m1,0\n", "1 person with probes and no reference: 'm1'"),
    ("0,reference,X,m1,0\n0,reference,X,m1,1\n", "'m1' has two references, rows 0 and 1"),
    ("", "split.csv: lists nobody"),
  ])
  func errorsSayWhereAndWhat(_ lines: String, _ expected: String) throws {
    let set = population(male: 2, female: 2)
    let header = lines.hasPrefix("fold") ? "" : "fold,part,dataset,identity,row\n"
    let found = errorText { _ = try read(header + lines, set) }
    #expect(found.contains(expected), "\(found)")
  }
}
