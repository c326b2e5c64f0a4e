import AttackReports
import Configurations

/// One pass through the attacks on one system; collects outcomes.
struct AttackRun {
  let input: AttackInput
  let isFirstSample: [Bool]
  let resampling: TargetResampling
  /// Fold of each target; nil when there are too few targets to train on.
  let folds: [Int]?
  /// Side of each of the attacker's own references; nil when there are too few to train on.
  let ownIsFirst: [Bool]?
  let configuration: AttackConfiguration
  /// Called often; what it throws ends the run.
  let check: () throws -> Void

  private(set) var outcomes: [AttackOutcome] = []
  private(set) var omitted: [OmittedAttack] = []
  private(set) var differences: [String: [Double]] = [:]
  private(set) var a5FamilyPValue: Double?

  /// The scale on which the paper's attack reads scores.
  private var printedScale: ScoreScale { input.kind == .logit ? .probability : .raw }

  /// A0, A1, A2 and A4: the mean statistic on every scale.
  mutating func scoreAttacks() throws {
    for scale in ScoreScale.scales(of: input.kind) {
      try check()
      differences[scale.rawValue] =
        scoreDifferences(
          scale.apply(to: input.scores), isFirst: isFirstSample, statistics: [.mean])[0]
    }
    add(.a0, "mean", printedScale, .largerScore)
    if input.kind == .logit { add(.a0, "mean", .probabilityFloat32, .largerScore) }
    addMedianSplit(.a1, printedScale)
    addMedianSplit(.a1, input.kind == .logit ? .probabilityByRow : .rawByRow)
    if input.kind == .logit {
      add(.a2, "mean", .raw, .largerScore)
      addMedianSplit(.a2, .rawByRow)
    } else {
      omit(.a2, inapplicable: true, "similarities are not probabilities: A0 and A1 are the same")
    }
    add(.a4, "mean", .rawByColumn, .largerScore)
  }

  /// A3: on each scale a threshold (and direction) from own references or from the targets of the
  /// other folds. Thresholds make decisions; the ranking, and so the AUC, is that of d itself.
  mutating func calibratedAttack() throws {
    guard isTrainable else { return omitTrained(.a3) }
    for scale in ScoreScale.scales(of: input.kind) where scale != .probabilityFloat32 {
      try check()
      let values = differences[scale.rawValue]!
      func add(_ training: TrainingSource, _ decisions: [Bool]) {
        outcomes.append(
          AttackOutcome(
            attack: .a3, variant: "mean/\(scale.rawValue)", training: training, values: values,
            predictsFirst: decisions, resampling: resampling))
      }
      if let own = input.own, let ownIsFirst {
        let known = scoreDifferences(
          scale.apply(to: own.scores), isFirst: isFirstSample, statistics: [.mean])[0]
        add(
          .ownReferences, values.map(calibratedRule(known, isFirst: ownIsFirst).predictsFirst))
      }
      guard let folds else { continue }
      var decisions = values.map { _ in false }
      for fold in 0...folds.max()! {
        let others = folds.indices.filter { folds[$0] != fold }
        let rule = calibratedRule(
          others.map { values[$0] }, isFirst: others.map { resampling.isFirst[$0] })
        for t in folds.indices where folds[t] == fold {
          decisions[t] = rule.predictsFirst(values[t])
        }
      }
      add(.otherTargets, decisions)
    }
  }

