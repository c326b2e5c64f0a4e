/// What a trained attacker (A3, A6, A7) learnt from; never from the target that he decides on.
package enum TrainingSource: String, Sendable, Codable, Hashable {
  /// References that he enrolled himself, of people who are not targets (definitions 3.4, A3).
  case ownReferences = "own references"
  /// Other targets whose group he knows: all folds but the target's.
  case otherTargets = "other targets"
}
