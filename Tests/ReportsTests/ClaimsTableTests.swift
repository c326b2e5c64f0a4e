import Claims
import Foundation
import Records
import Reports
import Results
import SpecFiles
import Specs
import TestSupport
import Testing

private let published = repositoryRoot.appendingPathComponent("experiments/published")
private let paper = try! Paper(folder: published) { try Claim.load($0) }

struct ClaimsTableTests {
  private func records(_ records: [EvaluationRecord] = fakeExperiment()) throws
    -> ExperimentRecords
  {
    ExperimentRecords(
      results: try RecordSet(records: records),
      costs: [try fakeCost(preset: "paper", extraction: "")])
  }

  @Test func everyFormatOfTheAnswers() throws {
    let records = try records()
    let answers = claimAnswers(paper.claims, records, paper.values)
    try expectFormats(claimsTable(answers, provenance: records.provenance))
    try expectSnapshot(answerLines(answers), "claims.txt")
  }

  @Test func aSentenceSaysWhatWasCheckedAndNoMore() throws {
    let answers = claimAnswers(
      paper.claims.filter { $0.id == "R1" }, try records(), paper.values)
    let line = try #require(
      answers.first { $0.dataset == "LFW" && $0.extractor == "ArcFace" }?.sentence)
    #expect(line.hasPrefix("R1 does not hold for MOTE (paper) on LFW ArcFace: +0.1500 ["))
    #expect(line.contains("] < 0.01; smallest margin 0."))
    let other = try #require(answers.first { $0.convention == "paper-compatible" }?.sentence)
    #expect(other.contains("for MOTE (paper), paper-compatible on Adience ArcFace: "))
  }

  @Test func answersFromSyntheticDataSaySo() throws {
    let records = try records(fakeExperiment(isSynthetic: true))
    let answers = claimAnswers(
      paper.claims.filter { $0.id == "R1" }, records, paper.values)
    #expect(answers[0].sentence.contains("on Adience ArcFace (SYNTHETIC DATA): "))
    let document = claimsTable(answers, provenance: records.provenance)
    #expect(document.isSynthetic && document.tidy.allSatisfy(\.isSynthetic))
  }

  /// Writes records as a run does.
  private func write(_ records: [EvaluationRecord], _ folder: URL) throws {
    let place = folder.appendingPathComponent("records")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    for record in records {
      try RecordFolder.write(
        record, to: place.appendingPathComponent("\(record.key.slug).json").path)
    }
  }

  @Test func anAnswerLeadsToItsRecords() throws {
    try withExperiment(fakeExperiment()) { folder in
      let rendered = try renderOutputs(
        experiment: folder, outputs: ["claims"], published: published,
        readClaims: { try Claim.load($0) })
      #expect(rendered.answers.contains("R1 does not hold for MOTE (paper) on LFW ArcFace: "))
      let trace = try TableTrace(
        table: folder.appendingPathComponent("tables/claims.csv"),
        filters: [
          "quantity": "claim-R1", "dataset": "LFW", "extractor": "ArcFace", "preset": "paper",
          "convention": "default",
        ], readClaims: { try Claim.load($0) })
      let isSound = trace.isSound
      #expect(isSound && trace.entries.count == 1)
      #expect(
        trace.entries[0].sources.map(\.file.lastPathComponent) == [
          "LFW_ArcFace_mote_paper_f0.5_r0.json", "LFW_ArcFace_traditional_r0.json",
        ])
      #expect(trace.text(limit: 1).contains("300 of 1000 comparisons"))
      // Cells without records have no number and no source.
      let none = try TableTrace(
        table: folder.appendingPathComponent("tables/claims.csv"),
        filters: ["quantity": "claim-P1"], readClaims: { try Claim.load($0) })
      let areSound = none.isSound
      #expect(areSound && none.entries.count == 6)
    }
  }

  @Test func withoutClaimsThereIsNoSuchOutput() throws {
    try withExperiment([fakeRecord()]) { folder in
      let rendered = try renderOutputs(
        experiment: folder, outputs: ["claims"], published: published)
      #expect(rendered.files.isEmpty && rendered.answers.isEmpty)
      #expect(
        rendered.warnings == [
          "output 'claims' left out: no claims were read from experiments/published/claims.yaml"
        ])
    }
  }

  @Test func experimentsAreGatheredAndSyntheticDataNotCounted() throws {
    let results = try temporaryFolder("mote-claims")
    defer { try? FileManager.default.removeItem(at: results) }
    func experiment(_ dataset: String, isSynthetic: Bool) -> [EvaluationRecord] {
      ["mote", "traditional"].map {
        fakeRecord(
          dataset: dataset, system: $0, level: $0 == "mote" ? 0.3 : 0.1, isSynthetic: isSynthetic)
      }
    }
    try write(experiment("LFW", isSynthetic: false), results.appendingPathComponent("real"))
    try write(experiment("Adience", isSynthetic: true), results.appendingPathComponent("made-up"))
    try FileManager.default.createDirectory(
      at: results.appendingPathComponent("empty"), withIntermediateDirectories: true)
    let gathered = try GatheredClaims(results: results, paper: paper)
    #expect(gathered.experiments == ["made-up", "real"])
    let r1 = gathered.answers.filter { $0.claim.id == "R1" }
    // Two conventions in each experiment; the paper's cells but the real one stand once.
    #expect(
      r1.filter { !$0.isUnrecorded }.map(\.experiment) == ["made-up", "made-up", "real", "real"])
    #expect(r1.filter(\.isUnrecorded).count == 5)
    #expect(r1.contains { $0.isUnrecorded && $0.reason == "no records of Adience ArcFace" })
    let row = try #require(gathered.document.tables[0].rows.first { $0.cells[0].value == "R1" })
    #expect(row.cells.suffix(4).map(\.value) == ["0", "2", "0", "0"])
    let rendered = try gathered.write()
    #expect(
      rendered.files.map(\.lastPathComponent) == [
        "claims.csv", "claims.meta.json", "claims.md", "claims.tex", "claims-answers.tex",
      ])
    #expect(rendered.markdown.contains("Generated by `Harness claims"))
    let trace = try TableTrace(
      table: results.appendingPathComponent("claims.csv"),
      filters: ["quantity": "claim-R1", "convention": "default", "dataset": "Adience"])
    #expect(trace.entries.count == 1 && trace.entries[0].sources.count == 2)
    #expect(trace.entries[0].sources[0].file.path.contains("/made-up/records/"))
  }

  /// Heat maps, densities and costs are recorded without a run as well.
  @Test func anExperimentOfHeatMapsAloneIsGathered() throws {
    let results = try temporaryFolder("mote-claims")
    defer { try? FileManager.default.removeItem(at: results) }
    let place = results.appendingPathComponent("figure4/maps")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let record = fakeMaps()
    try RecordFolder.write(
      record, to: place.appendingPathComponent("\(record.key.slug).json").path)
    let gathered = try GatheredClaims(results: results, paper: paper)
    #expect(gathered.experiments == ["figure4"])
    #expect(gathered.answers.contains { $0.claim.id == "E1" && !$0.isUnrecorded })
  }

  /// Choices may follow development people, so that what holds on them is no result.
  @Test func developmentPeopleAreMarkedAndNotCounted() throws {
    let results = try temporaryFolder("mote-claims")
    defer { try? FileManager.default.removeItem(at: results) }
    let records = ["mote", "traditional"].map { system in
      var record = fakeRecord(system: system, level: system == "mote" ? 0.3 : 0.1)
      record.key.evaluated = .development
      return record
    }
    try write(records, results.appendingPathComponent("choice"))
    let gathered = try GatheredClaims(results: results, paper: paper)
    let answer = try #require(gathered.answers.first { $0.claim.id == "R1" })
    #expect(
      answer.isOnDevelopment && answer.sentence.contains("LFW ArcFace (development people): "))
    let row = try #require(gathered.document.tables[0].rows.first { $0.cells[0].value == "R1" })
    #expect(row.cells.suffix(4).map(\.value) == ["0", "0", "0", "0"])
  }

  @Test func aFolderWithoutRecordsIsAnError() throws {
    let results = try temporaryFolder("mote-claims")
    defer { try? FileManager.default.removeItem(at: results) }
    #expect(throws: ResultsError.self) { try GatheredClaims(results: results, paper: paper) }
  }
}
