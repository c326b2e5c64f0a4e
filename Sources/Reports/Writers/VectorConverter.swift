import Files
import Foundation

/// Makes PDF and PNG files from SVG with `rsvg-convert`, where it is installed.
package struct VectorConverter {
  /// What to say when the program is missing.
  static let missingNote =
    "no rsvg-convert on the PATH: figures are written as SVG and PGFPlots only; "
    + "install librsvg2-bin for PDF and PNG"

  private let program: URL

  /// Nil when `rsvg-convert` is not on the PATH.
  package init?() {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let candidates = folders.map { URL(fileURLWithPath: "\($0)/rsvg-convert") }
    guard
      let program = candidates.first(where: {
        FileManager.default.isExecutableFile(atPath: $0.path)
      })
    else { return nil }
    self.program = program
  }

  /// Writes `svg` in the format of the extension of `file`, "pdf" or "png"; PNG at 192 dots per
  /// inch. The file is complete or untouched. The PDF carries no date, so that equal figures are
  /// equal files.
  package func convert(_ svg: URL, to file: URL) throws {
    let replacement: FileReplacement
    do throws(FileError) { replacement = try FileReplacement(path: file.path) } catch {
      throw ReportError.notWritable(file: file.path, reason: error.reason)
    }
    defer { replacement.abandon() }
    let process = Process()
    process.executableURL = program
    var arguments = ["--format", file.pathExtension, "--output", replacement.temporaryPath]
    if file.pathExtension == "png" { arguments += ["--zoom", "2"] }
    process.arguments = arguments + [svg.path]
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SOURCE_DATE_EPOCH": "0"]) { $1 }
    let errors = Pipe()
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw ReportError.notWritable(file: file.path, reason: error.localizedDescription)
    }
    let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ReportError.notWritable(
        file: file.path,
        reason: "rsvg-convert: \(message.trimmingCharacters(in: .whitespacesAndNewlines))")
    }
    do throws(FileError) { try replacement.finish() } catch {
      throw ReportError.notWritable(file: file.path, reason: error.reason)
    }
  }
}
