// Settings of the attacks (definitions 3).

/// Settings of the audit.
package struct AttackConfiguration: Sendable, Codable, Hashable {
  /// n of the top-n, logarithmic and linear statistics (A5).
  package var statistics = [1, 5, 10, 50, 100, 200]
  /// Samples per group of the gallery-size curve.
  package var galleryCurve = [10, 50, 100, 500]
  /// The attacks that are carried out; the others are listed as omitted.
  package var attacks = AttackKind.allCases
  /// Folds over targets of trained attackers; fewer when a group is smaller.
  package var folds = 5
  package var classifiers = AttackClassifier.allCases
  package var bootstrapReplicates = 1000
  package var permutations = 1000
  package var inversion = InversionConfiguration()
  package var seed: UInt64 = 0
  package init() {}
}

/// The classifiers that trained attackers use.
package enum AttackClassifier: String, Sendable, Codable, Hashable, CaseIterable {
  case logistic
  case rbfSVM = "svm"
  case perceptron = "mlp"
}

/// Model inversion (A8): how far and how long the ascent goes.
package struct InversionConfiguration: Sendable, Codable, Hashable {
  package var starts = 8
  package var step = 0.1
  package var iterations = 50
  package init() {}
}

/// How many subjects of each group an attacker's gallery holds.
package enum GallerySize: Sendable, Codable, Hashable {
  /// min(available in every group, limit): the default, with limit 500.
  case available(limit: Int)
  /// Exactly this many; fewer available is an error.
  case exactly(Int)
}
