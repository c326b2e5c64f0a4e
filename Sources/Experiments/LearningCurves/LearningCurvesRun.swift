// How trainings go, epoch by epoch, and what real images say on the way (definitions 6.9).
import Biometrics
import Configurations
import Datasets
import Kernels
import MOTE
import Records
import Specs
import Synchronization
import Workers

/// Trains networks of some people of every configuration of a spec as enrolment does, watches every
/// epoch, and writes a `LearningRecord` for every configuration that has none. Of several folds the first.
package struct LearningCurvesRun {
  private let spec: ExperimentSpec
  private let settings: LearningCurvesSpec
  private let store: ResultStore
  private let workers: Int
  private let interruption: Interruption
  private let report: (String) -> Void

  /// - Parameters:
  ///   - workers: threads; records do not depend on them.
  ///   - report: receives a line per step.
  package init(
    _ spec: ExperimentSpec, results: String, workers: Int, interruption: Interruption,
    report: @escaping (String) -> Void
  ) {
    self.spec = spec
    settings = spec.learningCurves ?? LearningCurvesSpec()
    store = ResultStore(results: results, experiment: spec.name)
    self.workers = workers
    self.interruption = interruption
    self.report = report
  }

  /// - Throws: `LearningCurvesError`, `StoreError`, `Interrupted`, what the data throw.
  package func run() throws {
    let lock = try store.open()
    defer { lock.release() }
    try store.keep(spec, replaces: false)
    if let warning = lock.warning { report("warning: \(warning)") }
    let shelf = try DataShelf(spec: spec)
    let cells = spec.firstCells.map { spec.inputs(of: $0, shelf.hashes) }
    let worst = cells.map { WorstPeople(of: $0, in: store, settings) }
    let inputs = zip(cells, worst).map { LearningInputs($0, settings, worst: $1.errors) }
    let hashes = inputs.map { inputHash(of: $0, versions: versions) }
    let current = Dictionary(uniqueKeysWithValues: zip(cells.map(\.cell), hashes))
    for line in try store.setAsideLearning(current: current) {
      report("record set aside: \(line)")
    }
    for (i, cell) in cells.enumerated() {
      try interruption.check()
      let key = cell.cell
      if store.learningRecord(key, inputHash: hashes[i]) != nil {
        report("\(key.title): trainings observed before")
        continue
      }
      let clock = ProvenanceClock()
      let data = try BatchData(cell, shelf: shelf)
      let observed = try observe(data, inputs[i])
      report(
        "\(key.title): \(observed.people.count) trainings observed"
          + (worst[i].omission.map { "; \($0)" } ?? ""))
      try store.write(
        LearningRecord(
          key: key, inputHash: hashes[i], isSynthetic: data.set.isSynthetic, settings: settings,
          training: observed.training, worstOmission: worst[i].omission, people: observed.people,
          summary: observed.summary,
          provenance: clock.provenance(
            .current(spec: spec, dataHashes: shelf.hashesByPath), key)))
    }
  }

  /// Trains and watches.
  private func observe(
    _ data: BatchData, _ inputs: LearningInputs
  ) throws -> (training: ObservedTraining, people: [LearningCurve], summary: LearningSummary) {
    let people = try ObservedPeople(data, settings, worst: inputs.worst)
    var partition = data.partitions[0]
    let isOfCohort = settings.proxies == .cohort
    let source = isOfCohort ? partition.cohort : partition.development
    guard !partition.development.rows.isEmpty else {
      throw LearningCurvesError.noDevelopmentRows(data.set.dataset)
    }
    let proxies = GuardProxies(
      cohort: source, heldOutShare: isOfCohort ? settings.heldOutShare : 1)
    guard proxies.pairs.count > 0 else {
      throw LearningCurvesError.noProxies(settings, dataset: source.set.dataset)
    }
    // Those whose images are shown later train in no way: not as non-mated rows either.
    if isOfCohort { partition = partition.with(cohort: proxies.rest) }
    let configuration = inputs.enrolment.training
    let context = try EnrolmentContext(
      partition: partition, configuration: configuration, kde: inputs.enrolment.kde,
      bandwidths: data.bandwidths, workers: workers)
    let factor = inputs.enrolment.balancingFactors[0]
    try context.check(balancingFactor: factor)
    let crew = ObservationCrew(
      context: context, pairs: proxies.pairs, settings, people: people.all, workers: workers)
    let found = Mutex<[ScoredTraining?]>(Array(repeating: nil, count: people.all.count))
    let isStopped = { interruption.isRequested }
    try concurrently(
      units: people.all.count, workers: crew.count, isStopped: isStopped
    ) { member, unit in
      do {
        let training = try crew.observe(
          people.all[unit], of: data, factor: factor, member: member, isCancelled: isStopped)
        found.withLock { $0[unit] = training }
      } catch is EnrolmentCancelled {
        // That the run is to stop shows below.
      }
    }
    try interruption.check()
    let training = ObservedTraining(
      epochs: configuration.epochs, patience: configuration.patience,
      maximumLearningRate: configuration.maximumLearningRate,
      cohortRows: partition.cohort.rows.count,
      developmentRows: partition.development.rows.count,
      proxies: proxies.pairs.count,
      proxyPeople: source.subjects.count - proxies.rest.subjects.count)
    let errors = CurveErrors(
      found.withLock { $0.compactMap { $0 } }, developmentRows: training.developmentRows,
      target: settings.target)
    return (training, errors.curves, errors.summary(inputs.bootstrap))
  }

  /// What the numbers follow from besides the inputs.
  private var versions: [String: String] {
    Provenance.computingVersions().merging(
      [
        "datasets": datasetsStageVersion, "mote": moteStageVersion,
        "biometrics": biometricsStageVersion,
      ].mapValues { "\($0)" }
    ) { own, _ in own }
  }
}

