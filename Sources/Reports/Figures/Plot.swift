// What a figure shows, without saying how it is drawn: SVG and PGFPlots are made from it.
import Results

/// A place in a plot, in the units of its axes.
package struct PlotPoint: Sendable, Equatable {
  package var x: Double
  package var y: Double
  /// Of marks that share an x: their order from left to right in the drawing alone
  /// (`SideBySide.swift`). Nil: it stands at its x whatever else stands there.
  package var aside: Double?
  package init(_ x: Double, _ y: Double, aside: Double? = nil) {
    self.x = x
    self.y = y
    self.aside = aside
  }
}

/// One thing drawn in a plot; later layers lie on top.
package enum PlotLayer: Sendable {
  case line([PlotPoint], SeriesStyle)
  /// Area between lower and upper at each x.
  case band(x: [Double], lower: [Double], upper: [Double], SeriesStyle)
  case points([PlotPoint], SeriesStyle)
  /// Vertical interval at the x of a value, with a marker at it.
  case interval(PlotPoint, lower: Double, upper: Double, SeriesStyle)
  /// The same lying, at a y.
  case horizontalInterval(y: Double, value: Double, lower: Double, upper: Double, SeriesStyle)
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
    case .interval, .horizontalInterval: true
    case .bars(_, let heights, _): !heights.isEmpty
    case .verticalGuide, .horizontalGuide, .label: false
    }
  }
}

/// One panel.
package struct Plot: Sendable {
  /// What tells the panel from the others of its figure; a panel that stands alone shows none.
  package var title: String
  /// Of the plot area, in big points; nil: follows from the width.
  package var height: Double?
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

/// A figure: small multiples in rows and columns. Title, caption and provenance are not drawn.
package struct Figure: Captioned, Sendable {
  /// File stem: "figure3".
  package var name: String
  package var title: String
  /// What it shows and how to read it; of the sentences those are printed that hold of the panels.
  package var sentences: [CaptionSentence]
  package var isSynthetic: Bool
  /// Rows of panels; rows may differ in length.
  package var panels: [[Plot]]
  /// As wide as a column of a paper or as both.
  package var width: FigureWidth
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
    name: String, title: String, caption: [CaptionSentence], isSynthetic: Bool, panels: [[Plot]],
    provenance: ProvenanceSummary, source: Source? = nil, width: FigureWidth? = nil
  ) {
    self.name = name
    self.title = title
    sentences = caption
    self.isSynthetic = isSynthetic
    self.panels = panels
    self.width = width ?? (panels.allSatisfy { $0.count < 2 } ? .column : .full)
    self.provenance = provenance
    self.source = source
  }

  package var caption: String {
    let drawn = DrawnParts(panels)
    return sentences.filter { !$0.text.isEmpty && $0.isTrue(drawn) }.map(\.text)
      .joined(separator: " ")
  }

  /// Whether no panel shows data.
  package var isEmpty: Bool {
    panels.joined().allSatisfy { plot in !plot.layers.contains(where: \.isData) }
  }

  /// The command that writes it; `output` is the output that makes the figure.
  func commandText(output: String) -> String {
    source.map { PathText.command($0.command) }
      ?? "Harness table \(provenance.experiment) -o \(output)"
  }

  /// What the generated files begin with.
  package func generatedLine(output: String) -> String {
    "Generated by `\(commandText(output: output))`; do not edit."
      + (isSynthetic ? " SYNTHETIC DATA." : "")
  }

  /// One line on the origin of the numbers, for the metadata of a drawing.
  package var origin: String {
    source?.origin ?? provenance.origin
  }
}

extension ProvenanceSummary {
  /// One line on the origin of the numbers, without the folders of whoever made them.
  var origin: String {
    lines.filter { ["Experiment", "Spec", "Code"].contains($0.label) }
      .map { "\($0.label): \($0.text)" }.joined(separator: " · ")
  }
}

extension PlotLayer {
  /// How much of what lies below areas and bars hide.
  static let bandOpacity = 0.16
  static let barOpacity = 0.28

  /// The edge of an area, all around.
  static func outline(
    _ x: [Double], _ lower: [Double], _ upper: [Double], _ panel: FigureLayout.Panel
  ) -> [PlotPoint] {
    let (top, bottom) = (
      zip(x, upper).map { PlotPoint($0, $1) }, zip(x, lower).map { PlotPoint($0, $1) }
    )
    return panel.visible(top).map { top[$0] } + panel.visible(bottom).reversed().map { bottom[$0] }
  }

  /// The outline of bars on a floor.
  static func outline(edges: [Double], heights: [Double], floor: Double) -> [PlotPoint] {
    var points = [PlotPoint(edges[0], floor)]
    for (i, height) in heights.enumerated() {
      points += [
        PlotPoint(edges[i], max(height, floor)), PlotPoint(edges[i + 1], max(height, floor)),
      ]
    }
    return points + [PlotPoint(edges[heights.count], floor)]
  }
}
