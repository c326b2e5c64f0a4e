import AttackReports
import Biometrics
import Configurations
import Datasets
import Experiments
import Foundation
import Privacy
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// Runs of attacks on small synthetic files: what is planted is found, what is not planted is not.
struct AttackRunTests {
  /// A folder with one synthetic dataset and a spec that attacks it.
  private struct Attacked {
    let folder: URL

    init(
      genderStrength: Double = 1, maleShare: Double = 0.5, unlabelledShare: Double = 0,
      gallery: String = "{at_most: 60}", hasLabels: Bool = false, attack: String = "",
      repeats: Int = 1, training: String = "{hidden_widths: [16, 8], epochs: 8}"
    ) throws {
      folder = try temporaryFolder("mote-attack")
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("data"), withIntermediateDirectories: true)
      var dataset = SyntheticDataset(name: "faces", subjects: 400, rows: 1200, seed: 5)
      dataset.dimension = 32
      dataset.identityDimensions = 24
      dataset.genderStrength = genderStrength
      dataset.maleShare = maleShare
      dataset.unlabelledShare = unlabelledShare
      dataset.hasLabels = hasLabels
      try dataset.write(to: folder.appendingPathComponent("data/faces.h5").path)
      let spec = """
        name: attacked
        title: A small attack
        outputs: [table3, table3b]
        extractors: [ArcFace]
        datasets:
          Faces: {files: {ArcFace: faces.h5}}
        evaluate: [Faces]
        partition:
          within: {cohort: 0.3, development: 0.1, evaluation: 0.3}
        presets: [paper]
        training: \(training)
        kde: {bandwidth: 0.05}
        bootstrap: {replicates: 200}
        seed: 3
        repeats: \(repeats)
        attack:
          attacker: same_dataset
          gallery: \(gallery)
          gallery_curve: [10, 40]
          systems: [traditional, mote, pe-miu]
          pe_miu: {block_sizes: [8]}
          own_references: {at_most: 30}
          permutations: 200
          \(attack)
        """
      try Data(spec.utf8).write(to: folder.appendingPathComponent("spec.yaml"))
    }

    func run(
      workers: Int = 1, results: String = "results", interruption: Interruption = Interruption(),
      maximumBytes: Int? = nil, report: @escaping (RunEvent) -> Void = { _ in }
    ) throws -> RunSummary {
      try Runner(
        spec(),
        options: RunOptions(
          results: folder.appendingPathComponent(results).path, workers: workers,
          maximumBytes: maximumBytes),
        interruption: interruption, report: report
      ).run()
    }

    /// A run of one share of the units, or (nil) the merge of such runs' results.
    func run(shard: Shard?, results: String, merging: [String] = []) throws -> RunSummary {
      func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
      let runner = Runner(
        try spec(), options: RunOptions(results: path(results), workers: 1, shard: shard),
        interruption: Interruption(), report: { _ in })
      return try shard == nil ? runner.merge(merging.map(path)) : runner.run()
    }

    func spec() throws -> ExperimentSpec {
      try ExperimentSpec.load(
        folder.appendingPathComponent("spec.yaml").path,
        dataFolder: folder.appendingPathComponent("data").path, environment: [:])
    }

    /// Records by system.
    func records(results: String = "results") throws -> [String: AttackRecord] {
      let place = folder.appendingPathComponent("\(results)/attacked/records/attacks")
      return Dictionary(
        uniqueKeysWithValues: try RecordFolder<AttackRecord>(place.path).records()
          .map { ($0.key.system, $0) })
    }

    func text(of body: () throws -> RunSummary) -> String {
      do {
        _ = try body()
        return "no error"
      } catch { return "\(error)" }
    }

