/// The attacks of definitions 3.4, from the one in the paper to full access.
package enum AttackKind: String, Sendable, Codable, CaseIterable, Comparable {
  /// Larger mean score wins (the paper's attack).
  case a0 = "A0"
  /// Ranking by the difference of means, without a threshold.
  case a1 = "A1"
  /// A0 and A1 on logits.
  case a2 = "A2"
  /// Threshold calibrated on models that the attacker enrolled.
  case a3 = "A3"
  /// Scores normalised per attacker sample over all intercepted models.
  case a4 = "A4"
  /// Top-n, logarithmic and linear statistics.
  case a5 = "A5"
  /// Classifier on the vector of scores.
  case a6 = "A6"
  /// White box: classifier on what the template itself gives away.
  case a7 = "A7"
  /// White box: inversion of the model into an embedding.
  case a8 = "A8"

  package static func < (a: AttackKind, b: AttackKind) -> Bool { a.rawValue < b.rawValue }

  /// One phrase for tables.
  package var summary: String {
    switch self {
    case .a0: "larger mean score"
    case .a1: "ranking of mean differences"
    case .a2: "the same on logits"
    case .a3: "calibrated threshold"
    case .a4: "normalised per attacker sample"
    case .a5: "top-n statistics"
    case .a6: "classifier on scores"
    case .a7: "classifier on template"
    case .a8: "model inversion"
    }
  }
}
