import Foundation

/// Writes a figure as a PGFPlots picture with its data in the file, ready to `\input` in a paper. It has the
/// size, places, colours, marks, dashes, limits, ticks and legend of the SVG, in the paper's own font.
package enum PGFPlotsWriter {
  package static func text(_ figure: Figure, output: String) -> String {
    let layout = FigureLayout(figure)
    let width = number(layout.width)
    var lines = [
      figure.generatedLine(output: output), figure.fullTitle,
      "The text of the caption stands in \(figure.name).caption.tex.", figure.origin,
      "Needs \\usepackage{pgfplots} and \\pgfplotsset{compat=1.16}; \(width) bp wide"
        + (figure.width == .full ? ", for figure*." : "."),
    ].flatMap { $0.split(separator: "\n") }.map { "% \($0)" }
    lines.append("\\begin{tikzpicture}[x=1bp, y=1bp]")
    lines.append("\\useasboundingbox (0,0) rectangle (\(width),\(number(layout.height)));")
    if let mark = layout.mark {
      lines.append(
        node(
          FigureLayout.syntheticMark, mark, layout,
          "anchor=base, text={rgb,255:red,161;green,29;blue,29}, \(font(FigureText.small, isBold: true))"
        ))
    }
    for panel in layout.panels { lines += draw(panel, layout) }
    for entry in layout.legend { lines += draw(entry, layout) }
    lines.append("\\end{tikzpicture}%")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func draw(_ panel: FigureLayout.Panel, _ layout: FigureLayout) -> [String] {
    var lines = panel.title.enumerated().map { i, line in
      node(
        line, panel.titlePlace(i), layout, "anchor=base, \(font(FigureText.name, isBold: true))")
    }
    let bottom = layout.height - panel.y - panel.height
    if let message = panel.plot.message {
      lines.append(
        "\\draw[black!27, fill=black!4, line width=0.5bp] (\(number(panel.x)),\(number(bottom))) "
          + "rectangle ++(\(number(panel.width)),\(number(panel.height)));")
      let texts = FigureText.lines(
        message, size: FigureText.small, width: panel.width - 6, most: 3)
      return lines
        + texts.enumerated().map { i, text in
          let place = (
            x: panel.x + panel.width / 2,
            y: panel.y + panel.height / 2 + Double(i) * FigureText.line
          )
          return node(
            text, place, layout, "anchor=base, text=black!67, \(font(FigureText.small))")
        }
    }
    let size = "width=\(number(panel.width))bp, height=\(number(panel.height))bp"
    lines += [
      "\\begin{axis}[at={(\(number(panel.x))bp,\(number(bottom))bp)}, anchor=south west, "
        + "scale only axis, \(size),",
      "  axis line style={black!80, line width=0.5bp}, scaled ticks=false, tick align=outside, "
        + "tick pos=left,",
      "  tick style={black!80, line width=0.4bp}, major tick length=2.5bp, "
        + "minor tick length=1.3bp, grid=major,",
      "  grid style={black!11, line width=0.4bp}, tick label style={inner sep=1.5bp, "
        + "\(font(FigureText.small))},",
      "  \(axis(panel.plot.xAxis, panel.xTicks, "x")),",
      "  \(axis(panel.plot.yAxis, panel.yTicks, "y"))]",
    ]
    for (i, layer) in panel.plot.layers.enumerated() {
      if case .label(_, let text, _) = layer, let at = panel.labels[i] {
        let (dx, dy) = (at.x - panel.x, panel.y + panel.height - at.y)
        lines.append(
          "\\node[anchor=base, inner sep=0pt, \(font(FigureText.small))] at "
            + "([xshift=\(number(dx))bp, yshift=\(number(dy))bp]rel axis cs:0,0) {\(escaped(text))};"
        )
      } else {
        lines += draw(layer, panel)
      }
    }
    lines.append("\\end{axis}")
    lines += panel.xName.enumerated().map { i, name in
      node(name, panel.xNamePlace(i), layout, "anchor=base, \(font(FigureText.name))")
    }
    lines += panel.yName.enumerated().map { i, name in
      node(name, panel.yNamePlace(i), layout, "rotate=90, anchor=base, \(font(FigureText.name))")
    }
    return lines
  }

  private static func draw(_ entry: FigureLayout.Entry, _ layout: FigureLayout) -> [String] {
    let (style, sample) = (entry.style, FigureLayout.Entry.sample)
    let y = number(layout.height - entry.y)
    var lines: [String] = []
    if style.width > 0 {
      lines.append(
        "\\draw[\(look(style, opacity: false))] (\(number(entry.x)),\(y)) -- "
          + "(\(number(entry.x + sample)),\(y));")
    }
    if style.marker != .none {
      lines.append(
        "\\draw[\(mark(style))] plot coordinates {(\(number(entry.x + sample / 2)),\(y))};")
    }
    return lines
      + entry.lines.enumerated().map { i, line in
        node(line, entry.baseline(i), layout, "anchor=base west, \(font(FigureText.small))")
      }
  }

  /// Limits and ticks. Probit axes are drawn by their transformed values.
  private static func axis(_ axis: PlotAxis, _ ticks: [PlotAxis.Tick], _ letter: String) -> String {
    var options = ["\(letter)mode=\(axis.scale == .log ? "log" : "normal")"]
    options.append(
      axis.scale == .probit
        ? "\(letter)min=0, \(letter)max=1"
        : "\(letter)min=\(number(axis.range.lowerBound)), \(letter)max=\(number(axis.range.upperBound))"
    )
    let texts = ticks.map { tick in
      tick.superscript.isEmpty
        ? "{\(escaped(tick.text))}"
        : "{$\(tick.text.replacing("·", with: "\\cdot "))^{\(tick.superscript.replacing("−", with: "-"))}$}"
    }
    func list(_ values: [Double]) -> String {
      values.map { value($0, axis) }.joined(separator: ",")
    }
    if ticks.isEmpty {
      options.append("\(letter)tick=\\empty")
    } else {
      options += [
        "\(letter)tick={\(list(ticks.map(\.value)))}",
        "\(letter)ticklabels={\(texts.joined(separator: ","))}",
      ]
    }
    let minor = axis.isShared ? [] : axis.minorTicks
    options.append(
      minor.isEmpty
        ? "minor \(letter) tick num=0, \(letter)minorticks=false"
        : "minor \(letter)tick={\(list(minor))}")
    if axis.isShared { options.append("\(letter)tick style={draw=none}") }
    return options.joined(separator: ", ")
  }

  private static func draw(_ layer: PlotLayer, _ panel: FigureLayout.Panel) -> [String] {
    let (xAxis, yAxis) = (panel.plot.xAxis, panel.plot.yAxis)
    func coordinates(_ points: [PlotPoint]) -> String {
      points.map { "(\(value(xAxis.near($0.x), xAxis)),\(value(yAxis.near($0.y), yAxis)))" }
        .joined()
    }
    func plot(_ options: String, _ points: [PlotPoint], _ end: String = "") -> String {
      "\\addplot[\(options), forget plot] coordinates {\(coordinates(points))}\(end);"
    }
    func place(_ point: PlotPoint) -> String {
      let shift = panel.shift(point)
      return (shift == 0 ? "(" : "([xshift=\(number(shift))bp]")
        + "axis cs:\(value(xAxis.near(point.x), xAxis)),\(value(yAxis.near(point.y), yAxis)))"
    }
    /// Of marks beside their x, which stands in the coordinates.
    func moved(_ shift: Double) -> String { shift == 0 ? "" : ", xshift=\(number(shift))bp" }
    func guide(
      _ ends: [PlotPoint], _ label: String, _ shift: String, anchor: String = "base west"
    ) -> [String] {
      [plot("no marks, black!53, line width=0.6bp, dash pattern=on 1bp off 1.5bp", ends)]
        + (label.isEmpty
          ? []
          : [
            "\\node[anchor=\(anchor), inner sep=0pt, text=black!67, \(font(FigureText.small)), "
              + "\(shift)] at \(place(ends[0])) {\(escaped(label))};"
          ])
    }
    /// An interval between two ends, capped where they lie inside.
    func interval(
      _ ends: [PlotPoint], _ isInside: [Bool], _ middle: PlotPoint, _ style: SeriesStyle,
      cap: String
    ) -> [String] {
      let aside = moved(panel.shift(middle))
      let line = "no marks, color={\(colour(style))}, line width=0.7bp" + aside
      let capped = zip(ends, isInside).filter(\.1).map(\.0)
      return [plot(line, ends)]
        + (capped.isEmpty
          ? []
          : [
            plot(
              "only marks, mark=\(cap), mark size=1.7bp, color={\(colour(style))}, "
                + "mark options={solid, line width=0.7bp}" + aside, capped)
          ]) + draw(.points([middle], style), panel)
    }
    let (x, y) = (xAxis.range, yAxis.range)
    switch layer {
    case .line(let points, let style):
      guard points.count > 1 else { return [] }
      let shown = panel.visible(points).map { points[$0] }
      // A line through marks that stand aside.
      if shown.contains(where: { panel.shift($0) != 0 }) {
        return ["\\draw[\(look(style))] \(shown.map(place).joined(separator: " -- "));"]
      }
      return [plot("no marks, \(look(style))", shown)]
    case .band(let xs, let lower, let upper, let style):
      guard xs.count > 1 else { return [] }
      return [
        plot(
          "no marks, draw=none, fill={\(colour(style))}, fill opacity=\(PlotLayer.bandOpacity)",
          PlotLayer.outline(xs, lower, upper, panel), " -- cycle")
      ]
    case .points(let points, let style):
      let inside = points.filter { x.contains($0.x) && yAxis.shows($0.y) }
      guard !inside.isEmpty, style.marker != .none else { return [] }
      let shown = Decimation.distinct(inside.map(panel.place)).map { inside[$0] }
      return shown.map(panel.shift).distinct().map { shift in
        plot(
          "only marks, \(mark(style))" + moved(shift), shown.filter { panel.shift($0) == shift })
      }
    case .interval(let point, let lower, let upper, let style):
      guard x.contains(point.x) else { return [] }
      return interval(
        [
          PlotPoint(point.x, max(lower, y.lowerBound)),
          PlotPoint(point.x, min(upper, y.upperBound)),
        ], [y.contains(lower), y.contains(upper)], point, style, cap: "-")
    case .horizontalInterval(let at, let middle, let lower, let upper, let style):
      guard y.contains(at) else { return [] }
      return interval(
        [PlotPoint(max(lower, x.lowerBound), at), PlotPoint(min(upper, x.upperBound), at)],
        [x.contains(lower), x.contains(upper)], PlotPoint(middle, at), style, cap: "|")
    case .bars(let edges, let heights, let style):
      guard !heights.isEmpty else { return [] }
      return [
        plot(
          "no marks, \(look(style, opacity: false)), fill={\(colour(style))}, "
            + "fill opacity=\(PlotLayer.barOpacity)",
          PlotLayer.outline(edges: edges, heights: heights, floor: y.lowerBound), " -- cycle")
      ]
    case .label: return []
    case .verticalGuide(let at, let label):
      guard x.contains(at) else { return [] }
      let isLeft = panel.labelsLeft(of: at, label)
      return guide(
        [PlotPoint(at, y.upperBound), PlotPoint(at, y.lowerBound)], label,
        "xshift=\(isLeft ? -2 : 2)bp, yshift=-8bp", anchor: isLeft ? "base east" : "base west")
    case .horizontalGuide(let level, let label):
      guard yAxis.shows(level) else { return [] }
      return guide(
        [PlotPoint(x.lowerBound, level), PlotPoint(x.upperBound, level)], label,
        "xshift=2bp, yshift=2bp")
    }
  }

  private static func look(_ style: SeriesStyle, opacity: Bool = true) -> String {
    let lengths = style.dashLengths.map { "\(number($0))bp" }
    let dash =
      lengths.isEmpty
      ? "solid"
      : "dash pattern="
        + lengths.enumerated().map { ($0 % 2 == 0 ? "on " : "off ") + $1 }.joined(separator: " ")
    return
      "color={\(colour(style))}, line width=\(number(style.width * SeriesStyle.step))bp, \(dash)"
      + (opacity && style.opacity < 1 ? ", draw opacity=\(number(style.opacity))" : "")
  }

  private static func mark(_ style: SeriesStyle) -> String {
    let options = "fill={\(colour(style))}, draw=white, line width=0.3bp, solid"
    let shape =
      switch style.marker {
      case .none: "mark=none"
      case .circle: "mark=*, mark options={\(options)}"
      case .square: "mark=square*, mark options={\(options)}"
      case .triangle: "mark=triangle*, mark options={\(options)}"
      case .downTriangle: "mark=triangle*, mark options={\(options), rotate=180}"
      case .diamond: "mark=diamond*, mark options={\(options)}"
      case .cross: "mark=x, mark options={draw={\(colour(style))}, line width=0.8bp, solid}"
      case .plus: "mark=+, mark options={draw={\(colour(style))}, line width=0.8bp, solid}"
      }
    let scale = [.triangle, .downTriangle, .diamond].contains(style.marker) ? 1.3 : 1
    return
      "color={\(colour(style))}, mark size=\(number(SeriesStyle.markerRadius * scale))bp, \(shape)"
  }

  /// "rgb,255:red,27;green,79;blue,156" of "#1b4f9c".
  private static func colour(_ style: SeriesStyle) -> String {
    var hex = style.colour.dropFirst()
    if hex.count == 3 { hex = Substring(hex.flatMap { [$0, $0] }) }
    let value = Int(hex, radix: 16) ?? 0
    return "rgb,255:red,\(value >> 16);green,\(value >> 8 & 255);blue,\(value & 255)"
  }

  private static func font(_ size: Double, isBold: Bool = false) -> String {
    "font=\\fontsize{\(number(size))bp}{\(number(FigureText.line))bp}\\selectfont"
      + (isBold ? "\\bfseries" : "")
  }

  /// A text at a place of the layout.
  private static func node(
    _ text: String, _ place: (x: Double, y: Double), _ layout: FigureLayout, _ options: String
  ) -> String {
    "\\node[inner sep=0pt, \(options)] at (\(number(place.x)),\(number(layout.height - place.y))) "
      + "{\(escaped(text))};"
  }

  private static func escaped(_ text: String) -> String { LaTeXWriter.escaped(text) }

  private static func value(_ value: Double, _ axis: PlotAxis) -> String {
    number(axis.scale == .probit ? axis.position(value) : value)
  }

  /// Six significant digits are more than print can show.
  private static func number(_ value: Double) -> String { String(format: "%.6g", value) }
}
