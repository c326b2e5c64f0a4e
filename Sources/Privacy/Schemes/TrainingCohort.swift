import AttackReports
import Datasets
import Kernels

/// Labelled embeddings that a trained scheme learns from; their subjects are not targets.
package struct TrainingCohort: Sendable {
  /// [n, d].
  package let vectors: FloatMatrix
  /// Whether each row belongs to the question's first group.
  package let isFirst: [Bool]
  package let first: String
  package let second: String

  package init(
    vectors: FloatMatrix, isFirst: [Bool], first: String = "male", second: String = "female"
  ) {
    precondition(vectors.rows == isFirst.count, "\(isFirst.count) labels, \(vectors.rows) rows")
    self.vectors = vectors
    self.isFirst = isFirst
    self.first = first
    self.second = second
  }

  /// The labelled rows among those given.
  package init(_ rows: EmbeddingRows, labels: AttributeLabels, question: BinaryQuestion) {
    let labelled = rows.rows.filter { labels.groupOfRow[Int($0)] >= 0 }
    self.init(
      vectors: rows.set.vectors.selecting(rows: labelled),
      isFirst: labelled.map { labels.groupOfRow[Int($0)] == question.firstGroup },
      first: question.first, second: question.second)
  }

  /// - Throws: `PrivacyError.tooFewTraining` unless both groups have `needed` rows.
  func check(scheme: String, needed: Int) throws {
    let n0 = isFirst.count { $0 }
    for (group, found) in [(first, n0), (second, isFirst.count - n0)] where found < needed {
      throw PrivacyError.tooFewTraining(
        scheme: scheme, group: group, found: found, needed: needed)
    }
  }
}