  /// A5: every statistic on every scale, and the p-value of the largest.
  mutating func statisticAttacks() throws {
    let counts = configuration.statistics.filter { n in
      // Beyond the gallery all n are the same; keep the first of them.
      n <= smallestGroup || !configuration.statistics.contains { $0 >= smallestGroup && $0 < n }
    }
    let statistics = counts.flatMap { [GroupStatistic.top($0), .logarithmic($0), .linear($0)] }
    var largest = [Double](repeating: 0, count: configuration.permutations)
    var observed = 0.0
    for scale in ScoreScale.scales(of: input.kind)
    where scale != .probabilityFloat32 && scale != .probabilityByRow {
      let lists = scoreDifferences(
        scale.apply(to: input.scores), isFirst: isFirstSample, statistics: statistics)
      for (statistic, values) in zip(statistics, lists) {
        try check()
        let outcome = AttackOutcome(
          attack: .a5, variant: "\(statistic.name)/\(scale.rawValue)", values: values,
          rule: .largerScore, resampling: resampling)
        outcomes.append(outcome)
        observed = max(observed, abs(outcome.auc.value - 0.5))
        for (b, value) in resampling.permutedSeparations(values).enumerated() {
          largest[b] = max(largest[b], value)
        }
      }
    }
    if !statistics.isEmpty {
      a5FamilyPValue = permutationPValue(observed: observed, permuted: largest)
    }
  }

  /// A6: classifiers on the vector of raw scores, and on the same after normalisation per target,
  /// which removes the offset that each model has of its own.
  mutating func classifierAttack() throws {
    guard isTrainable else { return omitTrained(.a6) }
    for (name, scores, own) in [
      ("scores", input.scores, input.own?.scores),
      (
        "scores-by-target", normalisedByRow(input.scores),
        input.own.map { normalisedByRow($0.scores) }
      ),
    ] {
      for classifier in configuration.classifiers {
        try addTrained(.a6, "\(name)/\(classifier.rawValue)", scores, own: own, classifier)
      }
    }
  }

  /// A7 and A8: what the template itself gives away.
  mutating func whiteBoxAttacks() throws {
    var a7: [(name: String, features: Matrix64, own: Matrix64?)] = []
    if let whiteBox = input.whiteBox {
      let own = input.own?.whiteBox
      a7 = [
        (
          "gradient", whiteBox.meanGradient.rowsOfUnitLength(),
          own?.meanGradient.rowsOfUnitLength()
        ),
        (
          "linearised", whiteBox.linearisedProduct.rowsOfUnitLength(),
          own?.linearisedProduct.rowsOfUnitLength()
        ),
      ]
    } else if let templates = input.templates {
      a7 = [("template", templates, input.own?.templates)]
    }
    if a7.isEmpty {
      omit(.a7, inapplicable: false, "no templates or networks were handed to the attack")
    } else if !isTrainable {
      omitTrained(.a7)
    } else {
      for (name, features, own) in a7 {
        for classifier in configuration.classifiers where classifier != .perceptron {
          try addTrained(
            .a7, "\(name)/\(classifier.rawValue)", features, own: own, classifier)
        }
      }
    }
    guard let whiteBox = input.whiteBox else {
      return omit(.a8, inapplicable: true, "the system has no model to invert")
    }
    let embeddings = Matrix64(input.gallery.vectors).rowsOfUnitLength()
    for (name, vectors) in [
      ("mean-direction", whiteBox.recovered), ("best-start", whiteBox.recoveredFromBestStart),
    ] {
      // An ordinary embedding classifier: it needs no enrolled model and no folds.
      let values = try AttackClassifier.logistic.decisions(
        training: embeddings, isFirst: isFirstSample, on: vectors, seed: configuration.seed,
        unit: 0x0A08, check: check)
      outcomes.append(
        AttackOutcome(
          attack: .a8, variant: name, values: values, rule: .above(0), resampling: resampling))
    }
  }

  /// Drops the attacks that the settings leave out, and says so.
  mutating func leaveOut(_ attacks: [AttackKind]) {
    outcomes.removeAll { attacks.contains($0.attack) }
    omitted.removeAll { attacks.contains($0.attack) }
    for attack in attacks { omit(attack, inapplicable: false, "left out by the settings") }
  }

