import Biometrics
import Configurations
import Files
import Foundation
import Records
import Specs
import TestSupport
import Testing

/// Replicates lie beside the JSON of a record as plain float64, and belong to it alone.
@Suite struct ReplicatesOnDiskTests {
  private let drawn: [[Double]] = [[0.25, -0.0, 1 / 3, .nan, .infinity], [], [0.5, 5e-324]]

  private func record(_ replicates: [[Double]?]) -> EvaluationRecord {
    EvaluationRecord(
      key: Cell(dataset: "LFW", extractor: "ArcFace", system: "traditional"), inputHash: "h",
      isSynthetic: true, counts: EvaluationCounts(),
      measurements: replicates.map {
        MetricValue(
          quantity: .fnmr, group: "all", convention: "default", value: 0.1,
          replicates: $0.map(Replicates.init))
      },
      curves: [:], enrolment: nil, audit: [], warnings: [], provenance: Provenance())
  }

  private func inFolder(_ body: (_ file: String, _ beside: String) throws -> Void) throws {
    let folder = try temporaryFolder("mote-replicates")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path + "/a.b.json", folder.path + "/replicates/a.b.f64")
  }

  private func read(_ file: String) throws -> [[UInt64]?] {
    try RecordFolder<EvaluationRecord>.read(file).measurements
      .map { $0.replicates?.values.map(\.bitPattern) }
  }

  private func reason(_ file: String) -> String {
    do {
      _ = try read(file)
      return "none"
    } catch { return "\(error)" }
  }

  @Test func theyComeBackBitByBitAndAreWhatAnyProgramReads() throws {
    try inFolder { file, beside in
      try RecordFolder.write(record([drawn[0], nil, drawn[1], drawn[2]]), to: file)
      let bits = drawn.map { $0.map(\.bitPattern) }
      #expect(try read(file) == [bits[0], nil, bits[1], bits[2]])
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: beside)))
      #expect(
        bytes
          == drawn.joined().flatMap { value in
            (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
          })
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file)))
          as? [String: Any])
      let places = (json["measurements"] as? [[String: Any]])?.map { $0["replicates"] as? [Int] }
      #expect(places == [[0, 5], nil, [5, 0], [5, 2]])
    }
  }

  @Test func recordsOfBeforeHaveThemInTheJSON() throws {
    try inFolder { file, _ in
      try RecordFolder.write(record([nil]), to: file)
      let text = try String(contentsOfFile: file, encoding: .utf8)
      // Without a seal a file of this version is refused: the digest of the changed content.
      let former = text.replacing(
        "\"quantity\" : \"fnmr\",",
        with: "\"quantity\" : \"fnmr\", \"replicates\" : \"AAAAAAAA0D8=\",")
      #expect(former != text)
      try reseal(former, to: file)
      #expect(try read(file) == [[(0.25).bitPattern]])
    }
  }

  @Test func oneWithoutReplicatesHasNoFileBesideIt() throws {
    try inFolder { file, beside in
      try RecordFolder.write(record([nil]), to: file)
      #expect(!FileManager.default.fileExists(atPath: beside))
      try RecordFolder.write(record([[1]]), to: file)
      #expect(FileManager.default.fileExists(atPath: beside))
      try RecordFolder.write(record([nil]), to: file)
      #expect(!FileManager.default.fileExists(atPath: beside))
      #expect(try read(file) == [nil])
    }
  }

  @Test func aFileThatIsMissingOrAnotherIsTold() throws {
    try inFolder { file, beside in
      try RecordFolder.write(record([[0.125, 0.5]]), to: file)
      let other = file.replacing("a.b", with: "c")
      try RecordFolder.write(record([[0.125, 0.25]]), to: other)
      let begin = "\(file): its replicates, '\(beside)', "
      let remedy =
        "; bring that file back from where the record came from, or where it is lost delete the record "
        + "and run the command again that made it"
      let whole = try Data(contentsOf: URL(fileURLWithPath: beside))

      for change: (Data) throws -> Data in [
        { $0.dropLast() }, { $0 + [0] }, { $0.dropLast(8) }, { _ in Data() },
        { _ in try Data(contentsOf: URL(fileURLWithPath: beside.replacing("a.b", with: "c"))) },
      ] {
        let found = try change(whole)
        try found.write(to: URL(fileURLWithPath: beside))
        #expect(
          reason(file) == begin
            + "are not those that were written with it: \(found.count) bytes with "
            + "SHA-256 \(SHA256.hex(of: found).prefix(12))…, expected "
            + "\(SHA256.hex(of: whole).prefix(12))…" + remedy)
        #expect(!RecordFolder<EvaluationRecord>.lacksReplicates(file))
      }
      try whole.write(to: URL(fileURLWithPath: beside))
      #expect(try read(file) == [[(0.125).bitPattern, (0.5).bitPattern]])

      try FileManager.default.removeItem(atPath: beside)
      #expect(reason(file) == begin + "cannot be read: No such file or directory" + remedy)
      #expect(RecordFolder<EvaluationRecord>.lacksReplicates(file))
      try FileManager.default.createDirectory(
        atPath: beside, withIntermediateDirectories: false)
      #expect(reason(file) == begin + "cannot be read: it is a folder, expected a file" + remedy)
      #expect(RecordFolder<EvaluationRecord>.lacksReplicates(file))
      try RecordFolder.write(record([nil]), to: other)
      #expect(!RecordFolder<EvaluationRecord>.lacksReplicates(other))
    }
  }

  @Test(
    "Places that the file does not have",
    arguments: [
      "[-1, 1]", "[0, -1]", "[0, 3]", "[3, 0]", "[2, 1]", "[9223372036854775807, 1]",
      "[1, 9223372036854775807]", "[0]", "[0, 1, 1]", "[]", "[0.5, 1]", "{}", "7",
    ])
  func badPlaces(place: String) throws {
    try inFolder { file, _ in
      try RecordFolder.write(record([[0.125, 0.5]]), to: file)
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let changed = text.replacing(/"replicates" : \[[^\]]*\]/, with: "\"replicates\" : \(place)")
      #expect(changed != text)
      try reseal(changed, to: file)
      #expect(reason(file).contains("replicates"), "\(reason(file))")
      #expect(reason(file).hasPrefix("\(file): not a readable record: "))
    }
  }

  @Test func placesWithoutAFileAreNoReplicates() throws {
    try inFolder { file, _ in
      try RecordFolder.write(record([[0.125, 0.5]]), to: file)
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let changed = text.replacing(/"replicates-sha256":"[0-9a-f]*",/, with: "")
      #expect(changed != text)
      try reseal(changed, to: file)
      #expect(reason(file).contains("replicates"), "\(reason(file))")
    }
  }

  @Test func noMutantOfTheFileIsReadAsAnother() throws {
    try inFolder { file, beside in
      try RecordFolder.write(record([[0.125, 0.5, 3]]), to: file)
      let counts = try tryMutants(of: beside) { _ in
        Data("\(try RecordFolder<EvaluationRecord>.read(file).measurements[0].replicates!)".utf8)
      }
      #expect(counts.silent == 0 && counts.unnamed == 0 && counts.same == 0, "\(counts)")
    }
  }

  /// What a program writes that knows how: the digest of what follows stands first.
  private func reseal(_ text: String, to file: String) throws {
    let content = Data(text.utf8).dropFirst(Seal.json.count)
    let seal = content.withUnsafeBytes { Seal.json.over([$0]) }
    try (Data(seal) + content).write(to: URL(fileURLWithPath: file))
  }
}
