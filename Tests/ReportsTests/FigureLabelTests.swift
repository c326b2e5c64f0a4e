import Foundation
import Records
import Reports
import Results
import TestSupport
import Testing

/// Texts of figures: what differs still does, and nothing leaves the sheet.
struct FigureLabelTests {
  /// Long names that differ at the beginning, at the end, in the middle, or everywhere.
  static let names: [[String]] = [
    (0..<6).map { "Adience, ArcFace, MOTE (official-code), a group with a name \($0)" },
    (0..<6).map { "\($0) Adience, ArcFace, MOTE (official-code), a group with a name" },
    (0..<12).map { i in
      String(repeating: "beginning-", count: 9) + "\(i)" + String(repeating: "-end", count: 20)
    },
    (0..<12).map { i in
      String(repeating: "words and ", count: 20) + "\(i)"
        + String(repeating: " to the end", count: 20)
    },
    (0..<3).map { i in
      "same " + String(repeating: ["abc", "abd", "abe"][i], count: 70) + " same"
    },
    (0..<3).map { String(repeating: "M", count: 64) + "\($0)" },
  ]

  private func figure(_ panels: [[Plot]]) -> Figure {
    Figure(
      name: "labels", title: "A title", caption: ["A caption."], isSynthetic: false,
      panels: panels, provenance: ProvenanceSummary(of: []))
  }

  /// Joined lines of texts that stand below each other, and a check that none leaves the sheet.
  private func texts(_ figure: Figure, anchor: String, size: String) -> [String] {
    let svg = SVGPlot.text(figure, output: "x")
    let sheet = Double(svg.firstMatch(of: /<svg[^>]* width="([0-9.]+)pt"/)!.output.1)!
    var found: [String] = []
    let pattern =
      /<text x="([0-9.]+)" y="[0-9.]+" font-size="([0-9.]+)" text-anchor="([a-z]+)"[^>]*>([^<]*)/
    for match in svg.matches(of: pattern) where !match.output.0.contains("rotate") {
      let (x, text) = (Double(match.output.1)!, String(match.output.4))
      // Advances of DejaVu Sans, the widest of the fonts that are named.
      let width =
        text.reduce(0.0) {
          $0 + ("lit ,()".contains($1) ? 0.4 : "Mmw".contains($1) ? 0.9 : 0.615)
        } * Double(match.output.2)!
      let left = ["start": x, "middle": x - width / 2, "end": x - width][String(match.output.3)]!
      #expect(left >= 0 && left + width <= sheet, "\(text)")
      if match.output.3 == anchor && match.output.2 == size { found.append(text) }
    }
    return found
  }

  @Test(arguments: names) func namesOnAnAxis(names: [String]) {
    let plot = Plot(
      title: "", xAxis: PlotAxis("x", range: 0...1), yAxis: PlotAxis("", categories: names),
      layers: [.points([PlotPoint(0.5, 0)], .series(0))])
    let shown = texts(figure([[plot]]), anchor: "end", size: "7")
    #expect(shown.count == names.count && Set(shown).count == names.count, "\(shown)")
  }

  @Test(arguments: names) func legendsAndTitles(names: [String]) {
    let plots = names.map { name in
      Plot(
        title: name, xAxis: PlotAxis("x", range: 0...1), yAxis: PlotAxis("y", range: 0...1),
        layers: [.points([PlotPoint(0.5, 0)], .series(0))])
    }
    var one = plots[0]
    one.legend = names.enumerated().map { LegendEntry($1, .series($0)) }
    let legend = texts(figure([[one]]), anchor: "start", size: "7").joined(separator: " ")
    #expect(Set(entries(one)).count == names.count, "\(legend)")
    let titles = figure(plots.map { [$0] })
    _ = texts(titles, anchor: "middle", size: "7.5")
    #expect(Set(titleTexts(titles)).count == names.count)
  }

  /// The texts of a legend as PGFPlots has them, lines of an entry joined.
  private func entries(_ plot: Plot) -> [String] {
    var entries: [String] = []
    for line in PGFPlotsWriter.text(figure([[plot]]), output: "x").split(separator: "\n") {
      if line.hasPrefix("\\draw[") && line.contains("plot coordinates") {
        entries.append("")
      } else if line.contains("anchor=base west"), !entries.isEmpty {
        entries[entries.count - 1] += line[line.range(of: ") {")!.lowerBound...]
      }
    }
    return entries
  }

  private func titleTexts(_ figure: Figure) -> [String] {
    var titles = [""]
    for line in PGFPlotsWriter.text(figure, output: "x").split(separator: "\n") {
      if line.contains("\\bfseries") {
        titles[titles.count - 1] += line[line.range(of: ") {")!.lowerBound...]
      } else if line.hasPrefix("\\begin{axis}") {
        titles.append("")
      }
    }
    return titles.dropLast()
  }

  @Test func aLabelAtTheRightEndStandsLeftOfItsGuide() throws {
    let plot = Plot(
      title: "", xAxis: PlotAxis("x", range: 0...1), yAxis: PlotAxis("y", range: 0...1),
      layers: [
        .points([PlotPoint(0.5, 0)], .series(0)), .verticalGuide(x: 0.99, label: "1e-3"),
      ])
    #expect(texts(figure([[plot]]), anchor: "end", size: "7").contains("1e-3"))
    try expectPrints([figure([[plot]])])
  }

