import Results

/// How often a claim got each answer, over readings, datasets and extractors.
package struct AnswerCounts: Sendable, Hashable {
  package private(set) var holds = 0
  package private(set) var doesNotHold = 0
  package private(set) var cannotBeToldApart = 0
  package private(set) var notTestable = 0
  package private(set) var compared = 0

  /// Of any answers.
  package init(_ answers: some Sequence<ClaimAnswer>) {
    for answer in answers {
      switch answer.answer {
      case .holds: holds += 1
      case .doesNotHold: doesNotHold += 1
      case .cannotBeToldApart: cannotBeToldApart += 1
      case .notTestable: notTestable += 1
      case .compared: compared += 1
      }
    }
  }

  /// Answers that say something of the claim.
  package var tested: Int { holds + doesNotHold + cannotBeToldApart }
}
