import Biometrics
import Claims
import Foundation
import Records
import Reports
import Results
import Specs
import TestSupport
import Testing

/// The curve of readings, what switches move, and the choice of one, from made-up records.
///
/// Replicates of a made-up rate are 41 values from 80 % to 120 % of it, the same draws for all MOTE
/// systems: those of a difference d of two readings lie between 0.8 d and 1.2 d, and the second from
/// either end is the 95 % interval, 0.81 d to 1.19 d.
struct ReadingTests {
  /// FNMR by configuration; the last has no record.
  private let levels = [
    "paper": 0.10, "paper-annealed": 0.05, "paper+horizon=12": 0.06, "paper+batches=shuffled": 0.09,
    "paper-annealed+batches=shuffled": 0.05,
  ]
  private let unmade = "paper+horizon=12+batches=shuffled"

  /// Readings as a spec would make them.
  private let readings: ReadingsSpec = {
    func reading(
      _ base: String, _ choices: [(String, String)], _ configuration: String,
      convention: String = "default", isSampled: Bool = false
    ) -> Reading {
      Reading(
        base: base, choices: choices.map { Reading.Choice($0.0, $0.1) },
        configuration: configuration, convention: convention, isSampled: isSampled)
    }
    let annealed = "paper-annealed"
    return ReadingsSpec(
      bases: ["paper", annealed],
      switches: [
        .init("horizon", options: ["12", "30"]), .init("batches", options: ["shuffled"]),
        .init("decision", options: ["compatible"]),
      ],
      readings: [
        reading("paper", [], "paper"), reading(annealed, [], annealed),
        reading("paper", [("horizon", "12")], "paper+horizon=12"),
        reading("paper", [("horizon", "30")], annealed),
        reading("paper", [("batches", "shuffled")], "paper+batches=shuffled"),
        reading("paper", [("decision", "compatible")], "paper", convention: "paper-compatible"),
        reading(annealed, [("horizon", "12")], "paper+horizon=12"),
        reading(annealed, [("batches", "shuffled")], "\(annealed)+batches=shuffled"),
        reading(
          "paper", [("horizon", "12"), ("batches", "shuffled")],
          "paper+horizon=12+batches=shuffled", isSampled: true),
      ])
  }()

  /// The records of an experiment with these readings.
  ///
  /// - Parameters:
  ///   - more: records besides.
  ///   - change: of each record of MOTE.
  private func experiment(
    more: [EvaluationRecord] = [], _ change: (inout EvaluationRecord) -> Void = { _ in }
  ) throws -> ExperimentRecords {
    var records = levels.sorted { $0.key < $1.key }.map { name, level in
      fakeRecord(preset: name, level: level)
    }
    for i in records.indices { change(&records[i]) }
    records.append(fakeRecord(system: "traditional", level: 0.04))
    records += more
    var cells = records.map(\.key)
    cells.append(fakeRecord(preset: unmade).key)
    var found: ExperimentRecords?
    try withExperiment(records) { folder in
      let run = PresentRun(
        records[0].provenance, title: "Made-up readings", cells: cells, readings: readings)
      try RecordFolder.write(run, to: PresentRun.path(in: folder.path))
      found = try ExperimentRecords(folder: folder)
    }
    return try #require(found)
  }

  private func results(
    _ change: (inout EvaluationRecord) -> Void = { _ in }
  ) throws -> ReadingResults {
    try #require(ReadingResults.all(try experiment(change)).first)
  }

  // MARK: - The curve

