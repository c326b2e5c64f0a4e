import Specs

/// Texts inside figures: their sizes in big points, and how they are made to fit.
enum FigureText {
  /// Of tick labels, legends and labels of points.
  static let small = 7.0
  /// Of the names of axes and titles of panels.
  static let name = 7.5
  /// From baseline to baseline.
  static let line = 8.6
  /// How much wider bold letters are.
  static let bold = 1.1

  /// Breaks texts at spaces into at most `most` lines each; what does not fit is shortened in its middle, so
  /// that texts that differ still do.
  static func lines(
    _ texts: [String], size: Double, width: Double, most: Int = 2
  ) -> [[String]] {
    func fits(_ line: String) -> Bool { SVGCanvas.width(line, size: size) <= width }
    func broken(_ text: String) -> [String] {
      // Intervals stay in one piece.
      let whole = text.replacing(#/\[[^\]]*\]/#) { $0.output.replacing(" ", with: "\u{A0}") }
      return Specs.wrapped(whole, fits: fits).map { $0.replacing("\u{A0}", with: " ") }
    }
    return ShortenedTexts.of(texts) { text in
      let lines = broken(text)
      return lines.count <= most && lines.allSatisfy(fits)
    }.map(broken)
  }

  /// The same of one text.
  static func lines(_ text: String, size: Double, width: Double, most: Int = 2) -> [String] {
    lines([text], size: size, width: width, most: most)[0]
  }

  /// Texts of a line each; those that are too wide are shortened in their middle, so that texts that differ
  /// still do.
  static func cut(_ texts: [String], size: Double, width: Double) -> [String] {
    ShortenedTexts.of(texts) { SVGCanvas.width($0, size: size) <= width }
  }

  /// The width of a tick label with its exponent.
  static func width(_ tick: PlotAxis.Tick) -> Double {
    SVGCanvas.width(tick.text, size: small) + SVGCanvas.width(tick.superscript, size: 0.75 * small)
  }
}
