import Biometrics
import Datasets
import Foundation
import MOTE
import Records
import Specs

/// Evaluation: from the score blocks of a cell to its record.
extension Runner {
  func evaluate(
    _ cell: Cell, _ data: BatchData, _ fingerprints: [Cell: CellFingerprint],
    _ shelf: DataShelf
  ) throws -> EvaluationRecord {
    let start = ContinuousClock.now
    let began = Date()
    let isNetwork = cell.preset != nil
    var choice: FactorChoiceSummary?
    let scores: CellScores
    if cell.choosesFactor {
      (scores, choice) = try chosenScores(cell, data, fingerprints)
    } else {
      scores = try cellScores(cell, data, fingerprints[cell]!)
    }
    let evaluation = try measure(
      scores, data,
      // p >= 0.5 is logit >= 0; a cosine has no such threshold.
      fixedThreshold: isNetwork ? 0 : nil)

    var provenance = Provenance.current(spec: spec, dataHashes: shelf.hashesByPath)
    provenance.seed = data.seed
    provenance.startedAt = began.formatted(.iso8601)
    provenance.wallSeconds = (ContinuousClock.now - start) / .seconds(1)
    let fingerprint = fingerprints[cell]!
    var record = EvaluationRecord(
      key: cell, inputHash: fingerprint.inputHash, isSynthetic: data.set.isSynthetic,
      counts: evaluation.counts, measurements: evaluation.measurements, curves: evaluation.curves,
      enrolment: nil, audit: data.audit, warnings: data.warnings + evaluation.warnings,
      provenance: provenance)
    record.fingerprint = fingerprint
    if isNetwork {
      record.enrolment = scores.outcome.summary(data)
      record.enrolment?.factorChoice = choice
    }
    return record
  }

  /// All scores of a cell with one factor (or none).
  func cellScores(_ cell: Cell, _ data: BatchData, _ fingerprint: CellFingerprint) throws
    -> CellScores
  {
    var outcome = UnitOutcome()
    let folds = try data.units.enumerated().map { fold, units in
      let columns = data.columns(fold: fold, cell: cell, in: spec)
      let parts = try units.map { unit in
        let block = try block(of: cell, unit, fingerprint)
        outcome.append(block.metadata)
        return block.scores
      }
      return FoldScores(columns: columns, parts: parts)
    }
    return CellScores(folds: folds, outcome: outcome)
  }

  /// A unit's scores, which have been made by now.
  func block(of cell: Cell, _ unit: UnitOfWork, _ fingerprint: CellFingerprint) throws
    -> ScoreBlock<UnitOutcome>
  {
    guard
      let block = try store.scores(
        cell: cell, name: unit.name, scoreHash: fingerprint.scoreHash, metadata: UnitOutcome.self)
    else {
      throw StoreError.badBlock(
        path: "\(store.scoresFolder(cell))/\(unit.name).f32",
        reason: "it vanished before the cell was evaluated; run again")
    }
    return block
  }

  /// Everything measured on a cell: conventions on the scores as they are, then those on scores
  /// calibrated per subject.
  private func measure(_ scores: CellScores, _ data: BatchData, fixedThreshold: Double?) throws
    -> Evaluation
  {
    var plain = spec.conventions.filter { $0.threshold != .perSubject }
    let calibrated = spec.conventions.filter { $0.threshold == .perSubject }
    if plain.contains(where: { $0.threshold == .development }) {
      let given = try developmentThresholds(scores, data)
      for i in plain.indices where plain[i].threshold == .development {
        plain[i].givenThresholds = given
      }
    }
    var request = EvaluationRequest(
      conventions: plain,
      targets: spec.operatingPoints, fixedThreshold: fixedThreshold,
      bootstrap: data.bootstrapDraws(spec.bootstrap), workers: options.workers)
    var parts: [Evaluation] = []
    if !plain.isEmpty {
      parts.append(
        try Biometrics.evaluate(
          data.trials(blocks: scores.folds.map(\.probes)), request))
    }
    if !calibrated.isEmpty {
      request.conventions = calibrated
      request.fixedThreshold = nil
      for (i, target) in spec.operatingPoints.enumerated() {
        request.targets = [target]
        var part = try Biometrics.evaluate(
          data.trials(blocks: try calibratedScores(scores, data, atFMR: target)), request)
        // Calibration depends on the target; what does not is reported for the first.
        if i > 0 {
          part.measurements.removeAll { $0.target != target }
          part.curves = [:]
        }
        parts.append(part)
      }
    }
    var all = parts[0]
    for part in parts.dropFirst() {
      all.measurements += part.measurements
      all.curves.merge(part.curves) { first, _ in first }
      all.warnings += part.warnings.filter { !all.warnings.contains($0) }
    }
    return all
  }
}

/// The scores of a cell, all folds in order.
struct CellScores {
  let folds: [FoldScores]
  let outcome: UnitOutcome
}

/// The scores of a cell in one fold.
struct FoldScores {
  let columns: ScoreColumns
  /// Unit by unit, top to bottom.
  let parts: [ScoreMatrix]

  /// Scores against the probes, as evaluation takes them.
  var probes: [ScoreMatrix] { parts.map { $0.columns(columns.probes) } }
  /// Scores against development rows, part by part.
  var development: [ScoreMatrix] { parts.map { $0.columns(columns.development) } }
}
