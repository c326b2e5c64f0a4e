import AttackReports
import Configurations
import Datasets
import Kernels
import Privacy
import Testing

/// Attackers who learn from references that they enrolled themselves.
@Suite struct OwnReferencesTests {
  private let question = BinaryQuestion(first: "male", second: "female", firstGroup: 0)
  private struct Stopped: Error {}

  private var gallery: AttackerGallery {
    AttackerGallery(
      dataset: "Attacker", attribute: "gender", groups: ["male", "female"],
      vectors: normalMatrix(40, 8, seed: 7), groupOfSample: (0..<40).map { $0 % 2 })
  }

  /// Logits that rise by `strength` where target and sample are of one group.
  private func scores(_ groups: [Int], strength: Double, seed: UInt64) -> Matrix64 {
    var stream = NormalStream(seed)
    return Matrix64(
      groups.map { g in
        gallery.groupOfSample.map { ($0 == g ? strength : -strength) + stream.next() - 4 }
      })
  }

  private func audit(
    targets: [Int], own: [Int]?, reversed: Bool = false, check: @escaping () throws -> Void = {}
  ) throws -> AttackReport {
    var configuration = AttackConfiguration()
    configuration.bootstrapReplicates = 100
    configuration.permutations = 100
    configuration.galleryCurve = [10]
    configuration.statistics = [1]
    return try GenderInference(configuration).audit(
      AttackInput(
        system: "test", gallery: gallery, scores: scores(targets, strength: 0.25, seed: 1),
        kind: .logit, groupOfTarget: targets,
        own: own.map {
          OwnReferences(
            scores: scores($0, strength: 0.25, seed: 2),
            groupOfReference: reversed ? $0.map { 1 - $0 } : $0)
        }),
      question: question, check: check)
  }

  private let targets = (0..<90).map { $0 % 3 == 0 ? 1 : 0 }
  private let own = (0..<60).map { $0 % 2 }

  @Test func bothKindsOfTrainingAreReported() throws {
    let report = try audit(targets: targets, own: own)
    #expect(report.ownReferences == 60)
    for (attack, variant) in [(AttackKind.a3, "mean/raw"), (.a6, "scores/logistic")] {
      for training in [TrainingSource.ownReferences, .otherTargets] {
        let found = try #require(report.outcome(attack, variant, training))
        #expect(found.training == training && found.name == "\(variant), \(training.rawValue)")
        #expect(found.balancedAccuracy.value > 0.75, "\(found.name) \(found.balancedAccuracy)")
      }
    }
    #expect(report.outcomes.allSatisfy { ($0.training != nil) == [.a3, .a6].contains($0.attack) })
  }

  /// With the labels of the own references swapped the attacker is wrong, and only he: it is they
  /// that he learns from.
  @Test func whatIsLearntComesFromTheOwnReferencesAlone() throws {
    let report = try audit(targets: targets, own: own, reversed: true)
    for (attack, variant) in [(AttackKind.a3, "mean/raw"), (.a6, "scores/logistic")] {
      let misled = try #require(report.outcome(attack, variant, .ownReferences))
      #expect(misled.balancedAccuracy.value < 0.25, "\(misled.balancedAccuracy)")
      let other = try #require(report.outcome(attack, variant, .otherTargets))
      #expect(other.balancedAccuracy.value > 0.75)
    }
  }

  /// One woman among the targets: no folds, but own references suffice.
  @Test func ownReferencesNeedNoFoldsOverTargets() throws {
    let report = try audit(targets: [1] + [Int](repeating: 0, count: 20), own: own)
    #expect(report.outcome(.a6, "scores/logistic", .ownReferences) != nil)
    #expect(report.outcome(.a6, "scores/logistic", .otherTargets) == nil)
    #expect(!report.omitted.contains { $0.attack == .a6 })
    let few = try audit(targets: [1] + [Int](repeating: 0, count: 20), own: [0, 0, 1])
    #expect(few.omitted.contains { $0.attack == .a6 && !$0.isInapplicable })
  }

  @Test func aReferenceIsNotComparedWithItsOwnSample() {
    var references = OwnReferences(
      scores: Matrix64([[9, 1, 3, 2], [1, 8, 5, 4], [1, 2, 3, 4]]), groupOfReference: [0, 1, 0])
    references.leaveOutOwnSamples([0, 1, nil], groupOfSample: [0, 1, 0, 1])
    #expect(references.scores == Matrix64([[3, 1, 3, 2], [1, 4, 5, 4], [1, 2, 3, 4]]))
  }

  /// The mean gradient without one sample is that of a gallery that never had it.
  @Test func theMeanGradientLeavesTheOwnSampleOut() throws {
    let d = 8
    var stream = NormalStream(5)
    let network = Float64Network(
      widths: [d, 6, 1], parameters: stream.list(d * 6 + 6 + 6 + 1))
    let others = [0, 1, 3, 4, 5]
    let vectors = normalMatrix(6, d, seed: 8)
    func observer(_ rows: [Int]) -> WhiteBoxObserver {
      WhiteBoxObserver(
        gallery: AttackerGallery(
          dataset: "", attribute: "gender", groups: ["male", "female"],
          vectors: floatMatrix(rows.count, d) { Double(vectors[row: rows[$0]][$1]) },
          groupOfSample: rows.map { $0 % 2 }), inversion: .init(), seed: 1)
    }
    let found = observer(Array(0..<6)).observe(network, leavingOut: 2).meanGradient
    let expected = observer(others).observe(network).meanGradient
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-12) }
  }

  /// Training and attacks ask often whether to go on, and stop at once when told to.
  @Test(arguments: [
    ProtectionRecipe.pfrNet(PFRNetConfiguration()), .incrementalVariableElimination(.init()),
  ]) func trainingOfSchemesCanBeStopped(recipe: ProtectionRecipe) {
    let cohort = TrainingCohort(
      vectors: normalMatrix(230, 32, seed: 1), isFirst: (0..<230).map { $0 % 2 == 0 })
    var asked = 0
    #expect(throws: Stopped.self) {
      _ = try recipe.scheme(trainedOn: cohort, seed: 1) {
        asked += 1
        if asked == 5 { throw Stopped() }
      }
    }
    #expect(asked == 5)
  }

  @Test func attacksCanBeStopped() throws {
    var asked = 0
    _ = try audit(targets: targets, own: own) { asked += 1 }
    // More than once per variant: every fit of a classifier asks.
    #expect(asked > 100)
    let all = asked
    for stop in [1, all / 2, all] {
      asked = 0
      #expect(throws: Stopped.self) {
        _ = try audit(targets: targets, own: own) {
          asked += 1
          if asked == stop { throw Stopped() }
        }
      }
      #expect(asked == stop)
    }
  }

  /// A tie goes to the first group of the list, and is counted.
  @Test func tiesGoToTheFirstGroup() throws {
    var input = AttackInput(
      system: "ties", gallery: gallery, scores: scores(targets, strength: 0.25, seed: 1),
      kind: .logit, groupOfTarget: targets)
    for t in 0..<30 { for p in 0..<40 { input.scores[t, p] = 20 } }
    var configuration = AttackConfiguration()
    configuration.attacks = [.a0]
    configuration.bootstrapReplicates = 10
    configuration.permutations = 10
    let report = try GenderInference(configuration).audit(input, question: question)
    let printed = try #require(report.outcome(.a0, "mean/probability"))
    #expect(printed.ties == 30)
    // The ten women among them are taken for men.
    #expect(printed.recallSecond <= 20.0 / 30)
  }
}
