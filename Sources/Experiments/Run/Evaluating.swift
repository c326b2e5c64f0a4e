import Biometrics
import Configurations
import Datasets
import Foundation
import Kernels
import MOTE
import Records
import Specs

/// Evaluates the cells of a batch: from score blocks to records.
struct Evaluating {
  let run: RunContext
  let lookup: Lookup
  let batch: CellBatch
  let data: BatchData

  /// Evaluates every cell of the batch that has all its scores; nothing in a shard, which leaves
  /// that to `Runner.merge`.
  ///
  /// - Throws: `Interrupted`, `StoreError`, `FailedFast`.
  func evaluate() throws {
    if run.options.shard != nil { return }
    // Made when the first cell needs it.
    var made: BatchSurroundings?
    defer { run.journal.report(.stage(nil)) }
    for (number, cell) in batch.cells.enumerated() where !run.journal.hasFailed(cell) {
      let replicates = lookup.inputs[cell]!.evaluation.bootstrap.replicates
      run.journal.report(
        .stage(
          "evaluating \(cell.title), cell \(number + 1) of \(batch.cells.count), "
            + "\(counted(replicates, "bootstrap replicate"))"))
      try run.attempt([cell]) {
        let surroundings = made ?? BatchSurroundings(data, workers: run.options.workers)
        made = surroundings
        try evaluate(cell, surroundings)
        run.journal.finished(cell)
      }
    }
    if batch.choosesFactors, !batch.cells.contains(where: run.journal.hasFailed) {
      try batch.scoredCells(lookup.inputs).forEach(run.store.removeScores)
    }
  }

  /// Writes a cell's record, what it keeps of each person, and its model-templates where they are
  /// wanted; the score blocks have served then, but for those that factors are chosen by.
  private func evaluate(_ cell: Cell, _ surroundings: BatchSurroundings) throws {
    let candidates = cell.choosesFactor ? batch.scoredCells(lookup.inputs) : []
    if let failure = run.journal.firstFailure(among: candidates) {
      throw CandidateFailed(candidate: failure.cell)
    }
    let (record, people) = try records(of: cell, surroundings)
    if let precision = lookup.templatePrecision(of: cell) {
      try TemplateWriting(
        blocks: run.blocks(of: cell, lookup), data: data, inputs: lookup.inputs[cell]!
      ).write(record, precision)
    }
    try people.write(to: run.store.subjectsPath(cell), inputHash: record.inputHash)
    // Last, so that a cell with a record is complete.
    try run.store.write(record)
    if !batch.choosesFactors { try run.store.removeScores(cell) }
  }

  /// The record of a cell whose scores are all there, and what it keeps of each person.
  private func records(of cell: Cell, _ surroundings: BatchSurroundings) throws
    -> (EvaluationRecord, SubjectRecord)
  {
    let inputs = lookup.inputs[cell]!
    let isNetwork = inputs.enrolment != nil
    let (scores, choice) =
      try cell.choosesFactor ? chosenScores(cell) : (cellScores(cell), nil)
    var (evaluation, errors) = try measure(
      scores, inputs.evaluation,
      // p >= 0.5 is logit >= 0; a cosine has no such threshold.
      fixedThreshold: isNetwork ? 0 : nil)
    let searches = try identification(scores, inputs.evaluation)
    evaluation.measurements += searches.flatMap(\.measurements)
    let fingerprint = lookup.fingerprints[cell]!
    var record = EvaluationRecord(
      key: cell, inputHash: fingerprint.inputHash, isSynthetic: data.set.isSynthetic,
      counts: data.withFailuresToEnrol(evaluation.counts), measurements: evaluation.measurements,
      curves: evaluation.curves, enrolment: nil, audit: data.audit,
      warnings: data.warnings + scores.outcome.warnings + evaluation.warnings,
      provenance: run.clock.provenance(run.provenance, cell),
      fingerprint: fingerprint, conventions: inputs.evaluation.conventions)
    record.bands = evaluation.bands
    record.histogram = evaluation.histogram
    record.identification = searches.first?.counts
    if isNetwork {
      record.enrolment = scores.outcome.summary(data)
      record.enrolment?.factorChoice = choice
      record.enrolment?.dims =
        NetworkShape(
          inputs: data.set.dimension, hiddenWidths: inputs.enrolment!.training.hiddenWidths
        ).dims
    }
    return (record, SubjectRecord(cell, data, surroundings, scores, errors))
  }

  /// Everything measured on a cell, and the errors of each person: conventions on the scores as they
  /// are, then those on scores calibrated per subject.
  private func measure(
    _ scores: CellScores, _ inputs: EvaluationInputs, fixedThreshold: Double?
  ) throws -> (Evaluation, [SubjectErrorCounts]) {
    var plain = inputs.conventions.filter { $0.threshold != .perSubject }
    let calibrated = inputs.conventions.filter { $0.threshold == .perSubject }
    if plain.contains(where: { $0.threshold == .development }) {
      let given = try developmentThresholds(scores, inputs.operatingPoints)
      for i in plain.indices where plain[i].threshold == .development {
        plain[i].givenThresholds = given
      }
    }
    var request = EvaluationRequest(
      conventions: plain,
      targets: inputs.operatingPoints, fixedThreshold: fixedThreshold,
      bootstrap: data.bootstrapDraws(inputs.bootstrap), workers: run.options.workers)
    request.isPictured = true
    var parts: [Evaluation] = []
    var errors: [SubjectErrorCounts] = []
    func evaluated(_ trials: TrialSet) throws -> Evaluation {
      var part = try Biometrics.evaluate(trials, request)
      var influences = InfluenceCounts(trials)
      try influences.attach(to: &part.measurements, conventions: request.conventions)
      errors += try SubjectErrorCounts.all(of: part, request.conventions, &influences)
      return part
    }
    if !plain.isEmpty {
      parts.append(try evaluated(data.trials(blocks: scores.folds.map(\.probes))))
    }
    if !calibrated.isEmpty {
      request.conventions = calibrated
      request.fixedThreshold = nil
      for (i, target) in inputs.operatingPoints.enumerated() {
        request.targets = [target]
        var part = try evaluated(
          data.trials(blocks: try calibratedScores(scores, atFMR: target)))
        // Calibration depends on the target; what does not is reported for the first.
        if i > 0 {
          part.measurements.removeAll { $0.target != target }
          (part.curves, part.bands) = ([:], [:])
        }
        parts.append(part)
      }
    }
    var all = parts[0]
    for part in parts.dropFirst() {
      all.measurements += part.measurements
      all.curves.merge(part.curves) { first, _ in first }
      all.bands.merge(part.bands) { first, _ in first }
      all.warnings += part.warnings.filter { !all.warnings.contains($0) }
    }
    return (all, errors)
  }
}

/// A factor that people could have been given has no scores.
struct CandidateFailed: Error, CustomStringConvertible {
  let candidate: Cell

  var description: String { "it chooses among other cells, of which \(candidate.title) failed" }
}
