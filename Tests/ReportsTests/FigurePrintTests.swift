import Biometrics
import Foundation
import Records
import Reports
import Results
import Specs
import TestSupport
import Testing

/// What a figure is on paper: size, marks, and nothing that tells who made it.
struct FigurePrintTests {
  private func line(_ count: Int, _ y: (Int) -> Double) -> [PlotPoint] {
    (0..<count).map { PlotPoint(Double($0) / Double(count), y($0)) }
  }

  private func figure(_ plots: [Plot], isSynthetic: Bool = false, name: String = "print") -> Figure
  {
    Figure(
      name: name, title: "A title", caption: ["A caption."], isSynthetic: isSynthetic,
      panels: [plots], provenance: ProvenanceSummary(of: []))
  }

  private func plot(_ layers: [PlotLayer], legend: [LegendEntry] = []) -> Plot {
    Plot(
      title: "panel", xAxis: PlotAxis("x", range: 0...1), yAxis: PlotAxis("y", range: 0...1),
      layers: layers, legend: legend)
  }

  @Test func aFigureIsAsWideAsAColumnOrBoth() {
    let one = figure([plot([.line(line(3) { _ in 0.5 }, .baseline)])])
    let two = figure([one.panels[0][0], one.panels[0][0]])
    #expect(SVGPlot.text(one, output: "x").contains("width=\"251pt\""))
    #expect(SVGPlot.text(two, output: "x").contains("width=\"514pt\""))
    #expect(PGFPlotsWriter.text(one, output: "x").contains("rectangle (251,"))
    #expect(PGFPlotsWriter.text(two, output: "x").contains("rectangle (514,"))
  }

  @Test func aDrawingHoldsNoTitleCaptionOrOrigin() {
    let drawn = SVGPlot.text(
      figure([plot([.line(line(3) { _ in 0.5 }, .baseline)])]), output: "x")
    let texts = drawn.matches(of: /<text[^>]*>(.*?)<\/text>/).map { String($0.output.1) }
    #expect(!texts.isEmpty && texts.allSatisfy { !$0.contains("title") && !$0.contains("caption") })
    #expect(!texts.contains("panel"), "the only panel needs no name")
    #expect(drawn.contains("<title>A title</title>") && drawn.contains("<desc>A caption.</desc>"))
    let synthetic = SVGPlot.text(figure([plot([])], isSynthetic: true), output: "x")
    #expect(synthetic.contains(">SYNTHETIC DATA</text>"))
  }

  /// A million points make a file that a paper can hold, and no point of the line is moved by more than a
  /// printed dot.
  @Test func longLinesAreBounded() {
    let staircase = line(1_000_000) { Double($0) / 1_000_000 }
    let noise = line(200_000) { i in
      let place = (i &* 7919) % 1000
      return Double(place) / 1000
    }
    for points in [staircase, noise] {
      let drawn = figure([plot([.line(points, .series(0))])])
      #expect(SVGPlot.text(drawn, output: "x").utf8.count < 200_000)
      #expect(PGFPlotsWriter.text(drawn, output: "x").utf8.count < 200_000)
    }
    let cloud = (0..<50_000).map { i -> PlotPoint in
      let (x, y) = ((i &* 7919) % 1009, (i &* 104_729) % 997)
      return PlotPoint(Double(x) / 1009, Double(y) / 997)
    }
    let dots = figure([plot([.points(cloud, .series(0))])])
    #expect(PGFPlotsWriter.text(dots, output: "x").utf8.count < 2_000_000)
  }

  @Test func manySystemsAreToldApartByColourMarkAndDash() {
    let styles = (0..<32).map(SeriesStyle.series)
    for (i, style) in styles.enumerated() {
      for other in styles[..<i] {
        let differences = [
          style.colour != other.colour, style.marker != other.marker, style.dash != other.dash,
        ]
        #expect(differences.count { $0 } >= 2, "\(i): \(style) \(other)")
      }
    }
  }

  @Test func legendsStayInsideTheFigure() {
    let entries = (0..<12).map {
      LegendEntry(
        String(repeating: "a long name of a system ", count: 12) + "\($0)", SeriesStyle.series($0))
    }
    let drawn = SVGPlot.text(
      figure([plot([.line(line(3) { _ in 0.5 }, .baseline)], legend: entries)]), output: "x")
    for match in drawn.matches(of: /<text x="([0-9.]+)"[^>]*text-anchor="start"[^>]*>([^<]*)/) {
      // Advances of DejaVu Sans, the widest of the fonts that are named.
      let width = match.output.2.reduce(0.0) { $0 + 7 * ("lit ".contains($1) ? 0.33 : 0.615) }
      #expect(Double(match.output.1)! + width < 251, "\(match.output.2)")
    }
    #expect(drawn.contains("…"), "what does not fit is cut")
  }

