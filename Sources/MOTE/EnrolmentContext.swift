import Configurations
import Datasets
import Kernels

/// Raise when enrolment or comparison gives other results for the same input.
package let moteStageVersion = 3

/// What all enrolments of one partition and configuration share: cohort, development rows and
/// densities. Prepared once, immutable, used by all workers, subjects and balancing factors.
package struct EnrolmentContext: Sendable {
  package let configuration: TrainingConfiguration
  package let shape: NetworkShape
  /// Label 0 in training, [N, d].
  package let cohort: FloatMatrix
  /// Label 0 in validation, [N_dev, d].
  package let development: FloatMatrix
  /// Source of synthetic mated rows in training and in validation.
  package let trainingDensities: GenderKDEs
  package let validationDensities: GenderKDEs
  /// What the guard's proxies are made by; nil: it has none.
  package let proxyPairs: ProxyPairs?

  /// Synthetic mated rows asked for in training: P.
  package var trainingSlots: Int { configuration.matedRows(cohortRows: cohort.rows) }
  /// Synthetic mated rows asked for in validation: floor(N_dev / 2); none without early stopping.
  package var validationSlots: Int { configuration.patience == nil ? 0 : development.rows / 2 }

  /// Prepares a partition: packs its rows and fits the densities.
  ///
  /// - Parameters:
  ///   - bandwidths: those that were searched before; what is searched here is added.
  ///   - workers: threads of the bandwidth search; results do not depend on it.
  /// - Throws: `EnrolmentError` when configuration or data cannot be trained with.
  package init(
    partition: SubjectPartition, configuration: TrainingConfiguration,
    kde: KDEConfiguration = KDEConfiguration(),
    bandwidths: SearchedBandwidths = SearchedBandwidths(), workers: Int = 1
  ) throws {
    func densities(_ rows: EmbeddingRows) -> GenderKDEs {
      GenderKDEs(rows: rows, configuration: kde, bandwidths: bandwidths, workers: workers)
    }
    let proxies = configuration.heldOutShare.map {
      GuardProxies(cohort: partition.cohort, heldOutShare: $0)
    }
    let training = densities(proxies?.rest ?? partition.cohort)
    let usesDevelopment =
      configuration.patience != nil && kde.validationSource == .development
    try self.init(
      configuration: configuration, cohort: EnrolmentContext.packed(partition.cohort),
      development: EnrolmentContext.packed(partition.development), trainingDensities: training,
      validationDensities: usesDevelopment ? densities(partition.development) : training,
      proxyPairs: proxies?.pairs)
  }

  /// From parts that are ready.
  ///
  /// - Throws: `EnrolmentError` when they cannot be trained with.
  package init(
    configuration: TrainingConfiguration, cohort: FloatMatrix, development: FloatMatrix,
    trainingDensities: GenderKDEs, validationDensities: GenderKDEs,
    proxyPairs: ProxyPairs? = nil
  ) throws {
    let problems = configuration.problems
    guard problems.isEmpty else { throw EnrolmentError.impossibleConfiguration(problems) }
    guard cohort.rows >= 1, cohort.columns >= 1 else { throw EnrolmentError.emptyCohort }
    if configuration.patience != nil {
      guard development.rows >= 2 else {
        throw EnrolmentError.tooFewDevelopmentRows(development.rows)
      }
      guard development.columns == cohort.columns else {
        throw EnrolmentError.dimensionsDiffer(
          cohort: cohort.columns, development: development.columns)
      }
    }
    if let rule = configuration.enrolmentGuard {
      guard development.rows >= 1 else { throw EnrolmentError.noGuardThreshold }
      guard rule.proxies == .reference || proxyPairs.map({ $0.count > 0 }) == true else {
        throw EnrolmentError.noProxies(share: rule.heldOutShare)
      }
    }
    self.configuration = configuration
    self.proxyPairs = proxyPairs
    shape = NetworkShape(inputs: cohort.columns, hiddenWidths: configuration.hiddenWidths)
    self.cohort = cohort
    self.development = development
    self.trainingDensities = trainingDensities
    self.validationDensities = validationDensities
  }

  /// Whether subjects can be enrolled with a balancing factor.
  ///
  /// - Throws: `EnrolmentError` when the factor is impossible, leaves no synthetic mated rows, or
  ///   needs a density that the data do not give.
  package func check(balancingFactor: Double) throws {
    try Self.check(
      balancingFactor: balancingFactor, configuration,
      uses: [
        DensityUse(name: "training", slots: trainingSlots, has: trainingDensities.has),
        DensityUse(name: "validation", slots: validationSlots, has: validationDensities.has),
      ])
  }

  /// The same of a partition, seen from the number of residuals alone, before densities are fitted.
  package static func check(
    _ partition: SubjectPartition, _ configuration: TrainingConfiguration, kde: KDEConfiguration,
    balancingFactor: Double
  ) throws {
    let (cohort, development) = (partition.cohort, partition.development)
    func has(_ rows: EmbeddingRows) -> (Gender) -> Bool {
      { gender in
        let least = kde.bandwidths[gender.name] == nil ? 2 : 1
        return IntraSubjectKDE.residualCount(of: rows, gender: gender, configuration: kde) >= least
      }
    }
    try check(
      balancingFactor: balancingFactor, configuration,
      uses: [
        DensityUse(
          name: "training", slots: configuration.matedRows(cohortRows: cohort.rows.count),
          has: has(cohort)),
        DensityUse(
          name: "validation", slots: configuration.patience == nil ? 0 : development.rows.count / 2,
          has: has(kde.validationSource == .development ? development : cohort)),
      ])
  }

  /// What synthetic mated rows are drawn for.
  private struct DensityUse {
    let name: String
    /// Rows asked for.
    let slots: Int
    /// Whether a gender has a density.
    let has: (Gender) -> Bool
  }

  private static func check(
    balancingFactor: Double, _ configuration: TrainingConfiguration, uses: [DensityUse]
  ) throws {
    guard balancingFactor >= 0, balancingFactor <= 1 else {
      throw EnrolmentError.impossibleFactor(balancingFactor)
    }
    for use in uses {
      let split = MatedSplit(slots: use.slots, balancingFactor: balancingFactor)
      if split.count == 0 && (use.name == "training" || configuration.patience != nil) {
        throw EnrolmentError.noSyntheticRows(
          use: use.name, asked: use.slots, factor: balancingFactor)
      }
      for (gender, rows) in [(Gender.male, split.male), (.female, split.female)]
      where rows > 0 && !use.has(gender) {
        throw EnrolmentError.noDensity(gender: gender, use: use.name, factor: balancingFactor)
      }
    }
  }

  /// The rows as one matrix; the set's own where they are all of it in order.
  private static func packed(_ rows: EmbeddingRows) -> FloatMatrix {
    let all = rows.set.vectors
    if rows.rows.count == all.rows && rows.rows.enumerated().allSatisfy({ $0 == Int($1) }) {
      return all
    }
    return all.selecting(rows: rows.rows)
  }
}