/// Workers that enrol and watch. (Unchecked: a member is used by one thread at a time.)
private struct ObservationCrew: @unchecked Sendable {
  private struct Member {
    let worker: EnrolmentWorker
    let observer: TrainingObserver
    let cosine: CosineComparator
  }

  private let members: [Member]

  init(
    context: EnrolmentContext, pairs: ProxyPairs, _ settings: LearningCurvesSpec,
    people: [ObservedPeople.Person], workers: Int
  ) {
    let kept = SharedThreshold.depth(
      people: people.count { $0.choice != .worst }, rows: context.development.rows,
      target: settings.target)
    members = (0..<max(1, min(workers, people.count))).map { _ in
      Member(
        worker: EnrolmentWorker(context: context),
        observer: TrainingObserver(
          context: context, pairs: pairs, target: settings.target, kept: kept,
          goesBeyondPatience: settings.beyondPatience),
        cosine: CosineComparator(dimension: context.shape.inputs))
    }
  }

  var count: Int { members.count }

  /// One person's training.
  func observe(
    _ person: ObservedPeople.Person, of data: BatchData, factor: Double, member: Int,
    isCancelled: () -> Bool
  ) throws -> ScoredTraining {
    let member = members[member]
    let sample = data.set.vectors[row: Int(person.referenceRow)]
    member.observer.begin(
      sample.baseAddress!, furtherImages: data.set.vectors.selecting(rows: person.furtherRows))
    let outcome = try member.worker.enrol(
      reference: sample.baseAddress!, subjectKey: person.key, balancingFactor: factor,
      seed: data.seed, observer: member.observer, isCancelled: isCancelled)
    let reference = VectorReference(vector: Array(sample))
    let cosine = member.observer.observed { rows in
      var scores = [Float](repeating: 0, count: rows.rows)
      member.cosine.score([reference], probes: rows, into: &scores, stride: rows.rows)
      return scores
    }
    return ScoredTraining(
      person: person, course: outcome.training, epochs: member.observer.epochs(of: outcome),
      cosine: cosine)
  }
}

/// Why no training can be observed.
package enum LearningCurvesError: Error, CustomStringConvertible, Equatable {
  case noDevelopmentRows(String)
  case noProxies(LearningCurvesSpec, dataset: String)
  case notEnrolled([String], dataset: String, enrolled: Int)

  package var description: String {
    switch self {
    case .noDevelopmentRows(let dataset):
      "learning curves set thresholds on development rows, and there are none when '\(dataset)' is "
        + "evaluated; give 'partition' a development part"
    case .noProxies(let settings, let dataset):
      settings.proxies == .cohort
        ? "a share of \(settings.heldOutShare) of the people of '\(dataset)' with two images or more is "
          + "nobody, expected one person to make proxies of; use a larger 'held_out_share' or cohort, or "
          + "'proxies: development'"
        : "nobody of the development part of '\(dataset)' has two images, expected one person to make "
          + "proxies of; use 'proxies: cohort' or other development people"
    case .notEnrolled(let names, let dataset, let enrolled):
      "'learning_curves: people' names \(names.map { "'\($0)'" }.joined(separator: ", ")), expected some of "
        + "the \(grouped(enrolled)) people of '\(dataset)' who are enrolled (in the first fold); "
        + "protocol/\(dataset)-….csv of a run lists them"
    }
  }
}
