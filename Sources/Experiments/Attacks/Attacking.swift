import AttackReports
import Biometrics
import Configurations
import Kernels
import Privacy
import Records
import Specs

/// Attacks a cell: makes what the attacker observes of its references, and from that its record.
struct Attacking {
  let run: RunContext
  let lookup: Lookup
  let cell: Cell

  /// Makes and attacks the references of the cell and writes its record; in a shard, its own units
  /// are observed, and no more.
  ///
  /// - Throws: `PrivacyError`, `EnrolmentError`, `Interrupted`, `StoreError`.
  func attack() throws {
    let inputs = lookup.inputs[cell]!
    let attacked = try AttackData(inputs, shelf: lookup.shelf)
    guard run.options.shard == nil else { return try observe(attacked) { _, _, _ in } }
    var seen = AttackedScores(attacked)
    try observe(attacked) { try seen.append($0, $1, $2) }
    run.journal.report(
      .stage("attacking \(cell.title), \(counted(seen.targetCount, "target"))"))
    defer { run.journal.report(.stage(nil)) }
    try run.store.write(record(of: seen, attacked, inputs.evaluation))
    try run.store.removeScores(cell)
    run.journal.finished(cell)
  }

  /// The attacks on what was observed, and what the system costs in recognition.
  private func record(
    of seen: AttackedScores, _ attacked: AttackData, _ inputs: EvaluationInputs
  ) throws -> AttackRecord {
    let data = attacked.data
    try run.interruption.check()
    let reports = try seen.reports(run.interruption)
    try run.interruption.check()
    let convention = inputs.conventions[0]
    let evaluation = try Biometrics.evaluate(
      data.trials(blocks: seen.trialBlocks),
      EvaluationRequest(
        conventions: [convention], targets: inputs.operatingPoints,
        fixedThreshold: cell.preset == nil ? nil : 0,
        bootstrap: data.bootstrapDraws(inputs.bootstrap), keepsReplicates: [.fnmr],
        workers: run.options.workers))
    return AttackRecord(
      key: cell, fingerprint: lookup.fingerprints[cell]!, isSynthetic: data.set.isSynthetic,
      reports: reports,
      recognition: evaluation.measurements.filter { [.fnmr, .eer, .auc].contains($0.quantity) },
      convention: convention.name, cohort: attacked.cohort,
      counts: data.withFailuresToEnrol(evaluation.counts), audit: data.audit,
      warnings: attacked.warnings + seen.outcome.warnings + evaluation.warnings,
      provenance: run.clock.provenance(run.provenance, cell))
  }

  /// Makes what the attacker observes of the cell, unit by unit; in a shard, its own units only.
  /// Units that are on disk are kept.
  ///
  /// - Parameter use: receives each unit's block with the unit.
  private func observe(
    _ attacked: AttackData, use: (ScoreBlock<UnitOutcome>, UnitOfWork, AttackedSide) throws -> Void
  ) throws {
    BLAS.useOneThread()
    let ordinal = lookup.ordinals[cell]!
    let owned = attacked.units.enumerated().filter { number, _ in
      run.options.shard?.owns(unit: number, cell: ordinal) ?? true
    }.map(\.element)
    run.journal.report(.attack(cell, references: owned.reduce(0) { $0 + $1.unit.rows.count }))
    let observer = AttackObserver(
      attacked: attacked,
      workers: try run.workersWithinMemory(
        CellSize(attacked), attacked.inputs.enrolment?.training, lookup),
      interruption: run.interruption)
    let blocks = run.blocks(of: cell, lookup)
    var observation: (fold: Int, observe: AttackObserver.Observation)?
    for (side, fold, unit) in owned {
      let block = try blocks.keptOrMade(side.name(unit), references: unit.rows.count) { _ in
        // Made when the first unit of a fold needs it; it holds what the fold was trained on.
        if observation?.fold != fold {
          observation = nil
          observation = (fold, try observer.units(fold: fold))
        }
        return try observation!.observe(unit, side)
      }
      try use(block, unit, side)
    }
  }
}
