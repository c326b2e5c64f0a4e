import Biometrics
import Datasets
import MOTE

/// Thresholds and calibration from development rows: no evaluation sample takes part.
extension Runner {
  /// One threshold per FMR target, set on the scores of all references against the development rows
  /// of their fold. A target below one false match has none.
  ///
  /// - Throws: `CalibrationError` without development rows.
  func developmentThresholds(_ scores: CellScores, _ data: GroupData) throws
    -> [EvaluationConvention.GivenThreshold]
  {
    try requireDevelopment(scores, data, what: "threshold: development")
    let count = scores.developmentCount
    return spec.operatingPoints.compactMap { target in
      var top = TopScores(forTarget: target, of: count)
      for matrix in scores.folds.joined() {
        for i in 0..<matrix.rows { top.insert(matrix.development(ofRow: i)) }
      }
      return top.threshold(atFMR: target).map {
        EvaluationConvention.GivenThreshold(target: target, threshold: $0)
      }
    }
  }

  /// The probes' scores, each minus what its reference gives to development rows at the target.
  ///
  /// - Throws: `CalibrationError` without development rows.
  func calibratedBlocks(_ scores: CellScores, _ data: GroupData, target: Double) throws
    -> [[Biometrics.ScoreBlock]]
  {
    try requireDevelopment(scores, data, what: "threshold: per_subject")
    return scores.folds.map { matrices in
      matrices.map { matrix in
        let offsets = (0..<matrix.rows).map {
          nonMatedQuantile(matrix.development(ofRow: $0), atFMR: target)!
        }
        return matrix.probeBlock(subtracting: offsets[...])
      }
    }
  }

  private func requireDevelopment(_ scores: CellScores, _ data: GroupData, what: String) throws {
    for (fold, matrices) in scores.folds.enumerated()
    where matrices.contains(where: { $0.columns.development == 0 }) {
      throw CalibrationError.noDevelopmentRows(what, dataset: data.set.dataset, fold: fold)
    }
  }
}

extension CellScores {
  /// Scores against development rows.
  var developmentCount: Int {
    folds.joined().reduce(0) { $0 + $1.rows * $1.columns.development }
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
