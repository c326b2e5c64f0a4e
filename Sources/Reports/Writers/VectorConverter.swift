import Files
import Foundation

/// Makes PDF and PNG files from SVG with `rsvg-convert`, where it is installed.
package struct VectorConverter {
  /// What to say when the program is missing.
  static let missingNote =
    "no rsvg-convert on the PATH: figures are written as SVG and PGFPlots, without PDF and PNG; install it "
    + "(Debian and Ubuntu: apt install librsvg2-bin) and run 'Harness table' again"

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

  /// Writes `svg` in the format of the extension of `file`, "pdf" or "png"; PNG at 400 dots per
  /// inch. The file is complete or untouched. The PDF carries no date, so that equal figures are
  /// equal files.
  package func convert(_ svg: URL, to file: URL) throws {
    let replacement: FileReplacement
    do throws(FileError) { replacement = try FileReplacement(path: file.path) } catch {
      throw ReportError.notWritable(file: file.path, reason: error.reason)
    }
    defer { replacement.abandon() }
    var arguments = ["--format", file.pathExtension, "--output", replacement.temporaryPath]
    if file.pathExtension == "png" { arguments += ["--zoom", "4.166667"] }
    let (status, message) = try run(arguments + [svg.path], for: file)
    guard status == 0 else {
      throw ReportError.notWritable(file: file.path, reason: "rsvg-convert: \(message)")
    }
    do throws(FileError) { try replacement.finish() } catch {
      throw ReportError.notWritable(file: file.path, reason: error.reason)
    }
  }

  /// Runs the program to its end: its exit code, and what it wrote to standard error.
  private func run(_ arguments: [String], for file: URL) throws(ReportError) -> (Int32, String) {
    do {
      let (reading, writing) = try ChildProcess.pipe()
      defer { close(reading) }
      let process: ChildProcess
      do {
        defer { close(writing) }
        process = try ChildProcess(
          program.path, arguments, environment: ["SOURCE_DATE_EPOCH": "0"],
          streams: ChildProcess.Streams(error: writing))
      }
      var message: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(reading, &chunk, chunk.count)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { break }
        message += chunk[..<count]
      }
      let text = String(decoding: message, as: UTF8.self)
      return (process.wait(), text.trimmingCharacters(in: .whitespacesAndNewlines))
    } catch {
      throw .notWritable(file: file.path, reason: error.description)
    }
  }
}
