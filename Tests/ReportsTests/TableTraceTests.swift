import Foundation
import Records
import Reports
import Results
import Specs
import TestSupport
import Testing

@Suite struct TableTraceTests {
  @Test func aNumberLeadsToItsRecord() throws {
    try withExperiment(fakeExperiment()) { folder in
      _ = try renderOutputs(experiment: folder, outputs: ["table2"])
      let table = folder.appendingPathComponent("tables/table2.csv")
      let trace = try TableTrace(
        table: table,
        filters: [
          "dataset": "lfw", "extractor": "ArcFace", "system": "mote", "preset": "paper",
          "group": "male", "quantity": "fnmr", "convention": "default",
        ])
      #expect(trace.isSound && trace.entries.count == 1)
      let text = trace.text(limit: 10)
      #expect(text.contains("records/LFW_ArcFace_mote_paper_f0.5_r0.json"))
      #expect(text.contains("input hash 00ff"))
      #expect(text.contains("data/fake_LFW.h5, SHA-256 feedfacefeedfacefeed (file is gone)"))
      #expect(try TableTrace(table: table, filters: [:]).text(limit: 1).contains("more rows fit"))
    }
  }

  @Test func aTableThatIsOlderThanItsRecordsIsFound() throws {
    try withExperiment(fakeExperiment()) { folder in
      _ = try renderOutputs(experiment: folder, outputs: ["table2"])
      let record = fakeRecord(level: 0.45)
      try RecordFolder.write(
        record, to: folder.appendingPathComponent("records/\(record.key.slug).json").path)
      let trace = try TableTrace(
        table: folder.appendingPathComponent("tables/table2.csv"),
        filters: [
          "dataset": "LFW", "extractor": "ArcFace", "system": "mote", "preset": "paper",
          "group": "all", "quantity": "fnmr", "convention": "default",
        ])
      #expect(!trace.isSound)
      #expect(trace.text(limit: 1).contains("render the table again"))
    }
  }

  @Test func aTableThatIsNotThereIsAnError() throws {
    #expect(throws: ReportError.noSuchTable(file: "/nowhere/table2.csv")) {
      try TableTrace(table: URL(fileURLWithPath: "/nowhere/table2.csv"), filters: [:])
    }
  }

  @Test func whatNoRowHasIsAnError() throws {
    try withExperiment(fakeExperiment()) { folder in
      _ = try renderOutputs(experiment: folder, outputs: ["table2"])
      let error = #expect(throws: ResultsError.self) {
        try TableTrace(
          table: folder.appendingPathComponent("tables/table2.csv"),
          filters: ["dataset": "MORPH", "group": "male"])
      }
      #expect(
        error?.description.hasSuffix(
          "no row has dataset 'MORPH', group 'male'; leave options out to see which rows there are")
          == true)
    }
  }
}
