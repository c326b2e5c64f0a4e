import Foundation

/// The caption of a figure as LaTeX, in a file beside it: a paper inputs it behind the drawing, whichever
/// form that has.
package enum FigureCaption {
  /// A whole `\caption{…}` with its `\label{fig:NAME}`.
  package static func text(_ figure: Figure, output: String) -> String {
    let panels = figure.panels.joined()
    let only = panels.count == 1 ? panels.first!.title : ""
    let title =
      only.isEmpty || figure.title.contains(only) ? figure.title : "\(figure.title), \(only)"
    return text(
      name: figure.name, title: title, caption: figure.fullCaption,
      generated: figure.generatedLine(output: output))
  }

  /// The same of a sheet of pictures.
  package static func text(_ sheet: ContactSheet, output: String) -> String {
    text(
      name: sheet.name, title: sheet.title, caption: sheet.fullCaption,
      generated: sheet.generatedLine(output: output))
  }

  private static func text(
    name: String, title: String, caption: String, generated: String
  ) -> String {
    // A paper numbers its figures itself.
    let plain = title.replacing(#/^Figure [0-9]+: /#, with: "")
    let first = plain.prefix(1).uppercased() + plain.dropFirst()
    let label = name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return """
      % \(generated)
      \\caption{\(breakable(escaped("\(first). \(caption)")))}
      \\label{fig:\(String(label))}

      """
  }

  /// Long names made of parts may be broken between these.
  private static func breakable(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { part in
      var word = String(part)
      for end in ["+", "=", "\\_", "/"] where part.count >= 24 {
        word = word.replacing(end, with: end + "\\allowbreak{}")
      }
      return word
    }.joined(separator: " ")
  }

  /// Text in which every character stands for itself; one that pdfLaTeX has no letter for is named by its
  /// number.
  static func escaped(_ text: String) -> String {
    let named = text.precomposedStringWithCanonicalMapping.unicodeScalars.map { scalar in
      let plain = LaTeXWriter.escaped(String(Character(scalar)))
      let isKnown = plain.unicodeScalars.allSatisfy {
        $0.isASCII || (0xC0...0x17F).contains($0.value)
      }
      let isControl = scalar.value < 0x20 || scalar.value == 0x7F
      if isControl { return " " }
      return isKnown ? plain : "[U+" + String(format: "%04X", scalar.value) + "]"
    }
    return named.joined()
  }
}
