import Foundation

/// Writes a text so that the file is complete or untouched; makes its folder.
func writeAtomically(_ text: String, to file: URL) throws {
  do {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file, options: .atomic)
  } catch {
    throw ReportError.notWritable(file: file.path, reason: error.localizedDescription)
  }
}
