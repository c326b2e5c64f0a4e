import Files
import Foundation

/// Writes a text so that the file is complete or untouched; makes its folder.
func writeAtomically(_ text: String, to file: URL) throws {
  do throws(FileError) {
    try AtomicFile.write(Data(text.utf8), to: file.path)
  } catch {
    throw ReportError.notWritable(file: file.path, reason: error.reason)
  }
}
