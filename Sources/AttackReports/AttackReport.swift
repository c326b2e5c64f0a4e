import Configurations

/// An attack that was left out, and why.
package struct OmittedAttack: Sendable, Codable, Equatable {
  package var attack: AttackKind
  /// True when the system has nothing to attack that way; false when the data did not suffice.
  package var isInapplicable: Bool
  package var reason: String

  package init(attack: AttackKind, isInapplicable: Bool, reason: String) {
    self.attack = attack
    self.isInapplicable = isInapplicable
    self.reason = reason
  }
}

/// Success of A0 to A2 with a smaller gallery.
package struct GallerySizePoint: Sendable, Codable {
  package var samplesPerGroup: Int
  package var outcomes: [AttackOutcome]

  package init(samplesPerGroup: Int, outcomes: [AttackOutcome]) {
    self.samplesPerGroup = samplesPerGroup
    self.outcomes = outcomes
  }
}

/// All attacks on one system, for one question.
package struct AttackReport: Sendable, Codable {
  package var system: String
  package var attribute: String
  package var question: BinaryQuestion
  package var galleryDataset: String
  package var gallerySamples: Int
  package var targets: Int
  /// References that the attacker enrolled himself; 0: none.
  package var ownReferences: Int
  package var outcomes: [AttackOutcome]
  package var omitted: [OmittedAttack]
  package var galleryCurve: [GallerySizePoint]
  /// Permutation p-value of the largest two-sided AUC among the variants of A5.
  package var a5FamilyPValue: Double?
  /// A8: cosines with the enrolled references, from the mean direction and from the best start.
  package var recovery: TemplateRecovery?
  package var recoveryFromBestStart: TemplateRecovery?
  /// A8 against other samples of the targets.
  package var linkability: TemplateRecovery?
  /// d(t) of the mean statistic by scale, for figures; order of targets.
  package var differences: [String: [Double]]
  package var isFirstTarget: [Bool]

  package init(
    system: String, attribute: String, question: BinaryQuestion, galleryDataset: String,
    gallerySamples: Int, targets: Int, ownReferences: Int, outcomes: [AttackOutcome],
    omitted: [OmittedAttack], galleryCurve: [GallerySizePoint], a5FamilyPValue: Double? = nil,
    recovery: TemplateRecovery? = nil, recoveryFromBestStart: TemplateRecovery? = nil,
    linkability: TemplateRecovery? = nil, differences: [String: [Double]], isFirstTarget: [Bool]
  ) {
    self.system = system
    self.attribute = attribute
    self.question = question
    self.galleryDataset = galleryDataset
    self.gallerySamples = gallerySamples
    self.targets = targets
    self.ownReferences = ownReferences
    self.outcomes = outcomes
    self.omitted = omitted
    self.galleryCurve = galleryCurve
    self.a5FamilyPValue = a5FamilyPValue
    self.recovery = recovery
    self.recoveryFromBestStart = recoveryFromBestStart
    self.linkability = linkability
    self.differences = differences
    self.isFirstTarget = isFirstTarget
  }

  /// A named variant; of trained ones the first, or that of the given training.
  package func outcome(
    _ attack: AttackKind, _ variant: String, _ training: TrainingSource? = nil
  ) -> AttackOutcome? {
    outcomes.first {
      $0.attack == attack && $0.variant == variant
        && (training == nil || $0.training == training)
    }
  }
}
