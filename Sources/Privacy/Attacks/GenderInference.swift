// All attacks of definitions 3.4 on one system. Trained attackers (A3, A6, A7) learn on references
// that they enrolled themselves, of people who are not targets; and, as a second attacker who knows
// more, on the folds over targets that do not hold the target.

import AttackReports
import Configurations

/// Attacks one system; despite its name it answers any question of one group against the rest.
package struct GenderInference: Sendable {
  package let configuration: AttackConfiguration

  package init(_ configuration: AttackConfiguration = AttackConfiguration()) {
    self.configuration = configuration
  }

  /// Runs all attacks that the input allows.
  ///
  /// - Parameter check: called often; what it throws ends the audit.
  /// - Throws: `PrivacyError` of `AttackInput.check`, before any attack.
  package func audit(
    _ input: AttackInput, question: BinaryQuestion, check: @escaping () throws -> Void = {}
  ) throws -> AttackReport {
    try input.check(question)
    let isFirst = input.groupOfTarget.map { $0 == question.firstGroup }
    var run = AttackRun(
      input: input, isFirstSample: input.gallery.isFirst(question),
      resampling: TargetResampling(
        isFirst: isFirst, replicates: configuration.bootstrapReplicates,
        permutations: configuration.permutations, seed: configuration.seed),
      folds: folds(isFirst), ownIsFirst: input.own?.isFirst(question),
      configuration: configuration, check: check)
    let wanted = Set(configuration.attacks)
    try run.scoreAttacks()
    if wanted.contains(.a3) { try run.calibratedAttack() }
    if wanted.contains(.a5) { try run.statisticAttacks() }
    if wanted.contains(.a6) { try run.classifierAttack() }
    if !wanted.isDisjoint(with: [.a7, .a8]) { try run.whiteBoxAttacks() }
    run.leaveOut(AttackKind.allCases.filter { !wanted.contains($0) })
    return AttackReport(
      system: input.system, attribute: input.gallery.attribute, question: question,
      galleryDataset: input.gallery.dataset, gallerySamples: input.gallery.count,
      targets: isFirst.count, ownReferences: input.own?.groupOfReference.count ?? 0,
      outcomes: run.outcomes, omitted: run.omitted, galleryCurve: try run.galleryCurve(),
      a5FamilyPValue: run.a5FamilyPValue,
      recovery: run.recovery(\.recovered),
      recoveryFromBestStart: run.recovery(\.recoveredFromBestStart),
      linkability: run.linkability(), differences: run.differences, isFirstTarget: isFirst)
  }

  /// Folds over targets, nil when a group has fewer than two.
  private func folds(_ isFirst: [Bool]) -> [Int]? {
    let smallest = min(isFirst.count { $0 }, isFirst.count { !$0 })
    guard smallest >= 2 else { return nil }
    return stratifiedFolds(
      isFirst, count: min(configuration.folds, smallest), seed: configuration.seed)
  }
}
