import Biometrics
import Configurations

/// SHA-256 of the files of a spec.
package struct DataHashes: Sendable, Hashable {
  /// Of embeddings, by `DatasetInputs.name`.
  package var embeddings: [String: String]
  /// Of listed divisions, by evaluated dataset.
  package var splits: [String: String]

  package init(embeddings: [String: String], splits: [String: String] = [:]) {
    self.embeddings = embeddings
    self.splits = splits
  }
}

extension ExperimentSpec {
  /// What one of `cells()` follows from.
  ///
  /// - Precondition: `hashes` has every file that the cell reads.
  package func inputs(of cell: Cell, _ hashes: DataHashes) -> CellInputs {
    let draws = cell.preset != nil || cell.attack != nil
    let allowOverlap = allowsOverlap(evaluating: cell.dataset, configuration: cell.preset)
    let input = cell.preset.flatMap { configuration($0).input }
    return CellInputs(
      cell: cell,
      division: division(
        of: cell, dropsNearDuplicates: nearDuplicates == .drop && !allowOverlap, hashes),
      audit: AuditInputs(
        refusesNearDuplicates: nearDuplicates == .refuse, allowOverlap: allowOverlap,
        refusesUnitVectors: input == .raw),
      enrolment: cell.preset.map { name in
        let configuration = configuration(name)
        return EnrolmentInputs(
          training: configuration.training, kde: configuration.kde,
          balancingFactors: cell.balancingFactor.map { [$0] } ?? balancingFactors)
      },
      attack: cell.attack.map { _ in
        AttackInputs(
          attacker: dataset(
            attackerDataset(attacking: cell.dataset)!, extractor: cell.extractor, input, hashes),
          observation: attack!.observation, scheme: attack!.recipe(of: cell.system))
      },
      seed: draws ? seed(ofRepeat: cell.repeatIndex) : 0,
      evaluation: EvaluationInputs(
        // Of an attacked cell, recognition is told under the first convention.
        conventions: cell.attack == nil ? conventions : [conventions[0]],
        operatingPoints: operatingPoints,
        identification: cell.attack == nil ? identification : nil, bootstrap: bootstrap,
        groups: groups,
        audit: cell.attack.map { _ in attack!.audit }),
      columns: cell.attack == nil ? scoreColumns(of: cell) : [])
  }

  /// Everybody's part when the cell's dataset is evaluated.
  private func division(
    of cell: Cell, dropsNearDuplicates: Bool, _ hashes: DataHashes
  ) -> DivisionInputs {
    let needsCohort = trains(cell)
    let needsDevelopment = needsCohort || usesDevelopmentThreshold
    let configuration = cell.preset.map(configuration)
    func dataset(_ name: String) -> DatasetInputs {
      self.dataset(name, extractor: cell.extractor, configuration?.input, hashes)
    }
    let scheme = partition(evaluating: cell.dataset, configuration: cell.preset)
    let names = scheme.datasets(evaluating: cell.dataset)
    var limits = limits
    limits.cohortSubjects = configuration?.cohortSubjects ?? limits.cohortSubjects
    // Parts of the evaluated dataset are divided and audited all the same, and an attacker of the same
    // dataset may have those whom the limits leave out of them.
    if case .cross = scheme {
      if !needsCohort { limits.cohortSubjects = nil }
      if !needsDevelopment { limits.developmentSubjects = nil }
    }
    var isDrawn = needsCohort || cell.attack != nil || limits != LimitsSpec()
    let reference = cell.reference ?? protocolSwitches.reference
    if reference == .random { isDrawn = true }
    if case .within = scheme { isDrawn = true }
    return DivisionInputs(
      evaluated: dataset(cell.dataset), cohort: needsCohort ? dataset(names.cohort) : nil,
      development: needsDevelopment ? dataset(names.development) : nil,
      partition: scheme.reading(
        evaluated: cell.dataset, cohort: needsCohort, development: needsDevelopment),
      split: splitPath(evaluating: cell.dataset).map { _ in hashes.splits[cell.dataset]! },
      limits: limits,
      cohortMaleShare: cell.attack?.cohortMaleShare ?? configuration?.cohortMaleShare,
      reference: reference, enrolled: protocolSwitches.enrolled,
      unlabelled: protocolSwitches.unlabelled, dropsNearDuplicates: dropsNearDuplicates,
      seed: isDrawn ? seed : 0)
  }

  /// A file as a configuration's networks take it; without a configuration, as the dataset says.
  private func dataset(
    _ name: String, extractor: String, _ input: VectorInput?, _ hashes: DataHashes
  ) -> DatasetInputs {
    var reading = source(dataset: name, extractor: extractor)
    reading.path = ""
    reading.normalise = input.map { $0 == .normalised } ?? reading.normalise
    let file = DatasetInputs.name(name, extractor)
    guard let hash = hashes.embeddings[file] else { preconditionFailure("no hash of '\(file)'") }
    return DatasetInputs(dataset: name, extractor: extractor, sha256: hash, reading: reading)
  }
}

extension PartitionScheme {
  /// The scheme as one evaluated dataset sees it: without paths, other datasets' files, and names of
  /// datasets that are not read.
  fileprivate func reading(evaluated: String, cohort: Bool, development: Bool) -> PartitionScheme {
    switch self {
    case .within: self
    case .cross(let cohortName, let developmentName):
      .cross(cohort: cohort ? cohortName : "", development: development ? developmentName : "")
    case .files(let files):
      .files([
        evaluated: SplitFile(
          path: "", cohort: files[evaluated]?.cohort, development: files[evaluated]?.development)
      ])
    }
  }
}
