import Files
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

  /// Whatever is edited in a row, of whatever table, is found; what is not edited is sound.
  @Test(arguments: ["table1", "table2", "table3", "table3b", "table5"])
  func anEditOfAnyColumnIsFound(name: String) throws {
    try withExperiment(fakeExperiment()) { folder in
      for record in try AttackTableTests().records().records {
        try RecordFolder.write(
          record,
          to: folder.appendingPathComponent("records/attacks/\(record.key.slug).json").path)
      }
      let cost = try fakeCost(preset: "paper", extraction: "")
      try RecordFolder.write(
        cost, to: folder.appendingPathComponent("costs/\(cost.key.slug).json").path)
      _ = try renderOutputs(experiment: folder, outputs: [name])
      let table = folder.appendingPathComponent("tables/\(name).csv")
      let isSound = try TableTrace(table: table, filters: [:]).isSound
      #expect(isSound)
      let text = try String(contentsOf: table, encoding: .utf8)
      let reader = try CSVReader(text: text, file: name)
      for column in ["value", "lower", "upper", "numerator", "repeats", "note"] {
        // The last row with something in it: a difference where the table has some.
        guard let row = reader.rows.last(where: { $0.fields[column]?.isEmpty == false }) else {
          continue
        }
        var lines = text.components(separatedBy: "\n")
        let fields = reader.columns.map { name in
          let field = row.fields[name]!
          return csvField(
            name != column
              ? field : Double(field) == nil ? field + "!" : column == "upper" ? "inf" : "0.12345")
        }
        lines[row.line - 1] = fields.joined(separator: ",")
        try lines.joined(separator: "\n").write(to: table, atomically: true, encoding: .utf8)
        let trace = try TableTrace(table: table, filters: [:])
        let isSound = trace.isSound
        #expect(!isSound, "\(name) \(column)")
        #expect(trace.entries.count { $0.problem != nil } == 1)
        #expect(trace.text(limit: 1).contains("PROBLEM: \(column): the table has"))
      }
    }
  }

  @Test func aFileThatLacksOrRepeatsRowsIsFound() throws {
    try withExperiment(fakeExperiment()) { folder in
      _ = try renderOutputs(experiment: folder, outputs: ["table2"])
      let table = folder.appendingPathComponent("tables/table2.csv")
      let lines = try String(contentsOf: table, encoding: .utf8).components(separatedBy: "\n")
      let row = lines.firstIndex { $0.hasPrefix("LFW") }!
      func problem(_ change: (inout [String]) -> Void) throws -> String {
        var edited = lines
        change(&edited)
        try edited.joined(separator: "\n").write(to: table, atomically: true, encoding: .utf8)
        let trace = try TableTrace(table: table, filters: ["dataset": "LFW"])
        #expect(trace.isSound == (trace.problem == nil))
        if let problem = trace.problem { #expect(trace.text(limit: 1).contains(problem)) }
        return trace.problem ?? ""
      }
      #expect(try problem { _ in }.isEmpty)
      #expect(try problem { $0.remove(at: row) }.contains("it has 0 of 1 row of dataset LFW"))
      #expect(try problem { $0.insert($0[row], at: row) }.contains("it has 2 of 1 row of"))
      // Rows that were not asked for are not looked at.
      let other = lines.firstIndex { $0.hasPrefix("Adience") }!
      #expect(try problem { $0.remove(at: other) }.isEmpty)
    }
  }

  @Test func whatStandsBesideTheFileIsHeldAgainstTheRecords() throws {
    try withExperiment(fakeExperiment()) { folder in
      _ = try renderOutputs(experiment: folder, outputs: ["table2"])
      let table = folder.appendingPathComponent("tables/table2.csv")
      let sidecar = TableMetadata.file(beside: table)
      #expect(sidecar.lastPathComponent == "table2.meta.json")
      let text = try String(contentsOf: sidecar, encoding: .utf8)
      func problem(_ edited: String) throws -> String? {
        try edited.write(to: sidecar, atomically: true, encoding: .utf8)
        return try TableTrace(table: table, filters: ["dataset": "LFW"]).problem
      }
      #expect(try problem(text) == nil)
      #expect(
        try problem(text.replacing("fake_LFW.h5", with: "other.h5"))?
          .contains("'data' in table2.meta.json is [{\"file\":") == true)
      #expect(try problem("{")?.contains("table2.meta.json is not a JSON object") == true)
      // The command may name the folder in another way.
      #expect(try problem(text.replacing("Harness table", with: "H table")) == nil)
      try FileManager.default.removeItem(at: sidecar)
      let missing = try TableTrace(table: table, filters: ["dataset": "LFW"])
      let isSound = missing.isSound
      #expect(
        !isSound && missing.problem == "table2.meta.json is not there: render the table again")
    }
  }

  @Test func aTableThatRecordsDoNotMakeIsAnError() throws {
    try withExperiment(fakeExperiment()) { folder in
      _ = try renderOutputs(experiment: folder, outputs: ["table2"])
      let tables = folder.appendingPathComponent("tables")
      let other = tables.appendingPathComponent("mine.csv")
      try FileManager.default.copyItem(at: tables.appendingPathComponent("table2.csv"), to: other)
      let error = #expect(throws: ResultsError.self) {
        try TableTrace(table: other, filters: [:])
      }
      #expect(error?.description.contains("make no table of this name") == true)
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
