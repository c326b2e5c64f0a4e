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

/// A fake record with fairness measures; numbers are round, so that nobody takes them for results.
private func fairnessRecord(
  _ system: String, factor: Double? = nil, rule: String? = nil, level: Double,
  dataset: String = "LFW", preset: String = "paper", conventions: [String] = ["default"],
  isSynthetic: Bool = false
) -> EvaluationRecord {
  var record = fakeRecord(
    dataset: dataset, system: system, preset: preset, balancingFactor: factor, level: level,
    isSynthetic: isSynthetic)
  record.key.balancingRule = rule
  let step = system == "traditional" ? 3 : rule != nil ? 37 : 11 + Int(20 * (factor ?? 0))
  record.curves = [:]
  record.measurements = conventions.flatMap { convention -> [MetricValue] in
    func measure(_ quantity: Quantity, _ value: Double?, note: String? = nil) -> MetricValue {
      MetricValue(
        quantity: quantity, group: "all", convention: convention, rule: "conservative",
        target: 0.001, value: value, lower: value.map { $0 * 0.9 }, upper: value.map { $0 * 1.1 },
        intervalMethod: "percentile",
        // 809 replicates around the value, in an order of each system's own (809 is prime); a smaller
        // level shifts all of them up.
        replicates: value.map { value in
          Replicates((0..<809).map { value + 0.001 * (Double($0 * step % 809) / 404 - 1) })
        }, note: note)
    }
    func rate(_ quantity: Quantity, _ group: String, _ errors: Int, _ trials: Int) -> MetricValue {
      MetricValue(
        quantity: quantity, group: group, convention: convention, rule: "conservative",
        target: 0.001, value: Double(errors) / Double(trials), threshold: 0.5,
        attainedFMR: 0.001, numerator: errors, denominator: trials,
        replicates: fakeReplicates(around: Double(errors) / Double(trials), step: step))
    }
    return [
      measure(.fdr, 1 - level), measure(.igarbe, 1 - 2 * level),
      measure(.inequityRate, nil, note: "a group's error rate is 0"),
      rate(.fnmr, "all", 30, 300), rate(.fnmr, "male", 10, 200), rate(.fnmr, "female", 20, 100),
      rate(.fmr, "male", 40, 40_000), rate(.fmr, "female", 10, 10_000),
    ]
  }
  if rule != nil {
    var summary = EnrolmentSummary()
    summary.factorChoice = FactorChoiceSummary(
      factors: [0, 0.5, 1], threshold: 0.25, targetFMR: 0.001, targetRisk: 0.01,
      medianChosenRisk: 0.02,
      counts: ["all": [10, 60, 30], "male": [5, 40, 5], "female": [5, 20, 25]])
    record.enrolment = summary
  }
  return record
}

private func sweep(isSynthetic: Bool = false, conventions: [String] = ["default"])
  -> [EvaluationRecord]
{
  ["LFW", "Adience"].flatMap { dataset in
    [
      fairnessRecord(
        "traditional", level: 0.2, dataset: dataset, conventions: conventions,
        isSynthetic: isSynthetic)
    ]
      + [(0.0, 0.1), (0.5, 0.2), (1.0, 0.3)].map {
        fairnessRecord(
          "mote", factor: $0.0, level: $0.1, dataset: dataset, conventions: conventions,
          isSynthetic: isSynthetic)
      }
      + [
        fairnessRecord(
          "mote", rule: Cell.perSubject, level: 0.15, dataset: dataset,
          conventions: conventions, isSynthetic: isSynthetic)
      ]
  }
}

struct Table4Tests {
  @Test func wholeDocument() throws {
    let document = try table4(RecordSet(records: sweep()), published: paper)
    try expectFormats(document)
  }

