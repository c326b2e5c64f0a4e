import Records
import Specs

/// What every stage of a run works with. The spec is not here: a stage sees of it what `CellInputs`
/// has, and no more.
struct RunContext {
  /// What holds for every record of the run.
  let provenance: Provenance
  let options: RunOptions
  let store: ResultStore
  let interruption: Interruption
  let journal: RunJournal
  /// Started with the run.
  let clock = ProvenanceClock()

  /// The cell's score blocks on disk.
  func blocks(of cell: Cell, _ lookup: Lookup) -> CellBlocks {
    CellBlocks(
      cell: cell, scoreHash: lookup.fingerprints[cell]!.scoreHash, store: store,
      keepsTemplates: lookup.templatePrecision(of: cell) != nil, interruption: interruption,
      journal: journal)
  }

  /// Does a part of the run unless it is to stop; where the part fails by itself, its cells are
  /// told as failed, and the run goes on.
  ///
  /// - Throws: `Interrupted`, and errors that end the run (`RunJournal.isFatal`).
  func attempt(_ cells: [Cell], _ body: () throws -> Void) throws {
    try interruption.check()
    do {
      try body()
    } catch let error where !RunJournal.isFatal(error) {
      for cell in cells { try journal.fail(cell, error) }
    }
  }
}
