import Foundation

/// The commit the working tree stands at.
package enum CodeRevision {
  /// Short hash, with "+changes" when tracked files differ from it; "unknown" outside of a checkout
  /// or without git.
  package static func current() -> String {
    guard let hash = git(["rev-parse", "--short=12", "HEAD"]), !hash.isEmpty else {
      return "unknown"
    }
    let changes = git(["status", "--porcelain", "--untracked-files=no"]) ?? ""
    return hash + (changes.isEmpty ? "" : "+changes")
  }

  private static func git(_ arguments: [String]) -> String? {
    guard let program = Machine.path(of: "git") else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