  @Test func verdictsFollowSignAndCorrection() throws {
    let document = try table4(RecordSet(records: sweep()), published: .none)
    let table = try #require(document.tables.first { $0.name == "table4-difference" })
    let verdict = try #require(table.columns.firstIndex { $0.title == "Verdict" })
    let lines = table.rows.filter { $0.cells[2].value != "" }.prefix(4)
    #expect(
      lines.map { "\($0.cells[2].value): \($0.cells[verdict].value)" } == [
        "0.0: better", "0.5: not distinguishable", "1.0: worse", "per subject: better",
      ])
  }

  @Test func theFamilyIsCorrectedByHolm() throws {
    func records(_ level: Double, _ replicates: [Double]) -> [EvaluationRecord] {
      var record = fairnessRecord("mote", factor: level, level: level)
      for i in record.measurements.indices where record.measurements[i].quantity == .fdr {
        record.measurements[i].replicates = Replicates(replicates)
      }
      return [record]
    }
    // Around the estimate 0.2, 3 of 199 replicates lie at or below 0: p = 0.04 alone, 0.08 beside
    // another. The other replicates balance them, so that the mean is the estimate.
    let query = MeasurementQuery(.fdr, convention: "default", target: 0.001)
    let zero = records(0.4, [Double](repeating: 0, count: 199))
    let low = [Double](repeating: -0.1, count: 3)
    let centre = 0.2 + 3 * 0.3 / 196
    let rest: [Double] = (0..<196).map { i in centre + 0.001 * (Double(i) - 97.5) }
    let difference = try #require(
      SystemDifference(query, in: records(0.2, low + rest), minus: query, in: zero))
    #expect(abs(difference.pValue! - 0.04) < 1e-15)
    #expect(FairnessVerdict.family([difference], .higher).map(\.verdict) == [.better])
    #expect(FairnessVerdict.family([difference], .lower).map(\.verdict) == [.worse])
    let two = FairnessVerdict.family([difference, nil, difference], .higher)
    #expect(two.map(\.verdict) == [.notDistinguishable, .notTested, .notDistinguishable])
    #expect(abs(two[0].pValue! - 0.08) < 1e-15 && two[1].pValue == nil)
  }

  @Test func whatCannotBeMeasuredSaysWhy() throws {
    var records = sweep()
    for i in records.indices {
      for j in records[i].measurements.indices where records[i].measurements[j].quantity == .fdr {
        records[i].measurements[j].value = nil
        records[i].measurements[j].replicates = nil
        records[i].measurements[j].note = "fewer than two groups measured: without female"
      }
    }
    let document = try table4(RecordSet(records: records), published: paper)
    let table = document.tables[0]
    #expect(table.rows[0].cells[3].value == "n/a")
    #expect(table.footnotes.contains("fewer than two groups measured: without female"))
    #expect(table.rows[0].cells[5].value == "n/a")
  }

  /// Equal groups look different in every resample.
  @Test func aValueOutsideItsIntervalSaysWhy() throws {
    var records = sweep()
    for i in records.indices {
      for j in records[i].measurements.indices where records[i].measurements[j].quantity == .fdr {
        records[i].measurements[j].upper = records[i].measurements[j].value! - 0.01
      }
    }
    let document = try table4(RecordSet(records: records), published: paper)
    let table = document.tables[0]
    #expect(table.rows[0].cells[3].footnotes.count == 1 && table.rows[0].cells[6].footnotes == [])
    #expect(table.footnotes[0].hasPrefix("the estimate lies outside its own interval"))
    let rows = document.tidy.filter { $0.quantity == "fdr" }
    #expect(!rows.isEmpty && rows.allSatisfy { $0.note.contains(table.footnotes[0]) })
    // Recentred replicates would hide it in the difference.
    let differences = try #require(document.tables.first { $0.name == "table4-difference" })
    #expect(
      differences.footnotes == [
        "no interval: an estimate of the two lies outside its own interval"
      ])
  }

  /// Of three factors one is ahead; the bound pays for the choice, so it is lower than the winner's own.
  @Test func theBestFactorIsChosenWithABoundThatPaysForIt() throws {
    let query = MeasurementQuery(.fdr, convention: "default", target: 0.001)
    // 401 is prime: other steps walk through the same values in another order.
    func record(_ system: String, _ factor: Double?, _ level: Double, step: Int)
      -> [EvaluationRecord]
    {
      var record = fairnessRecord(system, factor: factor, level: level)
      let i = record.measurements.firstIndex { $0.quantity == .fdr }!
      record.measurements[i].replicates = Replicates(
        (0..<401).map { b in 1 - level + 0.1 * (Double(b * step % 401) / 400 - 0.5) })
      return [record]
    }
    let traditional = record("traditional", nil, 0.4, step: 3)
    let differences = [(0.0, 0.39, 113), (0.5, 0.3, 251), (1.0, 0.41, 71)].map {
      SystemDifference(
        query, in: record("mote", $0.0, $0.1, step: $0.2), minus: query, in: traditional)
    }
    let best = try #require(LargestDifference(differences, wanted: .higher))
    #expect(best.index == 1 && best.candidates == 3 && abs(best.size - 0.1) < 1e-12)
    let alone = try #require(LargestDifference([differences[1]], wanted: .higher))
    #expect(best.lowerBound! < alone.lowerBound! && alone.lowerBound! < 0.1)
    #expect(best.pValue! >= alone.pValue!)
    let worst = try #require(LargestDifference([nil] + differences, wanted: .lower))
    #expect(worst.index == 3 && worst.lowerBound! < 0 && worst.pValue! > 0.2)
    #expect(LargestDifference([nil, nil], wanted: .lower) == nil)
  }

  @Test func ownConventionsAreExplained() throws {
    var records = sweep(conventions: ["default", "mine"])
    for i in records.indices {
      records[i].conventions = [
        EvaluationConvention(name: "default"),
        EvaluationConvention(name: "mine") {
          ($0.selfTrials, $0.threshold, $0.nonMated) = (.included, .development, .reference)
          ($0.denominator, $0.rule, $0.alpha) = (.joint, .nearestDrop, 0.75)
        },
      ]
    }
    let switches =
      "threshold development, non_mated reference, denominator joint, self_trials included, "
      + "rule nearest_drop, α = 0.75. "
    let results = try RecordSet(records: records)
    let mine = try #require(
      table4(results, published: paper).tables.first { $0.name == "table4-mine" })
    #expect(mine.caption.contains(switches))
    #expect(calibrationTable(results).tables[0].caption.contains("mine: \(switches)"))
  }

  @Test func otherTablesShowNoFactorPerSubject() throws {
    let results = try RecordSet(records: sweep())
    #expect(results.mainConfigurations.map(\.title) == ["MOTE (paper)", "Traditional"])
  }

  @Test func bestFactorsAndWorstGroupsNameSystemsWithoutRecords() throws {
    var records = [fairnessRecord("traditional", level: 0.2)]
    for dataset in ["Adience", "LFW"] {
      for factor in [0.0, 0.5] {
        records.append(fairnessRecord("mote", factor: factor, level: 0.2, dataset: dataset))
      }
    }
    let tables = table4(try RecordSet(records: records), published: .none).tables
    for name in ["table4-best-factor", "table4-worst-group"] {
      let table = try #require(tables.first { $0.name == name })
      #expect(table.footnotes.contains("not run"), "\(name)")
    }
  }
}