  @Test func noFileNamesFoldersOfWhoeverMadeIt() {
    var provenance = Provenance()
    provenance.experiment = "secret"
    provenance.specPath = "/home/somebody/review/experiments/mine.yaml"
    provenance.dataHashes = ["/home/somebody/data/mine.h5": "00"]
    var drawn = figure([plot([.line(line(3) { _ in 0.5 }, .baseline)])])
    drawn.provenance = ProvenanceSummary(of: [provenance])
    let texts = [
      SVGPlot.text(drawn, output: "x"), PGFPlotsWriter.text(drawn, output: "x"),
      FigureCaption.text(drawn, output: "x"), FigureCSV.text(drawn),
      TableMetadata(drawn, output: "x").text,
    ]
    #expect(texts.allSatisfy { !$0.contains("somebody") && !$0.contains("/home") })
    #expect(texts[0].contains("mine.yaml"))
  }

  @Test func captionsAreLaTeXWhateverTheNames() {
    var drawn = figure([plot([])], name: "scores-A_B &%")
    drawn.title = "Figure 3: 50 % of A_B & {C}^#~ \\ 数据 é"
    let text = FigureCaption.text(drawn, output: "x")
    #expect(
      text.contains(
        "\\caption{50 \\% of A\\_B \\& \\{C\\}\\textasciicircum{}\\#\\textasciitilde{} "
          + "\\textbackslash{} [U+6570][U+636E] é, panel. A caption.}"), "\(text)")
    #expect(text.contains("\\label{fig:scores-A_B---}"))
  }
}

/// Histograms of scores, and dumbbells of published values.
struct ScoresAndPublishedTests {
  @Test func groupsHaveAPanelEachWithTheThreshold() throws {
    var record = fakeRecord()
    #expect(scoreHistograms(try RecordSet(records: [record])).isEmpty, "no counts, no figure")
    func counts(_ group: String) -> ScoreHistogram.Counts {
      .init(
        group: group, mated: (0..<120).map { $0 > 80 ? 1 : 0 },
        nonMated: (0..<120).map { $0 < 60 ? 50 : 0 })
    }
    record.histogram = ScoreHistogram(
      low: -10, high: 10, counts: ["all", "male", "female"].map(counts))
    let figures = scoreHistograms(try RecordSet(records: [record]))
    #expect(figures.map(\.name) == ["figure3-scores-LFW-ArcFace"])
    let panels = try #require(figures.first).panels
    #expect(panels.map { $0.map(\.title) } == [["MOTE (paper), male", "MOTE (paper), female"]])
    guard case .bars(let edges, let heights, _) = panels[0][0].layers[1] else {
      Issue.record("no bars of mated comparisons")
      return
    }
    // 39 mated comparisons: 20 bins of six.
    #expect(edges.count == 21 && heights.count == 20 && abs(heights.reduce(0, +) - 1) < 1e-9)
    #expect(edges[0] == -10 && abs(edges[20] - 10) < 1e-9)
    try expectPrints(figures)
  }

  @Test func everyPublishedCellIsALine() throws {
    let folder = fixturesFolder.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("experiments/published")
    let document = table2(
      try RecordSet(records: fakeExperiment()), published: try PublishedValues(folder: folder))
    let figures = publishedFigures(document, name: "dumbbell-table2")
    #expect(figures.map(\.name) == ["dumbbell-table2", "dumbbell-table2-paper-compatible"])
    let plot = try #require(figures.first).panels[0][0]
    let lines = plot.layers.compactMap { layer -> [PlotPoint]? in
      if case .line(let points, _) = layer { points } else { nil }
    }
    let cells = document.tidy.filter {
      $0.published != nil && $0.value != nil && $0.convention == "default"
    }
    #expect(!cells.isEmpty && lines.count == cells.count)
    #expect(lines.map { $0[1].x } == cells.map { $0.published! })
    #expect(lines.map { $0[0].x } == cells.map { $0.value! })
    try expectPrints(figures)
  }
}

/// The staircase of a record.
struct ROCStaircaseTests {
  @Test func itBeginsAtOneFalseMatchAndHoldsBetweenPoints() throws {
    var record = fakeRecord()
    record.counts.nonMatedComparisons = 1000
    record.curves = [
      "default": [
        .init(fmr: 0, fnmr: 1), .init(fmr: 0, fnmr: 0.4), .init(fmr: 0.002, fnmr: 0.3),
        .init(fmr: 0.1, fnmr: 0.1), .init(fmr: 1, fnmr: 0),
      ]
    ]
    let figures = figure3(try RecordSet(records: [record]))
    #expect(figures.map(\.name) == ["figure3", "figure3-det"])
    let lines = figures.map { figure in
      figure.panels[0][0].layers.compactMap { layer -> [PlotPoint]? in
        if case .line(let points, _) = layer { points } else { nil }
      }[0]
    }
    let x = [0.001, 0.002, 0.002, 0.1, 0.1, 1, 1]
    let fnmr = [0.4, 0.4, 0.3, 0.3, 0.1, 0.1, 0]
    #expect(lines[0] == zip(x, fnmr).map { PlotPoint($0, 1 - $1) })
    #expect(lines[1] == zip(x, fnmr).map { PlotPoint($0, $1) })
    #expect(figures[0].panels[0][0].xAxis.range == 0.001...1)
  }
}
