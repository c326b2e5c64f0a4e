/// The caption of a figure as LaTeX, in a file beside it: a paper inputs it behind the drawing, whichever
/// form that has.
package enum FigureCaption {
  /// A whole `\caption{…}` with its `\label{fig:EXPERIMENT-NAME}`.
  package static func text(_ figure: Figure, output: String) -> String {
    let panels = figure.panels.joined()
    let only = panels.count == 1 ? panels.first!.title : ""
    let title =
      only.isEmpty || figure.title.contains(only) ? figure.title : "\(figure.title), \(only)"
    return text(
      name: [figure.provenance.experiment, figure.name], title: title, caption: figure.fullCaption,
      generated: figure.generatedLine(output: output))
  }

  /// The same of a sheet of pictures.
  package static func text(_ sheet: ContactSheet, output: String) -> String {
    text(
      name: [sheet.provenance.experiment, sheet.name], title: sheet.title,
      caption: sheet.fullCaption,
      generated: sheet.generatedLine(output: output))
  }

  private static func text(
    name: [String], title: String, caption: String, generated: String
  ) -> String {
    // A paper numbers its figures itself.
    let plain = title.replacing(#/^Figure [0-9]+: /#, with: "")
    let label = name.filter { !$0.isEmpty }.joined(separator: "-").map {
      $0.isASCII && ($0.isLetter || $0.isNumber || "._".contains($0)) ? $0 : "-"
    }
    return """
      % \(generated)
      \\caption{\(LaTeXWriter.breakable("\(plain.beginningSentence). \(caption)"))}
      \\label{fig:\(String(label))}

      """
  }
}
