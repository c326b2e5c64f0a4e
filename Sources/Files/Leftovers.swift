import Foundation

/// Files under construction whose process is gone: what killed runs leave behind.
package enum Leftovers {
  /// Removes them in a folder and all below it.
  ///
  /// - Parameter ownIsLeft: a file that names this process is left from an earlier one of the same
  ///   number, as in a container; this process has none under construction here.
  /// - Returns: their paths.
  /// - Throws: `FileError` for one that cannot be removed.
  @discardableResult
  package static func remove(in folder: String, ownIsLeft: Bool = true) throws(FileError)
    -> [String]
  {
    var removed: [String] = []
    let files = FileManager.default.enumerator(atPath: folder)
    while let file = files?.nextObject() as? String {
      guard let process = writer(of: (file as NSString).lastPathComponent) else { continue }
      if process == getpid() ? !ownIsLeft : isAlive(process) { continue }
      let path = "\(folder)/\(file)"
      try AtomicFile.remove(path)
      removed.append(path)
    }
    return removed
  }

  /// Removes those of one file, in its folder.
  package static func remove(of path: String) throws(FileError) {
    let name = (path as NSString).lastPathComponent + "."
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where file.hasPrefix(name) && file.hasSuffix(FileReplacement.temporarySuffix) {
      let process = file.dropFirst(name.count).dropLast(FileReplacement.temporarySuffix.count)
      guard let process = pid_t(process), process != getpid(), !isAlive(process) else { continue }
      try AtomicFile.remove("\(folder)/\(file)")
    }
  }

  /// The process that a file's name says it is written by; nil: it is no file under construction.
  ///
  /// Names are "NAME.PID.partial" (`FileReplacement`), and those of earlier versions of this program:
  /// "NAME.partial-PID", and ".dat.nosyncPID.…" with PID in hexadecimal digits.
  package static func writer(of name: String) -> pid_t? {
    if name.hasSuffix(FileReplacement.temporarySuffix) {
      let stem = name.dropLast(FileReplacement.temporarySuffix.count)
      return stem.lastIndex(of: ".").flatMap { pid_t(stem[$0...].dropFirst()) }
    }
    if let range = name.range(of: "\(FileReplacement.temporarySuffix)-", options: .backwards) {
      return pid_t(name[range.upperBound...])
    }
    let cocoa = ".dat.nosync"
    guard name.hasPrefix(cocoa) else { return nil }
    return pid_t(name.dropFirst(cocoa.count).prefix { $0 != "." }, radix: 16)
  }

  private static func isAlive(_ process: pid_t) -> Bool {
    process > 0 && (kill(process, 0) == 0 || errno == EPERM)
  }
}
