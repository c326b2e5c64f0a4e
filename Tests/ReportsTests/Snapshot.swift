import Foundation
import Reports
import TestSupport
import Testing

/// Folder of the recorded texts.
private let snapshotFolder = fixturesFolder.deletingLastPathComponent()
  .appendingPathComponent("Snapshots")

/// Compares `text` with the recorded file; RECORD_SNAPSHOTS=1 records it instead.
func expectSnapshot(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
)
  throws
{
  let file = snapshotFolder.appendingPathComponent(name)
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try FileManager.default.createDirectory(
      at: snapshotFolder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file, options: .atomic)
    return
  }
  guard let recorded = try? String(contentsOf: file, encoding: .utf8) else {
    Issue.record(
      "no snapshot '\(name)'; record it with RECORD_SNAPSHOTS=1", sourceLocation: sourceLocation)
    return
  }
  if text == recorded { return }
  let found = text.split(separator: "\n", omittingEmptySubsequences: false)
  let expected = recorded.split(separator: "\n", omittingEmptySubsequences: false)
  let line = zip(found, expected).prefix { $0 == $1 }.count
  Issue.record(
    """
    '\(name)' differs from line \(line + 1) on
    found:    \(line < found.count ? String(found[line]) : "(end)")
    expected: \(line < expected.count ? String(expected[line]) : "(end)")
    re-record with RECORD_SNAPSHOTS=1 when the change is wanted
    """, sourceLocation: sourceLocation)
}

/// Compares a document in every format with the recorded files `name + variant`.{csv,md,tex}.
func expectFormats(
  _ document: ReportDocument, _ variant: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let stem = document.name + variant
  try expectSnapshot(CSVWriter.text(document), "\(stem).csv", sourceLocation: sourceLocation)
  try expectSnapshot(MarkdownWriter.text(document), "\(stem).md", sourceLocation: sourceLocation)
  let latex = document.tables.flatMap { table in
    LaTeXForm.allCases.map { LaTeXWriter.text(table, in: document, form: $0) }
  }
  try expectSnapshot(
    latex.joined(separator: "\n"), "\(stem).tex", sourceLocation: sourceLocation)
}
