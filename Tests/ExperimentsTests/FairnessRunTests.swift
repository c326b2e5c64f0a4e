import Biometrics
import Datasets
import Experiments
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// Whole runs on small synthetic data in which females scatter more widely.
@Suite struct FairnessRunTests {
  private struct Setting {
    let folder: URL

    init(femaleSpread: Double = 1.8) throws {
      folder = try temporaryFolder("mote-fairness")
      var data = PlantedRun.data(rows: 960)
      data.femaleSpreadRatio = femaleSpread
      data.imageCountSpread = 0
      try data.write(to: folder.appendingPathComponent("planted.h5").path)
    }

    /// Runs a spec with these lines added; records by system and factor.
    func run(_ lines: String, workers: Int = 2) throws -> [String: EvaluationRecord] {
      let found = try PlantedRun.run(load(lines), workers: workers, in: folder)
      return Dictionary(
        uniqueKeysWithValues: found.map { cell, record in
          (cell.balancingFactor.map { "\($0)" } ?? cell.balancingRule ?? cell.system, record)
        })
    }

    func load(_ lines: String) throws -> ExperimentSpec {
      try PlantedRun.load(lines, output: "table4", epochs: 6, replicates: 100, in: folder)
    }
  }

  private func value(
    _ record: EvaluationRecord?, _ quantity: Quantity, _ group: String = "all",
    _ convention: String = "default"
  ) throws -> Double {
    let record = try #require(record)
    return try #require(
      record.measurement(quantity, group: group, convention: convention, target: 0.05)?.value)
  }

  @Test func plantedSpreadShowsAtEveryFactorAndInTheTraditionalSystem() throws {
    let planted = try Setting().run("balancing_factors: [0, 1]\n")
    let control = try Setting(femaleSpread: 1).run("balancing_factors: [0, 1]\n")
    for (name, record) in planted {
      func gap(_ record: EvaluationRecord?) throws -> Double {
        try value(record, .fnmr, "female") - value(record, .fnmr, "male")
      }
      #expect(try gap(record) > 0.1, "\(name)")
      #expect(try gap(record) > gap(control[name]) + 0.05, "\(name)")
      #expect(try value(record, .fdr) < value(control[name], .fdr), "\(name)")
      let fdr = try #require(record.measurement(.fdr, convention: "default", target: 0.05))
      #expect(fdr.upper! < 1 && fdr.lower! < fdr.value! && fdr.upper! > fdr.value!)
    }
  }

  @Test func chosenFactorsUseTheModelsOfTheFixedOnes() throws {
    let setting = try Setting()
    let conventions = "conventions: [default, per-subject, per-group, development]\n"
    let fixed = try setting.run("balancing_factors: [0, 0.5, 1]\n" + conventions)
    let all = try setting.run("balancing_factors: [0, 0.5, 1, per_subject]\n" + conventions)
    // What was there stays as it is.
    for name in ["0.0", "0.5", "1.0", "traditional"] {
      #expect(all[name]?.provenance.startedAt == fixed[name]?.provenance.startedAt, "\(name)")
    }
    let chosen = try #require(all["per-subject"])
    let choice = try #require(chosen.enrolment?.factorChoice)
    #expect(choice.factors == [0, 0.5, 1])
    #expect(choice.counts["all"]?.reduce(0, +) == chosen.counts.references)
    #expect(
      choice.counts["male"]!.reduce(0, +) + choice.counts["female"]!.reduce(0, +)
        == chosen.counts.references)
    #expect(chosen.enrolment?.enrolled == chosen.counts.references)
    #expect(choice.targetRisk > 0 && choice.threshold.isFinite)
    // All at once gives the same as in two runs, on another number of threads.
    let other = try Setting().run(
      "balancing_factors: [0, 0.5, 1, per_subject]\n" + conventions, workers: 1)
    let again = try #require(other["per-subject"])
    #expect(again.enrolment?.factorChoice?.counts == choice.counts)
    for convention in ["default", "per-subject", "development"] {
      #expect(
        try value(again, .fnmr, "all", convention) == value(chosen, .fnmr, "all", convention))
    }
    // No scores are left behind.
    let scores = setting.folder.appendingPathComponent("run/scores").path
    #expect(try FileManager.default.contentsOfDirectory(atPath: scores) == [])
  }

  /// Two factors so close that they split the synthetic mated rows alike train the same models, so
  /// whichever is chosen for a subject, the chosen cell measures exactly what a fixed cell does.
  @Test func aChoiceAmongEqualModelsIsTheFixedCell() throws {
    let records = try Setting().run("balancing_factors: [0.50001, 0.50002, per_subject]\n")
    let fixed = try #require(records["0.50001"])
    let chosen = try #require(records["per-subject"])
    #expect(fixed.measurements.contains { ($0.value ?? 0) > 0 && $0.quantity == .fnmr })
    for record in [records["0.50002"], chosen] {
      let measured = try #require(record).measurements
      #expect(measured.count == fixed.measurements.count)
      for (own, other) in zip(measured, fixed.measurements) {
        #expect(
          own.value == other.value && own.threshold == other.threshold,
          "\(own.quantity) of \(own.group)")
      }
    }
  }

  @Test func thresholdsComeFromWhereTheConventionSays() throws {
    let records = try Setting().run(
      "conventions: [default, per-subject, per-group, development]\n")
    for name in ["0.5", "traditional"] {
      let record = try #require(records[name])
      func measured(_ convention: String) throws -> MetricValue {
        try #require(record.measurement(.fnmr, convention: convention, target: 0.05))
      }
      // Set on the evaluation comparisons the target is met; set elsewhere it is missed a little.
      let own = try measured("default")
      let given = try measured("development")
      #expect(own.attainedFMR! <= 0.05)
      #expect(given.threshold != own.threshold)
      #expect(given.attainedFMR! > 0 && given.attainedFMR! < 0.25)
      #expect(try measured("per-subject").attainedFMR! <= 0.05)
      #expect(try measured("per-subject").threshold != own.threshold)
      #expect(try value(record, .fdr, "all", "per-group") <= 1)
    }
  }

  /// Definitions 2.3: each switch from a spec, its effect recounted from the record.
  @Test func everySwitchOfAConventionTakesEffect() throws {
    let records = try Setting().run(
      """
      conventions:
        - default
        - {name: reference, non_mated: reference}
        - {name: own-thresholds, threshold: per_group, alpha: 0.25}
        - {name: joint, denominator: joint, alpha: 0.995}
        - {name: joint-development, denominator: joint, threshold: development, alpha: 0.75}
        - {name: with-self, self_trials: included, rule: nearest_drop}

      """)
    for name in ["0.5", "traditional"] {
      let record = try #require(records[name])
      func found(_ quantity: Quantity, _ group: String, _ convention: String) throws -> MetricValue
      {
        try #require(
          record.measurement(quantity, group: group, convention: convention, target: 0.05))
      }
      let groups = ["male", "female"]
      func trials(_ quantity: Quantity, _ convention: String) throws -> [Int] {
        try groups.map { try #require(found(quantity, $0, convention).denominator) }
      }

      // Reference in the group, any probe: all comparisons are in one of the groups.
      let all = try #require(found(.fmr, "all", "default").denominator)
      #expect(try trials(.fmr, "reference").reduce(0, +) == all)
      #expect(try trials(.fmr, "default").reduce(0, +) < all)
      #expect(try trials(.fnmr, "reference") == trials(.fnmr, "default"))

      // Joint: all comparisons of the group below both of its error counts.
      let joint = try zip(trials(.fmr, "default"), trials(.fnmr, "default")).map { $0 + $1 }
      for convention in ["joint", "joint-development"] {
        #expect(try trials(.fmr, convention) == joint && trials(.fnmr, convention) == joint)
      }
      #expect(
        try found(.fnmr, "female", "joint").numerator
          == found(.fnmr, "female", "default").numerator)

      // Self trials add a mated comparison per reference.
      #expect(
        try trials(.fnmr, "with-self").reduce(0, +)
          == trials(.fnmr, "default").reduce(0, +) + record.counts.references)
      #expect(try found(.fdr, "all", "with-self").rule == "nearest_drop")

      // One threshold for both groups, or each its own at the target.
      let own = try groups.map { try found(.fnmr, $0, "own-thresholds") }
      #expect(own[0].threshold != own[1].threshold)
      #expect(own.allSatisfy { $0.attainedFMR! <= 0.05 })
      let shared = try groups.map { try found(.fnmr, $0, "joint-development").threshold }
      #expect(
        try shared
          == [Double?](repeating: found(.fnmr, "all", "joint-development").threshold, count: 2))
      #expect(try shared[0] != found(.fnmr, "all", "default").threshold)

      // The measures follow from the rates of the groups and alpha.
      let weights = [
        "default": 0.5, "reference": 0.5, "own-thresholds": 0.25, "joint": 0.995,
        "joint-development": 0.75, "with-self": 0.5,
      ]
      for (convention, alpha) in weights {
        let fmr = try groups.map { try value(record, .fmr, $0, convention) }
        let fnmr = try groups.map { try value(record, .fnmr, $0, convention) }
        let fdr =
          1 - alpha * abs(fmr[0] - fmr[1]) - (1 - alpha) * abs(fnmr[0] - fnmr[1])
        #expect(try abs(value(record, .fdr, "all", convention) - fdr) < 1e-12)
        func gini(_ x: [Double]) -> Double { abs(x[0] - x[1]) / (x[0] + x[1]) }
        let igarbe = 1 - alpha * gini(fmr) - (1 - alpha) * gini(fnmr)
        #expect(try abs(value(record, .igarbe, "all", convention) - igarbe) < 1e-12)
        func ratio(_ x: [Double]) -> Double { x.max()! / x.min()! }
        let inequity = try found(.inequityRate, "all", convention)
        if (fmr + fnmr).contains(0) {
          #expect(inequity.value == nil && inequity.note == "a group's error rate is 0")
        } else {
          let expected = pow(ratio(fmr), alpha) * pow(ratio(fnmr), 1 - alpha)
          #expect(try abs(#require(inequity.value) - expected) < 1e-9)
        }
      }
    }
  }

  @Test func groupsComeFromAnyLabelColumn() throws {
    let setting = try Setting()
    let records = try setting.run("groups: ethnicity\n")
    let record = try #require(records["traditional"])
    let groups = Set(record.measurements.filter { $0.quantity == .fnmr }.map(\.group))
    #expect(groups.contains("all") && groups.count > 2 && !groups.contains("male"))
    #expect(record.measurements.contains { $0.quantity == .fdr && $0.value != nil })

    let spec = try setting.load("groups: shoe_size\n")
    // Said before anything is trained.
    let error = #expect(throws: (any Error).self) {
      try Runner(
        spec, options: RunOptions(results: setting.folder.path), interruption: Interruption(),
        report: { _ in }
      ).run()
    }
    #expect(
      error.map {
        "\($0)".hasSuffix(
          "/run.yaml:14:9: groups: shoe_size: 'D' has no label column of that name; it has "
            + "'age_group', 'ethnicity'")
      } == true)
  }

  @Test func perSubjectIsCheckedInTheSpec() throws {
    #expect(
      try problems(["balancing_factors": "balancing_factors: [0.5, per_subject]"]).hasSuffix(
        "'per_subject' chooses among the other balancing factors and found 1, expected at least 2; "
          + "list them, e.g. [0.4, 0.5, 0.6, per_subject]"))
    #expect(
      try problems([
        "balancing_factors": "balancing_factors: [0.5, 1, per_subject, per_subject]"
      ]).contains("'per_subject' is listed twice in 'balancing_factors'"))
    let spec = try SpecFolder([
      "spec.yaml": specText(["balancing_factors": "balancing_factors: [0, 1, per_subject]"])
    ]).load()
    #expect(spec.choosesFactorPerSubject && spec.balancingFactors == [0, 1])
    #expect(spec.cells().map(\.slug).last == "Adience_ArcFace_mote_paper_per-subject_r0")
  }
}

extension EvaluationRecord {
  /// The measurement that matches, if the record has it.
  fileprivate func measurement(
    _ quantity: Quantity, group: String = "all", convention: String, rule: String? = nil,
    target: Double? = nil
  ) -> MetricValue? {
    measurements.first {
      $0.quantity == quantity && $0.group == group && $0.convention == convention
        && (rule == nil || $0.rule == rule) && (target == nil || $0.target == target)
    }
  }
}
