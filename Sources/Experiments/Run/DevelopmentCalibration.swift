import Biometrics
import Datasets
import MOTE
import Records
import Specs

/// Thresholds and calibration from development rows: no evaluation sample takes part.
extension Evaluating {
  /// One threshold per FMR target, set on the scores of all references against the development rows
  /// of their fold. A target below one false match has none.
  ///
  /// - Throws: `CalibrationError` without development rows.
  func developmentThresholds(_ scores: CellScores, _ targets: [Double]) throws
    -> [EvaluationConvention.GivenThreshold]
  {
    try requireDevelopment(scores, what: "threshold: development")
    let count = scores.developmentCount
    return targets.compactMap { target in
      var top = TopScores(forTarget: target, of: count)
      for matrix in scores.folds.flatMap(\.development) {
        for i in 0..<matrix.rows { top.insert(matrix[row: i]) }
      }
      return top.threshold(atFMR: target).map {
        EvaluationConvention.GivenThreshold(target: target, threshold: $0)
      }
    }
  }

  /// The probes' scores, each minus what its reference gives to development rows at the target.
  ///
  /// - Throws: `CalibrationError` without development rows.
  func calibratedScores(_ scores: CellScores, atFMR fmr: Double) throws
    -> [[ScoreMatrix]]
  {
    try requireDevelopment(scores, what: "threshold: per_subject")
    return scores.folds.map { fold in
      zip(fold.probes, fold.development).map { probes, development in
        ScoreMatrix(rows: probes.rows, columns: probes.columns) { target in
          for i in 0..<probes.rows {
            let offset = nonMatedQuantile(development[row: i], atFMR: fmr)!
            let row = target + i * probes.columns
            for (j, score) in probes[row: i].enumerated() { row[j] = Float(Double(score) - offset) }
          }
        }
      }
    }
  }

  private func requireDevelopment(_ scores: CellScores, what: String) throws {
    for (fold, part) in scores.folds.enumerated() where part.columns.development.isEmpty {
      throw CalibrationError.noDevelopmentRows(what, dataset: data.set.dataset, fold: fold)
    }
  }
}

extension CellScores {
  /// Scores against development rows.
  var developmentCount: Int {
    folds.reduce(0) { sum, fold in
      sum + fold.parts.reduce(0) { $0 + $1.rows } * fold.columns.development.count
    }
  }
}

/// Why nothing can be chosen on development rows.
package enum CalibrationError: Error, CustomStringConvertible, Equatable {
  case noDevelopmentRows(String, dataset: String, fold: Int)
  case belowOneFalseMatch(target: Double, scores: Int)

  package var description: String {
    switch self {
    case .noDevelopmentRows(let what, let dataset, let fold):
      "'\(what)' needs development rows, and there are none when '\(dataset)' is evaluated "
        + "(fold \(fold)); give 'partition' a development part with usable samples"
    case .belowOneFalseMatch(let target, let scores):
      "factors chosen per subject need a threshold at FMR \(target) from \(scores) development "
        + "scores: that is below one false match; enlarge the development set or the target"
    }
  }
}
