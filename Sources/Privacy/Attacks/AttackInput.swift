import AttackReports
import Kernels

/// Everything the attacks see of one system against one set of targets.
package struct AttackInput: Sendable {
  /// Name for reports, e.g. "mote/paper".
  package var system: String
  package var gallery: AttackerGallery
  /// Targets × attacker samples: logits of personal networks, or similarities of templates.
  package var scores: Matrix64
  package var kind: ScoreKind
  /// Group of each target, an index into the gallery's groups.
  package var groupOfTarget: [Int]
  /// Readings of the targets' networks (A7, A8); nil for systems without networks.
  package var whiteBox: WhiteBoxFeatures?
  /// Protected templates as numbers (A7 of systems without networks), targets × width.
  package var templates: Matrix64?
  /// The enrolled references before protection, targets × d: what A8's result is compared with.
  package var references: Matrix64?
  /// Another sample of each target, where one exists, with the target's index.
  package var secondSamples: (targets: [Int], vectors: Matrix64)?
  /// What the attacker enrolled himself to learn from; nil: he learns from other targets only.
  package var own: OwnReferences?

  package init(
    system: String, gallery: AttackerGallery, scores: Matrix64, kind: ScoreKind,
    groupOfTarget: [Int], whiteBox: WhiteBoxFeatures? = nil, templates: Matrix64? = nil,
    references: Matrix64? = nil, secondSamples: (targets: [Int], vectors: Matrix64)? = nil,
    own: OwnReferences? = nil
  ) {
    self.system = system
    self.gallery = gallery
    self.scores = scores
    self.kind = kind
    self.groupOfTarget = groupOfTarget
    self.whiteBox = whiteBox
    self.templates = templates
    self.references = references
    self.secondSamples = secondSamples
    self.own = own
  }

  /// - Throws: `PrivacyError` when sizes disagree, a score is not finite, or targets or gallery have
  ///   one group only.
  package func check(_ question: BinaryQuestion) throws {
    func expect(_ what: String, _ found: Int, _ expected: Int) throws {
      guard found == expected else {
        throw PrivacyError.sizesDisagree(what: what, found: found, expected: expected)
      }
    }
    try expect("\(system): score columns", scores.columns, gallery.count)
    try expect("\(system): labelled targets", groupOfTarget.count, scores.rows)
    if let whiteBox {
      try expect("\(system): observed networks", whiteBox.meanGradient.rows, scores.rows)
    }
    if let templates { try expect("\(system): templates", templates.rows, scores.rows) }
    if let references { try expect("\(system): references", references.rows, scores.rows) }
    if let own {
      try expect("\(system): score columns of own references", own.scores.columns, gallery.count)
      try expect(
        "\(system): labelled own references", own.groupOfReference.count, own.scores.rows)
      if let row = own.scores.firstRowNotFinite {
        throw PrivacyError.notFinite(what: "\(system): scores of own references", row: row)
      }
    }
    if let row = scores.firstRowNotFinite {
      throw PrivacyError.notFinite(what: "\(system): scores", row: row)
    }
    let first = groupOfTarget.count { $0 == question.firstGroup }
    if first == 0 || first == groupOfTarget.count {
      throw PrivacyError.targetsOfOneGroup(
        group: first == 0 ? question.second : question.first, targets: groupOfTarget.count)
    }
    let samples = gallery.isFirst(question).count { $0 }
    if samples == 0 || samples == gallery.count {
      throw PrivacyError.galleryEmpty(
        dataset: gallery.dataset, group: samples == 0 ? question.first : question.second)
    }
  }
}
