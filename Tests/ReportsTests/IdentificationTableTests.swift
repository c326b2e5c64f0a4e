import Biometrics
import Records
import Reports
import Results
import TestSupport
import Testing

@Suite struct IdentificationTableTests {
  /// Obviously fake searches: the misses of rank 1 are three times `level`, at any rank one less.
  private func record(
    _ system: String, preset: String? = "paper", repeatIndex: Int = 0, misses: Int,
    step: Int, hasReplicates: Bool = true
  ) -> EvaluationRecord {
    var record = fakeRecord(
      system: system, preset: preset, repeatIndex: repeatIndex)
    record.identification = IdentificationCounts(
      gallery: [100], matedSearches: 200, nonMatedSearches: 1000, matedPeople: 50)
    for convention in ["default", "per-subject"] {
      for target in [0.0005, 0.01] {
        for rank in IdentificationRank.allCases {
          let count = misses - (rank == .any ? 1 : 0)
          let value = Double(count) / 200
          var metric = MetricValue(
            quantity: .fnir, group: "all", convention: convention, rule: rank.rawValue,
            target: target, value: value, threshold: 0.5, numerator: count, denominator: 200,
            people: 50, lower: value / 2, upper: value * 2, intervalMethod: "wilson",
            replicates: fakeReplicates(around: value, step: step))
          if target == 0.0005 {
            metric = MetricValue(
              quantity: .fnir, group: "all", convention: convention, rule: rank.rawValue,
              target: target, value: nil, note: "FPIR 0.0005 is below 1/1000, one false positive")
          }
          record.measurements.append(metric)
        }
        record.measurements.append(
          MetricValue(
            quantity: .fpir, group: "all", convention: convention, target: target,
            value: target == 0.0005 ? nil : target, threshold: target == 0.0005 ? nil : 0.5,
            numerator: target == 0.0005 ? nil : 10, denominator: target == 0.0005 ? nil : 1000,
            note: target == 0.0005 ? "FPIR 0.0005 is below 1/1000, one false positive" : nil))
      }
    }
    return record
  }

  @Test func everyFormatIsAsRecorded() throws {
    let records = [
      record("mote", misses: 30, step: 7),
      record("mote", preset: "official-code", misses: 4, step: 5),
      record("traditional", misses: 5, step: 3),
    ]
    try expectFormats(identificationTable(RecordSet(records: records)))
  }

  @Test func everySystemAndKindOfScoresHasARow() throws {
    let results = try RecordSet(records: [
      record("mote", misses: 30, step: 7), record("mote", repeatIndex: 1, misses: 34, step: 7),
      record("traditional", misses: 5, step: 3),
      record("traditional", repeatIndex: 1, misses: 5, step: 3),
    ])
    let document = identificationTable(results)
    #expect(
      document.tables.map(\.name) == [
        "identification", "identification-fpir-5e-4", "identification-fpir-1e-2",
      ])
    let table = document.tables[2]
    #expect(table.rows.count == 4)
    let mote = table.rows[0].cells.map(\.value)
    #expect(mote.prefix(5) == ["LFW", "ArcFace", "as they are", "MOTE (paper)", "0.1600"])
    #expect(mote[5] == "64/400" && mote[6].hasPrefix("+0.1350"))
    // Two repeats of people who have both: counts are sums, rates means.
    #expect(table.rows[1].cells[4].isBold && !table.rows[0].cells[4].isBold)
    #expect(table.rows[2].cells[2].value == "per-subject")
    #expect(document.tables[1].rows[0].cells[4].value == "n/a")
    #expect(document.tidy.contains { $0.quantity == "fnir-difference" && $0.value != nil })
    #expect(document.tidy.contains { $0.quantity == "gallery-people" && $0.value == 100 })
  }

  @Test func withoutSearchesTheOutputSaysHowToGetThem() throws {
    try withExperiment(fakeExperiment()) { folder in
      let rendered = try renderOutputs(experiment: folder, outputs: ["identification"])
      #expect(
        rendered.warnings.contains {
          $0.contains(
            "output 'identification' left out: no searches were made, 'identification: [0.003, 0.01]' in "
              + "the spec asks for them")
        }, "\(rendered.warnings)")
    }
  }
}
