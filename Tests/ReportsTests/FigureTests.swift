import Foundation
import Records
import Reports
import Results
import Specs
import TestSupport
import Testing

struct FigureTests {
  @Test func figure3AsSVG() throws {
    let figure = try #require(figure3(RecordSet(records: fakeExperiment())).first)
    try expectSnapshot(SVGPlot.text(figure, output: "figure3"), "figure3.svg")
  }

  /// The caption promises no interval that the legend does not show.
  @Test func figure3SaysWhyAreasHaveNoInterval() throws {
    let records = fakeExperiment().map { record in
      var record = record
      for i in record.measurements.indices where record.measurements[i].quantity == .auc {
        record.measurements[i].lower = nil
        record.measurements[i].upper = nil
        record.measurements[i].replicates = nil
        record.measurements[i].intervalNote = "no interval: none holds"
      }
      return record
    }
    let caption = try #require(figure3(RecordSet(records: records)).first).caption
    #expect(caption.contains("area under the whole curve (no interval: none holds)"), "\(caption)")
    #expect(!caption.contains("with its 95 % interval"))
  }

  @Test func figure3AsPGFPlots() throws {
    let figure = try #require(
      figure3(RecordSet(records: fakeExperiment(isSynthetic: true))).first)
    try expectSnapshot(PGFPlotsWriter.text(figure, output: "figure3"), "figure3-synthetic.tex")
    try expectPrints(figure3(RecordSet(records: fakeExperiment())) + [figure])
  }

  @Test func syntheticFiguresSaySoInFileTitleAndCaption() throws {
    let figure = try #require(
      figure3(RecordSet(records: fakeExperiment(isSynthetic: true))).first)
    let svg = SVGPlot.text(figure, output: "figure3")
    #expect(svg.split(separator: "\n")[0].contains("SYNTHETIC"))
    #expect(svg.contains("<title>SYNTHETIC · Figure 3"))
    #expect(svg.contains("<desc>SYNTHETIC DATA: made by this program"))
    #expect(svg.contains(">SYNTHETIC DATA</text>"))
    #expect(FigureCaption.text(figure, output: "figure3").contains("SYNTHETIC DATA: made by"))
    let tex = PGFPlotsWriter.text(figure, output: "figure3")
    #expect(tex.split(separator: "\n")[0].contains("SYNTHETIC"))
    #expect(tex.contains("{SYNTHETIC DATA};"))
  }

  @Test func theDrawingIsWellFormedXML() throws {
    var records = fakeExperiment()
    for i in records.indices where records[i].key.dataset == "LFW" {
      records[i].key.dataset = "A<B & \"C\""
    }
    let figure = try #require(figure3(RecordSet(records: records)).first)
    let svg = SVGPlot.text(figure, output: "figure3")
    #expect(svg.contains("A&lt;B &amp; &quot;C&quot;"))
    // Every opened element is closed: names pushed and popped in order.
    var open: [Substring] = []
    for tag in svg.matches(of: /<(\/?)([a-zA-Z]+)[^>]*?(\/?)>/) {
      if tag.output.1 == "/" {
        #expect(open.popLast() == tag.output.2)
      } else if tag.output.3 != "/" {
        open.append(tag.output.2)
      }
    }
    #expect(open.isEmpty)
  }

  @Test func aCombinationThatWasNotRunIsAnEmptyPanel() throws {
    let results = try RecordSet(records: [
      fakeRecord(dataset: "LFW", extractor: "ArcFace"),
      fakeRecord(dataset: "Adience", extractor: "MagFace"),
    ])
    let panels = try #require(figure3(results).first).panels
    #expect(panels.map(\.count) == [2, 2])
    #expect(panels.flatMap { $0 }.map(\.message) == ["not run", nil, nil, "not run"])
  }

  @Test func everyLayerIsDrawnInsideThePanelInBothFormats() throws {
    let style = SeriesStyle.series(0)
    let axis = PlotAxis("x", range: 0...10)
    let plot = Plot(
      title: "all layers", xAxis: axis, yAxis: PlotAxis("y", range: 0...1),
      layers: [
        .band(x: [0, 5, 10], lower: [0.1, 0.2, 0.3], upper: [0.3, 0.4, 0.5], style),
        .line([PlotPoint(0, 0.2), PlotPoint(10, 0.4)], style),
        .points([PlotPoint(5, 0.3), PlotPoint(50, 0.3)], .baseline),
        .interval(PlotPoint(3, 0.5), lower: 0.4, upper: 7, .series(2)),
        .horizontalInterval(y: 0.7, value: 8, lower: 7, upper: 12, .series(3)),
        .bars(edges: [0, 1, 2], heights: [0.5, 2], .series(1)),
        .verticalGuide(x: 4, label: "here"), .horizontalGuide(y: 0.5, label: "half"),
        .label(PlotPoint(5, 0.3), "5", isBelow: false), .label(PlotPoint(6, 0), "6", isBelow: true),
        .label(PlotPoint(7, 9), "7", isBelow: false),
      ], legend: [LegendEntry("a", style)])
    let figure = Figure(
      name: "layers", title: "Layers", caption: ["All of them."], isSynthetic: false,
      panels: [[plot]], provenance: ProvenanceSummary(of: []))
    try expectPrints([figure])
    try expectSnapshot(SVGPlot.text(figure, output: "layers"), "layers.svg")
    try expectSnapshot(FigureCSV.text(figure), "layers.csv")
    try expectSnapshot(PGFPlotsWriter.text(figure, output: "layers"), "layers.tex")
  }
}

