import Biometrics
import Configurations
import Foundation
import Records
import Reports
import Results
import Specs
import TestSupport
import Testing

/// Systems with another reference, and results on development people, as tables show them.
@Suite struct ReferenceAndPeopleTests {
  /// Two configurations, the second with drawn references, each with its traditional system.
  private func records(evaluated: EvaluatedPart? = nil) -> [EvaluationRecord] {
    let lines: [(String, String?, Double, ReferenceSelection?)] = [
      ("traditional", nil, 0.1, nil), ("traditional", nil, 0.2, .random),
      ("mote", "paper", 0.3, nil), ("mote", "drawn", 0.6, .random),
    ]
    return lines.map { system, preset, level, reference in
      var record = fakeRecord(system: system, preset: preset, level: level)
      record.key.reference = reference
      record.key.evaluated = evaluated
      return record
    }
  }

  private func differences(_ document: ReportDocument, _ quantity: String) -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: document.tidy.filter {
        $0.quantity == "\(quantity)-difference" && $0.group == "all" && $0.convention == "default"
      }.map { ("\($0.preset ?? ""): \($0.system)", ($0.value! * 1e6).rounded() / 1e6) })
  }

  @Test func differencesAreFormedWithTheSameReferences() throws {
    let results = try RecordSet(records: records())
    #expect(
      results.configurations.map(\.title) == [
        "MOTE (paper)", "MOTE (drawn, random reference)", "Traditional",
        "Traditional (random reference)",
      ])
    let document = table2(results, published: .none)
    #expect(
      differences(document, "fnmr") == [
        "paper: mote - traditional": 0.2, "drawn: mote - traditional (random reference)": 0.4,
      ])
    let table = try #require(document.tables.first { $0.name == "table2-difference" })
    #expect(
      table.columns.dropFirst(2).map(\.title) == [
        "MOTE (paper) − Traditional",
        "MOTE (drawn, random reference) − Traditional (random reference)",
      ])
  }

  /// Table 4 has a part per configuration: each with its own traditional system, and every one of
  /// these in the CSV file once.
  @Test func fairnessIsComparedWithTheSameReferences() throws {
    let values = ["traditional": 0.99, "traditional random": 0.98, "paper": 0.97, "drawn": 0.93]
    let records = records().map { record in
      var record = record
      let name = [record.key.preset ?? record.key.system]
      let key = record.key.preset == nil && record.key.reference != nil ? name + ["random"] : name
      let value = values[key.joined(separator: " ")]!
      record.measurements.append(
        MetricValue(
          quantity: .fdr, group: "all", convention: "default", target: 0.001, value: value,
          replicates: fakeReplicates(around: value, step: key.count + 2)))
      return record
    }
    let document = table4(try RecordSet(records: records), published: .none)
    #expect(
      differences(document, "fdr") == [
        "paper: mote - traditional": -0.02,
        "drawn: mote - traditional (random reference)": -0.05,
      ])
    let lines = document.tidy.filter { $0.quantity == "fdr" && $0.preset == nil }
    #expect(lines.map(\.system) == ["traditional", "traditional (random reference)"])
    #expect(lines.map(\.value) == [0.99, 0.98])
  }

  /// Every table, figure, number and page says that development people were evaluated; nothing says so
  /// otherwise.
  @Test(arguments: [nil, EvaluatedPart.development])
  func developmentPeopleAreNamedWhereverResultsAre(_ evaluated: EvaluatedPart?) throws {
    try withExperiment(records(evaluated: evaluated)) { folder in
      let rendered = try renderOutputs(experiment: folder, convertsFigures: false)
      #expect(rendered.files.count > 8)
      for file in rendered.files {
        // Rows of a figure are what it draws; what stands beside them says whose they are.
        let isDrawn = file.pathExtension == "csv" && file.path.contains("/figures/")
        let text = try String(
          contentsOf: isDrawn ? TableMetadata.file(beside: file) : file, encoding: .utf8)
        #expect(
          text.contains("evaluated on development people") == (evaluated != nil),
          "\(file.lastPathComponent)")
        guard file.pathExtension == "csv", !isDrawn, evaluated != nil else { continue }
        let rows = text.split(separator: "\n").dropFirst()
        #expect(rows.allSatisfy { $0.contains("evaluated on development people") })
      }
    }
  }

  /// A number of a traditional system, and a difference from it, leads to the record of that system.
  @Test func numbersLeadToTheRecordWithTheirReferences() throws {
    try withExperiment(records()) { folder in
      _ = try renderOutputs(experiment: folder, outputs: ["table2"], convertsFigures: false)
      let file = folder.appendingPathComponent("tables/table2.csv")
      func sources(_ system: String, _ quantity: String) throws -> [String] {
        let trace = try TableTrace(
          table: file,
          filters: [
            "system": system, "quantity": quantity, "group": "all", "convention": "default",
          ])
        #expect(trace.isSound)
        return trace.entries.flatMap { $0.sources.map(\.file.lastPathComponent) }.sorted()
      }
      #expect(
        try sources("traditional (random reference)", "fnmr")
          == ["LFW_ArcFace_traditional_reference-random_r0.json"])
      #expect(try sources("traditional", "fnmr") == ["LFW_ArcFace_traditional_r0.json"])
      #expect(
        try sources("mote - traditional (random reference)", "fnmr-difference")
          == [
            "LFW_ArcFace_mote_drawn_reference-random_f0.5_r0.json",
            "LFW_ArcFace_traditional_reference-random_r0.json",
          ])
    }
  }
}
