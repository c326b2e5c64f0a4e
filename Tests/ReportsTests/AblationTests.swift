import Foundation
import Records
import Reports
import Results
import Specs
import TestSupport
import Testing

@Suite struct AblationTests {
  /// A configuration with made-up error rates and the widths of its network.
  private func record(
    _ preset: String, _ hidden: [Int], level: Double, attempts: Double? = nil
  ) -> EvaluationRecord {
    var record = fakeRecord(preset: preset, level: level)
    record.enrolment = EnrolmentSummary()
    record.enrolment?.dims = [512] + hidden + [1]
    record.enrolment?.meanEpochs = 10
    record.enrolment?.meanAttempts = attempts
    return record
  }

  private func records(linear: Double, small: Double) -> [EvaluationRecord] {
    [
      record("paper-annealed", [128, 64], level: 0.1), record("w32", [32], level: small),
      record("large", [512, 256, 128], level: 0.09), record("linear-svm", [], level: linear),
      record("no-dropout", [128, 64], level: 0.11),
      fakeRecord(system: "traditional", level: 0.05),
    ]
  }

  @Test func everyFormatOfTheTable() throws {
    try withExperiment(records(linear: 0.2, small: 0.105)) { folder in
      try expectFormats(ablationTable(ExperimentRecords(folder: folder)))
    }
  }

  @Test func theFigure() throws {
    try withExperiment(records(linear: 0.2, small: 0.105)) { folder in
      let figure = ablationFigure(try ExperimentRecords(folder: folder))
      try expectSnapshot(SVGPlot.text(figure, output: "ablation"), "ablation.svg")
      try expectPrints([figure])
      // Nothing was attacked.
      #expect(figure.panels.map(\.count) == [1])
    }
  }

  /// The smallest far smaller network within the margin is named, with the bound that allows for all.
  @Test(arguments: [
    (0.2, 0.105, "is as good within a margin of 0.01: w32 (65796 of 295940 bytes): FNMR +0.0050"),
    (0.101, 0.105, "is as good within a margin of 0.01: linear-svm (2052 of 295940 bytes)"),
    (0.2, 0.15, "No network of at most 1/4 of the bytes of paper-annealed (2 tried) is shown"),
  ])
  func theSmallestSufficientNetworkIsNamed(linear: Double, small: Double, text: String) throws {
    try withExperiment(records(linear: linear, small: small)) { folder in
      let reading = ablationTable(try ExperimentRecords(folder: folder)).reading[0]
      #expect(reading.contains(text), "\(reading)")
    }
  }

  /// Within 0.01 by its estimate, but not by its bound.
  @Test func anEstimateWithinTheMarginIsNotEnough() throws {
    try withExperiment(records(linear: 0.2, small: 0.1095)) { folder in
      let reading = ablationTable(try ExperimentRecords(folder: folder)).reading[0]
      #expect(reading.contains("No network") && reading.contains("FNMR +0.0095, at most +0.01"))
    }
  }

  @Test func networksStandByBytesAndTheBaseIsTheNamedPreset() throws {
    try withExperiment(records(linear: 0.2, small: 0.105)) { folder in
      let table = ablationTable(try ExperimentRecords(folder: folder)).tables[0]
      #expect(
        table.rows.map { $0.cells[3].value } == [
          "linear-svm", "w32", "no-dropout", "paper-annealed", "large", "Traditional",
        ])
      #expect(
        table.rows.map { $0.cells[5].value } == [
          "2052", "65796", "295940", "295940", "1708036", "2048",
        ])
      #expect(table.rows.filter { $0.cells.contains(TableCell("base")) }.count == 1)
      #expect(!table.columns.contains { $0.title == "Attempts" || $0.title == "Strongest attack" })
    }
  }

  @Test func attemptsOfAGuardAreAColumn() throws {
    let records = [
      record("paper-annealed", [128, 64], level: 0.1),
      record("guarded", [128, 64], level: 0.1, attempts: 3.5),
    ]
    try withExperiment(records) { folder in
      let table = ablationTable(try ExperimentRecords(folder: folder)).tables[0]
      let column = try #require(table.columns.firstIndex { $0.title == "Attempts" })
      #expect(table.rows.map { $0.cells[column].value } == ["3.5", "1.0"])
    }
  }

  /// Attacks and measured costs stand beside recognition, where there are any.
  @Test func attacksAndCostsAreColumnsAndAPanel() throws {
    try withExperiment(records(linear: 0.2, small: 0.105)) { folder in
      var attacked = try AttackTableTests().record(
        system: "mote", signal: 1, offset: 6, kind: .logit)
      attacked.key.preset = "w32"
      try RecordFolder.write(
        attacked,
        to: folder.appendingPathComponent("records/attacks/\(attacked.key.slug).json").path)
      let cost = try fakeCost(preset: "w32", extraction: "")
      try RecordFolder.write(
        cost, to: folder.appendingPathComponent("costs/\(cost.key.slug).json").path)
      let found = try ExperimentRecords(folder: folder)
      let table = ablationTable(found).tables[0]
      func line(_ name: String) throws -> [String] {
        let titles = ["Strongest attack", "Enrolment", "Comparison"]
        let row = try #require(table.rows.first { $0.cells[3].value == name })
        return try titles.map { title in
          let column = try #require(table.columns.firstIndex { $0.title == title })
          return row.cells[column].value
        }
      }
      // Both genders are told apart without error; times as the cost record has them.
      #expect(try line("w32") == ["1.000", "2.20", "50.0"])
      #expect(try line("large") == ["–", "–", "–"])
      let panels = ablationFigure(found).panels
      #expect(panels.map(\.count) == [2])
      #expect(panels[0][1].yAxis.label.contains("strongest attack"))
    }
  }

  /// A rate of 0 has no place on a logarithmic axis.
  @Test func ratesOfZeroAreShownOnALinearAxis() throws {
    try withExperiment(records(linear: 0, small: 0.105)) { folder in
      let plot = ablationFigure(try ExperimentRecords(folder: folder)).panels[0][0]
      #expect(plot.yAxis.range.lowerBound == 0)
    }
    try withExperiment(records(linear: 0.2, small: 0.105)) { folder in
      let plot = ablationFigure(try ExperimentRecords(folder: folder)).panels[0][0]
      #expect(plot.yAxis.range.lowerBound == 0.01 && plot.yAxis.range.upperBound >= 1)
    }
  }

  @Test func oneConfigurationAloneIsNoAblation() throws {
    try withExperiment([record("paper", [128, 64], level: 0.1)]) { folder in
      let rendered = try renderOutputs(experiment: folder, outputs: ["ablation"])
      #expect(rendered.files.isEmpty)
      #expect(rendered.warnings.contains { $0.contains("two configurations of MOTE or more") })
    }
  }

  @Test func theParetoSetHoldsWhatNothingBeats() {
    let points = [
      PlotPoint(1, 5), PlotPoint(2, 3), PlotPoint(2, 4), PlotPoint(3, 3), PlotPoint(4, 1),
      PlotPoint(4, 1), PlotPoint(9, 2),
    ]
    #expect(paretoSet(points) == [0, 1, 4, 5])
    #expect(paretoSet([PlotPoint(1, 1)]) == [0])
  }
}
