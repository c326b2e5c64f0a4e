import Foundation
import Records
import Reports
import Results
import Specs
import TestSupport
import Testing

/// Costs in round numbers that no machine has, as a record file holds them.
///
/// - Parameter guarded: field of the int8 storage.
func fakeCost(preset: String, extraction: String, guarded: String = "") throws -> CostRecord {
  var provenance = Provenance()
  provenance.experiment = "fake"
  provenance.machine = "fake machine, 2 cores"
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  let made = String(decoding: try encoder.encode(provenance), as: UTF8.self)
  func storage(_ system: String, _ precision: String, _ bytes: Int, _ more: String) -> String {
    """
    {"system": "\(system)", "precision": "\(precision)", "numberBytes": \(bytes),
     "fileBytes": \(bytes + 100).4, "comparisons": 1000, \(more)}
    """
  }
  let text = """
    {"version": \(CostRecord.currentVersion), "inputHash": "00ff", "isSynthetic": false, "dims": [512, 128, 64, 1], "cohortRows": 1000,
     "developmentRows": 100, "peakBytes": 104857600, "loadAverage": 0.5, "provenance": \(made),
     "key": {"dataset": "LFW", "extractor": "ArcFace", "system": "mote", "preset": "\(preset)",
             "balancingFactor": 0.5, "repeatIndex": 0},
     "enrolment": {"subjects": 3, "repeats": 2, "meanEpochs": 10, \(extraction)
       "sampling": {"mean": 0.2, "deviation": 0.1}, "training": {"mean": 2, "deviation": 1},
       "total": {"mean": 2.2, "deviation": 1.1}, "cpu": {"mean": 2, "deviation": 1}},
     "storage": [
       \(storage("mote", "float32", 300_000, #""fnmr": 0.1, "largestScoreChange": 0"#)),
       \(storage("mote", "int8", 75_000, #""fnmr": 0.1, \#(guarded)"largestScoreChange": 0.01"#)),
       \(storage("traditional", "float32", 2_000, #""largestScoreChange": 0"#))],
     "comparison": [
       {"system": "mote", "batch": 1, "seconds": 5e-5},
       {"system": "traditional", "batch": 100, "seconds": 1e-7}],
     "galleries": [
       {"system": "mote", "references": 1000, "seconds": 0.1, "bytes": 1048576,
        "isExtrapolated": false},
       {"system": "mote", "references": 1000000, "seconds": 100, "bytes": 1073741824,
        "isExtrapolated": true},
       {"system": "traditional", "references": 1000, "seconds": 1e-4, "bytes": 2048,
        "isExtrapolated": false}]}
    """
  return try JSONDecoder().decode(CostRecord.self, from: Data(text.utf8))
}

@Suite struct Table5Tests {
  private let costs: [CostRecord]

  init() throws {
    costs = [
      try fakeCost(preset: "paper", extraction: ""),
      try fakeCost(
        preset: "official-code", extraction: #""extraction": {"mean": 0.5, "deviation": 0.25},"#,
        guarded: #"""
          "guarded": {"threshold": 1.5, "comparisons": 1000, "computedAgain": 5,
                      "changedDecisions": 0, "seconds": 2e-6, "float32Seconds": 8e-6},
          """#),
    ]
  }

  @Test func spreadIsMeanAndSampleDeviation() {
    let spread = Spread([1, 2, 3, 6])
    #expect(spread.mean == 3)
    #expect(abs(spread.deviation - (14.0 / 3).squareRoot()) < 1e-15)
    #expect(Spread([4]).deviation == 0)
  }

  @Test func everyFormatOfTheTable() throws {
    let published = try PublishedValues(
      folder: repositoryRoot.appendingPathComponent("experiments/published"))
    try expectFormats(table5(costs, published: published))
  }

  @Test func decisionsWithAGuardHaveATableThatTellsWhyThereAreNone() throws {
    func guarded(_ costs: [CostRecord]) throws -> [TableRow] {
      try #require(
        table5(costs, published: .none).tables.first { $0.name == "table5-guard" }
      ).rows
    }
    let none = Array(repeating: "n/a", count: 5)
    #expect(
      try guarded(costs).map { $0.cells.map(\.value) } == [
        ["LFW", "ArcFace", "MOTE (paper)", "int8"] + none,
        ["LFW", "ArcFace", "MOTE (official-code)", "int8", "1000", "0.50", "0", "2.00", "8.00"],
      ])
    let rows = table5(costs, published: .none).tidy.filter { $0.quantity == "computed-again-share" }
    #expect(rows.map(\.value) == [0.005])

    var few = costs[0]
    few.storage[1].fnmr = nil
    let reasons = try guarded([costs[0], few]).map { $0.cells[4].footnotes }
    #expect(
      reasons == [["measured before there was a guard"], ["too few comparisons for FMR 1e-3"]])
  }

  @Test func whatIsExtrapolatedIsMarked() throws {
    let text = MarkdownWriter.text(table5(costs, published: .none))
    #expect(text.contains("100000\\*") && !text.contains("100\\*"))
    let figure = identificationFigure(costs)
    #expect(figure.caption.contains("extrapolated"))
    #expect(figure.panels[0].count == 2)
    try expectPrints([figure])
  }
}