  /// A0 to A2 with the first k samples of each group.
  func galleryCurve() throws -> [GallerySizePoint] {
    try configuration.galleryCurve.filter { $0 <= smallestGroup }.map { size in
      try check()
      let columns = input.gallery.prefix(perGroup: size)
      let scores = input.scores.selecting(columns: columns)
      let labels = columns.map { isFirstSample[$0] }
      let scales: [(AttackKind, ScoreScale)] =
        input.kind == .logit
        ? [(.a0, .probability), (.a2, .raw), (.a2, .rawByRow), (.a4, .rawByColumn)]
        : [(.a0, .raw), (.a1, .rawByRow), (.a4, .rawByColumn)]
      return GallerySizePoint(
        samplesPerGroup: size,
        outcomes: scales.map { attack, scale in
          let values = scoreDifferences(
            scale.apply(to: scores), isFirst: labels, statistics: [.mean])[0]
          var outcome = AttackOutcome(
            attack: attack, variant: "mean/\(scale.rawValue)", values: values,
            rule: scale == .rawByRow ? .above(median(values)) : .largerScore,
            resampling: resampling)
          // A curve needs no comparisons in pairs.
          outcome.aucReplicates = nil
          outcome.balancedAccuracyReplicates = nil
          return outcome
        })
    }
  }

  /// A8's vectors against the enrolled references.
  func recovery(_ vectors: KeyPath<WhiteBoxFeatures, Matrix64>) -> TemplateRecovery? {
    guard let whiteBox = input.whiteBox, let references = input.references else { return nil }
    return TemplateRecovery(recovered: whiteBox[keyPath: vectors], embeddings: references)
  }

  /// A8's vectors against other samples of the same subjects.
  func linkability() -> TemplateRecovery? {
    guard let whiteBox = input.whiteBox, let second = input.secondSamples, !second.targets.isEmpty
    else { return nil }
    return TemplateRecovery(
      recovered: whiteBox.recovered.selecting(rows: second.targets), embeddings: second.vectors)
  }

  private var smallestGroup: Int {
    input.gallery.groups.indices.map { group in
      input.gallery.groupOfSample.count { $0 == group }
    }.min() ?? 0
  }

  private mutating func add(
    _ attack: AttackKind, _ statistic: String, _ scale: ScoreScale, _ rule: DecisionRule
  ) {
    outcomes.append(
      AttackOutcome(
        attack: attack, variant: "\(statistic)/\(scale.rawValue)",
        values: differences[scale.rawValue]!, rule: rule, resampling: resampling))
  }

  /// A ranking has no threshold of its own; decisions are made at the median over the targets. Row
  /// normalisation keeps the sign of d, so an argmax would repeat A0.
  private mutating func addMedianSplit(_ attack: AttackKind, _ scale: ScoreScale) {
    add(attack, "mean", scale, .above(median(differences[scale.rawValue]!)))
  }

  /// A classifier trained on own references, and one per fold trained on the targets of the others.
  private mutating func addTrained(
    _ attack: AttackKind, _ variant: String, _ features: Matrix64, own: Matrix64?,
    _ classifier: AttackClassifier
  ) throws {
    func add(_ training: TrainingSource, _ values: [Double]) {
      outcomes.append(
        AttackOutcome(
          attack: attack, variant: variant, training: training, values: values, rule: .above(0),
          resampling: resampling))
    }
    if let own, let ownIsFirst {
      add(
        .ownReferences,
        try classifier.decisions(
          training: own, isFirst: ownIsFirst, on: features, seed: configuration.seed,
          unit: 0x0A06, check: check))
    }
    guard let folds else { return }
    add(
      .otherTargets,
      try crossValidated(features, isFirst: resampling.isFirst, folds: folds) { fold in
        try classifier.decisions(
          training: fold.training, isFirst: fold.isFirst, on: fold.test, seed: configuration.seed,
          unit: UInt32(fold.number), check: check)
      })
  }

  /// Whether trained attackers have references to learn from.
  private var isTrainable: Bool { folds != nil || ownIsFirst != nil }

  private mutating func omit(_ attack: AttackKind, inapplicable: Bool, _ reason: String) {
    omitted.append(OmittedAttack(attack: attack, isInapplicable: inapplicable, reason: reason))
  }

  private mutating func omitTrained(_ attack: AttackKind) {
    omit(
      attack, inapplicable: false,
      "a group has fewer than two own references and fewer than two targets to train on")
  }
}
