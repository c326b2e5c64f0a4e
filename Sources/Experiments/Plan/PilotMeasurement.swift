import Biometrics
import Datasets
import Kernels
import MOTE
import Records
import Specs

/// What a pilot measures: a batch of cells with its data, or an attacked cell.
enum PilotJob {
  case batch(CellBatch, BatchData)
  case attack(Cell, AttackData)

  /// The cell that stands for all of the job.
  var cell: Cell {
    switch self {
    case .batch(let batch, _): batch.cells[0]
    case .attack(let cell, _): cell
    }
  }
}

extension Runner {
  /// Measures jobs in turn until the time is used up, each as the run does it but with a few
  /// references. The first job of each system and configuration is measured in any case.
  ///
  /// - Parameter seconds: time that may be used, roughly.
  func pilots(_ jobs: [PilotJob], seconds: Double) -> Pilots {
    BLAS.useOneThread()
    var seen: Set<[String]> = []
    let firsts = jobs.filter { seen.insert($0.cell.pilotKind).inserted }
    let firstCells = Set(firsts.map(\.cell))
    let order = firsts + jobs.filter { !firstCells.contains($0.cell) }
    var pilots = Pilots()
    let watch = StopWatch()
    for (turn, job) in order.enumerated() {
      let left = seconds - watch.wallSeconds
      if turn >= firsts.count && left <= 0 { break }
      let share = max(0.3, left / Double(order.count - turn))
      // What cannot be done costs nothing: the run will say why.
      let pilot =
        switch job {
        case .batch(let batch, let data): try? self.pilot(batch, data, seconds: share)
        case .attack(let cell, let attacked): try? self.pilot(cell, attacked, seconds: share)
        }
      if let pilot { pilots.measured.append((job.cell, pilot)) }
    }
    return pilots
  }

  private func pilot(_ batch: CellBatch, _ data: BatchData, seconds: Double) throws -> Pilot {
    let size = CellSize(data)
    let comparison = data.comparisons[0]
    let cell = spec.scoredCells(of: batch)[0]
    let probes = comparison.probes.packed()
    let watch = StopWatch()
    let crew = try batch.configuration.map {
      try EnrolmentCrew(
        data.partitions[0], spec.configuration($0), workers: options.workers,
        interruption: interruption)
    }
    let preparing = watch.wallSeconds
    let columns = data.columns(fold: 0, cell: cell, in: spec)
    let sample = try PilotSample(of: comparison, workers: options.workers, seconds: seconds) {
      guard let crew else { return cosines(of: $0, comparison, probes: probes) }
      return try crew.enrolAndCompare(
        $0, comparison, probes: probes, columns: columns, subjectKeys: data.subjectKeys,
        factor: cell.balancingFactor!, seed: data.seed
      ).scores
    }
    let plain = spec.conventions.filter { $0.threshold != .perSubject }
    let calibrated = spec.conventions.filter { $0.threshold == .perSubject }
    // Calibrated scores are evaluated target by target.
    let passes =
      [(plain, spec.operatingPoints)] + spec.operatingPoints.map { (calibrated, [$0]) }
    let evaluating = try passes.filter { !$0.0.isEmpty }.reduce(0) {
      try $0
        + self.evaluating(
          sample, data, conventions: $1.0, targets: $1.1, isNetwork: crew != nil)
    }
    return Pilot(
      size: size, epochRows: spec.epochRows(of: cell, size),
      preparing: crew == nil ? 0 : preparing * Double(data.partitions.count),
      enrolling: sample.secondsPerReference, evaluating: evaluating)
  }

  /// Cosines of the references of a unit and all probes.
  private func cosines(
    of unit: UnitOfWork, _ comparison: ComparisonProtocol, probes: FloatMatrix
  ) -> ScoreMatrix {
    let references = comparison.referenceRows[unit.rows].map {
      VectorReference(vector: Array(comparison.set.vectors[row: Int($0)]))
    }
    return ScoreMatrix(rows: unit.rows.count, columns: probes.rows) {
      CosineComparator(dimension: probes.columns).score(
        references, probes: probes, into: $0, stride: probes.rows)
    }
  }

