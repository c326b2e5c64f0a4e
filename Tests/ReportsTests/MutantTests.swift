import Foundation
import Records
import TestSupport
import Testing

/// Records that were damaged or edited are refused, or are read as they were written; `make
/// mutation-test` tries 10,000 mutants of each kind.
@Suite struct MutantTests {
  private func check<Record: VersionedRecord>(_ record: Record, _ kind: String) throws {
    let folder = try temporaryFolder("mutants")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("record.json").path
    try RecordFolder.write(record, to: path)
    let counts = try tryMutants(of: path) { path in
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return try encoder.encode(try RecordFolder<Record>.read(path))
    }
    print("mutants of \(kind): \(counts)")
    #expect(counts.silent == 0 && counts.unnamed == 0, "\(counts)")
  }

  @Test func noMutantOfAnEvaluationRecordIsReadAsAnother() throws {
    try check(fakeRecord(), "an evaluation record")
  }

  @Test func noMutantOfAnAttackRecordIsReadAsAnother() throws {
    try check(
      AttackTableTests().record(system: "mote", signal: 1, offset: 0.5, kind: .logit),
      "an attack record")
  }

  @Test func noMutantOfACostRecordIsReadAsAnother() throws {
    try check(fakeCost(preset: "paper", extraction: ""), "a cost record")
  }

  @Test func noMutantOfARecordOfHeatMapsIsReadAsAnother() throws {
    try check(fakeMaps(), "a record of heat maps")
  }

  @Test func noMutantOfAComparisonOfDensitiesIsReadAsAnother() throws {
    try check(fakeKDE(), "a comparison of densities")
  }

  @Test func whoeverEditsARecordIsTold() throws {
    let folder = try temporaryFolder("mutants")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("record.json").path
    try RecordFolder.write(fakeRecord(), to: path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let edited = text.replacing("\"subjects\" : 100", with: "\"subjects\" : 1000")
    #expect(edited != text)
    try Data(edited.utf8).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: RecordError.self) {
      try RecordFolder<EvaluationRecord>.read(path)
    }
    #expect(
      error?.description
        == "\(path): it was changed after it was written: its content does not fit its digest; "
        + "delete the file and run the command again that made it")
  }
}
