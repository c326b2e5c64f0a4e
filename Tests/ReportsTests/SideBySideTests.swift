import Foundation
import Records
import Reports
import Results
import TestSupport
import Testing

/// Marks of one x: drawn side by side, written with their x.
struct SideBySideTests {
  /// Marks at each x, all on a logarithmic axis of 200 to 2,000.
  private func figure(_ places: [Double], count: Int) -> Figure {
    var plot = Plot(
      title: "", xAxis: PlotAxis("x", scale: .log, range: 200...2000),
      yAxis: PlotAxis("y", range: 0...1))
    for i in 0..<count {
      let aside = Double(i) - Double(count - 1) / 2
      let marks = places.map { PlotPoint($0, 0.5, aside: aside) }
      plot.layers.append(.line(marks, .series(i)))
      plot.layers += marks.map { .interval($0, lower: 0.4, upper: 0.6, .series(0)) }
    }
    return Figure(
      name: "aside", title: "A title", caption: ["A caption.", .sideBySide], isSynthetic: false,
      panels: [[plot]], provenance: ProvenanceSummary(of: []))
  }

  private func column(_ name: String, _ figure: Figure) -> [String] {
    let rows = FigureCSV.text(figure).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let place = rows[0].firstIndex { $0 == name }!
    return rows.dropFirst().map { String($0[place]) }
  }

  @Test(arguments: [([500.0], 3), ([500, 1000], 26), ([500, 520, 1900], 8), ([200, 2000], 4)])
  func dataKeepTheirXAndMarksStandBesideIt(places: [Double], count: Int) throws {
    let figure = figure(places, count: count)
    #expect(Set(column("x", figure)) == Set(places.map { "\($0)" }))
    #expect(
      figure.caption == "A caption. Marks of one x stand side by side.")

    let svg = SVGPlot.text(figure, output: "x")
    let frame = try #require(
      svg.firstMatch(of: /<clipPath[^>]*><rect x="([0-9.]+)" y="[0-9.]+" width="([0-9.]+)"/))
    let (left, width) = (Double(frame.output.1)!, Double(frame.output.2)!)
    let own = places.map { left + width * log10($0 / 200) }
    let drawn = svg.matches(of: /<circle cx="([0-9.]+)"/).map { Double($0.output.1)! }
    #expect(drawn.count >= places.count * count)
    for (k, x) in drawn.prefix(places.count * count).enumerated() {
      #expect(x >= left && x <= left + width, "inside the frame")
      let home = own[k % own.count]
      for other in own where other != home {
        #expect((x - home) / (other - home) < 0.41, "\(x) among \(own)")
      }
    }
    // All marks of one x differ, as far as two decimals tell.
    let inner = places.filter { $0 > 200 && $0 < 2000 }
    #expect(Set(drawn).count >= inner.count * count)
  }

  @Test func coordinatesOfPGFPlotsHoldTheXAndAreMovedByPoints() throws {
    let tex = PGFPlotsWriter.text(figure([500, 1000], count: 2), output: "x")
    let coordinates = tex.matches(of: /coordinates {\(([0-9.]+),/).map { String($0.output.1) }
    #expect(!coordinates.isEmpty && Set(coordinates) == ["500", "1000"])
    #expect(tex.contains("xshift=-2bp") && tex.contains("xshift=2bp"))
    #expect(tex.contains("([xshift=-2bp]axis cs:500,0.5) -- ([xshift=-2bp]axis cs:1000,0.5)"))
    try expectPrints([figure([500, 1000], count: 2)])
  }

  @Test func aMarkAloneStandsAtItsX() {
    let alone = figure([500, 1000], count: 1)
    #expect(alone.caption == "A caption.")
    #expect(!PGFPlotsWriter.text(alone, output: "x").contains("axis cs:500,0.5) --"))
  }

  /// Whatever its rank is, where the other systems have no mark at that x.
  @Test func aMarkWithoutNeighboursStandsAtItsX() {
    func plot(_ marks: [PlotPoint]) -> Figure {
      var figure = figure([500], count: 1)
      figure.panels[0][0].layers = marks.map {
        .interval($0, lower: 0.4, upper: 0.6, .series(0))
      }
      return figure
    }
    let alone = plot([PlotPoint(500, 0.5, aside: 7.5), PlotPoint(1000, 0.5, aside: -3)])
    #expect(alone.caption == "A caption.")
    #expect(!PGFPlotsWriter.text(alone, output: "x").contains("xshift"))
    // Two of many stand as near to their x as two of two.
    let two = plot([PlotPoint(500, 0.5, aside: -12.5), PlotPoint(500, 0.5, aside: 7.5)])
    let tex = PGFPlotsWriter.text(two, output: "x")
    #expect(two.caption.contains("side by side"))
    #expect(tex.contains("xshift=-2bp") && tex.contains("xshift=2bp"))
  }

  @Test func barsAtTheOperatingPointStandAtIt() throws {
    let records = try RecordSet(records: fakeExperiment())
    var found = 0
    for figure in figure3(records) {
      for layer in figure.panels.joined().flatMap(\.layers) {
        guard case .interval(let point, _, _, _) = layer else { continue }
        found += 1
        #expect([1e-2, 1e-3, 1e-4].contains(point.x))
      }
    }
    #expect(found > 0)
  }

  /// A value below a logarithmic axis is drawn at its end and written as it is.
  @Test func noneIsWrittenAsZero() throws {
    var axis = PlotAxis("y", scale: .log, range: 0.01...1)
    axis.holdsLow = true
    let plot = Plot(
      title: "", xAxis: PlotAxis("x", range: 0...1), yAxis: axis,
      layers: [.line([PlotPoint(0, 0), PlotPoint(1, 0.1)], .series(0))])
    let figure = Figure(
      name: "low", title: "Low", caption: [], isSynthetic: false, panels: [[plot]],
      provenance: ProvenanceSummary(of: []))
    #expect(column("y", figure) == ["0.0", "0.1"])
    #expect(PGFPlotsWriter.text(figure, output: "x").contains("(0,0.01)(1,0.1)"))
  }
}