/// Why subjects cannot be enrolled.
package enum EnrolmentError: Error, CustomStringConvertible, Equatable {
  case impossibleConfiguration([String])
  case emptyCohort
  case tooFewDevelopmentRows(Int)
  case dimensionsDiffer(cohort: Int, development: Int)
  case impossibleFactor(Double)
  case noSyntheticRows(use: String, asked: Int, factor: Double)
  case noDensity(gender: Gender, use: String, factor: Double)
  case noGuardThreshold
  case noProxies(share: Double)

  package var description: String {
    switch self {
    case .impossibleConfiguration(let problems):
      "training configuration: " + problems.joined(separator: "; ")
    case .emptyCohort: "the training cohort has no rows, expected at least one"
    case .tooFewDevelopmentRows(let n):
      "early stopping with \(n) development rows, expected at least 2; switch early stopping off "
        + "(no patience) or give a development partition"
    case .dimensionsDiffer(let cohort, let development):
      "cohort embeddings have dimension \(cohort), development embeddings \(development)"
    case .impossibleFactor(let factor): "balancing factor \(factor), expected 0 to 1"
    case .noSyntheticRows(let use, let asked, let factor):
      "no synthetic mated rows in \(use): \(asked) asked for, none left with balancing factor "
        + "\(factor); enlarge the cohort or the share of mated rows"
    case .noGuardThreshold:
      "the guard sets a network's threshold on development rows, and there are none; give a "
        + "development partition or no guard"
    case .noProxies(let share):
      "the guard holds out a share of \(share) of the cohort's people with two images or more, which "
        + "leaves none; use a larger share or cohort, or 'proxies: reference'"
    case .noDensity(let gender, let use, let factor):
      "balancing factor \(factor) needs a \(gender.name) density in \(use), but fewer than two "
        + "\(gender.name) residuals are there (rows of people labelled so who have two or more); label more "
        + "people, or choose a factor that takes no \(gender.name) samples"
    }
  }
}
