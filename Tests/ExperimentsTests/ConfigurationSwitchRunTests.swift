import Datasets
import Experiments
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// Runs in which configurations differ in reference, cohort and input, and in who is evaluated.
@Suite struct ConfigurationSwitchRunTests {
  private static let configurations = """
    {drawn: {preset: paper, reference: random},
     raw: {preset: paper, input: raw},
     other: {preset: paper, cohort: {Tiny: Other}},
     few: {preset: paper, cohort_subjects: 12},
     women: {preset: paper, cohort_male_share: 0.3}}
    """

  /// A folder with small datasets and a spec on them.
  private func experiment(
    _ changes: [String: String] = [:], unitLengths: Bool = false, singleImageShare: Double = 0
  ) throws -> (folder: String, spec: ExperimentSpec) {
    let folder = try temporaryFolder().path
    for (name, seed) in [("Tiny", 5), ("Other", 6)] {
      var data = SyntheticDataset(name: name, subjects: 60, rows: 180, seed: UInt64(seed))
      data.dimension = 16
      data.identityDimensions = 8
      data.singleImageShare = singleImageShare
      if unitLengths {
        (data.extractor.magnitude, data.extractor.magnitudeSpread) = (1, 0)
      }
      try data.write(to: "\(folder)/\(name).h5")
    }
    let usual = [
      "partition": "{within: {cohort: 0.5, development: 0.2, evaluation: 0.3}}",
      "configurations": Self.configurations.split(separator: "\n").joined(),
      "presets": "[paper, drawn, raw, other, few, women]", "outputs": "[table2]",
    ].merging(changes) { $1 }
    let text = """
      name: switches
      title: Switches
      datasets:
        Tiny: {files: {ArcFace: Tiny.h5}}
        Other: {files: {ArcFace: Other.h5}}
      data: \(folder)
      extractors: [ArcFace]
      evaluate: [Tiny]
      training: {epochs: 2, hidden_widths: [8]}
      operating_points: [1e-2]
      bootstrap: {replicates: 20}
      seed: 3
      \(usual.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n"))
      """
    try text.write(toFile: "\(folder)/spec.yaml", atomically: true, encoding: .utf8)
    return (folder, try ExperimentSpec.load("\(folder)/spec.yaml", environment: [:]))
  }

  private func run(_ spec: ExperimentSpec, _ results: String, workers: Int = 1) throws -> RunSummary
  {
    try Runner(
      spec, options: RunOptions(results: results, workers: workers), interruption: Interruption(),
      report: { _ in }
    ).run()
  }

  private func records(_ spec: ExperimentSpec, _ results: String) throws -> [EvaluationRecord] {
    let store = ResultStore(results: results, experiment: spec.name)
    return try spec.evaluatedCells().map { try store.read(store.recordPath($0)) }
  }

  /// People of a part as a written division lists them.
  private func people(_ part: String, _ path: String) throws -> Set<Substring> {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    return Set(
      lines.map { $0.split(separator: ",") }.filter { $0[1] == part }.map { $0[3] })
  }

