// Draws a figure as SVG. Sizes are pixels at 96 per inch.
import Specs

/// Writes figures as SVG.
package enum SVGPlot {
  private static let rightMargin = 14.0
  private static let edge = 14.0
  private static let textSize = 11.0
  private static let smallSize = 9.5

  private static let legendLine = smallSize + 5

  /// Width of a panel with its margins.
  private static func width(of plot: Plot) -> Double {
    plot.size.left + plot.size.width + rightMargin
  }

  /// Room above the plot area, for the title.
  private static func top(of plot: Plot) -> Double { plot.title.isEmpty ? 4 : 28 }

  /// Room below it, for the x axis.
  private static func bottom(of plot: Plot) -> Double { plot.xAxis.isShared ? 4 : 46 }

  /// Height of a row of panels, with room for the legends below them.
  private static func height(of row: [Plot]) -> Double {
    let lines = row.map(\.legend.count).max() ?? 0
    return (row.map { top(of: $0) + $0.size.height + bottom(of: $0) }.max() ?? 0)
      + (lines > 0 ? Double(lines) * legendLine + 8 : 0)
  }

  /// The figure as one SVG file; equal figures give equal bytes.
  package static func text(_ figure: Figure, output: String) -> String {
    let panels = figure.panels.map { $0.map(Self.width(of:)).reduce(0, +) }.max() ?? 0
    let width = 2 * edge + max(panels, Self.width(of: usualPanel))
    var canvas = SVGCanvas()
    let textWidth = width - 2 * edge
    var y = edge
    for line in wrapped(figure.fullTitle, size: 15, width: textWidth, factor: 1.06) {
      y += 15
      canvas.text(
        line, edge, y, size: 15, weight: "bold", fill: figure.isSynthetic ? "#a11d1d" : "#222")
      y += 5
    }
    y += 6
    for (r, row) in figure.panels.enumerated() {
      var x = edge
      for (c, plot) in row.enumerated() {
        draw(
          plot, x: x + plot.size.left, y: y + top(of: plot), clip: "\(figure.name)-\(r)-\(c)",
          &canvas)
        x += Self.width(of: plot)
      }
      y += height(of: row)
    }
    y += 4
    for line in wrapped(figure.fullCaption, size: textSize, width: textWidth) {
      y += textSize
      canvas.text(line, edge, y, size: textSize)
      y += 4
    }
    for line in wrapped(figure.origin, size: 8.5, width: textWidth) {
      y += 10
      canvas.text(line, edge, y, size: 8.5, fill: "#666")
      y += 2
    }
    return canvas.document(
      width: width, height: y + edge, comment: figure.generatedLine(output: output),
      title: figure.fullTitle, description: figure.fullCaption)
  }

  /// One panel with its plot area at (x, y).
  private static func draw(
    _ plot: Plot, x: Double, y: Double, clip: String, _ canvas: inout SVGCanvas
  ) {
    let (plotWidth, plotHeight) = (plot.size.width, plot.size.height)
    canvas.clip(clip, x, y, plotWidth, plotHeight)
    if !plot.title.isEmpty {
      canvas.text(plot.title, x + plotWidth / 2, y - 9, size: 12, anchor: .middle, weight: "bold")
    }
    if let message = plot.message {
      canvas.rectangle(x, y, plotWidth, plotHeight, fill: "#f4f4f4", stroke: "#bbb")
      canvas.text(
        message, x + plotWidth / 2, y + plotHeight / 2, size: textSize, anchor: .middle,
        fill: "#666")
      return
    }
    drawAxes(plot, x: x, y: y, &canvas)
    func place(_ point: PlotPoint) -> (x: Double, y: Double) {
      // Far outside points stay finite; the clip hides them.
      let u = min(max(plot.xAxis.position(point.x), -3), 4)
      let v = min(max(plot.yAxis.position(point.y), -3), 4)
      return (x + u * plotWidth, y + (1 - v) * plotHeight)
    }
    for layer in plot.layers { draw(layer, plot, place, clip: clip, &canvas) }
    canvas.rectangle(x, y, plotWidth, plotHeight, stroke: "#333")
    drawLegend(plot, x: x, y: y, &canvas)
  }

  private static func drawAxes(
    _ plot: Plot, x: Double, y: Double, _ canvas: inout SVGCanvas
  ) {
    let (plotWidth, plotHeight) = (plot.size.width, plot.size.height)
    let bottom = y + plotHeight
    for tick in plot.xAxis.ticks {
      let place = x + plot.xAxis.position(tick.value) * plotWidth
      canvas.line(place, y, place, bottom, stroke: "#e3e3e3", width: 0.8)
      if plot.xAxis.isShared { continue }
      canvas.line(place, bottom, place, bottom + 5, stroke: "#333")
      canvas.text(
        tick.text, place, bottom + 17, size: smallSize, anchor: .middle,
        superscript: tick.superscript)
    }
    for value in plot.xAxis.minorTicks where !plot.xAxis.isShared {
      let place = x + plot.xAxis.position(value) * plotWidth
      canvas.line(place, bottom, place, bottom + 2.5, stroke: "#333", width: 0.7)
    }
    for tick in plot.yAxis.ticks {
      let place = bottom - plot.yAxis.position(tick.value) * plotHeight
      canvas.line(x, place, x + plotWidth, place, stroke: "#e3e3e3", width: 0.8)
      canvas.line(x - 5, place, x, place, stroke: "#333")
      canvas.text(
        tick.text, x - 8, place + 3.4, size: smallSize, anchor: .end,
        superscript: tick.superscript)
    }
    for value in plot.yAxis.minorTicks {
      let place = bottom - plot.yAxis.position(value) * plotHeight
      canvas.line(x - 2.5, place, x, place, stroke: "#333", width: 0.7)
    }
    if !plot.xAxis.isShared {
      canvas.text(
        plot.xAxis.label, x + plotWidth / 2, bottom + 33,
        size: fitted(plot.xAxis.label, textSize, plotWidth + 40), anchor: .middle)
    }
    if plot.yAxis.label.isEmpty { return }
    canvas.text(
      plot.yAxis.label, x - 42, y + plotHeight / 2,
      size: fitted(plot.yAxis.label, textSize, plotHeight + 20), anchor: .middle, rotated: true)
  }

  private static func draw(
    _ layer: PlotLayer, _ plot: Plot, _ place: (PlotPoint) -> (x: Double, y: Double),
    clip: String, _ canvas: inout SVGCanvas
  ) {
    let y0 = plot.yAxis.range.lowerBound
    let y1 = plot.yAxis.range.upperBound
    func guide(_ start: PlotPoint, _ end: PlotPoint, _ label: String, dy: Double) {
      let (from, to) = (place(start), place(end))
      canvas.line(from.x, from.y, to.x, to.y, stroke: "#777", width: 0.9, dash: "1.5 2.5")
      if !label.isEmpty { canvas.text(label, from.x + 4, from.y + dy, size: 8.5, fill: "#555") }
    }
    switch layer {
    case .line(let points, let style):
      canvas.polyline(
        points.map(place), stroke: style.colour, width: style.width, dash: style.dash,
        opacity: style.opacity, clip: clip)
    case .band(let x, let lower, let upper, let style):
      let edge =
        zip(x, upper).map { place(PlotPoint($0, $1)) }
        + zip(x, lower).reversed().map { place(PlotPoint($0, $1)) }
      canvas.polygon(edge, fill: style.colour, opacity: 0.18, clip: clip)
    case .points(let points, let style):
      for point in points
      where plot.xAxis.range.contains(point.x) && plot.yAxis.range.contains(point.y) {
        mark(place(point), style, &canvas)
      }
    case .interval(let x, let value, let lower, let upper, let style):
      let top = place(PlotPoint(x, min(upper, y1)))
      let bottom = place(PlotPoint(x, max(lower, y0)))
      canvas.line(top.x, top.y, bottom.x, bottom.y, stroke: style.colour, width: 1.2)
      // An end outside the plot has no cap: the interval goes on.
      for (end, bound) in [(top, upper), (bottom, lower)] where plot.yAxis.range.contains(bound) {
        canvas.line(end.x - 3, end.y, end.x + 3, end.y, stroke: style.colour, width: 1.2)
      }
      if plot.yAxis.range.contains(value) { mark(place(PlotPoint(x, value)), style, &canvas) }
    case .bars(let edges, let heights, let style):
      for (i, height) in heights.enumerated() where height > y0 {
        let low = place(PlotPoint(edges[i], y0))
        let high = place(PlotPoint(edges[i + 1], min(height, y1)))
        canvas.rectangle(
          low.x, high.y, max(0, high.x - low.x), max(0, low.y - high.y), fill: style.colour,
          stroke: style.colour, opacity: 0.3)
      }
    case .label(let point, let text, let isBelow):
      let (x, y) = place(PlotPoint(point.x, min(max(point.y, y0), y1)))
      // Inside the panel, whichever side was asked for.
      let (top, bottom) = (place(PlotPoint(point.x, y1)).y, place(PlotPoint(point.x, y0)).y)
      let below = isBelow ? y + 12 < bottom : y - 12 < top
      canvas.text(text, x, below ? y + 10 : y - 4, size: 8.5, anchor: .middle, fill: "#222")
    case .verticalGuide(let x, let label):
      guide(PlotPoint(x, y1), PlotPoint(x, y0), label, dy: 12)
    case .horizontalGuide(let y, let label):
      let range = plot.xAxis.range
      guide(PlotPoint(range.lowerBound, y), PlotPoint(range.upperBound, y), label, dy: -3)
    }
  }

  private static func mark(
    _ place: (x: Double, y: Double), _ style: SeriesStyle, _ canvas: inout SVGCanvas
  ) {
    let (x, y) = place
    let r = 3.2
    switch style.marker {
    case .none: break
    case .circle: canvas.circle(x, y, radius: r, fill: style.colour, stroke: "#fff")
    case .square:
      canvas.rectangle(x - r, y - r, 2 * r, 2 * r, fill: style.colour, stroke: "#fff")
    case .triangle:
      canvas.polygon(
        [(x, y - 1.3 * r), (x + 1.2 * r, y + 0.9 * r), (x - 1.2 * r, y + 0.9 * r)],
        fill: style.colour, stroke: "#fff")
    case .diamond:
      canvas.polygon(
        [(x, y - 1.4 * r), (x + 1.2 * r, y), (x, y + 1.4 * r), (x - 1.2 * r, y)],
        fill: style.colour, stroke: "#fff")
    }
  }

  private static func drawLegend(
    _ plot: Plot, x: Double, y: Double, _ canvas: inout SVGCanvas
  ) {
    guard !plot.legend.isEmpty else { return }
    let sample = 28.0
    let (plotWidth, leftMargin) = (plot.size.width, plot.size.left)
    let size = plot.legend.map { fitted($0.text, smallSize, Self.width(of: plot) - sample - 12) }
      .min()!
    let width = plot.legend.map { SVGCanvas.width($0.text, size: size) }.max()! + sample + 14
    let left = max(x - leftMargin + 4, x + (plotWidth - width) / 2)
    let top = y + plot.size.height + bottom(of: plot) - 6
    for (i, entry) in plot.legend.enumerated() {
      let middle = top + 3 + legendLine * (Double(i) + 0.5)
      if entry.style.width > 0 {
        canvas.line(
          left + 5, middle, left + 5 + sample, middle, stroke: entry.style.colour,
          width: entry.style.width + 0.2, dash: entry.style.dash)
      } else {
        mark((left + 5 + sample / 2, middle), entry.style, &canvas)
      }
      canvas.text(entry.text, left + sample + 10, middle + size * 0.35, size: size)
    }
  }

  /// What is never narrower: a figure has room for its caption.
  private static let usualPanel = Plot(
    title: "", xAxis: PlotAxis("", range: 0...1), yAxis: PlotAxis("", range: 0...1))

  /// The size at which a text fits, at most `size`, at least 6.
  private static func fitted(_ text: String, _ size: Double, _ width: Double) -> Double {
    let needed = SVGCanvas.width(text, size: size)
    return needed <= width ? size : max(6, size * width / needed)
  }

  /// Breaks a text at spaces into lines that fit; `factor` widens for bold.
  static func wrapped(
    _ text: String, size: Double, width: Double, factor: Double = 1
  ) -> [String] {
    Specs.wrapped(text) { SVGCanvas.width($0, size: size) * factor <= width }
  }
}
