import AttackReports
import Biometrics
import Configurations
import Foundation
import Records
import Reports
import Results
import Specs
import TestSupport
import Testing

private let paper = try! PublishedValues(
  folder: repositoryRoot.appendingPathComponent("experiments/published"))

/// Tables follow the records that were found.
struct LayoutTests {
  @Test func datasetsAndExtractorsOutsideThePaperHaveNoPublishedLines() throws {
    let results = try RecordSet(records: [
      fakeRecord(dataset: "Other", extractor: "FaceNet"),
      fakeRecord(dataset: "Other", extractor: "FaceNet", system: "traditional"),
    ])
    let table = table2(results, published: paper).tables[0]
    #expect(table.columns.map(\.title) == ["Dataset", "Group", "MOTE (paper)", "Traditional"])
    #expect(Set(table.columns.compactMap(\.group)) == ["FaceNet"])
    #expect(!table.rows.contains { $0.cells[1].value == "published" })
    #expect(
      !table1(results, published: paper).tables[0].rows.contains {
        $0.cells[1].value == "published"
      })
  }

  @Test func publishedValuesBesideSyntheticDataAreDeclaredMeaningless() throws {
    func reading(_ dataset: String) throws -> String {
      let results = try RecordSet(records: [fakeRecord(dataset: dataset, isSynthetic: true)])
      return table2(results, published: paper).reading.joined(separator: "\n")
    }
    #expect(try reading("LFW").contains("only show the layout"))
    #expect(try !reading("Synthetic-LFW").contains("published"))
  }

  @Test func datasetsStandInThePapersOrderThenByName() throws {
    let names = ["Zoo", "LFW", "Attic", "Adience"]
    let results = try RecordSet(records: names.map { fakeRecord(dataset: $0) })
    #expect(results.datasets == ["Adience", "LFW", "Attic", "Zoo"])
  }

  @Test func traditionalIsTheLastColumnAndPresetsHaveTheirOrder() throws {
    let results = try RecordSet(records: [
      fakeRecord(system: "traditional"), fakeRecord(preset: "wide"), fakeRecord(preset: "hybrid"),
      fakeRecord(preset: "official-code"), fakeRecord(preset: "paper-annealed"),
      fakeRecord(preset: "paper"),
    ])
    #expect(
      results.configurations.map(\.title) == [
        "MOTE (paper)", "MOTE (paper-annealed)", "MOTE (official-code)", "MOTE (hybrid)",
        "MOTE (wide)", "Traditional",
      ])
  }

  @Test func onlyFactorOneHalfIsShownWhenItIsThere() throws {
    let sweep = [0.0, 0.5, 1.0].map { fakeRecord(balancingFactor: $0) }
    #expect(try RecordSet(records: sweep).mainConfigurations.map(\.balancingFactor) == [0.5])
    let ends = try RecordSet(records: [sweep[0], sweep[2]])
    #expect(
      ends.mainConfigurations.map(\.title) == [
        "MOTE (paper, factor 0.0)", "MOTE (paper, factor 1.0)",
      ])
  }

  @Test func aTargetBelowResolutionPrintsNotAvailableWithTheReason() throws {
    var record = fakeRecord()
    for i in record.measurements.indices where record.measurements[i].quantity == .fnmr {
      record.measurements[i].value = nil
      record.measurements[i].lower = nil
      record.measurements[i].upper = nil
      record.measurements[i].attainedFMR = nil
      record.measurements[i].note = "FMR 1e-3 is below 1/99 non-mated comparisons"
    }
    let document = table2(try RecordSet(records: [record]), published: paper)
    let cell = document.tables[0].rows[0].cells[2]
    #expect(cell.value == "n/a")
    #expect(cell.footnotes == ["FMR 1e-3 is below 1/99 non-mated comparisons"])
    #expect(document.tidy[0].value == nil)
    #expect(document.tidy[0].note.contains("1/99"))
  }

  @Test func otherTargetsAreShownWhenThePapersIsMissing() throws {
    var record = fakeRecord(dataset: "LFW")
    for i in record.measurements.indices { record.measurements[i].target = 0.01 }
    let document = table2(try RecordSet(records: [record]), published: paper)
    #expect(document.tables[0].name == "table2-at-1e-2")
    #expect(document.tables[0].title.contains("1e-2"))
    #expect(document.tidy.allSatisfy { $0.published == nil })
  }

  @Test func publishedValueInsideAndOutsideTheIntervalAreTold() throws {
    // The fake FNMR of LFW/ArcFace MOTE is set so that 0.0260 lies inside ± 20 %, then outside.
    for (level, verdict) in [(0.026, "(inside)"), (0.1, "(outside)")] {
      let results = try RecordSet(records: [fakeRecord(level: level)])
      let rows = table2(results, published: paper).tables[0].rows
      #expect(rows[2].cells[2].value == "0.0260")
      #expect(rows[3].cells[2].detail == verdict)
    }
  }

  @Test func fewErrorsAreMarkedByTheRulesOf30And3() throws {
    for (level, mark) in [
      (0.02, "fewer than 30 errors: uncertain by more than about 30 % (rule of 30)"),
      (
        0,
        "no error in 1000 trials of 100 people: the rate may be as high as 3.00e-2 "
          + "(rule of 3, 95 %)"
      ),
    ] {
      let results = try RecordSet(records: [fakeRecord(level: level)])
      #expect(table2(results, published: .none).tables[0].rows[0].cells[2].footnotes == [mark])
    }
  }

  @Test func anIntervalWithoutWidthGivesNoVerdict() throws {
    let results = try RecordSet(records: [fakeRecord(level: 0)])
    let document = table2(results, published: paper)
    #expect(document.tables[0].rows[3].cells[2].detail == "(no interval)")
    #expect(document.tidy[0].isPublishedInside == nil)
  }

  @Test func fewerRepeatsThanElsewhereAreMarked() throws {
    let results = try RecordSet(records: [
      fakeRecord(repeatIndex: 0), fakeRecord(repeatIndex: 1),
      fakeRecord(system: "traditional", repeatIndex: 0),
    ])
    let row = table2(results, published: .none).tables[0].rows[0]
    #expect(row.cells[2].footnotes.isEmpty)
    #expect(row.cells[3].footnotes == ["1 of 2 repeats"])
  }

  @Test func accuracyIsNeverShownWithoutRejectAll() throws {
    let document = table1(try RecordSet(records: fakeExperiment()), published: paper)
    let headline = document.tables[0]
    #expect(headline.columns.last?.title == "Reject all")
    for row in headline.rows where row.style == .body {
      #expect(row.cells.last?.value == "99.000")
    }
    #expect(document.tables[1].rows.contains { $0.cells[2].value == "reject all" })
  }

  @Test func errorsOfAccuracyAreCountedWhicheverTheRecordCounts() throws {
    var right = fakeRecord()
    var wrong = right
    for i in right.measurements.indices where right.measurements[i].quantity == .accuracy {
      let n = right.measurements[i].numerator!
      wrong.measurements[i].numerator = 1_000_000 - n
    }
    right.key.dataset = "A"
    wrong.key.dataset = "B"
    let rows = table1(try RecordSet(records: [right, wrong]), published: .none).tables[0].rows
    #expect(rows[1].cells[2] == rows[3].cells[2])
    #expect(rows[1].cells[2].value == "1000/1000000")
  }

  @Test func twoRecordsOfOneCellAreRefused() {
    let error = #expect(throws: ResultsError.self) {
      try RecordSet(records: [fakeRecord(), fakeRecord()])
    }
    #expect(
      error?.description.contains("two records for cell 'LFW_ArcFace_mote_paper_f0.5_r0'") == true)
  }

  @Test func csvHasOneFieldPerColumnAndReadsBackExactly() throws {
    let document = table2(try RecordSet(records: fakeExperiment()), published: paper)
    let csv = try CSVReader(text: CSVWriter.text(document), file: "table2.csv")
    #expect(csv.columns == CSVWriter.columns)
    #expect(csv.rows.count == document.tidy.count)
    for (row, tidy) in zip(csv.rows, document.tidy) {
      #expect(Double(row.fields["value"]!) == tidy.value)
      #expect(Double(row.fields["lower"]!) == tidy.lower)
      #expect(Int(row.fields["numerator"]!) == tidy.numerator)
    }
  }
}
