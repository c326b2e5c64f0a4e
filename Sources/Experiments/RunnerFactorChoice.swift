import Biometrics
import Datasets
import MOTE

/// The system in which each person has the factor that suits that person best, judged at enrolment
/// on validation data (see `FactorChoice`). It trains nothing of its own: the models are those of
/// the cells with one factor for all.
extension Runner {
  /// Chooses a factor for every reference and puts the chosen models' scores together.
  func chosenScores(
    _ cell: CellKey, _ data: GroupData, _ fingerprints: [CellKey: CellFingerprint]
  ) throws -> (CellScores, FactorChoiceSummary) {
    let candidates = spec.balancingFactors.map(cell.fixed)
    func matrices(_ body: (_ candidate: Int, ScoreMatrix, UnitOutcome) -> Void) throws {
      for (c, candidate) in candidates.enumerated() {
        for (fold, units) in data.units.enumerated() {
          for unit in units {
            let block = try block(of: candidate, unit, fingerprints[candidate]!)
            let columns = data.columns(fold: fold, cell: candidate, in: spec)
            guard columns.development > 0 else {
              throw CalibrationError.noDevelopmentRows(
                "balancing_factors: per_subject", dataset: cell.dataset, fold: fold)
            }
            body(c, ScoreMatrix(block, columns: columns), block.metadata)
          }
        }
      }
    }

    // One threshold for all models there may be.
    let target = spec.operatingPoints[0]
    let count = data.units.enumerated().reduce(0) { sum, fold in
      let columns = data.columns(fold: fold.offset, cell: candidates[0], in: spec)
      return sum + fold.element.reduce(0) { $0 + $1.rows.count } * columns.development
        * candidates.count
    }
    var top = TopScores(forTarget: target, of: count)
    try matrices { _, matrix, _ in
      for i in 0..<matrix.rows { top.insert(matrix.development(ofRow: i)) }
    }
    guard let threshold = top.threshold(atFMR: target) else {
      throw CalibrationError.belowOneFalseMatch(target: target, scores: count)
    }

    // Risks in the order of references, fold after fold.
    var risks = [[ModelRisk]](repeating: [], count: candidates.count)
    try matrices { c, matrix, outcome in
      for i in 0..<matrix.rows {
        risks[c].append(
          ModelRisk(
            threshold: threshold, development: matrix.development(ofRow: i),
            synthetic: matrix.selection(ofRow: i), maleCount: outcome.maleSelection ?? 0))
      }
    }
    let choice = FactorChoice(candidates: spec.balancingFactors, risks: risks)

    var next = 0
    var outcome = UnitOutcome()
    let folds = try data.units.enumerated().map { fold, units in
      let columns = data.columns(fold: fold, cell: candidates[0], in: spec)
      return try units.map { unit in
        let chosen = choice.chosen[next..<(next + unit.rows.count)]
        next += unit.rows.count
        let result = ScoreMatrix(rows: unit.rows.count, columns: columns)
        var outcomes: [UnitOutcome] = []
        for (c, candidate) in candidates.enumerated() {
          let block = try block(of: candidate, unit, fingerprints[candidate]!)
          outcomes.append(block.metadata)
          guard chosen.contains(c) else { continue }
          let matrix = ScoreMatrix(block, columns: columns)
          for (i, index) in chosen.enumerated() where index == c { result.copyRow(i, from: matrix) }
        }
        outcome.append(UnitOutcome(choosing: Array(chosen), from: outcomes))
        return result
      }
    }
    let summary = FactorChoiceSummary(
      choice, factors: spec.balancingFactors, threshold: threshold, target: target,
      risks: risks, data: data)
    return (CellScores(folds: folds, outcome: outcome), summary)
  }
}

/// How the factors of a cell were chosen.
package struct FactorChoiceSummary: Sendable, Codable {
  /// Candidates, [f].
  package var factors: [Double]
  /// Threshold that risks were judged at, and the FMR it was set for.
  package var threshold: Double
  package var targetFMR: Double
  /// The risk that the choices aim at: the median at the balanced factor.
  package var targetRisk: Double
  /// Median risk of the models that were chosen.
  package var medianChosenRisk: Double
  /// People with each factor, [f], by group; "all" has everybody.
  package var counts: [String: [Int]]

  package init(
    factors: [Double], threshold: Double, targetFMR: Double, targetRisk: Double,
    medianChosenRisk: Double, counts: [String: [Int]]
  ) {
    self.factors = factors
    self.threshold = threshold
    self.targetFMR = targetFMR
    self.targetRisk = targetRisk
    self.medianChosenRisk = medianChosenRisk
    self.counts = counts
  }

  init(
    _ choice: FactorChoice, factors: [Double], threshold: Double, target: Double,
    risks: [[ModelRisk]], data: GroupData
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
