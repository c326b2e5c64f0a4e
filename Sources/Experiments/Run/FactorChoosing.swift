import Biometrics
import Datasets
import MOTE
import Records
import Specs

/// The system in which each person has the factor that suits that person best, judged at enrolment
/// on validation data (see `FactorChoice`). It trains nothing of its own: the models are those of
/// the cells with one factor for all.
extension Evaluating {
  /// Chooses a factor for every reference and puts the chosen models' scores together.
  func chosenScores(_ cell: Cell) throws -> (CellScores, FactorChoiceSummary?) {
    let inputs = lookup.inputs[cell]!
    let factors = inputs.enrolment!.balancingFactors
    let candidates = factors.map(cell.fixed)
    func block(
      _ candidate: Cell, _ unit: UnitOfWork, _ columns: ScoreColumns
    ) throws -> ScoreBlock<UnitOutcome> {
      try run.blocks(of: candidate, lookup).present(
        unit.name, rows: unit.rows.count, columns: columns.count, as: UnitOutcome.self)
    }
    func eachUnit(
      _ body: (_ candidate: Int, ScoreBlock<UnitOutcome>, ScoreColumns) -> Void
    ) throws {
      for (c, candidate) in candidates.enumerated() {
        for (fold, units) in data.units.enumerated() {
          for unit in units {
            let columns = data.columns(fold: fold, inputs)
            let block = try block(candidate, unit, columns)
            guard !columns.development.isEmpty else {
              throw CalibrationError.noDevelopmentRows(
                "balancing_factors: per_subject", dataset: cell.dataset, fold: fold)
            }
            body(c, block, columns)
          }
        }
      }
    }

    // One threshold for all models there may be.
    let target = inputs.evaluation.operatingPoints[0]
    let count = data.units.enumerated().reduce(0) { sum, fold in
      let columns = data.columns(fold: fold.offset, inputs)
      return sum + fold.element.reduce(0) { $0 + $1.rows.count } * columns.development.count
        * candidates.count
    }
    var top = TopScores(forTarget: target, of: count)
    try eachUnit { _, block, columns in
      let development = block.scores.columns(columns.development)
      for i in 0..<development.rows { top.insert(development[row: i]) }
    }
    guard let threshold = top.threshold(atFMR: target) else {
      throw CalibrationError.belowOneFalseMatch(target: target, scores: count)
    }

    // Risks in the order of references, fold after fold.
    var risks = [[ModelRisk]](repeating: [], count: candidates.count)
    try eachUnit { c, block, columns in
      let development = block.scores.columns(columns.development)
      let selection = block.scores.columns(columns.selection)
      for i in 0..<development.rows {
        risks[c].append(
          ModelRisk(
            threshold: threshold, development: development[row: i],
            synthetic: selection[row: i], maleCount: block.metadata.maleSelection ?? 0))
      }
    }
    let choice = FactorChoice(candidates: factors, risks: risks)

    var next = 0
    var outcome = UnitOutcome()
    let folds = try data.units.enumerated().map { fold, units in
      let columns = data.columns(fold: fold, inputs)
      let parts = try units.map { unit in
        let chosen = choice.chosen[next..<(next + unit.rows.count)]
        next += unit.rows.count
        var outcomes: [UnitOutcome] = []
        let scores = try ScoreMatrix(rows: unit.rows.count, columns: columns.count) { target in
          for (c, candidate) in candidates.enumerated() {
            let block = try block(candidate, unit, columns)
            outcomes.append(block.metadata)
            for (i, index) in chosen.enumerated() where index == c {
              (target + i * columns.count).update(
                from: block.scores[row: i].baseAddress!, count: columns.count)
            }
          }
        }
        outcome.append(UnitOutcome(choosing: Array(chosen), from: outcomes))
        return scores
      }
      return FoldScores(columns: columns, parts: parts)
    }
    let summary = FactorChoiceSummary(
      choice, factors: factors, threshold: threshold, target: target,
      risks: risks, data: data)
    return (CellScores(folds: folds, outcome: outcome), summary)
  }
}

extension FactorChoiceSummary {
  init(
    _ choice: FactorChoice, factors: [Double], threshold: Double, target: Double,
    risks: [[ModelRisk]], data: BatchData
  ) {
    let none = [Int](repeating: 0, count: factors.count)
    var counts = ["all": none]
    for name in data.groups.names { counts[name] = none }
    var chosenRisks: [Double] = []
    for (i, subject) in data.comparisons.flatMap(\.referenceSubjects).enumerated() {
      let factor = choice.chosen[i]
      counts["all"]![factor] += 1
      let group = Int(data.groups.ofSubject[Int(subject)])
      if group < data.groups.names.count { counts[data.groups.names[group]]![factor] += 1 }
      chosenRisks.append(risks[factor][i].value)
    }
    chosenRisks.sort()
    self.init(
      factors: factors, threshold: threshold, targetFMR: target, targetRisk: choice.targetRisk,
      medianChosenRisk: chosenRisks.isEmpty ? 0 : quantile(0.5, ofSorted: chosenRisks),
      counts: counts)
  }
}
