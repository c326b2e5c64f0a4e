import Experiments
import Foundation

/// A running contestant process: started once, asked for one run after the other.
///
/// Not thread-safe; used by the benchmark's one thread.
package final class ContestantProcess {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let errorFile: URL
  private let errorHandle: FileHandle
  private var buffered: [UInt8] = []

  /// Starts `commandLine`; the contestant warms up by itself, see `awaitReady`.
  ///
  /// - Parameter environment: added to (and overriding) the environment of this process.
  /// - Throws: `ContestantFailure.cannotStart`.
  package init(commandLine: [String], environment: [String: String]) throws {
    // A contestant may end before it reads: writing to it must be an error, not a signal.
    signal(SIGPIPE, SIG_IGN)
    errorFile = FileManager.default.temporaryDirectory
      .appendingPathComponent("contestant-\(UUID().uuidString).err")
    guard FileManager.default.createFile(atPath: errorFile.path, contents: nil),
      let handle = FileHandle(forWritingAtPath: errorFile.path)
    else { throw ContestantFailure.cannotStart("no temporary file '\(errorFile.path)'") }
    errorHandle = handle
    process.executableURL = URL(fileURLWithPath: commandLine[0])
    process.arguments = Array(commandLine.dropFirst())
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errorHandle
    do {
      try process.run()
    } catch {
      try? FileManager.default.removeItem(at: errorFile)
      throw ContestantFailure.cannotStart("'\(commandLine[0])': \(error.localizedDescription)")
    }
  }

  /// Waits for the line that says that the warm-up is over.
  package func awaitReady(timeout seconds: Double) throws {
    let line = try readLine(timeout: seconds, during: "warm-up")
    guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)),
      (object as? [String: Any])?["ready"] as? Bool == true
    else { throw ContestantFailure.badAnswer(String(line.prefix(120))) }
  }

  /// Starts one timed run without waiting for it.
  package func startRun() throws {
    do {
      try input.fileHandleForWriting.write(contentsOf: Data("run\n".utf8))
    } catch {
      throw ended()
    }
  }

  /// The answer to the run that was started.
  package func awaitAnswer(timeout seconds: Double) throws -> ContestantAnswer {
    try ContestantAnswer.parse(try readLine(timeout: seconds, during: "run"))
  }

  /// Ends the contestant: by the end of its input, then by signals. Returns when it is gone.
  package func end() {
    try? input.fileHandleForWriting.close()
    for (grace, signalNumber) in [(2.0, SIGTERM), (2.0, SIGKILL)] {
      let deadline = Date(timeIntervalSinceNow: grace)
      while process.isRunning && Date() < deadline { usleep(5_000) }
      if !process.isRunning { break }
      kill(process.processIdentifier, signalNumber)
    }
    process.waitUntilExit()
    try? errorHandle.close()
    try? FileManager.default.removeItem(at: errorFile)
  }

  /// Next line of standard output, without its line end.
  private func readLine(timeout seconds: Double, during step: String) throws -> String {
    let descriptor = output.fileHandleForReading.fileDescriptor
    let watch = StopWatch()
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      if let newline = buffered.firstIndex(of: 10) {
        let line = String(decoding: buffered[..<newline], as: UTF8.self)
        buffered.removeSubrange(...newline)
        return line
      }
      let left = seconds - watch.wallSeconds
      guard left > 0 else {
        kill(process.processIdentifier, SIGKILL)
        throw ContestantFailure.timedOut(seconds: seconds, during: step)
      }
      var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&watched, 1, Int32(min(left, 3600) * 1000) + 1)
      guard ready > 0 else { continue }
      let count = read(descriptor, &chunk, chunk.count)
      if count > 0 {
        buffered += chunk[..<count]
      } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
        throw ended()
      }
    }
  }

  /// The failure of a process that has closed its output: its status and last line of stderr.
  private func ended() -> ContestantFailure {
    let deadline = Date(timeIntervalSinceNow: 5)
    while process.isRunning && Date() < deadline { usleep(5_000) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    let text = (try? String(contentsOf: errorFile, encoding: .utf8)) ?? ""
    let last = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    return .ended(status: process.terminationStatus, lastWords: String(last.prefix(200)))
  }
}
