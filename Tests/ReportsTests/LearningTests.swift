import Biometrics
import Configurations
import Foundation
import Records
import Reports
import Results
import Specs
import TestSupport
import Testing

/// Curves in round numbers that no training gives: ten people drawn, one of them among the worst, and one
/// more who is observed for the errors alone.
func fakeLearning(
  preset: String = "paper", goesBeyond: Bool = true, isSynthetic: Bool = false
) -> LearningRecord {
  let fake = fakeRecord(preset: preset)
  func epoch(_ number: Int) -> TrainedEpoch {
    TrainedEpoch(
      number: number, learningRate: [0.002, 0.01, 0.008, 0.004][number - 1],
      trainingLoss: 1 / Double(number), validationLoss: [0.5, 0.25, 0.375, 0.125][number - 1])
  }
  func errors(_ share: Double, _ count: Int) -> BothThresholds<ObservedErrors> {
    BothThresholds(
      own: ObservedErrors(threshold: 2, proxyFNMR: share / 2, falseNonMatches: 0),
      shared: ObservedErrors(threshold: 3, proxyFNMR: share, falseNonMatches: count))
  }
  func curve(_ i: Int) -> LearningCurve {
    let epochs = (1...(goesBeyond ? 4 : 3)).map {
      ObservedEpoch(
        epoch: epoch($0), errors: errors([0.5, 0.25, 0.125, 0][$0 - 1], i == 10 ? 2 : 0))
    }
    return LearningCurve(
      identity: "person-\(i)", choice: i == 10 ? .worst : .drawn,
      recordedErrors: i == 0 ? 1 : i == 10 ? 2 : nil, furtherImages: i == 10 ? 4 : i % 3,
      course: TrainingCourse(last: epoch(3), restored: epoch(2)), restored: epochs[1].errors,
      ended: epochs[2].errors, last: epochs.last!.errors, cosine: errors(0.0625, 0),
      epochs: epochs)
  }
  func means(_ value: Double) -> BothThresholds<MeanOverPeople> {
    BothThresholds(
      own: MeanOverPeople(
        value: value / 2, note: "no interval: every resample gives the same value"),
      shared: MeanOverPeople(
        value: value, interval: (value - 0.0625)...(value + 0.0625), method: "percentile"))
  }
  return LearningRecord(
    key: fake.key, inputHash: "00ff", isSynthetic: isSynthetic, settings: LearningCurvesSpec(),
    training: ObservedTraining(
      epochs: 4, patience: 1, maximumLearningRate: 0.01, cohortRows: 1000, developmentRows: 500,
      proxies: 16, proxyPeople: 8),
    worstOmission: nil, people: (0...10).map(curve),
    summary: LearningSummary(
      people: 10, restored: means(0.25), ended: means(0.125), restoredMinusEnded: means(0.125),
      last: goesBeyond ? means(0) : nil, restoredMinusLast: goesBeyond ? means(0.25) : nil,
      cosine: means(0.0625)), provenance: fake.provenance)
}

@Suite struct LearningTests {
  @Test func everyFormatOfTheTable() throws {
    try expectFormats(
      learningTable([
        fakeLearning(preset: "paper-annealed", goesBeyond: false), fakeLearning(),
      ]))
  }

  @Test func everyEpochAsCSV() throws {
    let records = [fakeLearning(goesBeyond: false)]
    try expectSnapshot(
      LearningCSV.text(records), "learning-curves-epochs.csv")
  }

