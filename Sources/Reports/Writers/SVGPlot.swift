// Draws a figure as SVG: nothing but panels, legends and the mark of synthetic data. Lengths are big
// points (1/72 inch), the natural size is that of print.
import Specs

/// Writes figures as SVG.
package enum SVGPlot {
  /// The figure as one SVG file; equal figures give equal bytes. Title, caption and origin stand in its
  /// metadata.
  package static func text(_ figure: Figure, output: String) -> String {
    let layout = FigureLayout(figure)
    var canvas = SVGCanvas()
    if let mark = layout.mark {
      canvas.text(
        FigureLayout.syntheticMark, mark.x, mark.y, size: FigureText.small, anchor: .middle,
        weight: "bold", fill: "#a11d1d")
    }
    for panel in layout.panels {
      draw(panel, clip: "\(SVGCanvas.identifier(figure.name))-\(panel.id)", &canvas)
    }
    for entry in layout.legend { draw(entry, &canvas) }
    return canvas.document(
      width: layout.width, height: layout.height, comment: figure.generatedLine(output: output),
      title: figure.fullTitle, description: figure.fullCaption, metadata: figure.origin)
  }

  private static func draw(_ panel: FigureLayout.Panel, clip: String, _ canvas: inout SVGCanvas) {
    let (x, y, width, height) = (panel.x, panel.y, panel.width, panel.height)
    for (i, line) in panel.title.enumerated() {
      let place = panel.titlePlace(i)
      canvas.text(line, place.x, place.y, size: FigureText.name, anchor: .middle, weight: "bold")
    }
    if let message = panel.plot.message {
      canvas.rectangle(x, y, width, height, fill: "#f4f4f4", stroke: "#bbb", strokeWidth: 0.5)
      let lines = FigureText.lines(message, size: FigureText.small, width: width - 6, most: 3)
      for (i, line) in lines.enumerated() {
        canvas.text(
          line, x + width / 2, y + height / 2 + Double(i) * FigureText.line,
          size: FigureText.small, anchor: .middle, fill: "#555")
      }
      return
    }
    canvas.clip(clip, x, y, width, height)
    drawAxes(panel, &canvas)
    for (i, layer) in panel.plot.layers.enumerated() {
      if case .label(_, let text, _) = layer, let at = panel.labels[i] {
        canvas.text(text, at.x, at.y, size: FigureText.small, anchor: .middle, fill: "#222")
      } else {
        draw(layer, panel, clip: clip, &canvas)
      }
    }
    canvas.rectangle(x, y, width, height, stroke: "#333", strokeWidth: 0.5)
  }

  private static func drawAxes(_ panel: FigureLayout.Panel, _ canvas: inout SVGCanvas) {
    let (x, y, width, height) = (panel.x, panel.y, panel.width, panel.height)
    let (xAxis, yAxis) = (panel.plot.xAxis, panel.plot.yAxis)
    let bottom = y + height
    func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ stroke: String = "#333") {
      canvas.line(x1, y1, x2, y2, stroke: stroke, width: 0.4)
    }
    for tick in panel.xTicks {
      let place = x + xAxis.position(tick.value) * width
      line(place, y, place, bottom, "#e3e3e3")
      if xAxis.isShared { continue }
      line(place, bottom, place, bottom + 2.5)
      canvas.text(
        tick.text, place, bottom + 9.5, size: FigureText.small, anchor: .middle,
        superscript: tick.superscript)
    }
    for value in xAxis.minorTicks where !xAxis.isShared {
      let place = x + xAxis.position(value) * width
      line(place, bottom, place, bottom + 1.3)
    }
    for tick in panel.yTicks {
      let place = bottom - yAxis.position(tick.value) * height
      line(x, place, x + width, place, "#e3e3e3")
      line(x - 2.5, place, x, place)
      canvas.text(
        tick.text, x - 4, place + 0.35 * FigureText.small, size: FigureText.small, anchor: .end,
        superscript: tick.superscript)
    }
    for value in yAxis.minorTicks {
      let place = bottom - yAxis.position(value) * height
      line(x - 1.3, place, x, place)
    }
    for (i, name) in panel.xName.enumerated() {
      let place = panel.xNamePlace(i)
      canvas.text(name, place.x, place.y, size: FigureText.name, anchor: .middle)
    }
    for (i, name) in panel.yName.enumerated() {
      let place = panel.yNamePlace(i)
      canvas.text(
        name, place.x, place.y, size: FigureText.name, anchor: .middle, rotated: true)
    }
  }

  private static func draw(
    _ layer: PlotLayer, _ panel: FigureLayout.Panel, clip: String, _ canvas: inout SVGCanvas
  ) {
    let yAxis = panel.plot.yAxis
    let (xRange, yRange) = (panel.plot.xAxis.range, yAxis.range)
    func guide(
      _ start: PlotPoint, _ end: PlotPoint, _ label: String, dx: Double, dy: Double,
      anchor: SVGCanvas.Anchor = .start
    ) {
      let (from, to) = (panel.place(start), panel.place(end))
      canvas.line(from.x, from.y, to.x, to.y, stroke: "#777", width: 0.6, dash: "1 1.5")
      if !label.isEmpty {
        canvas.text(
          label, from.x + dx, from.y + dy, size: FigureText.small, anchor: anchor, fill: "#555")
      }
    }
    switch layer {
    case .line(let points, let style):
      canvas.polyline(
        panel.visible(points).map { panel.place(points[$0]) }, stroke: style.colour,
        width: style.width * SeriesStyle.step, dash: dashes(style), opacity: style.opacity,
        clip: clip)
    case .band(let x, let lower, let upper, let style):
      canvas.polygon(
        PlotLayer.outline(x, lower, upper, panel).map(panel.place), fill: style.colour,
        opacity: PlotLayer.bandOpacity, clip: clip)
    case .points(let points, let style):
      let inside = points.filter { xRange.contains($0.x) && yAxis.shows($0.y) }
      let places = inside.map(panel.place)
      canvas.marks(Decimation.distinct(places).map { places[$0] }, style)
    case .interval(let point, let lower, let upper, let style):
      guard xRange.contains(point.x) else { break }
      func end(_ y: Double) -> (x: Double, y: Double) {
        panel.place(PlotPoint(point.x, y, aside: point.aside))
      }
      let top = end(min(upper, yRange.upperBound))
      let bottom = end(max(lower, yRange.lowerBound))
      canvas.line(top.x, top.y, bottom.x, bottom.y, stroke: style.colour, width: 0.7)
      // An end outside the plot has no cap: the interval goes on.
      for (end, bound) in [(top, upper), (bottom, lower)] where yRange.contains(bound) {
        canvas.line(end.x - 1.7, end.y, end.x + 1.7, end.y, stroke: style.colour, width: 0.7)
      }
      if yRange.contains(point.y) { canvas.marks([panel.place(point)], style) }
    case .horizontalInterval(let y, let value, let lower, let upper, let style):
      guard yRange.contains(y) else { break }
      let left = panel.place(PlotPoint(max(lower, xRange.lowerBound), y))
      let right = panel.place(PlotPoint(min(upper, xRange.upperBound), y))
      canvas.line(left.x, left.y, right.x, right.y, stroke: style.colour, width: 0.7)
      for (end, bound) in [(left, lower), (right, upper)] where xRange.contains(bound) {
        canvas.line(end.x, end.y - 1.7, end.x, end.y + 1.7, stroke: style.colour, width: 0.7)
      }
      if xRange.contains(value) { canvas.marks([panel.place(PlotPoint(value, y))], style) }
    case .bars(let edges, let heights, let style):
      canvas.polygon(
        PlotLayer.outline(edges: edges, heights: heights, floor: yRange.lowerBound)
          .map(panel.place), fill: style.colour, opacity: PlotLayer.barOpacity,
        stroke: style.colour, strokeWidth: style.width * SeriesStyle.step,
        dash: dashes(style), clip: clip)
    case .label: break
    case .verticalGuide(let x, let label):
      guard xRange.contains(x) else { break }
      let isLeft = panel.labelsLeft(of: x, label)
      guide(
        PlotPoint(x, yRange.upperBound), PlotPoint(x, yRange.lowerBound), label,
        dx: isLeft ? -2 : 2, dy: 8, anchor: isLeft ? .end : .start)
    case .horizontalGuide(let y, let label):
      guard yAxis.shows(y) else { break }
      guide(
        PlotPoint(xRange.lowerBound, y), PlotPoint(xRange.upperBound, y), label, dx: 2, dy: -2)
    }
  }

  private static func draw(_ entry: FigureLayout.Entry, _ canvas: inout SVGCanvas) {
    let (style, sample) = (entry.style, FigureLayout.Entry.sample)
    if style.width > 0 {
      canvas.line(
        entry.x, entry.y, entry.x + sample, entry.y, stroke: style.colour,
        width: style.width * SeriesStyle.step, dash: dashes(style))
    }
    canvas.marks([(entry.x + sample / 2, entry.y)], style)
    for (i, line) in entry.lines.enumerated() {
      let place = entry.baseline(i)
      canvas.text(line, place.x, place.y, size: FigureText.small)
    }
  }

  private static func dashes(_ style: SeriesStyle) -> String {
    style.dashLengths.map(SVGCanvas.number).joined(separator: " ")
  }
}
