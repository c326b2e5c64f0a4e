import Datasets
import Dispatch
import Kernels
import MOTE
import Synchronization

/// Scoring: every unit of work of a group that is not on disk yet.
extension Runner {
  /// Scores all cells of a group, fold by fold; the enrolment context of a fold serves all factors.
  ///
  /// A unit that fails is told in the summary, and the next one is done. In a shard, only its own
  /// units are looked at.
  func score(
    _ group: CellGroup, _ data: GroupData, _ fingerprints: [CellKey: CellFingerprint],
    workers: Int, _ summary: inout RunSummary
  ) throws {
    let owned = unitsToDo(group, data)
    report(
      .group(group, references: owned.joined().reduce(0) { $0 + $1.unit.rows.count }))
    for (comparison, jobs) in zip(data.comparisons, owned) where !jobs.isEmpty {
      let partition = data.partitions[data.comparisons.firstIndex { $0.fold == comparison.fold }!]
      // Made when the first unit needs it, so that a resumed run does not pay for finished folds;
      // what makes it impossible fails every unit in turn.
      var crew: Result<EnrolmentCrew, any Error>?
      let probes = comparison.probes.packed()
      for (cell, unit) in jobs {
        let hash = fingerprints[cell]!.scoreHash
        try interruption.check()
        let isKept = try isKept(unit, cell, hash)
        if !isKept {
          do {
            let block: ScoreBlock<UnitOutcome>
            if let configuration = group.configuration.map(spec.configuration) {
              let members = try crew ?? Result { try makeCrew(partition, configuration, workers) }
              crew = members
              let templates = spec.templatePrecision == nil ? nil : TemplateSink()
              block = try members.get().enrolAndCompare(
                unit, comparison, probes: probes, subjectKeys: data.subjectKeys,
                factor: cell.balancingFactor!, seed: data.seed, templates: templates)
              if let templates {
                try store.writeScores(
                  templates.block(rows: unit.rows.count), cell: cell, name: unit.templatesName,
                  scoreHash: hash)
              }
            } else {
              block = compareVectors(unit, comparison, probes: probes)
            }
            // Last, so that a unit with scores is complete.
            try store.writeScores(block, cell: cell, name: unit.name, scoreHash: hash)
            summary.doneUnits += 1
          } catch let error where !isFatal(error) {
            try fail(cell, unit.name, error, &summary)
          }
        }
        report(.unit(cell, name: unit.name, references: unit.rows.count, wasKept: isKept))
      }
    }
  }

  /// The units of each fold that this run is to look at, cell by cell.
  private func unitsToDo(_ group: CellGroup, _ data: GroupData) -> [[(
    cell: CellKey, unit: UnitOfWork
  )]] {
    let ordinals = Dictionary(
      uniqueKeysWithValues: spec.cells().enumerated().map { ($1, $0) })
    var number = 0
    return data.units.map { units in
      defer { number += units.count }
      return group.cells.flatMap { cell in
        units.enumerated().filter { index, _ in
          options.shard?.owns(unit: number + index, cell: ordinals[cell]!) ?? true
        }.map { (cell, $1) }
      }
    }
  }

  /// The workers for a partition and configuration; the densities are fitted here.
  func makeCrew(
    _ partition: SubjectPartition, _ configuration: ConfigurationSpec, _ workers: Int
  ) throws -> EnrolmentCrew {
    let context = try EnrolmentContext(
      partition: partition, configuration: configuration.trainingConfiguration,
      kde: configuration.kdeConfiguration, workers: workers)
    return EnrolmentCrew(context: context, workers: workers, interruption: interruption)
  }

  /// True when the unit's scores are on disk, intact and made from the same inputs.
  private func isKept(_ unit: UnitOfWork, _ cell: CellKey, _ hash: String) throws -> Bool {
    do {
      if spec.templatePrecision != nil, cell.preset != nil {
        let templates = try store.scores(
          cell: cell, name: unit.templatesName, scoreHash: hash, metadata: TemplateShape.self)
        if templates == nil { return false }
      }
      return try store.scores(
        cell: cell, name: unit.name, scoreHash: hash, metadata: UnitOutcome.self) != nil
    } catch StoreError.badBlock(let path, let reason) {
      report(.warning("'\(path)' is damaged (\(reason)); the unit is done again"))
      return false
    }
  }

