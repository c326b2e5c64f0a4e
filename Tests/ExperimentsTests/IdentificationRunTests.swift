import Biometrics
import Datasets
import Experiments
import Foundation
import Records
import Reports
import SpecFiles
import Specs
import TestSupport
import Testing

/// One-to-many searches from spec to table, on small synthetic data.
@Suite struct IdentificationRunTests {
  private static let lines = """
    conventions: [default, paper-compatible, per-subject]
    identification: [0.01, 0.05]

    """

  private func run(_ lines: String, workers: Int = 2, in folder: URL) throws -> [EvaluationRecord] {
    try PlantedRun.data(rows: 480).write(to: folder.appendingPathComponent("planted.h5").path)
    let spec = try PlantedRun.load(
      lines, output: "table2", epochs: 4, replicates: 60, in: folder)
    return try PlantedRun.run(spec, workers: workers, in: folder).map(\.record)
  }

  private func misses(_ record: EvaluationRecord, _ convention: String) -> [MetricValue] {
    record.measurements.filter { $0.quantity == .fnir && $0.convention == convention }
  }

  @Test func searchesLeadFromScoresToATableWhoseRowsAreTraced() throws {
    let folder = try temporaryFolder("mote-identification")
    let records = try run(Self.lines, in: folder)
    for record in records {
      let counts = try #require(record.identification)
      #expect(counts.gallery == [record.counts.references])
      // One reference a person, and every image of the enrolled is a probe.
      #expect(counts.matedSearches == record.counts.matedComparisons)
      #expect(counts.nonMatedSearches == record.counts.probes)
      // Of the conventions on the scores as they are the first stands for all.
      #expect(misses(record, "default").count == 4 && misses(record, "per-subject").count == 4)
      #expect(misses(record, "paper-compatible").isEmpty)
      for metric in misses(record, "default") {
        #expect(metric.denominator == counts.matedSearches && metric.replicates != nil)
        let value = try #require(metric.value)
        #expect(value > 0 && value < 1)
        if let lower = metric.lower, let upper = metric.upper {
          #expect(lower < value && value < upper)
        } else {
          #expect(
            metric.intervalNote?.contains("the threshold is set by false positives of") == true)
        }
      }
      for metric in record.measurements where metric.quantity == .fpir {
        #expect(metric.value! <= metric.target!)
        #expect(metric.value! + 1 / Double(counts.nonMatedSearches) > metric.target!)
      }
    }
    // A cosine is the same for all references, and calibration changes it all the same.
    let traditional = try #require(records.first { $0.key.system == "traditional" })
    #expect(
      misses(traditional, "default").map(\.value)
        != misses(traditional, "per-subject").map(\.value))

    let experiment = folder.appendingPathComponent("run")
    let rendered = try renderOutputs(experiment: experiment, outputs: ["identification", "report"])
    #expect(rendered.warnings.filter { $0.contains("identification") } == [])
    #expect(rendered.markdown.contains("FNIR at FPIR = 1e-2"))
    #expect(rendered.markdown.contains("SYNTHETIC"))
    let page = try String(
      contentsOf: experiment.appendingPathComponent("report.html"), encoding: .utf8)
    #expect(page.contains("Open-set identification"))
    let trace = try TableTrace(
      table: experiment.appendingPathComponent("tables/identification.csv"), filters: [:])
    #expect(trace.isSound, "\(trace.text(limit: 3))")
    for entry in trace.entries where entry.fields["quantity"] == "fnir" {
      let found = try #require(entry.sources.first?.measurement)
      #expect(entry.fields["numerator"] == found.numerator.map { "\($0)" })
    }
    #expect(trace.entries.contains { $0.fields["quantity"] == "fnir-difference" })
  }

  @Test func anyNumberOfWorkersGivesTheSameAndNothingElseChanges() throws {
    let with = try run(Self.lines, workers: 3, in: temporaryFolder("mote-identification"))
    let alone = try run(Self.lines, workers: 1, in: temporaryFolder("mote-identification"))
    let without = try run(
      "conventions: [default, paper-compatible, per-subject]\n",
      in: temporaryFolder("mote-identification"))
    func numbers(_ records: [EvaluationRecord], _ quantities: Set<Quantity>) throws -> [Data] {
      try records.map { record in
        try canonicalJSON(record.measurements.filter { quantities.contains($0.quantity) })
      }
    }
    let all = Set(Quantity.allCases)
    #expect(try numbers(with, all) == numbers(alone, all))
    #expect(try numbers(with, Quantity.ofComparisons) == numbers(without, all))
    #expect(without.allSatisfy { $0.identification == nil })
    #expect(zip(with, without).allSatisfy { $0.inputHash != $1.inputHash })
  }
}
