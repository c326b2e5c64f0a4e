import Biometrics
import Records
import Specs

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

extension Evaluating {
  /// All scores of a cell with one factor (or none).
  func cellScores(_ cell: Cell) throws -> CellScores {
    let blocks = run.blocks(of: cell, lookup)
    let inputs = lookup.inputs[cell]!
    var outcome = UnitOutcome()
    let folds = try data.units.enumerated().map { fold, units in
      let columns = data.columns(fold: fold, inputs)
      let parts = try units.map { unit in
        let block = try blocks.present(
          unit.name, rows: unit.rows.count, columns: columns.count, as: UnitOutcome.self)
        outcome.append(block.metadata)
        return block.scores
      }
      return FoldScores(columns: columns, parts: parts)
    }
    return CellScores(folds: folds, outcome: outcome)
  }
}