  @Test func labelsOfTwoExperimentsDiffer() {
    func label(_ experiment: String) -> String {
      var provenance = Provenance()
      provenance.experiment = experiment
      var own = figure([[]])
      own.provenance = ProvenanceSummary(of: [provenance])
      return FigureCaption.text(own, output: "x")
    }
    #expect(label("smoke").contains("\\label{fig:smoke-labels}"))
    #expect(label("other").contains("\\label{fig:other-labels}"))
    #expect(label("a_1.5").contains("\\label{fig:a_1.5-labels}"))
    #expect(label("a-1-5").contains("\\label{fig:a-1-5-labels}"))
  }

  @Test func namesKeepTheirLetters() {
    var own = figure([[]])
    own.title = "iGARBE over the factor"
    #expect(FigureCaption.text(own, output: "x").contains("\\caption{iGARBE over the factor. "))
    own.title = "latency over people"
    #expect(FigureCaption.text(own, output: "x").contains("\\caption{Latency over people. "))
    #expect("iGARBE, MOTE − traditional".beginningSentence == "iGARBE, MOTE − traditional")
    #expect("share, MOTE".beginningSentence == "Share, MOTE" && "".beginningSentence == "")
  }

  /// Sentences on bands, bars and dotted lines stand where these are drawn.
  @Test func captionsSpeakOfWhatIsDrawn() throws {
    let band = CaptionSentence("Bands.", where: \.hasBands)
    let bars = CaptionSentence("Bars.", where: \.hasIntervals)
    let dotted = CaptionSentence("Dotted.", where: \.hasGuides)
    func caption(_ layers: [PlotLayer]) -> String {
      let plot = Plot(
        title: "", xAxis: PlotAxis("x", range: 0...1), yAxis: PlotAxis("y", range: 0...1),
        layers: layers)
      return Figure(
        name: "f", title: "F", caption: [band, bars, dotted], isSynthetic: false,
        panels: [[plot]], provenance: ProvenanceSummary(of: [])
      ).caption
    }
    let style = SeriesStyle.series(0)
    #expect(caption([]) == "")
    #expect(caption([.band(x: [0, 1], lower: [0, 0], upper: [1, 1], style)]) == "Bands.")
    #expect(caption([.interval(PlotPoint(0.5, 0.5), lower: 0, upper: 1, style)]) == "Bars.")
    #expect(caption([.interval(PlotPoint(5, 0.5), lower: 0, upper: 1, style)]) == "")
    #expect(
      caption([.verticalGuide(x: 0.5, label: ""), .horizontalGuide(y: 7, label: "")]) == "Dotted.")
    #expect(caption([.verticalGuide(x: 5, label: "")]) == "")
  }

  /// A rate in percent beside axes in percent, with a tick at the dotted line.
  @Test func theDETPlotHasOneUnit() throws {
    let records = fakeExperiment().map { record in
      var record = record
      var rate = record.measurements.first { $0.quantity == .auc }
      rate?.quantity = .eer
      rate?.value = 0.0299
      record.measurements += [rate].compactMap(\.self)
      return record
    }
    let figures = figure3(try RecordSet(records: records))
    let det = try #require(figures.first { $0.name == "figure3-det" })
    let legends = det.panels.joined().flatMap(\.legend).map(\.text)
    #expect(
      legends.contains { $0.contains("EER 2.99 %") }
        && legends.allSatisfy { $0.contains(/EER ([0-9.]+ %|n\/a)/) }, "\(legends)")
    #expect(SVGPlot.text(det, output: "x").contains(">0.1</text>"))
    for figure in figures {
      #expect(figure.caption.components(separatedBy: "Legend:").count <= 2, "\(figure.caption)")
      let hasBands = figure.panels.joined().flatMap(\.layers).contains {
        if case .band = $0 { true } else { false }
      }
      #expect(figure.caption.contains("Bands:") == hasBands)
    }
  }

  /// Who reads a caption in a paper has neither articles nor files of numbers.
  @Test func captionsNameNoArticle() throws {
    let note = "no interval: no method held the true area in 93 % of data sets (see Fairness)"
    let records = fakeExperiment().map { record in
      var record = record
      for i in record.measurements.indices where record.measurements[i].quantity == .auc {
        (record.measurements[i].lower, record.measurements[i].upper) = (nil, nil)
        record.measurements[i].intervalNote = note
      }
      return record
    }
    let figures = figure3(try RecordSet(records: records))
    #expect(figures.contains { $0.caption.contains("no method held the true area") })
    for figure in figures {
      #expect(!figure.caption.contains("(see ") && !figure.caption.contains("file"))
    }
  }

  @Test func ticksOfFewDecadesAreWrittenAlike() {
    let ticks = PlotAxis("x", scale: .log, range: 35...290).ticks
    #expect(
      ticks.map(\.text) == ["50", "100", "200"] && ticks.allSatisfy { $0.superscript.isEmpty })
  }
}
