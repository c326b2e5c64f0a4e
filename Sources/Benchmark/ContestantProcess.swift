import Experiments
import Files
import Foundation

/// A running contestant process: started once, asked for one run after the other.
///
/// Not thread-safe; used by the benchmark's one thread.
package final class ContestantProcess {
  private let process: ChildProcess
  /// Writing end of its standard input; -1 once closed.
  private var input: Int32
  /// Reading end of its standard output.
  private let output: Int32
  private let errorFile: URL
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
    let errors = open(errorFile.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard errors >= 0 else {
      throw ContestantFailure.cannotStart("no temporary file '\(errorFile.path)'")
    }
    defer { close(errors) }
    do {
      let (theirInput, ourInput) = try ChildProcess.pipe()
      let (ourOutput, theirOutput) = try ChildProcess.pipe()
      (input, output) = (ourInput, ourOutput)
      defer {
        close(theirInput)
        close(theirOutput)
      }
      process = try ChildProcess(
        commandLine[0], Array(commandLine.dropFirst()), environment: environment,
        streams: ChildProcess.Streams(input: theirInput, output: theirOutput, error: errors))
    } catch {
      try? FileManager.default.removeItem(at: errorFile)
      throw ContestantFailure.cannotStart("'\(commandLine[0])': \(error.reason)")
    }
  }

  deinit {
    if input >= 0 { close(input) }
    close(output)
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
    let order = Array("run\n".utf8)
    guard write(input, order, order.count) == order.count else { throw ended() }
  }

  /// The answer to the run that was started.
  package func awaitAnswer(timeout seconds: Double) throws -> ContestantAnswer {
    try ContestantAnswer.parse(try readLine(timeout: seconds, during: "run"))
  }

  /// Ends the contestant: by the end of its input, then by signals. Returns when it is gone.
  package func end() {
    if input >= 0 { close(input) }
    input = -1
    for signalNumber in [SIGTERM, SIGKILL] where !hasEnded(within: 2) {
      process.send(signal: signalNumber)
    }
    _ = process.wait()
    try? FileManager.default.removeItem(at: errorFile)
  }

  /// Waits until the process has ended, for a number of seconds at most.
  private func hasEnded(within seconds: Double) -> Bool {
    let watch = StopWatch()
    while process.statusIfEnded() == nil {
      if watch.wallSeconds > seconds { return false }
      usleep(5_000)
    }
    return true
  }

  /// Next line of standard output, without its line end.
  private func readLine(timeout seconds: Double, during step: String) throws -> String {
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
        process.send(signal: SIGKILL)
        throw ContestantFailure.timedOut(seconds: seconds, during: step)
      }
      var watched = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let ready = poll(&watched, 1, Int32(min(left, 3600) * 1000) + 1)
      guard ready > 0 else { continue }
      let count = read(output, &chunk, chunk.count)
      if count > 0 {
        buffered += chunk[..<count]
      } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
        throw ended()
      }
    }
  }

  /// The failure of a process that has closed its output: its status and last line of stderr.
  private func ended() -> ContestantFailure {
    if !hasEnded(within: 5) { process.send(signal: SIGKILL) }
    let status = process.wait()
    let text = (try? String(contentsOf: errorFile, encoding: .utf8)) ?? ""
    let last = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    return .ended(status: status, lastWords: String(last.prefix(200)))
  }
}