  @Test func theFigure() throws {
    let records = [fakeLearning(preset: "paper-annealed", goesBeyond: false), fakeLearning()]
    let figures = learningFigures(records)
    #expect(figures.map(\.name) == ["learning-curves-LFW-ArcFace"])
    let figure = try #require(figures.first)
    #expect(figure.panels.map(\.count) == [2, 2, 2, 2])
    try expectSnapshot(
      SVGPlot.text(figure, output: "learning-curves"), "learning-curves-LFW-ArcFace.svg")
    try expectPrints(figures)
    #expect(
      learningFigures(records + [fakeLearning(preset: "hybrid")]).map(\.name)
        == ["learning-curves-LFW-ArcFace-1", "learning-curves-LFW-ArcFace-2"])
  }

  /// Nothing lies beyond the end, so nothing is dashed or said to be.
  @Test func whatWasNotObservedIsNotShown() throws {
    let records = [fakeLearning(goesBeyond: false)]
    let figure = try #require(learningFigures(records).first)
    #expect(!figure.caption.contains("Dashed"))
    #expect(
      !SVGPlot.text(figure, output: "learning-curves").contains("stroke-dasharray=\"1.8 1.5\""))
    let document = learningTable(records)
    #expect(document.tables[0].rows.allSatisfy { !$0.cells[0].value.contains("without patience") })
    #expect(document.tidy.allSatisfy { $0.rule?.contains("last") != true })
  }

  @Test func theSentenceFollowsTheIntervals() {
    func sentence(_ change: (inout LearningRecord) -> Void) -> String {
      var record = fakeLearning()
      change(&record)
      return learningTable([record]).reading.last!
    }
    #expect(
      sentence { _ in }
        == "MOTE (paper): early stopping restores epoch 2 (median; 2 to 2), where the learning rate, as a "
        + "share of its maximum, is 100 % (median; 100 to 100 %). With one threshold, these networks reject "
        + "more proxies than those with which training ended, +0.125 [0.062, 0.188]; these networks reject "
        + "more proxies than those of the last epoch without patience, +0.250 [0.188, 0.312]. With own "
        + "thresholds, no interval says how these networks stand to those with which training ended, +0.062 "
        + "(no interval: every resample gives the same value); no interval says how these networks stand to "
        + "those of the last epoch without patience, +0.125 (no interval: every resample gives the same "
        + "value).")
    let across = sentence {
      $0.summary.restoredMinusLast?.shared = MeanOverPeople(value: 0.125, interval: -0.125...0.25)
    }
    #expect(
      across.contains("; proxies do not tell these networks apart from those of the last epoch"))
    let fewer = sentence {
      $0.summary.restoredMinusLast?.shared = MeanOverPeople(value: -0.25, interval: -0.5...(-0.125))
    }
    #expect(fewer.contains("; these networks reject fewer proxies than those of the last epoch"))
    // An interval that misses its estimate shows nothing.
    let outside = sentence {
      $0.summary.restoredMinusLast?.shared = MeanOverPeople(
        value: 0.5, interval: 0.125...0.25, note: "the estimate lies outside its own interval")
    }
    #expect(
      outside.contains("; proxies do not tell these networks apart from those of the last epoch"))
    let plain = sentence {
      $0.training.patience = nil
      $0.summary.restoredMinusLast = nil
      $0.summary.last = nil
    }
    #expect(
      plain
        == "MOTE (paper): without early stopping the last epoch stands, 2 (median; 2 to 2), where the "
        + "learning rate, as a share of its maximum, is 100 % (median; 100 to 100 %).")
  }

  @Test func everythingOfSyntheticDataSaysSo() throws {
    let records = [fakeLearning(isSynthetic: true)]
    let document = learningTable(records)
    #expect(document.tidy.allSatisfy { $0.isSynthetic })
    #expect(document.tables.allSatisfy { $0.fullTitle.hasPrefix("SYNTHETIC") })
    #expect(MarkdownWriter.text(document).contains(syntheticNotice))
    let figure = try #require(learningFigures(records).first)
    #expect(
      figure.fullTitle.hasPrefix("SYNTHETIC") && figure.fullCaption.hasPrefix(syntheticNotice))
    let lines = LearningCSV.text(records).split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix("LFW") }.allSatisfy { $0.hasSuffix(",true") })
  }

  @Test func recordsAreReadRenderedAndTraced() throws {
    let folder = try temporaryFolder("learning").appendingPathComponent("fake")
    let store = ResultStore(
      results: folder.deletingLastPathComponent().path, experiment: "fake")
    try FileManager.default.createDirectory(
      atPath: store.recordsFolder, withIntermediateDirectories: true)
    try store.write(fakeLearning())
    let rendered = try renderOutputs(
      experiment: folder, outputs: ["learning-curves"], convertsFigures: false)
    #expect(
      rendered.files.map(\.lastPathComponent).sorted()
        == [
          "learning-curves-LFW-ArcFace.svg", "learning-curves-LFW-ArcFace.tex",
          "learning-curves-LFW-ArcFace.tex", "learning-curves-epochs.csv", "learning-curves.csv",
          "learning-curves-epochs.meta.json", "learning-curves.meta.json",
          "learning-curves-LFW-ArcFace.caption.tex", "learning-curves-LFW-ArcFace.csv",
          "learning-curves-LFW-ArcFace.meta.json",
          "learning-curves.md", "learning-curves-people-LFW-ArcFace.tex",
        ].sorted())
    let trace = try TableTrace(
      table: folder.appendingPathComponent("tables/learning-curves.csv"),
      filters: ["quantity": "learning-restored-epoch"])
    #expect(trace.isSound && trace.entries.count == 1)
    #expect(trace.entries[0].sources.map(\.inputHash) == ["00ff"])
  }
}
