import Biometrics
import Configurations
import Datasets
import Kernels
import Records
import Specs

/// What a pilot measures: a batch of cells or an attacked cell, on its data.
struct PilotJob {
  /// The cell that stands for all of the job.
  let cell: Cell
  /// Takes about so many seconds; nil: these data do not show what the cell costs.
  let measure: (_ seconds: Double) throws -> Pilot?
}

extension Runner {
  /// Measures jobs in turn until the time is used up, each as the run does it but with a few
  /// references: the first of each kind whatever it takes, then the others.
  ///
  /// - Parameter seconds: time that may be used, roughly.
  func pilots(_ jobs: [PilotJob], seconds: Double) -> Pilots {
    BLAS.useOneThread()
    var seen: Set<[String]> = []
    let firsts = jobs.filter { seen.insert($0.cell.pilotKind).inserted }
    let others = jobs.filter { job in !firsts.contains { $0.cell == job.cell } }
    var pilots = Pilots()
    let watch = StopWatch()
    for (turn, job) in (firsts + others).enumerated() {
      let left = seconds - watch.wallSeconds
      if turn >= firsts.count && left <= 0 { break }
      // What cannot be done costs nothing: the run will say why.
      if let pilot = try? job.measure(max(0.3, left / Double(jobs.count - turn))) {
        pilots.measured.append((job.cell, pilot))
      }
    }
    return pilots
  }

  /// A batch: its densities, some references of its first scored cell, and their evaluation.
  func pilot(_ batch: CellBatch, _ data: BatchData, seconds: Double) throws -> Pilot {
    let comparison = data.comparisons[0]
    let cell = spec.scoredCells(of: batch)[0]
    let probes = comparison.probes.packed()
    let columns = data.columns(fold: 0, cell: cell, in: spec)
    var pilot = Pilot(CellSize(data, cell, spec))
    let watch = StopWatch()
    let crew = try batch.configuration.map {
      try EnrolmentCrew(
        data.partitions[0], spec.configuration($0), workers: options.workers,
        interruption: interruption)
    }
    pilot.preparing = crew == nil ? 0 : watch.busySeconds * Double(data.partitions.count)
    // Vectors are compared by one worker.
    let sample = try PilotSample(
      of: comparison, workers: crew == nil ? 1 : options.workers, seconds: seconds
    ) {
      try crew?.enrolAndCompare(
        $0, comparison, probes: probes, columns: columns, subjectKeys: data.subjectKeys,
        factor: cell.balancingFactor!, seed: data.seed
      ).scores
        ?? data.cosines(of: $0, probes: probes, columns: columns).scores
    }
    pilot.enrolling = sample.secondsPerReference
    var request = EvaluationRequest(
      conventions: spec.conventions.filter { $0.threshold != .perSubject },
      targets: spec.operatingPoints, fixedThreshold: crew == nil ? nil : 0, bootstrap: nil,
      workers: options.workers)
    pilot.evaluating = try evaluating(sample, data, request)
    // Calibrated scores are evaluated target by target.
    request.conventions = spec.conventions.filter { $0.threshold == .perSubject }
    for target in spec.operatingPoints {
      request.targets = [target]
      pilot.evaluating += try evaluating(sample, data, request)
    }
    return pilot
  }