  /// The traditional system: cosine of reference and probe vectors.
  private func compareVectors(
    _ unit: UnitOfWork, _ comparison: ComparisonProtocol, probes: FloatMatrix
  ) -> ScoreBlock<UnitOutcome> {
    let references = comparison.referenceRows[unit.rows].map {
      VectorReference(vector: Array(comparison.set.vectors[row: Int($0)]))
    }
    let comparator = CosineComparator(dimension: probes.columns)
    let scores = [Float](unsafeUninitializedCapacity: unit.rows.count * probes.rows) { target, n in
      comparator.score(references, probes: probes, into: target.baseAddress!, stride: probes.rows)
      n = unit.rows.count * probes.rows
    }
    return ScoreBlock(
      rows: unit.rows.count, columns: probes.rows, scores: scores, metadata: UnitOutcome())
  }
}

/// The workers that enrol the subjects of one enrolment context.
///
/// Each owns its buffers; which worker meets which subject does not enter the results, because
/// every random number is keyed by subject. (Unchecked: a member is used by one thread at a time.)
struct EnrolmentCrew: @unchecked Sendable {
  private let context: EnrolmentContext
  private let members: [(worker: EnrolmentWorker, comparator: MoteComparator)]
  private let interruption: Interruption

  init(context: EnrolmentContext, workers: Int, interruption: Interruption) {
    self.context = context
    self.interruption = interruption
    members = (0..<workers).map { _ in (EnrolmentWorker(context: context), MoteComparator()) }
  }

  /// Enrols the references of a unit and compares each with all probes.
  ///
  /// - Throws: `EnrolmentError`, or `Interrupted` (the unit is then dropped).
  func enrolAndCompare(
    _ unit: UnitOfWork, _ comparison: ComparisonProtocol, probes: FloatMatrix,
    subjectKeys: [UInt32], factor: Double, seed: UInt64, templates: TemplateSink? = nil
  ) throws -> ScoreBlock<UnitOutcome> {
    try enrol(
      unit, comparison, columns: probes.rows, subjectKeys: subjectKeys, factor: factor, seed: seed,
      templates: templates
    ) { reference, comparator, scores in
      comparator.score([reference], probes: probes, into: scores, stride: probes.rows)
    }
  }

  /// Enrols the references of a unit and lets `observe` write a row of numbers for each; the network
  /// is dropped after that.
  ///
  /// - Parameters:
  ///   - columns: length of a row.
  ///   - observe: called from several threads, each with its own comparator.
  /// - Throws: `EnrolmentError`, or `Interrupted` (the unit is then dropped).
  func enrol(
    _ unit: UnitOfWork, _ comparison: ComparisonProtocol, columns: Int, subjectKeys: [UInt32],
    factor: Double, seed: UInt64, templates: TemplateSink? = nil,
    observe: @Sendable (MoteReference, MoteComparator, UnsafeMutablePointer<Float>) throws -> Void
  ) throws -> ScoreBlock<UnitOutcome> {
    try context.check(balancingFactor: factor)
    let rows = unit.rows.count
    let outcomes = Mutex<[EnrolmentOutcome?]>(Array(repeating: nil, count: rows))
    let failure = Mutex<(any Error)?>(nil)
    let next = Atomic<Int>(0)
    let scores = [Float](unsafeUninitializedCapacity: rows * columns) { target, count in
      nonisolated(unsafe) let base = target.baseAddress!
      DispatchQueue.concurrentPerform(iterations: members.count) { m in
        while !interruption.isRequested {
          let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if i >= rows { return }
          let reference = unit.rows.lowerBound + i
          let row = Int(comparison.referenceRows[reference])
          let subject = Int(comparison.referenceSubjects[reference])
          do {
            let outcome = try members[m].worker.enrol(
              reference: comparison.set.vectors[row: row].baseAddress!,
              subjectKey: subjectKeys[subject], balancingFactor: factor, seed: seed,
              isCancelled: { interruption.isRequested })
            try observe(outcome.reference, members[m].comparator, base + i * columns)
            outcomes.withLock { $0[i] = outcome }
            templates?.keep(outcome.reference, row: i)
          } catch is EnrolmentCancelled {
            return
          } catch {
            failure.withLock { $0 = $0 ?? error }
            return
          }
        }
      }
      count = rows * columns
    }
    if let error = failure.withLock({ $0 }) { throw error }
    let finished = outcomes.withLock { $0.compactMap { $0 } }
    if finished.count < rows { try interruption.check() }
    return ScoreBlock(
      rows: rows, columns: columns, scores: scores,
      metadata: UnitOutcome(finished, context: context, fold: unit.fold))
  }
}
