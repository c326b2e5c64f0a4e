import Results

/// How a series looks. Colours differ in lightness and every style has its own dash and marker, so
/// that figures survive grey printers and colour-blind readers.
package struct SeriesStyle: Sendable, Equatable {
  package enum Marker: Sendable, Equatable, CaseIterable {
    case none, circle, square, triangle, diamond, downTriangle, cross, plus
  }
  /// A step of `width` and `dash`, in big points (1/72 inch) on paper.
  package static let step = 0.6
  /// Half the width of a marker, in big points.
  package static let markerRadius = 1.9

  /// Hexadecimal, "#1b4f9c".
  package var colour: String
  /// Lengths of dash and gap in steps, with spaces between; empty: solid.
  package var dash = ""
  package var marker = Marker.none
  /// Of the line in steps; 0: points without a line, in the legend too.
  package var width = 1.6
  package var opacity = 1.0

  /// Traditional systems: black, dashed.
  package static let baseline = SeriesStyle(colour: "#222222", dash: "5 3", marker: .square)

  /// Styles of compared systems. Eight colours; every further round of them moves on by one marker and
  /// two dashes, so that 168 differ.
  package static func series(_ i: Int) -> SeriesStyle {
    var style = palette[i % palette.count]
    let round = i / palette.count
    if round > 0 {
      let markers = Marker.allCases.filter { $0 != .none }
      style.marker = markers[(markers.firstIndex(of: style.marker)! + round) % markers.count]
      style.dash = dashes[(dashes.firstIndex(of: style.dash)! + 2 * round) % dashes.count]
    }
    return style
  }

  /// A style for each of the systems.
  static func styles(of systems: [SystemConfiguration]) -> [SeriesStyle] {
    let compared = systems.filter { !$0.isTraditional }
    return systems.map { system in
      compared.firstIndex(of: system).map(series) ?? .baseline
    }
  }

  private static let palette = [
    SeriesStyle(colour: "#1b4f9c", marker: .circle),
    SeriesStyle(colour: "#d95f02", dash: "9 2.5", marker: .triangle),
    SeriesStyle(colour: "#2a9d6f", dash: "7 2.5 1.5 2.5", marker: .diamond),
    SeriesStyle(colour: "#a0469b", dash: "2 2", marker: .downTriangle),
    SeriesStyle(colour: "#8a6d1d", dash: "12 3 2 3 2 3", marker: .square),
    SeriesStyle(colour: "#5fa8d3", dash: "4 1.5", marker: .cross),
    SeriesStyle(colour: "#e6ab02", dash: "1.2 1.6", marker: .plus),
    SeriesStyle(colour: "#7f2704", marker: .downTriangle),
  ]

  private static let dashes = [
    "", "9 2.5", "7 2.5 1.5 2.5", "2 2", "12 3 2 3 2 3", "4 1.5", "1.2 1.6",
  ]
}

extension SeriesStyle {
  /// The same without markers.
  var lineAlone: SeriesStyle {
    var style = self
    style.marker = .none
    return style
  }

  /// The same without a line.
  var pointsAlone: SeriesStyle {
    var style = self
    style.width = 0
    return style
  }

  /// Dash and gap in big points.
  var dashLengths: [Double] {
    dash.split(separator: " ").map { (Double($0) ?? 0) * Self.step }
  }
}
