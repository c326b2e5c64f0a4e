/// One division of the data: who trains, who sets early stopping, who is tested.
///
/// `within` schemes take all three from one dataset, `cross` schemes from up to three. Whether the
/// three are subject-disjoint is checked by `ProtocolAudit`.
package struct SubjectPartition: Sendable {
  /// 0 for a single split; the fold's number where every subject is evaluated once.
  package let fold: Int
  /// Training cohort: label 0 in training, and source of the intra-subject KDEs.
  package let cohort: EmbeddingRows
  /// Development rows: early stopping and choices made before evaluation.
  package let development: EmbeddingRows
  /// All rows of the evaluation subjects, file order.
  package let evaluation: EmbeddingRows
  /// Evaluation subjects, ascending, including those without a usable row.
  package let evaluationSubjects: [Int32]
  /// Rows that are enrolled, at most one per subject; nil: a rule chooses (`ReferenceSelection`).
  package let references: [Int32]?

  /// - Parameter evaluationSubjects: nil: the subjects of the evaluation rows.
  package init(
    fold: Int, cohort: EmbeddingRows, development: EmbeddingRows, evaluation: EmbeddingRows,
    evaluationSubjects: [Int32]? = nil, references: [Int32]? = nil
  ) {
    self.fold = fold
    self.cohort = cohort
    self.development = development
    self.evaluation = evaluation
    self.references = references
    self.evaluationSubjects = evaluationSubjects?.sorted() ?? evaluation.subjects
  }
}

extension SubjectPartition {
  /// The partition without some subjects of cohort and development.
  package func without(cohort: [Int32], development: [Int32]) -> SubjectPartition {
    SubjectPartition(
      fold: fold, cohort: self.cohort.without(cohort),
      development: self.development.without(development), evaluation: evaluation,
      evaluationSubjects: evaluationSubjects, references: references)
  }
}

extension EmbeddingRows {
  /// The rows of other subjects than these.
  package func without(_ subjects: [Int32]) -> EmbeddingRows {
    if subjects.isEmpty { return self }
    let left = Set(subjects)
    return EmbeddingRows(set: set, rows: rows.filter { !left.contains(set.subjectOfRow[Int($0)]) })
  }

  /// Subjects of the rows, ascending, each once.
  package var subjects: [Int32] {
    var present = [Bool](repeating: false, count: set.subjects.count)
    for row in rows { present[Int(set.subjectOfRow[Int(row)])] = true }
    return present.indices.filter { present[$0] }.map { Int32($0) }
  }

  /// All rows of a set in file order.
  package init(all set: EmbeddingSet) {
    self.init(set: set, rows: (0..<set.count).map { Int32($0) })
  }

  /// All rows of some subjects in file order.
  package init(set: EmbeddingSet, subjects: some Sequence<Int32>) {
    self.init(set: set, rows: subjects.flatMap { set.rows(of: Int($0)) }.sorted())
  }
}
