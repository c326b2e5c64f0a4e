import Results

/// How a series looks. Colours differ in lightness and every style has its own dash and marker, so
/// that figures survive grey printers and colour-blind readers.
package struct SeriesStyle: Sendable, Equatable {
  package enum Marker: Sendable, Equatable {
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

  /// Styles of compared systems: eight colours, seven markers and five dashes in turn. As these numbers have
  /// no common divisor, any two of the first 35 styles differ in two of the three.
  package static func series(_ i: Int) -> SeriesStyle {
    SeriesStyle(
      colour: colours[i % colours.count], dash: dashes[i % dashes.count],
      marker: markers[i % markers.count])
  }

  /// A style for each of the systems.
  static func styles(of systems: [SystemConfiguration]) -> [SeriesStyle] {
    let compared = systems.filter { !$0.isTraditional }
    let baselines = systems.filter(\.isTraditional)
    return systems.map { system in
      compared.firstIndex(of: system).map(series)
        ?? baseline(baselines.firstIndex(of: system) ?? 0)
    }
  }

  /// Traditional systems that differ in their references: greys, each with its own dash and marker.
  private static func baseline(_ i: Int) -> SeriesStyle {
    if i == 0 { return .baseline }
    return SeriesStyle(
      colour: i % 2 == 1 ? "#808080" : "#4d4d4d", dash: ["1.2 1.6", "12 3", "3 1.5 1 1.5"][i % 3],
      marker: [.diamond, .triangle, .downTriangle, .circle][i % 4])
  }

  private static let colours = [
    "#1b4f9c", "#d95f02", "#2a9d6f", "#a0469b", "#8a6d1d", "#5fa8d3", "#e6ab02", "#7f2704",
  ]
  private static let markers: [Marker] = [
    .circle, .triangle, .diamond, .downTriangle, .square, .cross, .plus,
  ]
  private static let dashes = ["", "9 2.5", "7 2.5 1.5 2.5", "2 2", "12 3 2 3 2 3"]
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
