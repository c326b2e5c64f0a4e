/// How subjects are divided into cohort, development and evaluation.
package enum PartitionScheme: Sendable, Codable, Hashable {
  /// Subjects of one dataset, divided by seed, stratified by gender.
  ///
  /// With one fold the shares apply to all subjects; a sum below 1 leaves subjects unused. With k
  /// folds every subject is evaluated in exactly one of them (the evaluation share is 1/k whatever
  /// `evaluation` says), and the others are divided in the proportion cohort : development.
  case within(cohort: Double, development: Double, evaluation: Double, folds: Int = 1)
  /// Cohort, development and evaluation are whole datasets, named; the evaluated dataset is given
  /// with the data. The official code takes MORPH and LFW, also when LFW is evaluated.
  case cross(cohort: String, development: String)
}