  /// An attacked cell: a scheme's training with two of its steps, some targets and own references as
  /// the attacker observes them, and all attacks on these targets; nil: they are all of one group.
  func pilot(_ cell: Cell, _ attacked: AttackData, seconds: Double) throws -> Pilot? {
    let data = attacked.data
    var pilot = Pilot(CellSize(attacked, cell, spec))
    var observe: AttackObserver.Observation?
    func preparing(steps: Int?) throws -> Double {
      var spec = spec
      for i in spec.attack!.schemes.indices where spec.attack!.schemes[i].name == cell.system {
        spec.attack!.schemes[i].steps = steps
      }
      let watch = StopWatch()
      observe = try AttackObserver(
        cell: cell, spec: spec, attacked: attacked, workers: options.workers,
        interruption: interruption
      ).units(fold: 0)
      return watch.busySeconds * Double(data.partitions.count)
    }
    if let steps = spec.attack!.recipe(of: cell.system)?.steps, steps > 2 {
      pilot.preparing = extrapolated(
        to: steps, from: (1, try preparing(steps: 1)), (2, try preparing(steps: 2)))
    } else {
      pilot.preparing = try preparing(steps: nil)
    }

    var seen = AttackedScores(attacked)
    func answers() -> Int {
      attacked.attributes.reduce(0) { $0 + seen.questions($1, targets: 2).count }
    }
    let perReference = seconds / Double(max(1, pilot.size.references + pilot.size.ownReferences))
    func sample(_ side: AttackedSide, of count: Int, _ people: ComparisonProtocol) throws
      -> PilotSample
    {
      let isEnough = { answers() > 0 }
      return try PilotSample(
        of: people, workers: options.workers, seconds: perReference * Double(count),
        isEnough: isEnough
      ) { unit in
        let block = try observe!(unit, side)
        seen.append(block, unit, side)
        return block.scores
      }
    }
    let targets = try sample(.targets, of: pilot.size.references, data.comparisons[0])
    pilot.enrolling = targets.secondsPerReference
    if let people = attacked.own.comparisons[0] {
      pilot.enrollingOwn = try sample(.own, of: pilot.size.ownReferences, people)
        .secondsPerReference
    }
    let watch = StopWatch()
    let reports = try seen.reports(cell: cell, spec: spec, interruption, targets: 2)
    guard !reports.isEmpty else { return nil }
    pilot.auditing =
      watch.busySeconds * Double(pilot.size.references) / Double(seen.targetCount)
      * Double(pilot.size.questions) / Double(reports.count)
    pilot.evaluating = try evaluating(
      targets, data,
      EvaluationRequest(
        conventions: [spec.conventions[0]], targets: spec.operatingPoints,
        fixedThreshold: cell.preset == nil ? nil : 0, bootstrap: nil, keepsReplicates: [],
        workers: options.workers))
    return pilot
  }

  /// Seconds per comparison of a request with all bootstrap replicates: the sample is evaluated
  /// without and with a few of them.
  private func evaluating(
    _ sample: PilotSample, _ data: BatchData, _ request: EvaluationRequest
  ) throws -> Double {
    if request.conventions.isEmpty { return 0 }
    var request = request
    let comparison = data.comparisons[0]
    let subjects = sample.rows.map { comparison.referenceSubjects[$0] }
    let blocks = sample.blocks.map { $0.columns(0..<comparison.probeCount) }
    let trials = TrialSet(
      strata: [
        TrialStratum(
          blocks: blocks, referenceSubject: subjects, probeSubject: comparison.probeSubjects,
          ownColumn: sample.rows.map { comparison.ownColumns[$0] })
      ], subjectGroup: data.groups.ofSubject, groups: data.groups.names)
    for i in request.conventions.indices where request.conventions[i].threshold == .development {
      request.conventions[i].givenThresholds = request.targets.compactMap { target in
        nonMatedQuantile(blocks[0][row: 0], atFMR: target).map {
          EvaluationConvention.GivenThreshold(target: target, threshold: $0)
        }
      }
    }
    func seconds(_ replicates: Int) throws -> Double {
      let draws = BootstrapDraws(replicates: replicates) { replicate, multiplicities in
        multiplicities.update(repeating: 0)
        var rng = CounterRNG(seed: 0, purpose: .bootstrap, step: UInt32(replicate))
        for _ in subjects { multiplicities[Int(subjects[rng.index(below: subjects.count)])] += 1 }
      }
      request.bootstrap = replicates > 0 ? draws : nil
      let watch = StopWatch()
      _ = try Biometrics.evaluate(trials, request)
      return watch.busySeconds
    }
    // The first evaluation meets cold memory.
    _ = try seconds(0)
    let few = min(spec.bootstrap.replicates, max(20, 4 * options.workers))
    let total = extrapolated(
      to: spec.bootstrap.replicates, from: (0, try seconds(0)), (few, try seconds(few)))
    return total / Double(max(1, sample.rows.count * comparison.probeCount))
  }
}

extension ProtectionRecipe {
  /// Epochs of PFRNet or trees per forest of IVE, which its training time is proportional to; nil
  /// where there are none, and to leave them as they are.
  fileprivate var steps: Int? {
    get {
      switch self {
      case .pfrNet(let network): network.epochs
      case .incrementalVariableElimination(let elimination): elimination.trees
      default: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .pfrNet(var network):
        network.epochs = newValue
        self = .pfrNet(network)
      case .incrementalVariableElimination(var elimination):
        elimination.trees = newValue
        self = .incrementalVariableElimination(elimination)
      default: break
      }
    }
  }
}
