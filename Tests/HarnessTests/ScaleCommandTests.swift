import Foundation
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: harness != nil, "the program Harness is not built"))
struct ScaleCommandTests {
  private func measure(_ small: SmallExperiment, _ keys: String) throws -> (
    code: Int32, text: String
  ) {
    let path = small.folder.appendingPathComponent("scale.yaml").path
    let text = try String(contentsOfFile: small.spec, encoding: .utf8)
    let cost = "cost: {subjects: 1, repeats: 1, galleries: [10], precision_subjects: 2, \(keys)}\n"
    try (text + cost).write(toFile: path, atomically: true, encoding: .utf8)
    return try HarnessTests.run(
      "measure", path, "--data", small.data, "--results", small.results("r"))
  }

  @Test func aSmallMeasurementComesOut() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let measured = try measure(small, "scale_people: [10, 100]")
    #expect(measured.code == 0, "\(measured.text)")
    let tables = try small.files("r", "tables")
    let csv = String(decoding: try #require(tables["scale.csv"]), as: UTF8.self)
    for part in ["verification-seconds", "identification-peak-bytes", "file-write-seconds"] {
      #expect(csv.contains(part))
    }
    #expect(tables["scale.md"].map { String(decoding: $0, as: UTF8.self) }!.contains("SYNTHETIC"))
    #expect(try small.files("r", "figures")["scale.svg"] != nil)
    let left = try FileManager.default.contentsOfDirectory(atPath: small.results("r") + "/small")
    #expect(!left.contains { $0.contains("scale-") }, "\(left)")
  }

  @Test func aDiskThatIsTooSmallIsAnErrorOfTheResults() throws {
    let small = try SmallExperiment()
    defer { small.remove() }
    let measured = try measure(small, "scale_people: [10000000], scale_disk: 100000")
    #expect(measured.code == 1, "\(measured.text)")
    #expect(measured.text.contains("free, but 10000000 people in float32 take"))
  }
}
