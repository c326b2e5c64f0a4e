import Biometrics
import Foundation
import Records
import Reports
import Results
import Specs
import TestSupport
import Testing

private let paper = try! PublishedValues(
  folder: repositoryRoot.appendingPathComponent("experiments/published"))

/// What an experiment asks for and has no record of; and what its tables say of themselves.
struct MissingCellTests {
  /// An experiment of which the traditional system on LFW has a record, MOTE on LFW failed, and Adience
  /// was not run.
  private func withFailures(_ body: (URL) throws -> Void) throws {
    let made = fakeRecord(system: "traditional", level: 0.05)
    let failed = fakeRecord()
    let others = [
      fakeRecord(dataset: "Adience"), fakeRecord(dataset: "Adience", system: "traditional"),
    ]
    try withExperiment([made]) { folder in
      let run = PresentRun(
        made.provenance, title: "Faces & failures",
        cells: [made.key, failed.key] + others.map(\.key))
      try RecordFolder.write(run, to: PresentRun.path(in: folder.path))
      let failures = folder.appendingPathComponent("failures")
      try FileManager.default.createDirectory(at: failures, withIntermediateDirectories: true)
      try RecordFolder.write(
        Failure(cell: failed.key, unit: "fold0-0000", message: "no male rows\nin the cohort"),
        to: failures.appendingPathComponent("a.json").path)
      try body(folder)
    }
  }

  @Test func aFailedSystemStandsInEveryTableWithTheReason() throws {
    try withFailures { folder in
      let rendered = try renderOutputs(experiment: folder, outputs: ["table1", "table2", "report"])
      let tables = rendered.files.filter {
        $0.pathExtension == "tex" && $0.path.contains("/tables/")
      }
      #expect(tables.count == 18)
      for file in tables where !file.lastPathComponent.contains("operating") {
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains("MOTE"), "\(file.lastPathComponent)")
        #expect(
          text.contains("failed: no male rows; in the cohort"), "\(file.lastPathComponent)")
        #expect(text.contains("not run"), "\(file.lastPathComponent)")
      }
      let csv = try String(
        contentsOf: folder.appendingPathComponent("tables/table2.csv"), encoding: .utf8)
      #expect(csv.contains(",failed: no male rows; in the cohort"))
      #expect(csv.contains("Adience,ArcFace,mote,paper,0.5,all,") && csv.contains(",not run\n"))
      // A row without a number is traced to its reason.
      let trace = try TableTrace(
        table: folder.appendingPathComponent("tables/table2.csv"),
        filters: ["system": "mote", "dataset": "LFW"])
      #expect(trace.isSound && trace.text(limit: 1).contains("failed: no male rows"))
    }
  }

  @Test func theTitleStandsWhereAReaderExpectsIt() throws {
    try withFailures { folder in
      let rendered = try renderOutputs(experiment: folder, outputs: ["table2", "report"])
      #expect(rendered.markdown.contains("\n\nFaces & failures\n\n"))
      #expect(rendered.markdown.contains("Experiment: fake (Faces & failures), 1 record"))
      #expect(!rendered.markdown.contains("1 records"))
      let latex = try String(
        contentsOf: folder.appendingPathComponent("tables/table2.tex"), encoding: .utf8)
      #expect(latex.contains("% Experiment: fake (Faces & failures)"))
      #expect(
        latex.contains(
          "\\caption{FNMR at FMR = $10^{-3}$, default convention}\\label{tab:fake-table2}\n"))
      let page = try String(
        contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
      #expect(page.contains("<h1>Faces &amp; failures</h1>"))
    }
  }

  @Test func noEmptyTableIsWritten() throws {
    try withExperiment([fakeRecord(system: "traditional")]) { folder in
      let files = try renderOutputs(experiment: folder, outputs: ["table1", "table2"]).files
      let names = files.map(\.lastPathComponent)
      #expect(names.contains("table1.tex") && names.contains("table2.tex"))
      #expect(!names.contains { $0.contains("difference") }, "\(names)")
    }
  }

  @Test func figuresWithoutDataAreEmpty() throws {
    var record = fakeRecord()
    record.curves = ["default": []]
    #expect(figure3(try RecordSet(records: [record])).isEmpty)
    let figure = try #require(figure3(try RecordSet(records: [fakeRecord()])).first)
    #expect(!figure.isEmpty)
    var bare = figure
    bare.panels = [
      [
        Plot(
          title: "", xAxis: figure.panels[0][0].xAxis, yAxis: figure.panels[0][0].yAxis,
          layers: [.verticalGuide(x: 0, label: "")])
      ]
    ]
    #expect(bare.isEmpty)
  }

  @Test func everyOperatingPointIsPrinted() throws {
    var record = fakeRecord()
    record.measurements += [0.01, 1e-5, 1.0000001e-5].flatMap { target in
      record.measurements.filter { $0.quantity == .fnmr }.map {
        var other = $0
        other.target = target
        return other
      }
    }
    let document = table2(try RecordSet(records: [record]), published: paper)
    let names = document.tables.map(\.name)
    #expect(Set(names).count == names.count)
    for name in ["table2", "table2-at-1e-2", "table2-at-1e-5", "table2-at-1.0000001e-5"] {
      #expect(names.contains(name), "\(names)")
    }
    #expect(Set(document.tidy.compactMap(\.target)) == [0.001, 0.01, 1e-5, 1.0000001e-5])
  }

  @Test func comparisonsWithThePaperSayHowMuchWasEvaluated() throws {
    let document = table2(try RecordSet(records: [fakeRecord()]), published: paper)
    let share = "evaluated here: 100 of the 5,749 people of LFW (1.7 %)"
    #expect(document.tables[0].footnotes.contains(share))
    #expect(document.tidy.contains { $0.published != nil && $0.note.contains(share) })
    #expect(!document.tidy.contains { $0.published == nil && $0.note.contains(share) })
  }

  @Test func failuresToEnrolAreAFootnoteAndANote() throws {
    var record = fakeRecord()
    record.counts.failuresToEnrol = 25
    let note =
      "failures to enrol: 25 of 125 people (20 %) have no usable sample and are in no comparison"
    for document in [
      table1(try RecordSet(records: [record]), published: .none),
      table2(try RecordSet(records: [record]), published: .none),
    ] {
      #expect(document.tables[0].footnotes.contains(note))
      #expect(document.tidy.allSatisfy { $0.value == nil || $0.note.contains(note) })
    }
  }

  @Test func wallTimeIsThatOfTheRuns() throws {
    func provenance(_ begin: String, _ seconds: Double) -> Provenance {
      var provenance = Provenance()
      (provenance.startedAt, provenance.wallSeconds) = (begin, seconds)
      return provenance
    }
    let summary = ProvenanceSummary(of: [
      provenance("a", 10), provenance("a", 30), provenance("b", 5), provenance("a", 20),
    ])
    #expect(summary.runs == 2 && summary.wallSeconds == 35)
  }
}