struct SweepFigureTests {
  @Test func figuresPerMeasureWithAPanelPerDataset() throws {
    let figures = try sweepFigures(RecordSet(records: sweep()))
    #expect(figures.map(\.name) == ["sweep-fdr", "sweep-igarbe", "sweep-fnmr"])
    #expect(figures.allSatisfy { $0.panels.map(\.count) == [2] })
    let legend = figures[0].panels[0][0].legend.map(\.text)
    #expect(legend == ["MOTE", "Traditional", "MOTE, factor per subject"])
    // No two lines of a legend look alike without colour.
    for figure in figures {
      for panel in figure.panels.joined() {
        let looks = panel.legend.map { "\($0.style.dash)/\($0.style.width)" }
        #expect(Set(looks).count == looks.count, "\(figure.name): \(looks)")
      }
    }
    try expectSnapshot(SVGPlot.text(figures[1], output: "sweep"), "sweep-igarbe.svg")
    try expectPrints(figures)
  }

  @Test func oneFactorIsNoSweep() throws {
    let records = sweep().filter { $0.key.balancingFactor != 0 && $0.key.balancingFactor != 1 }
    #expect(try sweepFigures(RecordSet(records: records)).isEmpty)
  }
}

struct CalibrationTableTests {
  @Test func everyConventionIsALineWithItsDifference() throws {
    let results = try RecordSet(
      records: sweep(isSynthetic: true, conventions: ["default", "per-group", "per-subject"]))
    let document = calibrationTable(results)
    try expectSnapshot(MarkdownWriter.text(document), "calibration.md")
    // Plain LaTeX engines know ASCII; comments may hold anything.
    for line in LaTeXWriter.text(document.tables[0], in: document).split(separator: "\n")
    where !line.hasPrefix("%") {
      #expect(line.unicodeScalars.allSatisfy { $0.isASCII }, "\(line)")
    }
    // Table 4 keeps to the default.
    #expect(table4(results, published: .none).tables.allSatisfy { !$0.name.contains("per-group") })
  }
}
