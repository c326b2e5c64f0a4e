import Biometrics
import Datasets
import Kernels
import MOTE
import Records
import Specs

/// Scores the cells of a batch: every unit of work that is not on disk yet.
struct Scoring {
  let run: RunContext
  let lookup: Lookup
  let batch: CellBatch
  let data: BatchData

  /// One unit of work of one cell.
  private typealias CellUnit = (cell: Cell, unit: UnitOfWork)

  /// Scores all cells of the batch, fold by fold; the enrolment context of a fold serves all
  /// factors.
  ///
  /// A unit that fails is told in the journal, and the next one is done. In a shard, only its own
  /// units are looked at.
  ///
  /// - Throws: `MemoryExceeded`, `Interrupted`, `StoreError`, `FailedFast`.
  func score() throws {
    let training = lookup.inputs(of: batch).enrolment?.training
    let workers = try run.workersWithinMemory(CellSize(data, training), training, lookup)
    let owned = ownedUnits()
    run.journal.report(
      .batch(batch, references: owned.joined().reduce(0) { $0 + $1.unit.rows.count }))
    for (fold, units) in owned.enumerated() where !units.isEmpty {
      try score(units, fold: fold, workers: workers)
    }
  }

  /// Scores units of one fold.
  private func score(_ units: [CellUnit], fold: Int, workers: Int) throws {
    let comparison = data.comparisons[fold]
    let inputs = lookup.inputs(of: batch)
    let probes = comparison.probes(asRead: inputs.enrolment == nil)
    let columns = data.columns(fold: fold, inputs)
    // Made when the first unit needs it, so that a resumed run does not pay for finished folds;
    // what makes it impossible fails every unit in turn.
    var crew: Result<EnrolmentCrew, any Error>?
    for (cell, unit) in units {
      do {
        _ = try run.blocks(of: cell, lookup).keptOrMade(
          unit.name, references: unit.rows.count
        ) { templates in
          guard let enrolment = lookup.inputs[cell]!.enrolment else {
            return data.cosines(of: unit, probes: probes, columns: columns)
          }
          let members =
            crew
            ?? Result {
              try EnrolmentCrew(
                data.partitions[fold], enrolment, bandwidths: data.bandwidths, workers: workers,
                interruption: run.interruption)
            }
          crew = members
          return try members.get().enrolAndCompare(
            unit, comparison, probes: probes, columns: columns, subjectKeys: data.subjectKeys,
            factor: enrolment.balancingFactors[0], seed: data.seed, templates: templates)
        }
      } catch let error where !RunJournal.isFatal(error) {
        try run.journal.fail(cell, unit: unit.name, error)
        run.journal.report(
          .unit(cell, name: unit.name, references: unit.rows.count, wasKept: false))
      }
    }
  }

  /// The units of each fold that this run is to look at, cell by cell.
  private func ownedUnits() -> [[CellUnit]] {
    var number = 0
    return data.units.map { units in
      defer { number += units.count }
      return batch.scoredCells(lookup.inputs).flatMap { cell in
        units.enumerated().filter { index, _ in
          run.options.shard?.owns(unit: number + index, cell: lookup.ordinals[cell]!) ?? true
        }.map { (cell, $1) }
      }
    }
  }
}

extension BatchData {
  /// The traditional system: cosine of reference and probe vectors, then of the reference and the
  /// development rows where they are wanted.
  ///
  /// - Parameter probes: the probes of the fold as read.
  func cosines(of unit: UnitOfWork, probes: FloatMatrix, columns: ScoreColumns)
    -> ScoreBlock<UnitOutcome>
  {
    let comparison = comparisons[unit.fold]
    let rows = EmbeddingRows(
      set: comparison.set, rows: Array(comparison.referenceRows[unit.rows])
    ).asRead()
    let references = unit.rows.indices.map {
      VectorReference(vector: rows.values(ofRow: $0 - unit.rows.lowerBound))
    }
    let comparator = CosineComparator(dimension: probes.columns)
    let development =
      columns.development.isEmpty ? nil : partitions[unit.fold].development.asRead()
    let width = probes.rows + (development?.rows ?? 0)
    let scores = ScoreMatrix(rows: unit.rows.count, columns: width) { target in
      comparator.score(references, probes: probes, into: target, stride: width)
      if let development {
        comparator.score(
          references, probes: development, into: target + probes.rows, stride: width)
      }
    }
    return ScoreBlock(scores: scores, metadata: UnitOutcome())
  }
}

extension ComparisonProtocol {
  /// The probes as one matrix: as their file has them, for cosines, or as networks take them.
  func probes(asRead: Bool) -> FloatMatrix { asRead ? probes.asRead() : probes.packed() }
}
