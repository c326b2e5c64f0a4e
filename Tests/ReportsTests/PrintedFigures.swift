import Foundation
import Reports
import TestSupport
import Testing

/// Compiles figures as PGFPlots with their captions in a two-column paper: no error, no overfull box, no
/// warning. Says so and passes where TeX is missing.
func expectPrints(_ figures: [Figure], sourceLocation: SourceLocation = #_sourceLocation) throws {
  let folder = try temporaryFolder()
  defer { try? FileManager.default.removeItem(at: folder) }
  for figure in figures {
    let stem = folder.appendingPathComponent(figure.name)
    for (suffix, text) in [
      ("svg", SVGPlot.text(figure, output: "x")), ("tex", PGFPlotsWriter.text(figure, output: "x")),
      ("caption.tex", FigureCaption.text(figure, output: "x")),
    ] {
      try Data(text.utf8).write(to: stem.appendingPathExtension(suffix))
    }
  }
  let script = fixturesFolder.deletingLastPathComponent()
    .appendingPathComponent("System/figures-test.sh")
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/sh")
  process.arguments = [script.path, folder.path]
  let pipe = Pipe()
  (process.standardOutput, process.standardError) = (pipe, pipe)
  try process.run()
  let said = String(
    decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  if process.terminationStatus == 77 {
    print(said, terminator: "")
  } else {
    #expect(process.terminationStatus == 0, "\(said)", sourceLocation: sourceLocation)
  }
}
