import Biometrics
import Datasets
import Experiments
import Foundation
import Privacy
import TestSupport
import Testing

/// Runs of attacks on small synthetic files: what is planted is found, what is not planted is not.
struct AttackRunTests {
  /// A folder with one synthetic dataset and a spec that attacks it.
  private struct Attacked {
    let folder: URL

    init(
      genderStrength: Double = 1, maleShare: Double = 0.5, unlabelledShare: Double = 0,
      gallery: String = "{at_most: 60}", attack: String = ""
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
        training: {hidden_widths: [16, 8], epochs: 8}
        kde: {bandwidth: 0.05}
        bootstrap: {replicates: 200}
        seed: 3
        attack:
          attacker: same_dataset
          gallery: \(gallery)
          gallery_curve: [10, 40]
          systems: [traditional, mote, pe-miu]
          pe_miu: {block_sizes: [8]}
          permutations: 200
          \(attack)
        """
      try Data(spec.utf8).write(to: folder.appendingPathComponent("spec.yaml"))
    }

    func run(workers: Int = 1, results: String = "results") throws -> RunSummary {
      let spec = try ExperimentSpec.load(
        folder.appendingPathComponent("spec.yaml").path,
        dataFolder: folder.appendingPathComponent("data").path, environment: [:])
      return try Runner(
        spec,
        options: RunOptions(
          results: folder.appendingPathComponent(results).path, workers: workers),
        interruption: Interruption(), report: { _ in }
      ).run()
    }

    /// Records by system.
    func records(results: String = "results") throws -> [String: AttackRecord] {
      let place = folder.appendingPathComponent("\(results)/attacked/records/attacks")
      var found: [String: AttackRecord] = [:]
      for name in try FileManager.default.contentsOfDirectory(atPath: place.path) {
        let record = try ResultStore.decoder().decode(
          AttackRecord.self, from: Data(contentsOf: place.appendingPathComponent(name)))
        found[record.key.system] = record
      }
      return found
    }

    func text(of body: () throws -> RunSummary) -> String {
      do {
        _ = try body()
        return "no error"
      } catch { return "\(error)" }
    }

    /// Score blocks that were written: none before training.
    var hasScores: Bool {
      let scores = folder.appendingPathComponent("results/attacked/scores").path
      return !((try? FileManager.default.subpathsOfDirectory(atPath: scores)) ?? []).isEmpty
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
      let found = try #require(mote.strongest(attack), "\(attack)")
      #expect(found.twoSidedAUC.lower > 0.55, "\(attack) \(found.variant) \(found.auc)")
    }
    #expect(mote.statement.contains("is possible"))
    #expect(try #require(mote.recovery).meanCosine > 0.2)
    // Recognition is measured on the same subjects.
    let area = try #require(records["traditional"]?.recognition("auc")?.value)
    #expect(area > 0.9)
  }

  @Test func whereNoGenderIsPlantedIntervalsCoverChance() throws {
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
        #expect(
          found.auc.lower < 0.5 && found.auc.upper > 0.5, "\(system) \(attack) \(found.auc)")
      }
    }
  }

  @Test func numbersDependNeitherOnWorkersNorOnResumption() throws {
    let attacked = try Attacked(attack: "cohort_male_shares: [0.85]")
    _ = try attacked.run(workers: 1)
    _ = try attacked.run(workers: 3, results: "other")
    let (one, three) = (try attacked.records(), try attacked.records(results: "other"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for (system, record) in one {
      let other = try #require(three[system])
      #expect(record.inputHash == other.inputHash)
      #expect(try encoder.encode(record.reports) == encoder.encode(other.reports))
      #expect(try encoder.encode(record.recognition) == encoder.encode(other.recognition))
    }
    let cohort = try #require(one["mote"]?.cohort)
    #expect(abs(try #require(cohort.maleShare) - 0.85) < 0.03)
    let again = try attacked.run()
    #expect(again.cached.count == 3 && again.evaluated.isEmpty)
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
    for attacked in [unlabelled, oneGender, greedy] { #expect(!attacked.hasScores) }
  }
}
