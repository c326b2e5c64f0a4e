/// How large the evaluation of a cell was.
package struct EvaluationCounts: Sendable, Codable {
  /// Subjects with at least one reference.
  package var subjects = 0
  /// The same by group name; "unlabelled" for the rest.
  package var subjectsByGender: [String: Int] = [:]
  package var references = 0
  package var probes = 0
  /// Mated comparisons without self trials.
  package var matedComparisons = 0
  package var nonMatedComparisons = 0
  /// Mated comparisons of a reference sample with itself, present only where a convention has them.
  package var selfTrials = 0
  /// Subjects without a second sample: their references meet non-mated probes only.
  package var subjectsWithoutMatedProbe = 0
  /// Subjects without a usable sample: they are in no comparison, and in no other of these numbers.
  package var failuresToEnrol = 0
  package init() {}
}
