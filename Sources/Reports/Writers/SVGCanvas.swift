import Configurations
import Foundation

/// Collects SVG elements. Coordinates are written with two decimals, so equal drawings are equal
/// files.
struct SVGCanvas {
  private(set) var elements: [String] = []

  /// Horizontal anchor of a text.
  enum Anchor: String {
    case start, middle, end
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String, width: Double = 1,
    dash: String = ""
  ) {
    elements.append(
      "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" "
        + "stroke=\"\(stroke)\" stroke-width=\"\(number(width))\"\(dashes(dash))/>")
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String = "none",
    stroke: String = "none", strokeWidth: Double = 1, opacity: Double = 1
  ) {
    elements.append(
      "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" "
        + "height=\"\(number(height))\" fill=\"\(fill)\" stroke=\"\(stroke)\""
        + (strokeWidth == 1 ? "" : " stroke-width=\"\(number(strokeWidth))\"")
        + (opacity < 1 ? " fill-opacity=\"\(number(opacity))\"" : "") + "/>")
  }

  mutating func polyline(
    _ points: [(x: Double, y: Double)], stroke: String, width: Double, dash: String = "",
    opacity: Double = 1, clip: String? = nil
  ) {
    guard points.count > 1 else { return }
    elements.append(
      "<polyline points=\"\(list(points))\" fill=\"none\" stroke=\"\(stroke)\" "
        + "stroke-width=\"\(number(width))\" stroke-linejoin=\"round\"\(dashes(dash))"
        + (opacity < 1 ? " stroke-opacity=\"\(number(opacity))\"" : "") + clipping(clip) + "/>")
  }

  mutating func polygon(
    _ points: [(x: Double, y: Double)], fill: String, opacity: Double = 1, stroke: String = "none",
    strokeWidth: Double = 1, dash: String = "", clip: String? = nil
  ) {
    guard points.count > 2 else { return }
    elements.append(
      "<polygon points=\"\(list(points))\" fill=\"\(fill)\" fill-opacity=\"\(number(opacity))\" "
        + "stroke=\"\(stroke)\""
        + (strokeWidth == 1 ? "" : " stroke-width=\"\(number(strokeWidth))\"")
        + "\(dashes(dash))\(clipping(clip))/>")
  }

  /// Markers of a style at places.
  mutating func marks(_ places: [(x: Double, y: Double)], _ style: SeriesStyle) {
    if style.marker == .none || places.isEmpty { return }
    let r = SeriesStyle.markerRadius
    let isLine = style.marker == .cross || style.marker == .plus
    elements.append(
      isLine
        ? "<g fill=\"none\" stroke=\"\(style.colour)\" stroke-width=\"0.8\">"
        : "<g fill=\"\(style.colour)\" stroke=\"#fff\" stroke-width=\"0.3\">")
    for (x, y) in places {
      func polygon(_ corners: [(x: Double, y: Double)]) -> String {
        "<polygon points=\"\(list(corners.map { (x + $0.x * r, y + $0.y * r) }))\"/>"
      }
      func lines(_ ends: [(x: Double, y: Double)]) -> String {
        let places = ends.map { "\(number(x + $0.x * r)) \(number(y + $0.y * r))" }
        return "<path d=\"M\(places[0])L\(places[1])M\(places[2])L\(places[3])\"/>"
      }
      let element =
        switch style.marker {
        case .none: ""
        case .circle: "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(r))\"/>"
        case .square: polygon([(-1, -1), (1, -1), (1, 1), (-1, 1)])
        case .triangle: polygon([(0, -1.3), (1.13, 0.65), (-1.13, 0.65)])
        case .downTriangle: polygon([(0, 1.3), (1.13, -0.65), (-1.13, -0.65)])
        case .diamond: polygon([(0, -1.3), (0.98, 0), (0, 1.3), (-0.98, 0)])
        case .cross: lines([(-1, -1), (1, 1), (-1, 1), (1, -1)])
        case .plus: lines([(-1, 0), (1, 0), (0, -1), (0, 1)])
        }
      elements.append(element)
    }
    elements.append("</g>")
  }

