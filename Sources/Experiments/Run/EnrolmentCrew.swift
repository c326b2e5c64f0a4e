import Biometrics
import Datasets
import Kernels
import MOTE
import Records
import Specs
import Synchronization
import Workers

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

  /// The workers for a partition and what it is trained with; the densities are fitted here.
  ///
  /// - Throws: `EnrolmentError` of rows that nothing can be learnt from.
  init(
    _ partition: SubjectPartition, _ enrolment: EnrolmentInputs, bandwidths: SearchedBandwidths,
    workers: Int, interruption: Interruption
  ) throws {
    let context = try EnrolmentContext(
      partition: partition, configuration: enrolment.training,
      kde: enrolment.kde, bandwidths: bandwidths, workers: workers)
    self.context = context
    self.interruption = interruption
    members = (0..<UnitOfWork.workers(atMost: workers)).map { _ in
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
    let scores = try ScoreMatrix(rows: rows, columns: width) { target in
      try concurrently(
        units: rows, workers: members.count, isStopped: { interruption.isRequested }
      ) { m, i in
        let member = members[m]
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
            target + i * width)
          outcomes.withLock { $0[i] = outcome }
          templates?.keep(outcome.reference, row: i)
        } catch is EnrolmentCancelled {
          // The run is to stop; that it has not all outcomes tells it below.
        }
      }
    }
    let finished = outcomes.withLock { $0.compactMap { $0 } }
    if finished.count < rows { try interruption.check() }
    return ScoreBlock(
      scores: scores,
      metadata: UnitOutcome(
        finished, context: context, balancingFactor: factor, fold: unit.fold))
  }
}
