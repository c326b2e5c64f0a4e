import Biometrics
import Datasets
import Foundation
import MOTE

/// Evaluation: from the score blocks of a cell to its record.
extension Runner {
  func evaluate(
    _ cell: CellKey, _ data: GroupData, _ fingerprint: CellFingerprint, _ shelf: DataShelf
  ) throws -> EvaluationRecord {
    let start = ContinuousClock.now
    let began = Date()
    var outcome = UnitOutcome()
    let blocks = try data.units.map { units in
      try units.map { unit in
        guard
          let block = try store.scores(
            cell: cell, name: unit.name, scoreHash: fingerprint.scoreHash,
            metadata: UnitOutcome.self)
        else {
          throw StoreError.badBlock(
            path: "\(store.scoresFolder(cell))/\(unit.name).f32",
            reason: "it vanished before the cell was evaluated; run again")
        }
        outcome.append(block.metadata)
        return Biometrics.ScoreBlock(scores: block.scores, rows: block.rows, columns: block.columns)
      }
    }
    let isNetwork = cell.preset != nil
    let evaluation = try Biometrics.evaluate(
      data.trials(blocks: blocks),
      EvaluationRequest(
        conventions: spec.conventions.map(EvaluationConvention.init), targets: spec.operatingPoints,
        // p >= 0.5 is logit >= 0; a cosine has no such threshold.
        fixedThreshold: isNetwork ? 0 : nil, bootstrap: data.bootstrapDraws(spec.bootstrap),
        workers: options.workers))

    var provenance = Provenance.current(spec: spec, dataHashes: shelf.hashesByPath)
    provenance.seed = data.seed
    provenance.startedAt = began.formatted(.iso8601)
    provenance.wallSeconds = (ContinuousClock.now - start) / .seconds(1)
    var record = EvaluationRecord(
      key: cell, inputHash: fingerprint.inputHash, isSynthetic: data.set.isSynthetic,
      counts: evaluation.counts, measurements: evaluation.measurements, curves: evaluation.curves,
      enrolment: nil, audit: data.audit, warnings: data.warnings + evaluation.warnings,
      provenance: provenance)
    record.fingerprint = fingerprint
    if isNetwork { record.enrolment = outcome.summary(data) }
    return record
  }
}

extension EvaluationConvention {
  /// The convention a spec describes.
  init(_ spec: ConventionSpec) {
    self.init(
      name: spec.name, selfTrials: spec.selfTrials,
      threshold: spec.threshold == .perGroup ? .perGroup : .global, nonMated: spec.nonMated,
      denominator: spec.denominator, rule: spec.rule, alpha: spec.alpha)
  }
}