  /// A text; `superscript` follows it raised. `rotated` turns it to read upwards.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, size: Double, anchor: Anchor = .start,
    superscript: String = "", weight: String = "", fill: String = "#222", rotated: Bool = false
  ) {
    let raised =
      superscript.isEmpty
      ? ""
      : "<tspan dy=\"\(number(-0.4 * size))\" font-size=\"\(number(0.75 * size))\">"
        + "\(Self.escaped(superscript))</tspan>"
    elements.append(
      "<text x=\"\(number(x))\" y=\"\(number(y))\" font-size=\"\(number(size))\" "
        + "text-anchor=\"\(anchor.rawValue)\" fill=\"\(fill)\""
        + (weight.isEmpty ? "" : " font-weight=\"\(weight)\"")
        + (rotated ? " transform=\"rotate(-90 \(number(x)) \(number(y)))\"" : "")
        + ">\(Self.escaped(text))\(raised)</text>")
  }

  /// A picture, stretched to the size.
  mutating func image(_ uri: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    elements.append(
      "<image x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" "
        + "height=\"\(number(height))\" preserveAspectRatio=\"none\" href=\"\(uri)\"/>")
  }

  /// Defines a clipping rectangle that elements can name.
  mutating func clip(
    _ name: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double
  ) {
    elements.append(
      "<clipPath id=\"\(name)\"><rect x=\"\(number(x))\" y=\"\(number(y))\" "
        + "width=\"\(number(width))\" height=\"\(number(height))\"/></clipPath>")
  }

  /// The whole file: a comment line, then the drawing with title and description for readers of
  /// the page who cannot see it. Lengths are big points, and so is the natural size.
  func document(
    width: Double, height: Double, comment: String, title: String, description: String,
    metadata: String
  ) -> String {
    """
    <!-- \(comment.replacing("--", with: "- -")) -->
    <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))pt" height="\(number(height))pt" \
    viewBox="0 0 \(number(width)) \(number(height))" role="img" \
    font-family="Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif">
    <title>\(Self.escaped(title))</title>
    <desc>\(Self.escaped(description))</desc>
    <metadata>\(Self.escaped(metadata))</metadata>
    <rect width="100%" height="100%" fill="#ffffff"/>
    \(elements.joined(separator: "\n"))
    </svg>

    """
  }

  /// An upper estimate of the width of a text: the advances of a wide sans-serif font.
  static func width(_ text: String, size: Double) -> Double {
    size
      * text.reduce(0) { sum, character in
        switch character {
        case "\u{A0}", "i", "j", "l", ".", ",", ":", ";", "'", "|", "!", " ", "(", ")", "[", "]":
          sum + 0.36
        case "m", "w", "M", "W", "@", "%": sum + 0.95
        case "−", "+", "=", "<", ">", "±": sum + 0.84
        case _ where character.isUppercase: sum + 0.71
        default: sum + 0.62
        }
      }
  }

  /// A name as part of an identifier.
  static func identifier(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
  }

  /// Text as XML; control characters, which it may not hold, are spaces, and nothing turns its direction.
  static func escaped(_ text: String) -> String {
    String(withoutTurns(text).map { $0.isASCII && $0.asciiValue! < 0x20 && $0 != "\n" ? " " : $0 })
      .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  private func list(_ points: [(x: Double, y: Double)]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  private func dashes(_ dash: String) -> String {
    dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
  }

  private func clipping(_ clip: String?) -> String {
    clip.map { " clip-path=\"url(#\($0))\"" } ?? ""
  }

  /// Two decimals, without trailing zeros and negative zero.
  static func number(_ value: Double) -> String {
    var text = String(format: "%.2f", value)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text == "-0" ? "0" : text
  }

  private func number(_ value: Double) -> String { Self.number(value) }
}