  /// Wall seconds per comparison of evaluating under the conventions with all bootstrap replicates:
  /// the sample is evaluated without and with a few of them.
  func evaluating(
    _ sample: PilotSample, _ data: BatchData, conventions: [EvaluationConvention],
    targets: [Double],
    isNetwork: Bool, keepsReplicates: Set<Quantity> = Set(Quantity.allCases)
  ) throws -> Double {
    let comparison = data.comparisons[0]
    let subjects = sample.rows.map { comparison.referenceSubjects[$0] }
    let trials = TrialSet(
      strata: [
        TrialStratum(
          blocks: sample.blocks.map { $0.columns(0..<comparison.probeCount) },
          referenceSubject: subjects, probeSubject: comparison.probeSubjects,
          ownColumn: sample.rows.map { comparison.ownColumns[$0] })
      ], subjectGroup: data.groups.ofSubject, groups: data.groups.names)
    let given = targets.compactMap { target in
      nonMatedQuantile(sample.blocks[0][row: 0], atFMR: target).map {
        EvaluationConvention.GivenThreshold(target: target, threshold: $0)
      }
    }
    var conventions = conventions
    for i in conventions.indices where conventions[i].threshold == .development {
      conventions[i].givenThresholds = given
    }
    func seconds(_ replicates: Int) throws -> Double {
      let draws = BootstrapDraws(replicates: replicates) { replicate, multiplicities in
        multiplicities.update(repeating: 0)
        var rng = CounterRNG(seed: 0, purpose: .bootstrap, step: UInt32(replicate))
        for _ in subjects.indices {
          multiplicities[Int(subjects[rng.index(below: subjects.count)])] += 1
        }
      }
      let watch = StopWatch()
      _ = try Biometrics.evaluate(
        trials,
        EvaluationRequest(
          conventions: conventions,
          targets: targets, fixedThreshold: isNetwork ? 0 : nil,
          bootstrap: replicates > 0 ? draws : nil, keepsReplicates: keepsReplicates,
          workers: options.workers))
      return watch.wallSeconds
    }
    // The first evaluation meets cold memory.
    _ = try seconds(0)
    let few = min(spec.bootstrap.replicates, max(20, 4 * options.workers))
    let total = extrapolated(
      to: spec.bootstrap.replicates, from: (0, try seconds(0)), (few, try seconds(few)))
    return total / Double(max(1, sample.rows.count * comparison.probeCount))
  }
}

/// A few references of a fold, spread over all, as a cell's system makes them.
struct PilotSample {
  /// Rows of the fold's score matrix.
  private(set) var rows: [Int] = []
  /// Their scores and what else was observed, top to bottom.
  private(set) var blocks: [ScoreMatrix] = []
  private(set) var secondsPerReference = 0.0

  /// Observes references in rounds at up to eight places, until the time is used up.
  init(
    of comparison: ComparisonProtocol, workers: Int, seconds: Double,
    observe: (UnitOfWork) throws -> ScoreMatrix
  ) throws {
    let count = comparison.referenceCount
    let least = max(4, 2 * workers)
    let places = max(1, min(8, count / least))
    let watch = StopWatch()
    var elapsed = 0.0
    for place in 0..<places where place == 0 || elapsed < seconds {
      let first = place * count / places
      // Rounds as long as those of the run, where there is time: the last of a round is waited for.
      let affordable =
        place == 0
        ? least : Int((seconds - elapsed) / max(elapsed / Double(rows.count), 1e-9))
      let round = max(least, min(UnitOfWork.references, affordable))
      let range = first..<min(first + round, (place + 1) * count / places)
      blocks.append(
        try observe(UnitOfWork(fold: comparison.fold, index: place, rows: range)))
      rows += range
      elapsed = watch.wallSeconds
    }
    secondsPerReference = elapsed / Double(max(1, rows.count))
  }
}

/// Seconds of `n` steps, on the straight line through two measurements that does not fall.
package func extrapolated(
  to n: Int, from small: (steps: Int, seconds: Double), _ large: (steps: Int, seconds: Double)
) -> Double {
  guard large.steps > small.steps else { return large.seconds }
  let slope = max(0, (large.seconds - small.seconds) / Double(large.steps - small.steps))
  return large.seconds + slope * Double(n - large.steps)
}
