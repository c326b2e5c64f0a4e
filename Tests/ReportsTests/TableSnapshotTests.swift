import Foundation
import Reports
import Results
import TestSupport
import Testing

private let paper = try! PublishedValues(
  folder: repositoryRoot.appendingPathComponent("experiments/published"))

/// Every table format, and the page, as a whole, from fake records.
struct TableSnapshotTests {
  @Test func table1OfAnExperimentWithAMissingCell() throws {
    try expectFormats(table1(RecordSet(records: fakeExperiment()), published: paper))
  }

  @Test func table2OfAnExperimentWithAMissingCell() throws {
    try expectFormats(table2(RecordSet(records: fakeExperiment()), published: paper))
  }

  @Test func repeatsAreAveragedAndSaidSo() throws {
    let results = try RecordSet(records: fakeExperiment(repeats: 3))
    try expectFormats(table2(results, published: paper), "-repeats")
  }

  @Test func syntheticDataAreNamedInEveryFormat() throws {
    let results = try RecordSet(records: fakeExperiment(isSynthetic: true))
    let document = table1(results, published: .none)
    try expectFormats(document, "-synthetic")
    #expect(TableMetadata(document).text.contains("\"command\" : \"Harness table fake"))
    #expect(TableMetadata(document).text.contains("\"synthetic\" : true"))
    let rows = CSVWriter.text(document).split(separator: "\n").dropFirst()
    #expect(!rows.isEmpty && rows.allSatisfy { $0.contains(",true,") })
    for text in [MarkdownWriter.text(document)]
      + document.tables.map({ LaTeXWriter.text($0, in: document) })
    {
      #expect(text.split(separator: "\n")[0].contains("SYNTHETIC"))
    }
    for table in document.tables {
      let body = LaTeXWriter.text(table, in: document).split(separator: "\n")
        .filter { !$0.hasPrefix("%") }.joined()
      #expect(body.contains("SYNTHETIC"))
    }
  }

  /// One self-contained file with the tables, the figures and everything about the run.
  @Test func thePageOfASmallExperiment() throws {
    let records = [
      fakeRecord(), fakeRecord(preset: "official-code", level: 0.12),
      fakeRecord(system: "traditional", level: 0.05),
    ]
    try withExperiment(records) { folder in
      let page = try renderOutputs(experiment: folder, outputs: ["report"]).files
      #expect(page.map(\.lastPathComponent) == ["report.html"])
      try expectSnapshot(String(contentsOf: page[0], encoding: .utf8), "report.html")
    }
  }
}
