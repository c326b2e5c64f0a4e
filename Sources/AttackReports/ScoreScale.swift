// Scales on which an attacker reads scores (definitions 3.4).

/// What the numbers of a score matrix are.
package enum ScoreKind: String, Sendable, Codable {
  /// Logits of personal networks; probabilities follow by the sigmoid.
  case logit
  /// Similarities, e.g. cosines; there is no probability scale.
  case similarity
}

/// One scale of the scores.
package enum ScoreScale: String, Sendable, Codable, CaseIterable {
  /// Sigmoid of the logit in float64.
  case probability
  /// Sigmoid in float32: exactly 1 for z >= 16.64 and 0 for z <= -89 (hence ties).
  case probabilityFloat32 = "probability-float32"
  /// The logit or similarity itself.
  case raw
  /// Per target: mean 0, standard deviation 1 over the attacker's samples.
  case rawByRow = "raw-by-target"
  /// Per attacker sample: mean 0, standard deviation 1 over the intercepted targets.
  case rawByColumn = "raw-by-sample"
  /// As `rawByRow`, of the probabilities.
  case probabilityByRow = "probability-by-target"

  /// The scales that exist for a kind of score.
  package static func scales(of kind: ScoreKind) -> [ScoreScale] {
    kind == .logit ? allCases : [.raw, .rawByRow, .rawByColumn]
  }
}
