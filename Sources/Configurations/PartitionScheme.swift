/// How subjects are divided into cohort, development and evaluation.
package enum PartitionScheme: Sendable, Codable, Hashable {
  /// Subjects of one dataset, divided by seed, stratified by gender.
  ///
  /// With one fold the shares apply to all subjects; a sum below 1 leaves subjects unused. With k
  /// folds every subject is evaluated in exactly one of them (the evaluation share is 1/k whatever
  /// `evaluation` says), and the others are divided in the proportion cohort : development.
  ///
  /// `cohortFrom` and `developmentFrom` name datasets that give these rows whole; people of a share
  /// beside them have no part then.
  ///
  /// Where the development part is evaluated, the evaluation part has no part, and as many people of
  /// each gender as the development part had are taken from the cohort part to develop.
  case within(
    cohort: Double, development: Double, evaluation: Double, folds: Int = 1,
    cohortFrom: String? = nil, developmentFrom: String? = nil,
    evaluated: EvaluatedPart = .evaluation)
  /// Cohort, development and evaluation are whole datasets, named; the evaluated dataset is given
  /// with the data. The official code takes MORPH and LFW, also when LFW is evaluated.
  case cross(cohort: String, development: String)
  /// Everybody's part is listed in a file, by evaluated dataset.
  case files([String: SplitFile])
}

/// Whose people are enrolled and compared.
package enum EvaluatedPart: String, Sendable, Codable, Hashable, CaseIterable {
  /// The evaluation people: what results are reported on.
  case evaluation
  /// The development people of the same split: what choices are made by.
  case development
}

/// A file that lists the rows of a division (see `Split`), and whose rows they are.
package struct SplitFile: Sendable, Codable, Hashable {
  /// Path as written.
  package var path: String
  /// Dataset of the cohort rows; nil: the evaluated one.
  package var cohort: String?
  /// Dataset of the development rows; nil: the evaluated one.
  package var development: String?

  package init(path: String, cohort: String? = nil, development: String? = nil) {
    self.path = path
    self.cohort = cohort
    self.development = development
  }
}

extension PartitionScheme {
  /// Datasets that give their whole rows to cohort and development; nil: a share, or rows that are
  /// listed.
  package var wholeDatasets: (cohort: String?, development: String?) {
    switch self {
    case .within(_, _, _, _, let cohort, let development, _): (cohort, development)
    case .cross(let cohort, let development): (cohort, development)
    case .files: (nil, nil)
    }
  }

  /// Datasets that cohort and development rows come from when `dataset` is evaluated.
  package func datasets(evaluating dataset: String) -> (cohort: String, development: String) {
    if case .files(let files) = self {
      return (files[dataset]?.cohort ?? dataset, files[dataset]?.development ?? dataset)
    }
    return (wholeDatasets.cohort ?? dataset, wholeDatasets.development ?? dataset)
  }

  /// Whose people are evaluated.
  package var evaluated: EvaluatedPart {
    guard case .within(_, _, _, _, _, _, let evaluated) = self else { return .evaluation }
    return evaluated
  }

  /// The scheme with whole datasets in place of those, or the shares, that give cohort and development
  /// rows; nil: as it is. A listed division stays.
  package func replacing(cohort: String?, development: String?) -> PartitionScheme {
    switch self {
    case .within(
      let share, let developmentShare, let evaluation, let folds, let cohortFrom,
      let developmentFrom, let evaluated):
      .within(
        cohort: share, development: developmentShare, evaluation: evaluation, folds: folds,
        cohortFrom: cohort ?? cohortFrom, developmentFrom: development ?? developmentFrom,
        evaluated: evaluated)
    case .cross(let ownCohort, let ownDevelopment):
      .cross(cohort: cohort ?? ownCohort, development: development ?? ownDevelopment)
    case .files: self
    }
  }

  /// The scheme without the places of files, which do not affect results.
  package var withoutPaths: PartitionScheme {
    guard case .files(let files) = self else { return self }
    return .files(
      files.mapValues { SplitFile(path: "", cohort: $0.cohort, development: $0.development) })
  }
}

/// What is done with people who train or develop and look like an enrolled one of another name.
package enum NearDuplicateRule: String, Sendable, Codable, Hashable, CaseIterable {
  /// They stay, and a warning names them.
  case warn
  /// They are left out of cohort and development.
  case drop
  /// The partition is refused.
  case refuse
}
