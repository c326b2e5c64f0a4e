import Benchmark
import Files
import Foundation
import TestSupport
import Testing

@Suite struct MeasurementFileTests {
  @Test func aFileReadsBackAsWritten() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var row = fakeRow("ours", round: 1, seconds: 1 / 3.0, result: 0.1)
    row.versions = ["b": "2", "a": "1=x"]
    let failed = fakeRow(
      "peer, the \"first\"", round: 0, seconds: 0, size: 500, err: "ended, status 3\nbadly")
    let file = MeasurementFile(context: fakeContext, rows: [row, failed])
    let url = folder.appendingPathComponent("deep/er/benchmark.csv")
    try file.write(to: url)
    #expect(try MeasurementFile(reading: url) == file)
    // Nothing else is left beside it.
    let left = try FileManager.default.contentsOfDirectory(
      atPath: url.deletingLastPathComponent().path)
    #expect(left.sorted() == ["benchmark.csv", "benchmark.meta.json"])
    #expect(OutputFile.isGenerated(url.path, by: "bench"))
  }

  @Test func theHeaderNamesEveryColumnAndUnit() {
    let lines = MeasurementFile(
      context: fakeContext, rows: [fakeRow("ours", round: 2, seconds: 0.25)]
    ).text().split(separator: "\n").map(String.init)
    #expect(
      lines[0]
        == "workload,contestant,size,threads,processes,round,wall_seconds,cpu_seconds,work,"
        + "work_unit,items,item_unit,wall_seconds_per_item,cpu_seconds_per_item,peak_bytes,result,"
        + "versions,scale,started,machine,revision,command,err")
    #expect(
      lines[1]
        == "train-1,ours,,1,1,2,0.5,0.5,120000,samples,2,identity,0.25,0.25,104857600,,fake=1.0,"
        + "full,2025-01-02T03:04:05Z,\"Fake CPU, \"\"2\"\" processors\",0123456789ab,"
        + "Harness bench --peers python,")
  }

  @Test func badFilesAreNamedWithLineAndField() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("b.csv")
    func message(_ text: String) throws -> String {
      try text.write(to: url, atomically: true, encoding: .utf8)
      do {
        _ = try MeasurementFile(reading: url)
        return "no error"
      } catch {
        return "\(error)".replacing(url.path, with: "b.csv")
      }
    }
    let good = MeasurementFile(
      context: fakeContext, rows: [fakeRow("ours", round: 2, seconds: 0.25)]
    ).text()
    #expect(
      try message(good.replacing("ours,,1,1,2", with: "ours,,1,1,two"))
        == "b.csv:2: 'round' is 'two', expected a number")
    #expect(
      try message(good.replacing("120000", with: "")) == "b.csv:2: 'work' is empty")
    #expect(
      try message(good.replacing(",full,", with: ",half,"))
        == "b.csv:2: 'scale' is 'half', expected 'full' or 'quick'")
    #expect(
      try message("workload,contestant\n").hasPrefix("b.csv:1: columns missing: size, threads"))
    #expect(
      try message(good.split(separator: "\n").prefix(1).joined(separator: "\n"))
        == "b.csv:1: no rows; measure again")
    try FileManager.default.removeItem(at: url)
    #expect(throws: BenchmarkError.self) { try MeasurementFile(reading: url) }
  }
}
