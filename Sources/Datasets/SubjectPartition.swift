/// One subject-disjoint division of the data: who trains, who sets early stopping, who is tested.
///
/// `within` schemes take all three from one dataset, `cross` schemes from up to three.
package struct SubjectPartition: Sendable {
  /// 0 for a single split; the fold's number where every subject is evaluated once.
  package let fold: Int
  /// Training cohort: label 0 in training, and source of the intra-subject KDEs.
  package let cohort: EmbeddingRows
  /// Development rows: early stopping and choices made before evaluation.
  package let development: EmbeddingRows
  /// All rows of the evaluation subjects, file order.
  package let evaluation: EmbeddingRows

  package init(
    fold: Int, cohort: EmbeddingRows, development: EmbeddingRows, evaluation: EmbeddingRows
  ) {
    self.fold = fold
    self.cohort = cohort
    self.development = development
    self.evaluation = evaluation
  }
}
