import Records
import Specs

/// The score blocks of one cell on disk: a unit of work is found here or made and kept here.
struct CellBlocks {
  let cell: Cell
  /// `CellFingerprint.scoreHash` of the cell.
  var scoreHash: String
  var store: ResultStore
  /// Whether the weights of a unit's references are kept beside its scores.
  let keepsTemplates: Bool
  let interruption: Interruption
  let journal: RunJournal

  /// The block of a unit of work, from disk or made now; every unit of a run, evaluated or attacked,
  /// passes here.
  ///
  /// - Parameters:
  ///   - name: the unit within the cell, e.g. "fold0-0003".
  ///   - references: rows of the block.
  ///   - make: makes the block where it is not on disk, and gives the weights to the sink where
  ///     they are kept.
  /// - Throws: `Interrupted`, `StoreError`, what `make` throws.
  func keptOrMade(
    _ name: String, references: Int, make: (TemplateSink?) throws -> ScoreBlock<UnitOutcome>
  ) throws -> ScoreBlock<UnitOutcome> {
    try interruption.check()
    if let block = try kept(name, rows: references) {
      journal.report(.unit(cell, name: name, references: references, wasKept: true))
      return block
    }
    let templates = keepsTemplates ? TemplateSink() : nil
    let block = try make(templates)
    if let templates {
      try store.writeScores(
        templates.block(rows: references), cell: cell, name: UnitOfWork.templatesName(of: name),
        scoreHash: scoreHash)
    }
    // Last, so that a unit with scores is complete.
    try store.writeScores(block, cell: cell, name: name, scoreHash: scoreHash)
    journal.made()
    journal.report(.unit(cell, name: name, references: references, wasKept: false))
    return block
  }

  /// The scores of a unit that is complete on disk, its weights with it where they are kept.
  private func kept(_ name: String, rows: Int) throws -> ScoreBlock<UnitOutcome>? {
    let consequence = "; the unit is done again"
    if keepsTemplates,
      try intact(
        UnitOfWork.templatesName(of: name), rows: rows, as: TemplateShape.self,
        otherwise: consequence) == nil
    {
      return nil
    }
    return try intact(name, rows: rows, as: UnitOutcome.self, otherwise: consequence)
  }

  /// A block that is on disk, intact and made from the same inputs; nil where it is not. A damaged
  /// one is told.
  ///
  /// - Parameters:
  ///   - rows: references of the unit; a block of others is damaged.
  ///   - consequence: what follows from the damage, as the warning ends.
  func intact<Metadata: Codable & Sendable>(
    _ name: String, rows: Int, as metadata: Metadata.Type, otherwise consequence: String = ""
  ) throws -> ScoreBlock<Metadata>? {
    do {
      return try store.scores(cell: cell, name: name, scoreHash: scoreHash, metadata: metadata)?
        .holding(rows: rows, path: store.scoresPath(cell, name))
    } catch StoreError.badBlock(let path, let reason) {
      journal.report(.warning("'\(path)' is damaged (\(reason))\(consequence)"))
      return nil
    }
  }

  /// A block that has been made by now.
  ///
  /// - Parameters:
  ///   - rows: references of the unit.
  ///   - columns: values of each.
  /// - Throws: `StoreError.badBlock` where it is damaged, of another size, or gone for `reason`.
  func present<Metadata: Codable & Sendable>(
    _ name: String, rows: Int, columns: Int, as metadata: Metadata.Type,
    otherwise reason: String = "it vanished before the cell was evaluated; run again"
  ) throws -> ScoreBlock<Metadata> {
    guard
      let block = try store.scores(
        cell: cell, name: name, scoreHash: scoreHash, metadata: metadata)
    else {
      throw StoreError.badBlock(path: store.scoresPath(cell, name), reason: reason)
    }
    return try block.holding(rows: rows, columns: columns, path: store.scoresPath(cell, name))
  }
}
