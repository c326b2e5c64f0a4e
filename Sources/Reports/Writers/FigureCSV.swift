import Files
import Results

/// Writes what a figure draws as CSV: a row per point, interval, bar or guide, in the units of the axes, so
/// that it can be drawn again by other programs.
package enum FigureCSV {
  package static let columns = [
    "panel_row", "panel_column", "panel", "x_axis", "y_axis", "kind", "series", "x", "y", "lower",
    "upper", "synthetic",
  ]

  package static func text(_ figure: Figure) -> String {
    var lines = [columns.joined(separator: ",")]
    let legends = figure.panels.joined().flatMap(\.legend)
    for (row, panels) in figure.panels.enumerated() {
      for (column, plot) in panels.enumerated() {
        let place = ["\(row + 1)", "\(column + 1)", plot.title, plot.xAxis.label, plot.yAxis.label]
        for layer in plot.layers {
          let kind = layer.kind
          let series = layer.text ?? name(layer.style, plot.legend + legends)
          for mark in layer.marks {
            let fields =
              place + [kind, series]
              + [mark.x, mark.y, mark.lower, mark.upper].map { $0.map { "\($0)" } ?? "" }
              + [figure.isSynthetic ? "true" : "false"]
            lines.append(csvRow(fields))
          }
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the legend says of a style; empty: nothing. Bands and points share colour and dash with the
  /// line that it shows.
  private static func name(_ style: SeriesStyle?, _ legend: [LegendEntry]) -> String {
    guard let style else { return "" }
    let entry =
      legend.first { $0.style == style }
      ?? legend.first { $0.style.colour == style.colour && $0.style.dash == style.dash }
      ?? legend.first { $0.style.colour == style.colour }
    return entry?.text ?? ""
  }
}

/// A place of a layer with what stands for it.
private struct Mark {
  var x: Double?
  var y: Double?
  var lower: Double?
  var upper: Double?
}

extension PlotLayer {
  fileprivate var kind: String {
    switch self {
    case .line: "line"
    case .band: "band"
    case .points: "point"
    case .interval: "interval"
    case .horizontalInterval: "horizontal-interval"
    case .bars: "bar"
    case .verticalGuide, .horizontalGuide: "guide"
    case .label: "label"
    }
  }

  /// Its own words, where it has some.
  fileprivate var text: String? {
    switch self {
    case .verticalGuide(_, let label), .horizontalGuide(_, let label), .label(_, let label, _):
      label
    case .line, .band, .points, .interval, .horizontalInterval, .bars: nil
    }
  }

  fileprivate var style: SeriesStyle? {
    switch self {
    case .line(_, let style), .band(_, _, _, let style), .points(_, let style),
      .interval(_, _, _, let style), .horizontalInterval(_, _, _, _, let style),
      .bars(_, _, let style):
      style
    case .verticalGuide, .horizontalGuide, .label: nil
    }
  }

  /// Places in the units of the axes; `lower` and `upper` are ends on the x axis where an interval lies; of a bar `lower` and `upper` are its edges on the x axis, `x` their
  /// middle.
  fileprivate var marks: [Mark] {
    switch self {
    case .line(let points, _), .points(let points, _):
      points.map { Mark(x: $0.x, y: $0.y) }
    case .band(let x, let lower, let upper, _):
      x.indices.map { Mark(x: x[$0], lower: lower[$0], upper: upper[$0]) }
    case .interval(let point, let lower, let upper, _):
      [Mark(x: point.x, y: point.y, lower: lower, upper: upper)]
    case .horizontalInterval(let y, let value, let lower, let upper, _):
      [Mark(x: value, y: y, lower: lower, upper: upper)]
    case .bars(let edges, let heights, _):
      heights.indices.map {
        Mark(
          x: (edges[$0] + edges[$0 + 1]) / 2, y: heights[$0], lower: edges[$0],
          upper: edges[$0 + 1])
      }
    case .verticalGuide(let x, _): [Mark(x: x)]
    case .horizontalGuide(let y, _): [Mark(y: y)]
    case .label(let point, _, _): [Mark(x: point.x, y: point.y)]
    }
  }
}
