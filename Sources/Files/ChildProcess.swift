import Foundation

/// Another program, started and waited for.
///
/// Unlike Foundation's `Process`, nothing here waits on the wall clock, which may be set back while
/// it waits.
package final class ChildProcess {
  /// Files that the program gets as its standard streams; nil: those of this process.
  package struct Streams {
    package var input: Int32?
    package var output: Int32?
    package var error: Int32?

    package init(input: Int32? = nil, output: Int32? = nil, error: Int32? = nil) {
      (self.input, self.output, self.error) = (input, output, error)
    }
  }

  /// A pipe whose ends no other program gets; the caller closes both.
  package static func pipe() throws(FileError) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Foundation.pipe(&ends) == 0 else { throw .last("a pipe", .create) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  package let identifier: pid_t
  /// Exit code, or 128 + signal; nil: it has not been seen to end.
  private var status: Int32?

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - path: the executable.
  ///   - environment: added to (and overriding) the environment of this process.
  /// - Throws: `FileError` when it cannot be started.
  package init(
    _ path: String, _ arguments: [String], environment: [String: String] = [:],
    streams: Streams = Streams()
  ) throws(FileError) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (file, place) in [(streams.input, 0), (streams.output, 1), (streams.error, 2)] {
      if let file { posix_spawn_file_actions_adddup2(&actions, file, Int32(place)) }
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Signals that this process ignores or blocks have their usual meaning there.
    var (signals, none) = (sigset_t(), sigset_t())
    sigfillset(&signals)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      .map { "\($0.key)=\($0.value)" }.sorted()
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    var settings = variables.map { strdup($0) } + [nil]
    defer { for text in words + settings { free(text) } }
    var identifier = pid_t()
    let code = posix_spawn(&identifier, path, &actions, &attributes, &words, &settings)
    guard code == 0 else { throw FileError(path: path, operation: .start, code: code) }
    self.identifier = identifier
  }

  /// Waits for the end: exit code, or 128 + signal.
  package func wait() -> Int32 {
    while true {
      if let status = poll(0) { return status }
    }
  }

  /// Exit code, or 128 + signal; nil while the program runs.
  package func statusIfEnded() -> Int32? { poll(WNOHANG) }

  /// Ends the program where it still runs.
  package func send(signal: Int32) {
    if statusIfEnded() == nil { kill(identifier, signal) }
  }

  private func poll(_ options: Int32) -> Int32? {
    if let status { return status }
    var word: Int32 = 0
    let found = waitpid(identifier, &word, options)
    if found == identifier {
      let signal = word & 0x7F
      status = signal == 0 ? (word >> 8) & 0xFF : 128 + signal
    } else if found < 0 && errno != EINTR {
      // Somebody else has waited for it.
      status = -1
    }
    return status
  }
}
