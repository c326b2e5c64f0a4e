import Biometrics
import Records
import Specs

/// One-to-many searches of a cell, where the spec asks for them.
extension Evaluating {
  /// Searches on the scores as they are, and on those calibrated per subject where a convention has them.
  ///
  /// A search asks for the best score, not for a convention's thresholds, so that one measurement stands for
  /// all conventions of a kind, under the name of the first. Calibration subtracts what it does at the first
  /// operating point.
  ///
  /// - Throws: `MetricError`, `CalibrationError`.
  func identification(_ scores: CellScores, _ inputs: EvaluationInputs) throws -> [Identification] {
    guard let targets = inputs.identification else { return [] }
    func searched(_ convention: EvaluationConvention, _ blocks: [[ScoreMatrix]]) throws
      -> Identification
    {
      try Biometrics.identification(
        data.trials(blocks: blocks),
        IdentificationRequest(
          targets: targets, convention: convention.name,
          bootstrap: data.bootstrapDraws(inputs.bootstrap), workers: run.options.workers))
    }
    var found: [Identification] = []
    if let plain = inputs.conventions.first(where: { $0.threshold != .perSubject }) {
      found.append(try searched(plain, scores.folds.map(\.probes)))
    }
    if let calibrated = inputs.conventions.first(where: { $0.threshold == .perSubject }) {
      found.append(
        try searched(calibrated, calibratedScores(scores, atFMR: inputs.operatingPoints[0])))
    }
    return found
  }
}