  @Test func eachConfigurationHasItsOwnDataAndResultsDoNotDependOnWorkers() throws {
    let (folder, spec) = try experiment()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try run(spec, "\(folder)/one", workers: 1).failed.isEmpty)
    #expect(try run(spec, "\(folder)/two", workers: 2).failed.isEmpty)
    let (one, two) = try (records(spec, "\(folder)/one"), records(spec, "\(folder)/two"))
    #expect(one.count == 8)
    for (a, b) in zip(one, two) {
      let values = [a, b].map { $0.measurements.map(\.value) }
      #expect(values[0] == values[1], "\(a.key.slug)")
      #expect(a.enrolment?.bandwidths == b.enrolment?.bandwidths)
    }
    let byName = Dictionary(
      uniqueKeysWithValues: one.map {
        (
          ($0.key.preset ?? "traditional")
            + ($0.key.preset == nil && $0.key.reference != nil ? "+" : ""), $0
        )
      })
    let values = byName.mapValues { $0.measurements.map(\.value) }
    // Every switch changes numbers.
    for name in ["drawn", "raw", "other", "few", "women"] {
      #expect(values[name] != values["paper"], "\(name)")
    }
    #expect(values["traditional"] != values["traditional+"])
    // Bandwidths follow rows and lengths, not references.
    let bandwidths = byName.mapValues { $0.enrolment?.bandwidths }
    #expect(bandwidths["drawn"] == bandwidths["paper"] && bandwidths["raw"] != bandwidths["paper"])
    // The audit is of the configuration's own cohort.
    func audit(_ name: String, _ text: String) -> Bool {
      byName[name]?.audit.contains { $0.contains(text) } ?? false
    }
    #expect(audit("other", "cohort Other/ArcFace: 180 rows of 60 subjects"))
    #expect(audit("few", "cohort Tiny/ArcFace: ") && audit("few", " of 12 subjects ("))
    #expect(audit("paper", " of 30 subjects (") && !audit("women", " of 30 subjects ("))
    // All are found again.
    #expect(try run(spec, "\(folder)/one").cached.count == 8)
    let protocolFolder = "\(folder)/one/switches/protocol"
    let written = try FileManager.default.contentsOfDirectory(atPath: protocolFolder)
    #expect(written.count == 6 && written.contains("Tiny-ArcFace-women.csv"))
    let (paper, other) = ("Tiny-ArcFace-paper.csv", "Tiny-ArcFace-other.csv")
    for part in ["probe", "development"] {
      #expect(
        try people(part, "\(protocolFolder)/\(paper)") == people(part, "\(protocolFolder)/\(other)")
      )
    }
    #expect(try people("cohort", "\(protocolFolder)/\(other)").count == 60)
    _ = try RunPlan.make(for: spec, results: "\(folder)/plan", workers: 1, isCalibrated: false)
  }

  @Test func rawInputIsRefusedWhereAllVectorsHaveLengthOne() throws {
    let (folder, spec) = try experiment(unitLengths: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let error = #expect(throws: DataProblems.self) { try run(spec, "\(folder)/r") }
    #expect(
      error?.problems == [
        "\(folder)/Tiny.h5: all 180 vectors of 'Tiny/ArcFace' have length 1 (to one part in 1,000), so "
          + "the file holds none as the extractor gave them, and 'input: raw' would be 'input: "
          + "normalised'; export the embeddings before they are normalised, or leave this "
          + "configuration out"
      ])
    // Without that configuration nothing is refused.
    let (plain, without) = try experiment(["presets": "[paper]"], unitLengths: true)
    defer { try? FileManager.default.removeItem(atPath: plain) }
    #expect(try run(without, "\(plain)/r").failed.isEmpty)
  }

  /// People with one sample lose their reference and stay as probes: mated comparisons are the same.
  @Test func onlyPeopleWithAMatedProbeAreEnrolled() throws {
    func counted(_ references: String) throws -> (
      records: [EvaluationRecord], counts: [EvaluationCountsLine]
    ) {
      let (folder, spec) = try experiment(
        ["presets": "[paper]", "protocol": "{references: \(references)}"], singleImageShare: 0.5)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      #expect(try run(spec, "\(folder)/r").failed.isEmpty)
      let records = try records(spec, "\(folder)/r")
      return (records, records.map(EvaluationCountsLine.init))
    }
    let (all, few) = try (counted("all"), counted("with_mated_probe"))
    for (a, b) in zip(all.counts, few.counts) {
      #expect(a.withoutMatedProbe > 0 && b.withoutMatedProbe == 0)
      #expect(b.references == a.references - a.withoutMatedProbe && b.subjects == b.references)
      #expect(b.probes == a.probes && b.mated == a.mated && b.failures == 0)
      #expect(b.nonMated == b.references * b.probes - b.mated - b.references)
    }
    let people = all.counts[0]
    let line =
      "Tiny, fold 0: \(people.references - people.withoutMatedProbe) of \(people.references) evaluated "
      + "people are enrolled, \(people.withoutMatedProbe) without a second sample are probes only"
    #expect(few.records.allSatisfy { $0.audit.contains(line) }, "\(few.records[0].audit)")
    #expect(all.records.allSatisfy { !$0.audit.contains { $0.contains("probes only") } })
    // Thresholds follow the comparisons that are made, and so may rates.
    #expect(
      few.records[0].measurements.map(\.threshold) != all.records[0].measurements.map(\.threshold))
  }

  private struct EvaluationCountsLine {
    let subjects, references, probes, mated, nonMated, withoutMatedProbe, failures: Int

    init(_ record: EvaluationRecord) {
      let counts = record.counts
      (subjects, references, probes) = (counts.subjects, counts.references, counts.probes)
      (mated, nonMated) = (counts.matedComparisons, counts.nonMatedComparisons)
      (withoutMatedProbe, failures) = (counts.subjectsWithoutMatedProbe, counts.failuresToEnrol)
    }
  }

  /// Those who developed are compared; those who were compared are in no part.
  @Test func developmentPeopleAreEvaluatedApart() throws {
    func division(_ more: String) throws -> (
      slugs: [String], evaluated: Set<Substring>, others: Set<Substring>
    ) {
      let (folder, spec) = try experiment([
        "presets": "[paper]",
        "partition": "{within: {cohort: 0.5, development: 0.2, evaluation: 0.3\(more)}}",
      ])
      defer { try? FileManager.default.removeItem(atPath: folder) }
      #expect(try run(spec, "\(folder)/r").failed.isEmpty)
      let path = "\(folder)/r/switches/protocol/Tiny-ArcFace.csv"
      return (
        try records(spec, "\(folder)/r").map(\.key.slug), try people("probe", path),
        try people("development", path).union(people("cohort", path))
      )
    }
    let usual = try division("")
    let chosen = try division(", evaluated: development")
    #expect(chosen.slugs[0] == "Tiny_ArcFace_traditional_development-people_r0")
    #expect(chosen.evaluated.isSubset(of: usual.others) && chosen.others.isSubset(of: usual.others))
    #expect(chosen.evaluated.union(chosen.others).isDisjoint(with: usual.evaluated))
  }

  /// The cut of a configuration's cohort is that of an attacked cell: the same people train.
  @Test func configurationsAndAttackedCellsCutTheCohortAlike() throws {
    let attack =
      "{attacker: same_dataset, systems: [mote], gallery: {at_most: 4}, gallery_curve: [2], "
      + "own_references: {at_most: 2}, folds: 2, permutations: 3, statistics: [1], "
      + "attacks: [A0, A1], cohort_male_shares: [as_is, 0.3]}"
    let (folder, spec) = try experiment([
      "presets": "[paper, women]", "outputs": "[table3]", "attack": attack,
      "partition": "{within: {cohort: 0.4, development: 0.1, evaluation: 0.3}}",
    ])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try run(spec, "\(folder)/r").failed.isEmpty)
    let store = ResultStore(results: "\(folder)/r", experiment: "switches")
    let records: [AttackRecord] = try spec.attackedCells().map {
      try RecordFolder<AttackRecord>.read(store.recordPath($0))
    }
    // paper as it is, paper cut, women as it is, women cut.
    #expect(records.count == 4)
    let cohorts = records.map { [$0.cohort?.subjects, $0.cohort?.maleRows, $0.cohort?.femaleRows] }
    #expect(cohorts[0] != cohorts[1] && cohorts[1] == cohorts[2] && cohorts[2] == cohorts[3])
    let reports = try records.map {
      try JSONEncoder().encode($0.recognition.map(\.value))
    }
    #expect(reports[1] == reports[2] && reports[0] != reports[1])
    #expect(records[2].audit == records[1].audit && records[0].audit != records[1].audit)
  }
}
