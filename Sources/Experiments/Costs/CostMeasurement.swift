// Table 5 (definitions 6.5) and scale: what a template costs to make, to store and to compare.
import Biometrics
import Datasets
import Foundation
import HDF5
import Kernels
import MOTE
import Records
import Specs
import Synchronization
import Workers

/// Measures the costs of every MOTE configuration of a spec at its first balancing factor and first
/// repeat, one after the other, and writes a `CostRecord` each.
package struct CostMeasurement {
  private let spec: ExperimentSpec
  private let store: ResultStore
  private let workers: Int
  private let interruption: Interruption
  private let report: (String) -> Void

  /// - Parameters:
  ///   - workers: threads for what is not timed.
  ///   - report: receives a line per step.
  package init(
    _ spec: ExperimentSpec, results: String, workers: Int, interruption: Interruption,
    report: @escaping (String) -> Void
  ) {
    self.spec = spec
    self.workers = workers
    self.interruption = interruption
    self.report = report
    store = ResultStore(results: results, experiment: spec.name)
  }

  /// - Throws: `StoreError`, `Interrupted`, what the data throw.
  package func run() throws {
    let lock = try store.open()
    defer { lock.release() }
    try store.keep(spec, replaces: false)
    if let warning = lock.warning { report("warning: \(warning)") }
    let shelf = try DataShelf(spec: spec)
    let cells = spec.cells().filter {
      $0.preset != nil && $0.attack == nil && $0.repeatIndex == 0
        && $0.balancingFactor == spec.balancingFactors.first
    }
    // Of other specs; what is measured now replaces its own.
    for line in try store.setAsideCosts(
      current: spec.inputs(shelf.hashes).mapValues(CellFingerprint.init(now:)))
    {
      report("record set aside: \(line)")
    }
    for cell in cells {
      try interruption.check()
      let inputs = spec.inputs(of: cell, shelf.hashes)
      let data = try BatchData(inputs, shelf: shelf)
      let clock = ProvenanceClock()
      report("\(cell.title): \(data.partitions[0].cohort.rows.count) cohort rows")
      var record = try measure(inputs, data)
      record.provenance = clock.provenance(
        .current(spec: spec, dataHashes: shelf.hashesByPath), cell)
      try store.write(record)
    }
  }

  /// All of one cell, on the first fold.
  private func measure(_ inputs: CellInputs, _ data: BatchData) throws -> CostRecord {
    // The galleries of the configuration before were larger than all that comes.
    StopWatch.restartPeak()
    let enrolment = inputs.enrolment!
    // Before minutes of work, what is known at their beginning.
    try CostOfScale.check(
      spec.cost,
      shape: NetworkShape(
        inputs: data.set.vectors.columns, hiddenWidths: enrolment.training.hiddenWidths),
      folder: store.folder)
    let comparison = data.comparisons[0]
    let context = try EnrolmentContext(
      partition: data.partitions[0], configuration: enrolment.training,
      kde: enrolment.kde, bandwidths: data.bandwidths, workers: workers)
    let enrolling = Enrolling(
      context: context, comparison: comparison, subjectKeys: data.subjectKeys,
      factor: enrolment.balancingFactors[0], seed: data.seed, interruption: interruption)
    let timedSubjects = evenly(spec.cost.subjects, of: comparison.referenceCount)
    var timed = try enrolling.timed(timedSubjects, repeats: spec.cost.repeats)
    timed.extraction = try extractionSeconds(
      timedSubjects.map { Int(comparison.referenceRows[$0]) }, data)
    report(
      "  enrolment \(secondsText(timed.total.mean)) (s.d. \(secondsText(timed.total.deviation))) over "
        + "\(timed.subjects) subjects"
    )
    let peak = StopWatch.peakBytes

    let chosen = evenly(spec.cost.precisionSubjects, of: comparison.referenceCount)
    let references = try enrolling.all(chosen, workers: workers)
    let probes = comparison.probes.packed()
    let storage = try CostOfStorage(
      references: references, chosen: chosen, probes: probes, comparison: comparison, data: data,
      convention: inputs.evaluation.conventions[0], folder: store.folder
    ).measured()
    report("  storage measured")
    for cost in storage {
      guard let guarded = cost.guarded else { continue }
      report(
        "  \(cost.precision.rawValue) with a guard: \(guarded.computedAgain) of "
          + "\(guarded.comparisons) comparisons decided in float32, "
          + "\(guarded.changedDecisions) decisions changed; \(secondsText(guarded.seconds)) a comparison, "
          + "float32 \(secondsText(guarded.float32Seconds))")
    }
    let comparing = CostOfComparison(references: references, probes: probes)
    let galleries = try comparing.galleries(spec.cost.galleries, interruption: interruption)
    report("  comparison and identification measured")
    let scale = try CostOfScale(
      references: references, probes: probes, spec: spec.cost, seed: data.seed,
      folder: store.folder, workers: workers, interruption: interruption, report: report
    ).measured()
    return CostRecord(
      key: inputs.cell, inputHash: CellFingerprint(now: inputs).inputHash,
      isSynthetic: data.set.isSynthetic, dims: context.shape.dims,
      cohortRows: context.cohort.rows, developmentRows: context.development.rows,
      enrolment: timed, storage: storage, comparison: try comparing.comparisons(),
      galleries: galleries, scale: scale, peakBytes: peak, loadAverage: loadAverage(),
      provenance: Provenance())
  }

  /// Seconds of extracting each row, where the embedding file has `extraction_seconds` [n].
  private func extractionSeconds(_ rows: [Int], _ data: BatchData) throws -> Spread? {
    let file = try HDF5File(path: data.set.path)
    guard try file.contains("extraction_seconds") else { return nil }
    let seconds = try file.read("extraction_seconds")
    // Rows that were dropped as unusable would shift the others.
    guard seconds.rows == data.set.count else { return nil }
    return Spread(rows.map { Double(seconds[row: $0][0]) })
  }
}

