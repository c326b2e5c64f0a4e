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

/// A comparison in round numbers that no data give: men compared, women too few.
func fakeKDE(preset: String = "paper", isSynthetic: Bool = false) -> KDERecord {
  let fake = fakeRecord(preset: preset)
  var men = ComparedDensity(gender: .male)
  var density = DrawnDensity(
    rows: 1000, people: 400, dimension: 4, bandwidth: 0.1, searchedRows: 1000, rowDeviation: 0.2,
    deviation: 0.25, medianNorm: 0.4)
  density.candidates = [0.01, 0.1, 1]
  density.logLikelihoods = [-10, 2, -1]
  men.density = density
  (men.people, men.pairs) = (100, 200)
  men.axes.residuals = [0.1, 0.05, 0.008, 0.002]
  men.axes.real = [0.2, 0.1, 0.02, 0.01]
  men.axes.synthetic = [0.11, 0.06, 0.02, 0.01]
  men.scatter = [SampleScatter.Map.principalAxes, .tSNE].map {
    SampleScatter(
      map: $0, real: [[0.1, 0.2], [-0.3, 0.1]], synthetic: [[0, 0.1], [0.2, -0.2]],
      divergence: $0 == .tSNE ? 0.5 : nil)
  }
  func tested(_ value: Double, p: Double, hasInterval: Bool = true) -> TestedStatistic {
    var tested = TestedStatistic(
      value: value,
      interval: hasInterval
        ? Estimate(value: value, lower: value - 0.1, upper: value + 0.1) : nil)
    (tested.p, tested.meanUnderSwap, tested.swaps) = (p, 0.05, 999)
    return tested
  }
  func estimate(_ value: Double) -> MeanOverPeople {
    MeanOverPeople(value: value, interval: (value - 0.01)...(value + 0.01), method: "percentile")
  }
  men.comparisons = SampleComparison.Kind.allCases.enumerated().map { i, kind in
    var found = SampleComparison(
      kind: kind, people: 100 - 10 * i, pairs: 200, expectedOtherSquare: 0.2)
    if kind == .realOtherReference {
      found.omission = "9 people with enough images, expected 10"
      return found
    }
    found.kolmogorovSmirnov = tested(0.3, p: 0.001)
    found.energyDistance = tested(0.2, p: 0.5, hasInterval: false)
    found.classifiers = ["differences": tested(0.45, p: 0.7), "energies": tested(0.8, p: 0.01)]
    (found.realSquare, found.otherSquare) = (estimate(0.5), estimate(0.2))
    (found.realCosine, found.otherCosine) = (estimate(0.6), estimate(0.7))
    return found
  }
  return KDERecord(
    key: fake.key, configurations: [preset, "wide"], inputHash: "00ff", isSynthetic: isSynthetic,
    genders: [
      men, ComparedDensity(gender: .female, omission: "9 evaluated female people, expected 10"),
    ], provenance: fake.provenance)
}

@Suite struct KDETableTests {
  @Test func everyFormatOfTheTable() throws { try expectFormats(kdeTable([fakeKDE()])) }

  @Test func theFigure() throws {
    let figures = kdeFigures([fakeKDE(isSynthetic: true)])
    // Women were not compared.
    #expect(figures.map(\.name) == ["kde-LFW-ArcFace-male"])
    let figure = try #require(figures.first)
    #expect(figure.panels.map(\.count) == [2, 2])
    try expectSnapshot(SVGPlot.text(figure, output: "kde"), "kde-LFW-ArcFace-male.svg")
    try expectPrints(figures)
  }

  /// What scikit-learn's tree would choose, say, from a configuration that gives it.
  @Test func bandwidthsThatOthersGiveForTheSameResidualsAreDrawn() throws {
    var other = fakeKDE(preset: "scikit-learn")
    other.inputHash = "01"
    other.genders[0].density?.searchedRows = 0
    other.genders[0].density?.bandwidth = 0.05
    let legends = kdeFigures([fakeKDE(), other]).map { $0.panels[1][1].legend.map(\.text) }
    #expect(legends[0].last == "h = 0.0500, given by scikit-learn")
    #expect(legends[1].last == "noise as long as the median residual")
    other.genders[0].density?.rows = 999
    #expect(kdeFigures([fakeKDE(), other])[0].panels[1][1].legend.count == 3)
  }

  @Test func severalDensitiesOfAPlaceAreNamed() {
    let names = kdeTable([fakeKDE(), fakeKDE(preset: "official-code")]).tables.map(\.name)
    #expect(
      names == [
        "kde-LFW-ArcFace-male-paper", "kde-LFW-ArcFace-female-paper",
        "kde-LFW-ArcFace-male-official-code", "kde-LFW-ArcFace-female-official-code",
      ])
  }

  @Test func recordsAreReadAndTraced() throws {
    let folder = try temporaryFolder("kde").appendingPathComponent("fake")
    let record = fakeKDE()
    let store = ResultStore(
      results: folder.deletingLastPathComponent().path, experiment: "fake")
    try FileManager.default.createDirectory(
      atPath: store.recordsFolder, withIntermediateDirectories: true)
    try store.write(record)
    let rendered = try renderOutputs(
      experiment: folder, outputs: ["kde"], convertsFigures: false)
    #expect(rendered.files.map(\.lastPathComponent).contains("kde.csv"))
    let trace = try TableTrace(
      table: folder.appendingPathComponent("tables/kde.csv"),
      filters: ["quantity": "kde-auc-energies", "rule": "synthetic"])
    #expect(trace.isSound && trace.entries.count == 1)
    #expect(trace.entries[0].sources.map(\.inputHash) == ["00ff"])
  }
}
