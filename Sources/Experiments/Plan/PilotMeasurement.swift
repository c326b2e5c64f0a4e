import Biometrics
import Configurations
import Datasets
import Foundation
import Kernels
import Records
import Specs

/// Measures cells by doing what the run does, with a few of their references.
struct PilotMeasurement {
  /// Threads that the run would use, on this machine or on a larger one.
  let workers: Int
  let interruption = Interruption()

  /// Threads that measure.
  private var threads: Int { min(workers, ProcessInfo.processInfo.activeProcessorCount) }

  /// A batch: its densities, some references of its first scored cell, and their evaluation.
  ///
  /// - Parameter inputs: of that cell.
  func pilot(_ inputs: CellInputs, _ data: BatchData, seconds: Double) throws -> Pilot {
    let comparison = data.comparisons[0]
    let enrolment = inputs.enrolment
    let probes = comparison.probes(asRead: enrolment == nil)
    let columns = data.columns(fold: 0, inputs)
    var pilot = Pilot(CellSize(data, enrolment?.training))
    let watch = StopWatch()
    let crew = try enrolment.map {
      try EnrolmentCrew(
        data.partitions[0], $0, bandwidths: data.bandwidths, workers: threads,
        interruption: interruption)
    }
    pilot.preparing = watch.busySeconds * Double(data.partitions.count)
    // Vectors are compared by one worker.
    var epochs: [Double] = []
    let sample = try sample(of: comparison, workers: crew == nil ? 1 : workers, seconds: seconds) {
      guard let crew else {
        return try data.cosines(of: $0, probes: probes, columns: columns).scores
      }
      let block = try crew.enrolAndCompare(
        $0, comparison, probes: probes, columns: columns, subjectKeys: data.subjectKeys,
        factor: enrolment!.balancingFactors[0], seed: data.seed)
      epochs += block.metadata.enrolments.map { Double($0.training.last.number) }
      return block.scores
    }
    pilot.enrolling = sample.secondsPerReference * Double(pilot.size.references)
    pilot.enrolled = crew == nil ? 0 : sample.references
    pilot.enrollingError = relativeError(ofMean: epochs)
    pilot.evaluating = try evaluating(data, inputs.evaluation)
    return pilot
  }

  /// Standard error of the mean of some numbers, divided by it; 0 for fewer than two.
  private func relativeError(ofMean values: [Double]) -> Double {
    values.count < 2
      ? 0 : (variance(values) / Double(values.count)).squareRoot() / mean(values)
  }

  /// An attacked cell: a scheme's training with few steps, some targets and own references as the
  /// attacker observes them, and all attacks on these targets; nil: they are all of one group.
  func pilot(_ attacked: AttackData, seconds: Double) throws -> Pilot? {
    let data = attacked.data
    var pilot = Pilot(CellSize(attacked))
    let (shortened, times) = attacked.shortened
    let watch = StopWatch()
    let observe = try AttackObserver(
      attacked: shortened, workers: threads, interruption: interruption
    ).units(fold: 0)
    pilot.preparing = watch.busySeconds * times * Double(data.partitions.count)

    var seen = AttackedScores(attacked)
    func sample(_ side: AttackedSide, _ people: ComparisonProtocol) throws -> Sample {
      try self.sample(of: people, workers: workers, seconds: seconds / 2) { unit in
        let block = try observe(unit, side)
        try seen.append(block, unit, side)
        return block.scores
      } isEnough: {
        attacked.attributes.contains { !seen.questions($0, targets: 2).isEmpty }
      }
    }
    let targets = try sample(.targets, data.comparisons[0])
    pilot.enrolling = targets.secondsPerReference * Double(pilot.size.references)
    if let people = attacked.own.comparisons[0] {
      pilot.enrollingOwn =
        try sample(.own, people).secondsPerReference * Double(pilot.size.ownReferences)
    }
    let auditWatch = StopWatch()
    let reports = try seen.reports(interruption, targets: 2)
    guard !reports.isEmpty else { return nil }
    pilot.auditing =
      auditWatch.busySeconds * Double(pilot.size.references) / Double(seen.targetCount)
      * Double(pilot.size.questions) / Double(reports.count)
    pilot.evaluating = try evaluating(data, attacked.inputs.evaluation)
    return pilot
  }

  /// The scores of the first references of a fold and what else was observed, top to bottom; CPU
  /// seconds are divided among the workers: neither other programs nor the worker that waits for the
  /// last of a round enter.
  private typealias Sample = (blocks: [ScoreMatrix], references: Int, secondsPerReference: Double)

