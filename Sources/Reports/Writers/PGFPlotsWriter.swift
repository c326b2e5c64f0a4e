import Foundation

/// Writes a figure as a PGFPlots picture with its data in the file, ready to `\input` in a paper.
///
/// Lines, points, bands and intervals are written; their styles follow those of the SVG.
package enum PGFPlotsWriter {
  package static func text(_ figure: Figure, output: String) -> String {
    let columns = figure.panels.map(\.count).max() ?? 1
    var lines = [
      figure.generatedLine(output: output), figure.fullTitle, "Caption: \(figure.fullCaption)",
      figure.origin,
      "Needs \\usepackage{pgfplots}, \\usepgfplotslibrary{groupplots}, \\pgfplotsset{compat=1.16}.",
    ].map { "% \($0)" }
    lines.append("\\begin{tikzpicture}")
    lines.append(
      "\\begin{groupplot}[group style={group size=\(columns) by \(figure.panels.count), "
        + "horizontal sep=1.6cm, vertical sep=\(figure.sharesAxes ? "0.2cm" : "3cm")}, "
        + "width=6.2cm, height=5.2cm,")
    lines.append(
      "  legend style={font=\\tiny, draw=black!20}, legend cell align=left, grid=major,")
    lines.append(
      "  grid style={black!12}, tick label style={font=\\scriptsize}, "
        + "label style={font=\\footnotesize}, title style={font=\\footnotesize\\bfseries}]")
    for row in figure.panels {
      for plot in row { lines += panel(plot) }
      for _ in row.count..<columns { lines.append("\\nextgroupplot[hide axis]") }
    }
    lines += ["\\end{groupplot}"]
    if figure.isSynthetic {
      lines.append(
        "\\node[anchor=south west, font=\\bfseries] at (current bounding box.north west) "
          + "{SYNTHETIC DATA};")
    }
    lines.append("\\end{tikzpicture}")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func panel(_ plot: Plot) -> [String] {
    let title = LaTeXWriter.escaped(plot.title)
    if let message = plot.message {
      return [
        "\\nextgroupplot[title={\(title)}, ticks=none, xmin=0, xmax=1, ymin=0, ymax=1]",
        "\\node at (axis cs:0.5,0.5) {\(LaTeXWriter.escaped(message))};",
      ]
    }
    var lines = [
      "\\nextgroupplot[title={\(title)}, \(size(plot))\(axis(plot.xAxis, "x")), "
        + "\(axis(plot.yAxis, "y")), legend style={at={(0.5,-0.32)}, anchor=north, draw=none}]"
    ]
    for layer in plot.layers { lines += draw(layer, plot) }
    for entry in plot.legend {
      lines.append(
        "\\addlegendimage{\(entry.style.width > 0 ? style(entry.style) : marks(entry.style))}")
      lines.append("\\addlegendentry{\(LaTeXWriter.escaped(entry.text))}")
    }
    return lines
  }

  /// Options of a panel of another size than the usual one: that of the plot area, in centimetres.
  private static func size(_ plot: Plot) -> String {
    if plot.size == .usual { return "" }
    let (width, height) = (number(plot.size.width * 0.0235), number(plot.size.height * 0.0235))
    return "scale only axis, width=\(width)cm, height=\(height)cm, "
  }

  /// Probit axes are drawn by their transformed values with labels set by hand.
  private static func axis(_ axis: PlotAxis, _ letter: String) -> String {
    var options = axis.isShared ? [] : ["\(letter)label={\(LaTeXWriter.escaped(axis.label))}"]
    /// Ticks at given places with their texts, none on an axis that is labelled elsewhere.
    func ticks(_ place: (Double) -> Double) -> [String] {
      let texts = axis.ticks.map { axis.isShared ? "" : LaTeXWriter.escaped($0.text) }
      return [
        "\(letter)tick={\(axis.ticks.map { number(place($0.value)) }.joined(separator: ","))}",
        "\(letter)ticklabels={\(texts.joined(separator: ","))}",
      ]
    }
    switch axis.scale {
    case .probit: options += ["\(letter)min=0, \(letter)max=1"] + ticks(axis.position)
    case .categories:
      options +=
        [
          "\(letter)min=\(number(axis.range.lowerBound)), \(letter)max=\(number(axis.range.upperBound))"
        ]
        + ticks { $0 }
    case .linear, .log:
      options += [
        "\(letter)mode=\(axis.scale == .log ? "log" : "normal")",
        "\(letter)min=\(number(axis.range.lowerBound)), \(letter)max=\(number(axis.range.upperBound))",
      ]
    }
    return options.joined(separator: ", ")
  }

  private static func draw(_ layer: PlotLayer, _ plot: Plot) -> [String] {
    func coordinates(_ points: [PlotPoint]) -> String {
      points.map { "(\(value($0.x, plot.xAxis)),\(value($0.y, plot.yAxis)))" }.joined()
    }
    func guide(_ ends: [PlotPoint]) -> [String] {
      [
        "\\addplot[densely dotted, black!55, forget plot] coordinates {\(coordinates(ends))};"
      ]
    }
    let y = plot.yAxis.range
    switch layer {
    case .line(let points, let look):
      return ["\\addplot[\(style(look)), forget plot] coordinates {\(coordinates(points))};"]
    case .band(let x, let lower, let upper, let look):
      let edge =
        zip(x, upper).map { PlotPoint($0, $1) } + zip(x, lower).reversed().map { PlotPoint($0, $1) }
      return [
        "\\addplot[draw=none, fill={\(colour(look))}, fill opacity=0.18, forget plot] "
          + "coordinates {\(coordinates(edge))} \\closedcycle;"
      ]
    case .points(let points, let look):
      return [
        "\\addplot[\(marks(look)), forget plot] coordinates {\(coordinates(points))};"
      ]
    case .interval(let x, let middle, let lower, let upper, let look):
      return [
        "\\addplot[color={\(colour(look))}, mark=-, forget plot] "
          + "coordinates {\(coordinates([PlotPoint(x, lower), PlotPoint(x, upper)]))};"
      ] + draw(.points([PlotPoint(x, middle)], look), plot)
    case .bars(let edges, let heights, let look):
      return heights.enumerated().filter { $1 > y.lowerBound }.map { i, height in
        let corners = [
          PlotPoint(edges[i], y.lowerBound), PlotPoint(edges[i], height),
          PlotPoint(edges[i + 1], height), PlotPoint(edges[i + 1], y.lowerBound),
        ]
        return "\\addplot[draw={\(colour(look))}, fill={\(colour(look))}, fill opacity=0.3, "
          + "forget plot] coordinates {\(coordinates(corners))};"
      }
    case .label(let point, let text, let isBelow):
      return [
        "\\node[font=\\tiny, anchor=\(isBelow ? "north" : "south")] at "
          + "(axis cs:\(value(point.x, plot.xAxis)),\(value(point.y, plot.yAxis))) "
          + "{\(LaTeXWriter.escaped(text))};"
      ]
    case .verticalGuide(let x, _):
      return guide([PlotPoint(x, y.lowerBound), PlotPoint(x, y.upperBound)])
    case .horizontalGuide(let level, _):
      let x = plot.xAxis.range
      return guide([PlotPoint(x.lowerBound, level), PlotPoint(x.upperBound, level)])
    }
  }

  private static func style(_ style: SeriesStyle) -> String {
    let lengths = style.dash.split(separator: " ").map { "\($0)pt" }
    let dash =
      lengths.isEmpty
      ? "solid"
      : "dash pattern="
        + lengths.enumerated().map { ($0 % 2 == 0 ? "on " : "off ") + $1 }.joined(separator: " ")
    return "color={\(colour(style))}, line width=\(number(style.width * 0.6))pt, \(dash)"
  }

  /// Points without a line.
  private static func marks(_ style: SeriesStyle) -> String {
    let mark =
      switch style.marker {
      case .none, .circle: "*"
      case .square: "square*"
      case .triangle: "triangle*"
      case .diamond: "diamond*"
      }
    return "only marks, mark=\(mark), mark size=1.4pt, color={\(colour(style))}"
  }

  /// "rgb,255:red,27;green,79;blue,156" of "#1b4f9c".
  private static func colour(_ style: SeriesStyle) -> String {
    var hex = style.colour.dropFirst()
    if hex.count == 3 { hex = Substring(hex.flatMap { [$0, $0] }) }
    let value = Int(hex, radix: 16) ?? 0
    return "rgb,255:red,\(value >> 16);green,\(value >> 8 & 255);blue,\(value & 255)"
  }

  private static func value(_ value: Double, _ axis: PlotAxis) -> String {
    number(axis.scale == .probit ? axis.position(value) : value)
  }

  /// Six significant digits are more than print can show.
  private static func number(_ value: Double) -> String { String(format: "%.6g", value) }
}
