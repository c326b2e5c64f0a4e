import Specs

/// Texts inside figures: their sizes in big points, and how they are made to fit.
enum FigureText {
  /// Of tick labels, legends and labels of points.
  static let small = 7.0
  /// Of the names of axes and titles of panels.
  static let name = 7.5
  /// From baseline to baseline.
  static let line = 8.6

  /// Breaks a text at spaces into at most `most` lines; what does not fit is cut with an ellipsis.
  static func lines(_ text: String, size: Double, width: Double, most: Int = 2) -> [String] {
    // Intervals stay in one piece.
    let whole = text.replacing(#/\[[^\]]*\]/#) { $0.output.replacing(" ", with: "\u{A0}") }
    let all = Specs.wrapped(whole) { SVGCanvas.width($0, size: size) <= width }
      .map { $0.replacing("\u{A0}", with: " ") }
    var lines = Array(all.prefix(most))
    if all.count > most { lines[most - 1] += " …" }
    return lines.map { cut($0, size: size, width: width) }
  }

  /// The text, or as much of it as fits with an ellipsis.
  static func cut(_ text: String, size: Double, width: Double) -> String {
    if SVGCanvas.width(text, size: size) <= width { return text }
    var kept = text.hasSuffix(" …") ? String(text.dropLast(2)) : text
    while !kept.isEmpty, SVGCanvas.width(kept + "…", size: size) > width { kept.removeLast() }
    while kept.last == " " || kept.last == "," { kept.removeLast() }
    return kept + "…"
  }

  /// The width of a tick label with its exponent.
  static func width(_ tick: PlotAxis.Tick) -> Double {
    SVGCanvas.width(tick.text, size: small) + SVGCanvas.width(tick.superscript, size: 0.75 * small)
  }
}
