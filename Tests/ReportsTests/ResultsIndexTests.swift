import Claims
import Foundation
import Records
import Reports
import SpecFiles
import TestSupport
import Testing

private let published = repositoryRoot.appendingPathComponent("experiments/published")

/// A results folder with experiments of these names, each with its page.
private func withResults(
  _ names: [String], isSynthetic: Bool = false, _ body: (URL) throws -> Void
) throws {
  let results = try temporaryFolder("mote-index")
  defer { try? FileManager.default.removeItem(at: results) }
  for name in names { try write(name, in: results, isSynthetic: isSynthetic) }
  try body(results)
}

private func write(_ name: String, in results: URL, isSynthetic: Bool = false) throws {
  let folder = results.appendingPathComponent(name)
  let records = folder.appendingPathComponent("records")
  try FileManager.default.createDirectory(at: records, withIntermediateDirectories: true)
  for system in ["mote", "traditional"] {
    let record = fakeRecord(
      system: system, level: system == "mote" ? 0.3 : 0.1, isSynthetic: isSynthetic)
    try RecordFolder.write(
      record, to: records.appendingPathComponent("\(record.key.slug).json").path)
  }
  _ = try renderOutputs(
    experiment: folder, outputs: ["figure3", "report"], convertsFigures: false,
    published: published, readClaims: { try Claim.load($0) })
}

private func index(_ results: URL) throws -> String {
  try String(contentsOf: results.appendingPathComponent("index.html"), encoding: .utf8)
}

struct ResultsIndexTests {
  @Test func experimentsAreListedWithTheirAnswers() throws {
    try withResults(["b one", "a"]) { results in
      #expect(ResultsIndex.write(results) == nil)
      let text = try index(results)
      #expect(text.contains("2 experiments."))
      #expect(
        text.contains("href=\"b%20one/report.html\"")
          && text.contains("src=\"a/figures/figure3.svg\""))
      #expect(
        text.range(of: "<code>a</code>")!.lowerBound
          < text.range(of: "<code>b one</code>")!.lowerBound)
      #expect(text.contains(#/<span class="badge fails">\d+ × does not hold<\/span>/#))
      #expect(
        text.contains(
          "R1, MOTE recognises about as well as traditional templates: does not hold; +0.2000 ["))
      #expect(text.contains("100 of the 5,749 people of LFW (1.7 %) evaluated"))
      #expect(ResultsIndex.write(results) == nil)
      let again = try index(results)
      #expect(again == text)
    }
  }

  @Test func syntheticDataSaySo() throws {
    try withResults(["made-up"], isSynthetic: true) { results in
      #expect(ResultsIndex.write(results) == nil)
      let text = try index(results)
      #expect(text.contains("<strong>SYNTHETIC DATA</strong>"))
    }
  }

  @Test func whatCannotBeReadIsListedWithTheReason() throws {
    try withResults(["good", "old", "odd", "bare"]) { results in
      try Data("<html>an earlier page</html>".utf8).write(
        to: results.appendingPathComponent("old/report.html"))
      try FileManager.default.removeItem(at: results.appendingPathComponent("bare/report.html"))
      let odd = results.appendingPathComponent("odd/report.html")
      try FileManager.default.removeItem(at: odd)
      try FileManager.default.createDirectory(at: odd, withIntermediateDirectories: true)
      try FileManager.default.createDirectory(
        at: results.appendingPathComponent("shards/0"), withIntermediateDirectories: true)
      try Data().write(to: results.appendingPathComponent("claims.md"))
      #expect(ResultsIndex.write(results) == nil)
      let text = try index(results)
      #expect(text.contains("4 experiments."))
      #expect(
        text.contains("report.html has no summary that this version reads; 'Harness table old "))
      #expect(text.contains("report.html cannot be read: it is a folder, expected a file"))
      #expect(text.contains("it has records and no report.html; 'Harness table bare -o report'"))
      #expect(!text.contains("shards") && !text.contains("claims.md"))
      #expect(text.contains("href=\"good/report.html\""))
    }
  }

  /// A page of somebody else's results folder may say anything.
  @Test func whatAPageSaysNeverBecomesMarkup() throws {
    try withResults(["x"]) { results in
      let file = results.appendingPathComponent("x/report.html")
      var page = try String(contentsOf: file, encoding: .utf8)
      page = page.replacing(
        "&quot;headline&quot;:&quot;", with: "&quot;headline&quot;:&quot;&lt;script&gt;alert(1)")
      page = page.replacing(
        "figures/figure3.svg&quot;", with: "figures/../../../etc/passwd&quot;")
      try Data(page.utf8).write(to: file)
      #expect(ResultsIndex.write(results) == nil)
      let text = try index(results)
      #expect(text.contains("&lt;script&gt;alert(1)") && !text.contains("<script"))
      #expect(!text.contains("passwd"))
    }
  }

  @Test func aPageOfSomebodyElseStays() throws {
    try withResults(["x"]) { results in
      let file = results.appendingPathComponent("index.html")
      try Data("<html>mine</html>".utf8).write(to: file)
      #expect(ResultsIndex.write(results)?.contains("stays as it is") == true)
      let text = try index(results)
      #expect(text == "<html>mine</html>")
    }
  }
}