  /// Observes references in rounds that grow to units of work, until the time is used up and it is
  /// enough.
  private func sample(
    of comparison: ComparisonProtocol, workers: Int, seconds: Double,
    observe: (UnitOfWork) throws -> ScoreMatrix, isEnough: () -> Bool = { true }
  ) throws -> Sample {
    var blocks: [ScoreMatrix] = []
    var (first, round) = (0, max(4, 2 * min(workers, threads)))
    let watch = StopWatch()
    repeat {
      let rows = first..<min(first + round, comparison.referenceCount)
      blocks.append(try observe(UnitOfWork(fold: comparison.fold, index: 0, rows: rows)))
      first = rows.upperBound
      round = min(2 * round, UnitOfWork.references)
    } while first < comparison.referenceCount && (watch.wallSeconds < seconds || !isEnough())
    let cores = UnitOfWork.workers(atMost: workers)
    return (blocks, first, watch.cpuSeconds / Double(cores * max(1, first)))
  }

  /// Seconds of evaluating all folds with all bootstrap replicates: a line through what a hundred or
  /// so references take and half of them, since a part of the work is the same for any number. Their
  /// scores are cosines: what is evaluated costs about the same whatever compared it.
  private func evaluating(_ data: BatchData, _ inputs: EvaluationInputs) throws -> Double {
    let comparison = data.comparisons[0]
    let all = min(
      comparison.referenceCount, 4 * UnitOfWork.references,
      max(1, UnitOfWork.scores / max(1, comparison.probeCount)))
    guard all > 0 else { return 0 }
    let scores = data.cosines(
      of: UnitOfWork(fold: comparison.fold, index: 0, rows: 0..<all),
      probes: comparison.probes(asRead: true),
      columns: ScoreColumns(probes: comparison.probeCount)
    ).scores
    func seconds(_ references: Int) throws -> Double {
      try evaluatingOnce(scores.rows(0..<references), data, inputs)
    }
    let whole = try seconds(all)
    if all == data.references || all < 2 { return whole }
    let half = all / 2
    let slope = max(0, try whole - seconds(half)) / Double(all - half)
    return whole + slope * Double(data.references - all)
  }

  /// Seconds of evaluating the scores of the first references of a fold.
  private func evaluatingOnce(
    _ scores: ScoreMatrix, _ data: BatchData, _ inputs: EvaluationInputs
  ) throws -> Double {
    let comparison = data.comparisons[0]
    let subjects = Array(comparison.referenceSubjects.prefix(scores.rows))
    let trials = TrialSet(
      strata: [
        TrialStratum(
          blocks: [scores], referenceSubject: subjects, probeSubject: comparison.probeSubjects,
          ownColumn: Array(comparison.ownColumns.prefix(scores.rows)))
      ], subjectGroup: data.groups.ofSubject, groups: data.groups.names)
    let draws = BootstrapDraws(replicates: inputs.bootstrap.replicates) {
      replicate, multiplicities in
      multiplicities.update(repeating: 0)
      var rng = CounterRNG(seed: 0, purpose: .bootstrap, step: UInt32(replicate))
      for _ in subjects { multiplicities[Int(subjects[rng.index(below: subjects.count)])] += 1 }
    }
    var request = EvaluationRequest(
      conventions: inputs.conventions, targets: inputs.operatingPoints, fixedThreshold: 0,
      bootstrap: draws.replicates > 0 ? draws : nil, workers: threads)
    // A threshold of development rows costs what one of the trials costs.
    for i in inputs.conventions.indices
    where inputs.conventions[i].threshold == .development {
      request.conventions[i].threshold = .global
    }
    request.isPictured = true
    let watch = StopWatch()
    _ = try Biometrics.evaluate(trials, request)
    return watch.busySeconds
  }
}

extension StopWatch {
  /// Wall seconds since the start, as far as this program was at work.
  var busySeconds: Double { min(wallSeconds, cpuSeconds) }
}

extension AttackData {
  /// The same with a twentieth of the epochs of PFRNet or trees of IVE, which their training time is
  /// proportional to, and how many times longer the system's training takes.
  fileprivate var shortened: (AttackData, times: Double) {
    var (attacked, times) = (self, 1.0)
    func shortened(_ steps: Int) -> Int {
      let few = max(1, steps / 20)
      times = Double(steps) / Double(few)
      return few
    }
    switch inputs.attack!.scheme {
    case .pfrNet(var network):
      network.epochs = shortened(network.epochs)
      attacked.inputs.attack!.scheme = .pfrNet(network)
    case .incrementalVariableElimination(var elimination):
      elimination.trees = shortened(elimination.trees)
      attacked.inputs.attack!.scheme = .incrementalVariableElimination(elimination)
    default: break
    }
    return (attacked, times)
  }
}