struct PlotAxisTests {
  @Test func logarithmicAxisHasDecadesAndNineMinorTicksEach() {
    let axis = PlotAxis("FMR", scale: .log, range: 1e-3...1)
    #expect(axis.ticks.map(\.superscript) == ["−3", "−2", "−1", ""])
    #expect(axis.minorTicks.count == 24)
    #expect(axis.position(1e-3) == 0)
    #expect(axis.position(1) == 1)
    #expect(abs(axis.position(0.1) - 2.0 / 3) < 1e-12)
  }

  @Test(arguments: [
    (0.0...1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (0.9...1.0, ["0.90", "0.92", "0.94", "0.96", "0.98", "1.00"]),
    (-1.0...1.0, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
    (0.0...1000.0, ["0", "200", "400", "600", "800", "1000"]),
  ])
  func linearTicksAreRoundNumbers(range: ClosedRange<Double>, texts: [String]) {
    #expect(PlotAxis("x", range: range).ticks.map(\.text) == texts)
  }

  @Test func probitAxisIsSymmetricAboutOneHalf() {
    let axis = PlotAxis("FNMR", scale: .probit, range: 0.001...0.999)
    #expect(abs(axis.position(0.5) - 0.5) < 1e-9)
    #expect(abs(axis.position(0.2) + axis.position(0.8) - 1) < 1e-9)
    // Φ⁻¹(0.975) = 1.959963984540054, Φ⁻¹(0.999) = 3.090232306167813.
    let expected = (1.959963984540054 / 3.090232306167813 + 1) / 2
    #expect(abs(axis.position(0.975) - expected) < 1e-9)
    #expect(axis.ticks.map(\.text).contains("5"))
  }

  @Test func valuesThatAScaleCannotShowAreFiniteAndLow() {
    let axis = PlotAxis("FMR", scale: .log, range: 1e-5...1)
    #expect(axis.position(0) < 0)
    #expect(axis.position(0).isFinite)
    #expect(axis.position(.nan).isFinite && axis.position(.nan) <= 0)
    #expect(PlotAxis("x", range: 0...1).position(.nan) == 0)
  }

  @Test func sharedLowerEndIsARoundNumberBelowTheMinimum() {
    #expect(PlotAxis.lowerEnd(below: 0.995) == 0.99)
    #expect(PlotAxis.lowerEnd(below: 0.93) == 0.9)
    #expect(PlotAxis.lowerEnd(below: 0.49) == 0)
    #expect(PlotAxis.lowerEnd(below: 1) == 0.99)
  }
}
