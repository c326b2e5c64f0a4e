/// Who trains, who sets early stopping, who is tested: as the spec says it.
package enum PartitionSpec: Sendable, Codable, Hashable {
  /// All three from each evaluated dataset, subject-disjoint.
  case within(WithinSpec)
  /// Cohort, development and evaluation from different datasets.
  case cross(CrossSpec)
}

/// Shares of the subjects of one dataset.
package struct WithinSpec: Sendable, Codable, Hashable {
  /// Shares in (0, 1). With one fold the sum of all three is at most 1; with more, the subjects
  /// that are not evaluated are divided in the proportion cohort : development.
  package var cohort: Double
  package var development: Double
  /// With more than one fold this is 1 / folds.
  package var evaluation: Double
  /// 1: a single split. More: every subject is evaluated in exactly one fold.
  package var folds: Int

  package init(cohort: Double, development: Double, evaluation: Double, folds: Int = 1) {
    self.cohort = cohort
    self.development = development
    self.evaluation = evaluation
    self.folds = folds
  }
}

/// Datasets that give cohort and development rows, by evaluated dataset where it matters.
package struct CrossSpec: Sendable, Codable, Hashable {
  package var cohort: String
  package var development: String
  /// Evaluated dataset -> what differs for it.
  package var exceptions: [String: CrossException]

  package init(cohort: String, development: String, exceptions: [String: CrossException] = [:]) {
    self.cohort = cohort
    self.development = development
    self.exceptions = exceptions
  }
}

/// What differs from the `cross` scheme when one dataset is evaluated.
package struct CrossException: Sendable, Codable, Hashable {
  package var cohort: String?
  package var development: String?

  package init(cohort: String? = nil, development: String? = nil) {
    self.cohort = cohort
    self.development = development
  }
}

/// The partition of one cell, all exceptions applied.
package enum ResolvedPartition: Sendable, Codable, Hashable {
  case within(WithinSpec)
  case cross(cohort: String, development: String)
}

extension ExperimentSpec {
  /// The partition used when `dataset` is evaluated under a configuration (nil: the traditional
  /// system). A configuration's exception wins over the partition's, and that over the rule.
  package func partition(evaluating dataset: String, configuration name: String?)
    -> ResolvedPartition
  {
    switch partition {
    case .within(let within): return .within(within)
    case .cross(let cross):
      let general = cross.exceptions[dataset]
      let special = name.flatMap { configuration($0).exceptions[dataset] }
      return .cross(
        cohort: special?.cohort ?? general?.cohort ?? cross.cohort,
        development: special?.development ?? general?.development ?? cross.development)
    }
  }

  /// True where the spec allows, by name, that subjects of `dataset` stand in several partitions.
  package func allowsOverlap(evaluating dataset: String, configuration name: String?) -> Bool {
    allowOverlap.contains(dataset)
      || (name.map { configuration($0).allowOverlap.contains(dataset) } ?? false)
  }
}