    /// Score blocks that were written.
    func blocks(results: String = "results") -> [String] {
      let scores = folder.appendingPathComponent("\(results)/attacked/scores").path
      return ((try? FileManager.default.subpathsOfDirectory(atPath: scores)) ?? [])
        .filter { $0.hasSuffix(".f32") }.sorted()
    }
  }

  @Test func plantedGenderIsFoundAtItsStrength() throws {
    let attacked = try Attacked(genderStrength: 1.5)
    let summary = try attacked.run()
    #expect(summary.failed.isEmpty, "\(summary.failed)")
    let records = try attacked.records()
    #expect(records.keys.sorted() == ["mote", "pe-miu-8", "traditional"])
    // Centroids can be told apart with AUC Phi(sqrt(2) 1.5) = 0.983; samples scatter around them.
    let vectors = try #require(records["traditional"]?.reports.first?.outcome(.a1, "mean/raw"))
    #expect(vectors.auc.value > 0.93 && vectors.auc.value < 1)
    let mote = try #require(records["mote"]?.reports.first)
    for attack in [AttackKind.a2, .a6, .a7, .a8] {
      let found = try #require(
        RepeatedAttack.strongest(
          RepeatedAttack.all(in: [mote]).filter { $0.attack == attack }), "\(attack)")
      #expect(found.twoSidedAUC.lower > 0.55, "\(attack) \(found.variant) \(found.auc)")
    }
    #expect(mote.verdict == .possible)
    // 30 people of each gender, enrolled by the attacker; what he learns from them holds for targets.
    #expect(mote.ownReferences == 60)
    for attack in [AttackKind.a6, .a7] {
      let own = mote.outcomes.filter { $0.attack == attack && $0.training == .ownReferences }
      #expect(own.contains { $0.twoSidedAUC.lower > 0.5 }, "\(own.map(\.auc))")
    }
    #expect(try #require(mote.recovery).meanCosine > 0.2)
    // Recognition is measured on the same subjects.
    let area = try #require(records["traditional"]?.recognition(.auc)?.value)
    #expect(area > 0.9)
  }

  @Test func whereNoGenderIsPlantedAttacksReportChance() throws {
    let attacked = try Attacked(genderStrength: 0)
    #expect(try attacked.run().failed.isEmpty)
    for (system, record) in try attacked.records() {
      let report = try #require(record.reports.first)
      let attacks: [(AttackKind, String)] =
        system == "mote"
        ? [(.a1, "mean/probability"), (.a2, "mean/raw"), (.a6, "scores/logistic")]
        : [(.a1, "mean/raw"), (.a6, "scores/logistic")]
      for (attack, variant) in attacks {
        let found = try #require(report.outcome(attack, variant))
        // Intervals over targets hold the attacker fixed; a trained one varies with its training, too.
        if attack != .a6 {
          #expect(
            found.auc.lower < 0.5 && found.auc.upper > 0.5, "\(system) \(attack) \(found.auc)")
        }
        // Seven questions at once: 0.05 / 7.
        #expect(found.pValue > 0.007, "\(system) \(attack) \(found.auc) \(found.pValue)")
      }
    }
  }

  /// A linear support vector machine for each person: all attacks apply, and its weights give the
  /// reference away.
  @Test func networksWithoutHiddenLayersAreAttackedLikeOthers() throws {
    let attacked = try Attacked(
      genderStrength: 1.5, training: "{hidden_widths: [], loss: hinge, epochs: 8}")
    let summary = try attacked.run()
    #expect(summary.failed.isEmpty, "\(summary.failed)")
    let mote = try #require(try attacked.records()["mote"]?.reports.first)
    #expect(Set(mote.outcomes.map(\.attack)) == Set(AttackKind.allCases))
    #expect(mote.omitted.isEmpty, "\(mote.omitted.map(\.reason))")
    #expect(try #require(mote.recovery).meanCosine > 0.2)
    // The gradient of a linear network is the product of its weights, whatever the input.
    let white = mote.outcomes.filter { $0.attack == .a7 && $0.training == .ownReferences }
    #expect(white.contains { $0.twoSidedAUC.lower > 0.5 }, "\(white.map(\.auc))")
  }

  /// Stopped before the attacker's own references of MOTE are made: the blocks that were there are kept and read
  /// again, and all numbers are those of a run that nobody stopped.
  @Test func numbersDependNeitherOnWorkersNorOnResumptionNorOnShards() throws {
    let attacked = try Attacked(attack: "cohort_male_shares: [0.85]")
    _ = try attacked.run(workers: 1)

    let interruption = Interruption()
    #expect(throws: Interrupted.self) {
      _ = try attacked.run(workers: 3, results: "other", interruption: interruption) { event in
        if case .unit(let cell, let name, _, _) = event, cell.preset != nil,
          name == "fold0-0001"
        {
          interruption.request()
        }
      }
    }
    let left = attacked.blocks(results: "other")
    #expect(left.map { $0.split(separator: "/").last! } == ["fold0-0000.f32", "fold0-0001.f32"])
    #expect(try attacked.records(results: "other")["mote"] == nil)
    var kept: [String] = []
    let resumed = try attacked.run(workers: 3, results: "other") { event in
      if case .unit(_, let name, _, let wasKept) = event, wasKept { kept.append(name) }
    }
    #expect(kept == ["fold0-0000", "fold0-0001"])
    #expect(resumed.cached.count == 2 && resumed.evaluated.count == 1)

    // Two shards share out the units of every system and evaluate nothing.
    let shards = try (0..<2).map { i in
      try attacked.run(shard: Shard("\(i)/2"), results: "shard\(i)")
    }
    #expect(shards.allSatisfy { $0.doneUnits >= 3 && $0.evaluated.isEmpty })
    #expect(
      Set(attacked.blocks(results: "shard0")).isDisjoint(with: attacked.blocks(results: "shard1")))
    let partial = attacked.text {
      try attacked.run(shard: nil, results: "merged", merging: ["shard0"])
    }
    #expect(partial.contains("run --shard 1/2 again"), "\(partial)")
    let merged = try attacked.run(shard: nil, results: "merged", merging: ["shard0", "shard1"])
    #expect(merged.evaluated.count == 3 && merged.doneUnits == 0)

    let one = try attacked.records()
    #expect(one.count == 3)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for name in ["other", "merged"] {
      let others = try attacked.records(results: name)
      #expect(others.count == 3)
      for (system, record) in one {
        let other = try #require(others[system])
        #expect(record.inputHash == other.inputHash)
        #expect(try encoder.encode(record.reports) == encoder.encode(other.reports))
        #expect(try encoder.encode(record.recognition) == encoder.encode(other.recognition))
      }
    }
    let cohort = try #require(one["mote"]?.cohort)
    #expect(abs(try #require(cohort.maleShare) - 0.85) < 0.03)
    let again = try attacked.run()
    #expect(again.cached.count == 3 && again.evaluated.isEmpty)
  }

  /// Repeats train MOTE anew and change nothing else: the attacker draws alike, so that an attack on
  /// what is not trained gives the same numbers, and replicates are paired.
  @Test func repeatsChangeTheTrainingOfTheAttackedSystemAlone() throws {
    let attacked = try Attacked(
      gallery: "{at_most: 20}", attack: "targets: balanced\n  attacks: [A0, A2, A3, A6, A7]",
      repeats: 2)
    #expect(try attacked.run().failed.isEmpty)
    func reports(_ system: String) throws -> [AttackReport] {
      try (0..<2).map { r in
        let place = "results/attacked/records/attacks"
        let names = try FileManager.default.contentsOfDirectory(
          atPath: attacked.folder.appendingPathComponent(place).path)
        let name = try #require(
          names.first { $0.contains("_\(system)_") && $0.hasSuffix("_r\(r).json") })
        return try #require(
          RecordFolder<AttackRecord>.read(
            attacked.folder.appendingPathComponent("\(place)/\(name)").path
          ).reports.first)
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let plain = try reports("traditional")
    #expect(try encoder.encode(plain[0]) == encoder.encode(plain[1]))
    let mote = try reports("mote")
    #expect(mote[0].outcomes.map(\.auc) != mote[1].outcomes.map(\.auc))
    #expect(mote[0].isFirstTarget == mote[1].isFirstTarget)
    let pooled = RepeatedAttack.all(in: mote)
    #expect(pooled.count == mote[0].outcomes.count)
    #expect(pooled.allSatisfy { $0.repeats == 2 && $0.aucReplicates != nil })
  }

  /// No cell of attacks fits into a mebibyte: each is refused before it is observed.
  @Test func theMemoryLimitHoldsForAttacksToo() throws {
    let attacked = try Attacked()
    let summary = try attacked.run(maximumBytes: 1 << 20)
    #expect(summary.failed.count == 3 && summary.evaluated.isEmpty)
    #expect(summary.failed.allSatisfy { $0.message.contains("--max-memory is 1") })
    #expect(attacked.blocks().isEmpty)
  }

  /// Further attributes are asked one group against the rest, on as many targets of each group.
  @Test func otherAttributesAreAttackedOneGroupAgainstTheRest() throws {
    let attacked = try Attacked(
      gallery: "{at_most: 20}", hasLabels: true,
      attack: "attributes: [gender, age_group]\n  targets: balanced\n  attacks: [A0, A2, A6]")
    #expect(try attacked.run().failed.isEmpty)
    let reports = try #require(try attacked.records()["mote"]?.reports)
    #expect(reports.first?.attribute == "gender")
    let ages = reports.dropFirst()
    #expect(ages.count >= 3 && ages.allSatisfy { $0.attribute == "age_group" })
    for report in reports {
      let first = report.isFirstTarget.count { $0 }
      let groups = report.attribute == "gender" ? 2 : ages.count
      #expect(first * groups == report.targets, "\(report.question)")
      #expect(report.question.second == "female" || report.question.second.hasPrefix("not "))
      #expect(report.outcome(.a6, "scores/logistic", .ownReferences) != nil)
    }
  }

  /// The plan counts the attacker's own enrolments and estimates schemes and attacks.
  @Test func aPlanCountsWhatAttacksCost() throws {
    let attacked = try Attacked()
    let results = attacked.folder.appendingPathComponent("results").path
    let bare = try RunPlan.make(
      for: attacked.spec(), results: results, workers: 1, isCalibrated: false)
    let mote = try #require(bare.units.last)
    #expect(mote.trainings == mote.size.references + 60)
    #expect(mote.size.ownReferences == 60 && mote.size.gallery == 120)
    let plan = try RunPlan.make(for: attacked.spec(), results: results, workers: 1)
    #expect(plan.units.allSatisfy { $0.seconds.map { $0 > 0 && $0.isFinite } ?? false })
    #expect(plan.text.contains("pe-miu-8"))
    #expect(plan.text.contains("comparisons a second and core"))
    let greedy = try Attacked(gallery: "500")
    #expect(throws: PrivacyError.self) {
      _ = try RunPlan.make(for: greedy.spec(), results: results, workers: 1)
    }
  }

  @Test func whatTheDataDoNotAllowIsSaidBeforeAnyTraining() throws {
    let unlabelled = try Attacked(unlabelledShare: 1)
    #expect(unlabelled.text { try unlabelled.run() }.contains("no subject has a label of 'gender'"))
    let oneGender = try Attacked(maleShare: 1)
    #expect(oneGender.text { try oneGender.run() }.contains("have gender 'male'"))
    let greedy = try Attacked(gallery: "500")
    #expect(
      greedy.text { try greedy.run() }.contains(
        "attacker gallery of 500 subjects per group requested, but only 60"))
    for attacked in [unlabelled, oneGender, greedy] { #expect(attacked.blocks().isEmpty) }
  }
}