  @Test func theCurveIsSortedAndKnowsAllNamesOfAReading() throws {
    let curve = try results().curve(.fnmrDifference)
    #expect(
      curve.map { $0.readings.map(\.name) } == [
        ["paper-annealed", "paper+horizon=30"], ["paper-annealed+batches=shuffled"],
        ["paper+horizon=12", "paper-annealed+horizon=12"], ["paper+batches=shuffled"],
        ["paper"], ["paper+decision=compatible"],
      ])
    let values = curve.map(\.estimate.value)
    for (value, expected) in zip(values, [0.01, 0.01, 0.02, 0.05, 0.06, 0.06]) {
      #expect(abs(value - expected) < 1e-12)
    }
    // The errors of MOTE and of the traditional system go different ways through the same values.
    #expect(curve.allSatisfy { $0.estimate.lower! < $0.estimate.value })
  }

  @Test func readingsWithoutRecordsAreNamedWithTheReason() throws {
    let missing = try results().missing(.fnmr)
    #expect(missing.map(\.reading.name) == [unmade])
    #expect(missing.map(\.reason) == ["not run"])
  }

  /// A run that is not through yet: means over other repeats are not compared as if they were paired.
  @Test func whatLacksRepeatsSaysSo() throws {
    let records = try experiment(more: [
      fakeRecord(preset: "paper", repeatIndex: 1, level: 0.10),
      fakeRecord(system: "traditional", repeatIndex: 1, level: 0.04),
    ])
    let table = readingTables(records, answers: []).tables[0]
    func notes(_ reading: String) throws -> [String] {
      try #require(table.rows.first { $0.cells[0].value.hasPrefix(reading) }).cells[2].footnotes
    }
    #expect(try notes("paper+horizon=12").first == "1 of 2 repeats")
    #expect(try !notes("paper").contains { $0.contains("repeats") })
    let effects = try #require(ReadingResults.all(records).first).effects(.fnmr)
    #expect(effects[0].difference?.note == "no interval: means over 1 and 2 repeats")
  }

  /// Nothing is attacked here.
  @Test func statisticsOfAttacksHaveNoCurveWithoutAttacks() throws {
    let results = try results()
    #expect(results.curve(.balancedAccuracy).isEmpty && results.missing(.strongestAUC).isEmpty)
  }

  // MARK: - Switches

  @Test func aSwitchMovesAStatisticByThePairedDifferenceFromItsBase() throws {
    let effects = try results().effects(.fnmr)
    #expect(
      effects.map(\.reading.name) == [
        "paper+horizon=12", "paper+horizon=30", "paper+batches=shuffled",
        "paper+decision=compatible", "paper-annealed+horizon=12",
        "paper-annealed+batches=shuffled",
      ])
    for (effect, expected) in zip(effects, [-0.04, -0.05, -0.01, 0, 0.01, 0]) {
      let difference = try #require(effect.difference)
      #expect(abs(difference.value - expected) < 1e-12)
      #expect(difference.excludesZero == (expected != 0))
      if expected == 0 {
        #expect(difference.note == "no interval: every resample gives the same value")
        continue
      }
      let (lower, upper) = (try #require(difference.lower), try #require(difference.upper))
      #expect(abs(lower - min(0.81 * expected, 1.19 * expected)) < 1e-12)
      #expect(abs(upper - max(0.81 * expected, 1.19 * expected)) < 1e-12)
    }
  }

  /// The traditional system is the same on both sides, so it drops out.
  @Test func theSameSwitchMovesTheDifferenceFromTheTraditionalSystemAsMuch() throws {
    let results = try results()
    for (a, b) in zip(results.effects(.fnmr), results.effects(.fnmrDifference)) {
      let (own, other) = (try #require(a.difference), try #require(b.difference))
      #expect(abs(own.value - other.value) < 1e-12)
      #expect((own.lower == nil) == (other.lower == nil))
      if let lower = own.lower { #expect(abs(lower - other.lower!) < 1e-12) }
    }
  }

  /// Studentised deviations of all moves are the same here, so that the critical value is that of one:
  /// the 95 % quantile of |k| / s over k = -0.20, -0.19, …, 0.20.
  @Test func theLargestMoverHasABoundThatPaysForTheChoice() throws {
    let largest = try #require(LargestEffect(try results().effects(.fnmr)))
    #expect(largest.effect.reading.name == "paper+horizon=30")
    #expect(abs(largest.difference.value + 0.05) < 1e-12)
    #expect(abs(try #require(largest.lowerBound) - 0.05 * (1 - 0.19)) < 1e-9)
    #expect(largest.candidates == 6)
  }

  @Test func readingsOfOtherComparisonsHaveNoPairedInterval() throws {
    let effects = try results { record in
      if record.key.preset == "paper+horizon=12" { record.counts.probes += 1 }
    }.effects(.fnmr)
    let difference = try #require(effects[0].difference)
    #expect(difference.lower == nil && !difference.excludesZero)
    #expect(
      difference.note == "no interval: the two readings were evaluated on different comparisons")
    #expect(try #require(effects[1].difference).lower != nil)
  }

  // MARK: - The choice

  @Test func theSmallestErrorIsChosenWhereOthersAreToldApart() throws {
    let choice = try #require(ChosenReading(try results()))
    // Both have 0.05; the one that changes a base alone is nearer to the first base.
    #expect(choice.chosen.reading.name == "paper-annealed")
    #expect(choice.chosen.changes == 1)
    #expect(
      choice.notApart.map(\.reading.name) == ["paper-annealed", "paper-annealed+batches=shuffled"])
    // Conventions are no candidates.
    #expect(choice.candidates.count == 5)
  }

  /// Draws of the best are shuffled, so that nobody is told apart from it who is near.
  @Test func whatCannotBeToldApartLosesToFewerChanges() throws {
    let results = try results { record in
      for i in record.measurements.indices where record.key.preset == "paper-annealed" {
        guard let value = record.measurements[i].value, record.measurements[i].replicates != nil
        else { continue }
        record.measurements[i].value = value * 1.9
        record.measurements[i].lower? *= 1.9
        record.measurements[i].upper? *= 1.9
        record.measurements[i].replicates = fakeReplicates(around: value * 1.9, step: 5)
      }
      if record.key.preset?.hasSuffix("shuffled") == true || record.key.preset!.contains("12") {
        for i in record.measurements.indices {
          record.measurements[i].value? += 0.5
          record.measurements[i].replicates = record.measurements[i].replicates.map {
            Replicates($0.values.map { $0 + 0.5 })
          }
          record.measurements[i].lower? += 0.5
          record.measurements[i].upper? += 0.5
        }
      }
    }
    let choice = try #require(ChosenReading(results))
    #expect(choice.best.reading.name == "paper-annealed")
    #expect(choice.notApart.map(\.reading.name) == ["paper", "paper-annealed"])
    #expect(choice.chosen.reading.name == "paper")
    #expect(choice.chosen.changes == 0)
  }

  // MARK: - Tables and figures

  @Test func tablesOfReadings() throws {
    let records = try experiment()
    let claims = [
      Claim(
        id: "R1", sentence: "made-up claim", place: "", statistic: .fnmrDifference,
        region: .below(0.03)),
      Claim(
        id: "R2", sentence: "another one", place: "", statistic: .fnmrDifference,
        region: .above(0)),
    ]
    try expectFormats(
      readingTables(records, answers: claimAnswers(claims, records, .none)))
  }

  @Test func theSpecificationCurveInBothFormats() throws {
    let figures = specificationCurves(try experiment())
    #expect(
      figures.map(\.name) == ["readings-fnmr-difference-LFW-ArcFace", "readings-fnmr-LFW-ArcFace"])
    let figure = try #require(figures.first)
    try expectSnapshot(SVGPlot.text(figure, output: "readings"), "readings.svg")
    try expectSnapshot(PGFPlotsWriter.text(figure, output: "readings"), "readings-figure.tex")
    try expectPrints(figures)
  }

  /// Each reading has one dark dot a group: its base, and an option or what the base has.
  @Test func theMatrixHasADotForEachSwitchOfEachReading() throws {
    let figure = try #require(specificationCurves(try experiment()).first)
    let matrix = figure.panels[1][0]
    guard case .points(let dots, _) = try #require(matrix.layers.last) else {
      Issue.record("no dots")
      return
    }
    #expect(dots.count == 6 * 4)
    #expect(
      matrix.yAxis.ticks.map(\.text).reversed() == [
        "base: paper", "base: paper-annealed", "horizon: 12", "horizon: 30", "as base",
        "batches: shuffled", "as base", "decision: compatible", "as base",
      ])
    #expect(figure.panels[0][0].xAxis.isShared && !matrix.xAxis.isShared)
  }
}
