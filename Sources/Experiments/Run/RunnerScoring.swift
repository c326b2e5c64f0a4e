import Biometrics
import Datasets
import Dispatch
import Kernels
import MOTE
import Records
import Specs
import Synchronization

/// Scoring: every unit of work of a batch that is not on disk yet.
extension Runner {
  /// The cells whose scores a batch needs: its own with a factor for all, and the candidates of the
  /// cell that chooses, evaluated before or not.
  func scoredCells(of batch: CellBatch) -> [Cell] {
    guard let choosing = batch.cells.first(where: \.choosesFactor) else { return batch.cells }
    return spec.balancingFactors.map(choosing.fixed)
  }

  /// Scores all cells of a batch, fold by fold; the enrolment context of a fold serves all factors.
  ///
  /// A unit that fails is told in the summary, and the next one is done. In a shard, only its own
  /// units are looked at.
  func score(
    _ batch: CellBatch, _ data: BatchData, _ fingerprints: [Cell: CellFingerprint],
    workers: Int, _ summary: inout RunSummary
  ) throws {
    let owned = unitsToDo(batch, data)
    report(
      .batch(batch, references: owned.joined().reduce(0) { $0 + $1.unit.rows.count }))
    for (fold, jobs) in owned.enumerated() where !jobs.isEmpty {
      let comparison = data.comparisons[fold]
      // Made when the first unit needs it, so that a resumed run does not pay for finished folds;
      // what makes it impossible fails every unit in turn.
      var crew: Result<EnrolmentCrew, any Error>?
      let probes = comparison.probes.packed()
      let columns = data.columns(fold: fold, cell: jobs[0].cell, in: spec)
      for (cell, unit) in jobs {
        let hash = fingerprints[cell]!.scoreHash
        try interruption.check()
        let isKept = try isKept(unit, cell, hash)
        if !isKept {
          do {
            let block: ScoreBlock<UnitOutcome>
            if let configuration = batch.configuration.map(spec.configuration) {
              let members =
                crew
                ?? Result { try makeCrew(data.partitions[fold], configuration, workers) }
              crew = members
              let templates = spec.keepsTemplates(of: cell) ? TemplateSink() : nil
              block = try members.get().enrolAndCompare(
                unit, comparison, probes: probes, columns: columns, subjectKeys: data.subjectKeys,
                factor: cell.balancingFactor!, seed: data.seed, templates: templates)
              if let templates {
                try store.writeScores(
                  templates.block(rows: unit.rows.count), cell: cell, name: unit.templatesName,
                  scoreHash: hash)
              }
            } else {
              block = compareVectors(
                unit, comparison, probes: probes,
                development: !columns.development.isEmpty
                  ? data.partitions[fold].development.packed() : nil)
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
  private func unitsToDo(_ batch: CellBatch, _ data: BatchData) -> [[(
    cell: Cell, unit: UnitOfWork
  )]] {
    let ordinals = Dictionary(
      uniqueKeysWithValues: spec.cells().enumerated().map { ($1, $0) })
    var number = 0
    return data.units.map { units in
      defer { number += units.count }
      return scoredCells(of: batch).flatMap { cell in
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
      partition: partition, configuration: configuration.training,
      kde: configuration.kde, workers: workers)
    return EnrolmentCrew(context: context, workers: workers, interruption: interruption)
  }

  /// True when the unit's scores are on disk, intact and made from the same inputs.
  private func isKept(_ unit: UnitOfWork, _ cell: Cell, _ hash: String) throws -> Bool {
    if spec.keepsTemplates(of: cell),
      try keptBlock(unit.templatesName, cell, hash, TemplateShape.self) == nil
    {
      return false
    }
    return try keptBlock(unit.name, cell, hash, UnitOutcome.self) != nil
  }

  /// A block of a unit when it is on disk, intact and made from the same inputs.
  func keptBlock<Metadata: Codable & Sendable>(
    _ name: String, _ cell: Cell, _ hash: String, _ metadata: Metadata.Type
  ) throws -> ScoreBlock<Metadata>? {
    do {
      return try store.scores(cell: cell, name: name, scoreHash: hash, metadata: metadata)
    } catch StoreError.badBlock(let path, let reason) {
      report(.warning("'\(path)' is damaged (\(reason)); the unit is done again"))
      return nil
    }
  }

  /// The traditional system: cosine of reference and probe vectors, then of the reference and the
  /// development rows where they are wanted.
  private func compareVectors(
    _ unit: UnitOfWork, _ comparison: ComparisonProtocol, probes: FloatMatrix,
    development: FloatMatrix?
  ) -> ScoreBlock<UnitOutcome> {
    let references = comparison.referenceRows[unit.rows].map {
      VectorReference(vector: Array(comparison.set.vectors[row: Int($0)]))
    }
    let comparator = CosineComparator(dimension: probes.columns)
    let columns = probes.rows + (development?.rows ?? 0)
    let scores = ScoreMatrix(rows: unit.rows.count, columns: columns) { target in
      comparator.score(references, probes: probes, into: target, stride: columns)
      if let development {
        comparator.score(
          references, probes: development, into: target + probes.rows, stride: columns)
      }
    }
    return ScoreBlock(scores: scores, metadata: UnitOutcome())
  }
}

/// The workers that enrol the subjects of one enrolment context.
///
/// Each owns its buffers; which worker meets which subject does not enter the results, because
/// every random number is keyed by subject. (Unchecked: a member is used by one thread at a time.)
struct EnrolmentCrew: @unchecked Sendable {
  private struct Member {
    let worker: EnrolmentWorker
    let comparator: MoteComparator
    let sampler: SelectionSampler
  }

  private let context: EnrolmentContext
  private let members: [Member]
  private let interruption: Interruption

  init(context: EnrolmentContext, workers: Int, interruption: Interruption) {
    self.context = context
    self.interruption = interruption
    members = (0..<workers).map { _ in
      Member(
        worker: EnrolmentWorker(context: context), comparator: MoteComparator(),
        sampler: SelectionSampler(context: context))
    }
  }

  /// Enrols the references of a unit and compares each with all probes, and with what else
  /// `columns` names.
  ///
  /// - Throws: `EnrolmentError`, or `Interrupted` (the unit is then dropped).
  func enrolAndCompare(
    _ unit: UnitOfWork, _ comparison: ComparisonProtocol, probes: FloatMatrix,
    columns: ScoreColumns, subjectKeys: [UInt32], factor: Double, seed: UInt64,
    templates: TemplateSink? = nil
  ) throws -> ScoreBlock<UnitOutcome> {
    var block = try enrol(
      unit, comparison, width: columns.count, subjectKeys: subjectKeys, factor: factor, seed: seed,
      templates: templates
    ) { enrolled, scores in
      var place = scores
      func compare(with rows: FloatMatrix) {
        enrolled.comparator.score(
          [enrolled.reference], probes: rows, into: place, stride: columns.count)
        place += rows.rows
      }
      compare(with: probes)
      if !columns.development.isEmpty { compare(with: context.development) }
      if !columns.selection.isEmpty {
        compare(
          with: enrolled.sampler.samples(
            around: enrolled.sample, subjectKey: enrolled.key, seed: seed))
      }
    }
    if !columns.selection.isEmpty { block.metadata.maleSelection = members[0].sampler.split.male }
    return block
  }

  /// A subject that has just been enrolled, with the tools of the worker that did it.
  struct Enrolled {
    let reference: MoteReference
    /// The reference sample, d floats.
    let sample: UnsafePointer<Float>
    /// Key of the subject's random draws.
    let key: UInt32
    let comparator: MoteComparator
    let sampler: SelectionSampler
  }

  /// Enrols the references of a unit and lets `observe` write a row of numbers for each; the network
  /// is dropped after that.
  ///
  /// - Parameters:
  ///   - width: length of a row.
  ///   - templates: receives the weights, where they are to be kept.
  ///   - observe: called from several threads, each with its own tools.
  /// - Throws: `EnrolmentError`, or `Interrupted` (the unit is then dropped).
  func enrol(
    _ unit: UnitOfWork, _ comparison: ComparisonProtocol, width: Int, subjectKeys: [UInt32],
    factor: Double, seed: UInt64, templates: TemplateSink? = nil,
    observe: @Sendable (Enrolled, UnsafeMutablePointer<Float>) throws -> Void
  ) throws -> ScoreBlock<UnitOutcome> {
    try context.check(balancingFactor: factor)
    let rows = unit.rows.count
    let outcomes = Mutex<[EnrolmentOutcome?]>(Array(repeating: nil, count: rows))
    let failure = Mutex<(any Error)?>(nil)
    let next = Atomic<Int>(0)
    let scores = ScoreMatrix(rows: rows, columns: width) { target in
      nonisolated(unsafe) let base = target
      DispatchQueue.concurrentPerform(iterations: members.count) { m in
        let member = members[m]
        while !interruption.isRequested {
          let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if i >= rows { return }
          let reference = unit.rows.lowerBound + i
          let sample = comparison.set.vectors[row: Int(comparison.referenceRows[reference])]
            .baseAddress!
          let key = subjectKeys[Int(comparison.referenceSubjects[reference])]
          do {
            let outcome = try member.worker.enrol(
              reference: sample, subjectKey: key, balancingFactor: factor, seed: seed,
              isCancelled: { interruption.isRequested })
            try observe(
              Enrolled(
                reference: outcome.reference, sample: sample, key: key,
                comparator: member.comparator, sampler: member.sampler),
              base + i * width)
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
    }
    if let error = failure.withLock({ $0 }) { throw error }
    let finished = outcomes.withLock { $0.compactMap { $0 } }
    if finished.count < rows { try interruption.check() }
    return ScoreBlock(
      scores: scores, metadata: UnitOutcome(finished, context: context, fold: unit.fold))
  }
}
