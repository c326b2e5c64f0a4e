// What a figure shows, without saying how it is drawn: SVG and PGFPlots are made from it.
import Results

/// How a series looks. Colours differ in lightness and every style has its own dash and marker, so
/// that figures survive grey printers and colour-blind readers.
package struct SeriesStyle: Sendable, Equatable {
  package enum Marker: Sendable, Equatable {
    case none, circle, square, triangle, diamond
  }
  /// Hexadecimal, "#1b4f9c".
  package var colour: String
  /// Lengths of dash and gap in pixels; empty: solid.
  package var dash = ""
  package var marker = Marker.none
  /// Of the line in pixels; 0: points without a line, in the legend too.
  package var width = 1.6
  package var opacity = 1.0

  /// Traditional systems: black, dashed.
  package static let baseline = SeriesStyle(colour: "#222222", dash: "5 3", marker: .square)

  /// Styles of compared systems, dark to light; they repeat after the last.
  package static func series(_ i: Int) -> SeriesStyle { palette[i % palette.count] }

  /// A style for each of the systems; once the palette is used up, with another dash and marker.
  static func styles(of systems: [SystemConfiguration]) -> [SeriesStyle] {
    let compared = systems.filter { !$0.isTraditional }
    return systems.map { system in
      guard let i = compared.firstIndex(of: system) else { return .baseline }
      var style = series(i)
      if i >= palette.count { (style.dash, style.marker) = ("1.5 3", .square) }
      return style
    }
  }

  private static let palette = [
    SeriesStyle(colour: "#1b4f9c", marker: .circle),
    SeriesStyle(colour: "#d95f02", dash: "9 2.5", marker: .triangle),
    SeriesStyle(colour: "#2a9d6f", dash: "7 2.5 1.5 2.5", marker: .diamond),
    SeriesStyle(colour: "#a0469b", dash: "2 2", marker: .circle),
    SeriesStyle(colour: "#8a6d1d", dash: "12 3 2 3 2 3", marker: .square),
    SeriesStyle(colour: "#5fa8d3", dash: "4 1.5", marker: .triangle),
  ]
}

/// A place in a plot, in the units of its axes.
package struct PlotPoint: Sendable, Equatable {
  package var x: Double
  package var y: Double
  package init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// One thing drawn in a plot; later layers lie on top.
package enum PlotLayer: Sendable {
  case line([PlotPoint], SeriesStyle)
  /// Area between lower and upper at each x.
  case band(x: [Double], lower: [Double], upper: [Double], SeriesStyle)
  case points([PlotPoint], SeriesStyle)
  /// Vertical interval at x with a marker at the value.
  case interval(x: Double, value: Double, lower: Double, upper: Double, SeriesStyle)
  /// Bars from the lower end of the y axis, e.g. of a histogram: edges [n + 1], heights [n].
  case bars(edges: [Double], heights: [Double], SeriesStyle)
  /// A thin guide across the plot.
  case verticalGuide(x: Double, label: String)
  case horizontalGuide(y: Double, label: String)
  /// A short text above or below a place, e.g. the number of a point.
  case label(PlotPoint, String, isBelow: Bool)
}

/// One line of a legend.
package struct LegendEntry: Sendable, Equatable {
  package var text: String
  package var style: SeriesStyle
  package init(_ text: String, _ style: SeriesStyle) {
    self.text = text
    self.style = style
  }
}

extension PlotLayer {
  /// Whether it shows data, not only where to look.
  var isData: Bool {
    switch self {
    case .line(let points, _), .points(let points, _): !points.isEmpty
    case .band(let x, _, _, _): !x.isEmpty
    case .interval: true
    case .bars(_, let heights, _): !heights.isEmpty
    case .verticalGuide, .horizontalGuide, .label: false
    }
  }
}

/// Size of the plot area of a panel, and the room on its left, in pixels.
package struct PlotSize: Sendable, Equatable {
  package var width: Double
  package var height: Double
  /// For tick labels and the name of the axis.
  package var left: Double

  package init(width: Double, height: Double, left: Double) {
    (self.width, self.height, self.left) = (width, height, left)
  }

  /// Two or three of them are as wide as a page.
  package static let usual = PlotSize(width: 270, height: 210, left: 58)
}

/// One panel.
package struct Plot: Sendable {
  /// Empty: none, and no room for one.
  package var title: String
  package var size = PlotSize.usual
  package var xAxis: PlotAxis
  package var yAxis: PlotAxis
  package var layers: [PlotLayer]
  /// Below the panel, where it never covers data.
  package var legend: [LegendEntry]
  /// Shown in the middle of an empty panel: "not run".
  package var message: String?

  package init(
    title: String, xAxis: PlotAxis, yAxis: PlotAxis, layers: [PlotLayer] = [],
    legend: [LegendEntry] = [], message: String? = nil
  ) {
    self.title = title
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.layers = layers
    self.legend = legend
    self.message = message
  }
}

/// A figure: small multiples in rows and columns under one title.
package struct Figure: Captioned, Sendable {
  /// File stem: "figure3".
  package var name: String
  package var title: String
  /// What it shows and how to read it.
  package var caption: String
  package var isSynthetic: Bool
  /// Rows of panels; rows may differ in length.
  package var panels: [[Plot]]
  package var provenance: ProvenanceSummary
  /// Where the numbers come from when not from records; nil: `provenance` says it.
  package var source: Source?

  /// The origin of a figure that is not made from records.
  package struct Source: Sendable, Equatable {
    /// The command that makes it.
    package var command: String
    /// One line on the origin of the numbers.
    package var origin: String

    package init(command: String, origin: String) {
      self.command = command
      self.origin = origin
    }
  }

  package init(
    name: String, title: String, caption: String, isSynthetic: Bool, panels: [[Plot]],
    provenance: ProvenanceSummary, source: Source? = nil
  ) {
    self.name = name
    self.title = title
    self.caption = caption
    self.isSynthetic = isSynthetic
    self.panels = panels
    self.provenance = provenance
    self.source = source
  }

  /// Whether no panel shows data.
  package var isEmpty: Bool {
    panels.joined().allSatisfy { plot in !plot.layers.contains(where: \.isData) }
  }

  /// Whether panels stand below others that have the same axis.
  package var sharesAxes: Bool { panels.joined().contains { $0.xAxis.isShared } }

  /// The command that writes it; `output` is the output that makes the figure.
  func commandText(output: String) -> String {
    source?.command ?? "Harness table \(provenance.experiment) -o \(output)"
  }

  /// What the generated files begin with.
  package func generatedLine(output: String) -> String {
    "Generated by `\(commandText(output: output))`; do not edit."
      + (isSynthetic ? " SYNTHETIC DATA." : "")
  }

  /// One line on the origin of the numbers, printed small below the figure.
  package var origin: String {
    if let source { return source.origin }
    return provenance.lines.filter { ["Experiment", "Spec", "Code"].contains($0.label) }
      .map { "\($0.label): \($0.text)" }.joined(separator: " · ")
  }
}