/// `count` indices evenly spaced over 0 ..< n; all where there are fewer.
func evenly(_ count: Int, of n: Int) -> [Int] {
  count >= n ? Array(0..<n) : (0..<count).map { $0 * n / count }
}

/// Enrolments of the references of one fold.
private struct Enrolling {
  let context: EnrolmentContext
  let comparison: ComparisonProtocol
  let subjectKeys: [UInt32]
  let factor: Double
  let seed: UInt64
  let interruption: Interruption

  private func enrol(_ r: Int, _ worker: EnrolmentWorker) throws -> EnrolmentOutcome {
    do {
      return try worker.enrol(
        reference: comparison.set.vectors[row: Int(comparison.referenceRows[r])].baseAddress!,
        subjectKey: subjectKeys[Int(comparison.referenceSubjects[r])], balancingFactor: factor,
        seed: seed, isCancelled: { interruption.isRequested })
    } catch is EnrolmentCancelled {
      try interruption.check()
      throw EnrolmentCancelled()
    }
  }

  /// Enrols each reference `repeats` times on one thread, after a first time that does not count.
  func timed(_ chosen: [Int], repeats: Int) throws -> EnrolmentCost {
    let worker = EnrolmentWorker(context: context)
    var sampling: [Double] = []
    var training: [Double] = []
    var cpu: [Double] = []
    var epochs = 0
    for r in chosen {
      epochs += try enrol(r, worker).training.last.number
      let start = StopWatch.threadSeconds
      var sums = (sampling: 0.0, training: 0.0)
      for _ in 0..<repeats {
        let outcome = try enrol(r, worker)
        sums.sampling += outcome.samplingSeconds
        sums.training += outcome.trainingSeconds
      }
      sampling.append(sums.sampling / Double(repeats))
      training.append(sums.training / Double(repeats))
      cpu.append((StopWatch.threadSeconds - start) / Double(repeats))
    }
    return EnrolmentCost(
      subjects: chosen.count, repeats: repeats, sampling: Spread(sampling),
      training: Spread(training), total: Spread(zip(sampling, training).map(+)), cpu: Spread(cpu),
      meanEpochs: Double(epochs) / Double(max(1, chosen.count)))
  }

  /// The networks of some references, on all workers.
  func all(_ chosen: [Int], workers: Int) throws -> [MoteReference] {
    let found = Mutex<[MoteReference?]>(Array(repeating: nil, count: chosen.count))
    let members = (0..<max(1, min(workers, chosen.count))).map { _ in
      EnrolmentWorker(context: context)
    }
    try concurrently(units: chosen.count, workers: members.count) { m, i in
      let reference = try enrol(chosen[i], members[m]).reference
      found.withLock { $0[i] = reference }
    }
    return found.withLock { $0.compactMap { $0 } }
  }
}

private func loadAverage() -> Double {
  let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
  return text.split(separator: " ").first.flatMap { Double($0) } ?? 0
}
