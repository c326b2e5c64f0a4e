import Files
import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// The process in which the HDF5 library reads one file: this program, started as `Harness read-hdf5`.
///
/// A file that crashes the library, makes it go round in circles or eat memory ends that process
/// alone, which may read that file and nothing else (see CConfinement).
final class HDF5ReaderProcess: @unchecked Sendable {
  private let file: String
  private let channel: HDF5Channel
  private let input: Int32
  private let output: Int32
  private let start = ProcessStart()
  /// Nobody asks any more how the process ended.
  private let release: AsyncStream<Never>.Continuation
  /// One question at a time.
  private let lock = NSLock()
  /// Why no more questions can be asked.
  private var failure: HDF5Error?

  /// Starts the process.
  ///
  /// - Throws: `FileError` where pipes or the process cannot be had.
  init(file: String) throws {
    self.file = file
    try Self.expectDescriptors()
    try Self.expectThreads()
    var sockets: [Int32] = [-1, -1]
    guard
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &sockets)
        == 0
    else { throw FileError(path: "a socket", operation: .create, code: errno) }
    let pipe: (reading: Int32, writing: Int32)
    do {
      pipe = try ChildProcess.pipe()
    } catch {
      for socket in sockets { close(socket) }
      throw error
    }
    // Blocks of 8 MiB go through it; F_SETPIPE_SZ, which Swift does not see.
    _ = fcntl(pipe.writing, 1031, 1 << 20)
    (input, output) = (pipe.reading, sockets[0])
    channel = HDF5Channel(input: input, output: output, isSocket: true)
    let (released, release) = AsyncStream.makeStream(of: Never.self)
    self.release = release
    let (theirInput, theirOutput) = (sockets[1], pipe.writing)
    // Apart from the threads that wait for the answers here.
    Task(executorPreference: ProcessExecutor.shared) { [start, released, program = Self.program] in
      do {
        _ = try await run(
          .path(FilePath(program)), arguments: ["read-hdf5"],
          // The library needs no threads of linear algebra, and a crash is told here.
          environment: .inherit.updating([
            "OPENBLAS_NUM_THREADS": "1", "SWIFT_BACKTRACE": "enable=no",
          ]),
          input: .fileDescriptor(
            FileDescriptor(rawValue: theirInput), closeAfterSpawningProcess: true),
          output: .fileDescriptor(
            FileDescriptor(rawValue: theirOutput), closeAfterSpawningProcess: true),
          error: .discarded
        ) { execution in
          start.set(.started(execution.processIdentifier.value))
          // How the process ended can be asked for until then.
          for await _ in released {}
        }
      } catch {
        start.set(.notStarted("\(error)"))
      }
    }
  }

  deinit {
    close(input)
    close(output)
    release.finish()
  }

  /// Asks a question; `receive` gets the answer and the channel with what follows it.
  ///
  /// - Throws: the error of the answer, or `HDF5Error.reader` where the process ended over it.
  func ask<Result>(
    _ question: HDF5Question, _ receive: (HDF5Answer, HDF5Channel) throws -> Result?
  ) throws -> Result {
    lock.lock()
    defer { lock.unlock() }
    if let failure { throw failure }
    do {
      try channel.send(question)
      let answer = try channel.receive(HDF5Answer.self)
      if case .failed(let error) = answer { throw error }
      if let result = try receive(answer, channel) { return result }
      throw HDF5Channel.Failure.malformed("an answer to another question")
    } catch let problem as HDF5Channel.Failure {
      let error = HDF5Error.reader(
        file: file, dataset: question.dataset, reason: reason(of: problem))
      failure = error
      throw error
    }
  }

  private func reason(of problem: HDF5Channel.Failure) -> String {
    switch problem {
    case .malformed(let what):
      // It is not asked again, and ends when its input does.
      return "the process that reads it sent \(what)"
    case .ended:
      switch start.end() {
      case .notStarted(let why):
        return "no process could be started to read it: \(why)"
      case .signal(SIGXCPU):
        return
          "the HDF5 library did not come to an end over it; the file is damaged: copy or make it"
          + " again"
      case .signal(SIGKILL):
        return
          "the process that reads it was killed (signal 9), by hand or for want of memory; try again"
      case .signal(let signal):
        return
          "the HDF5 library crashed over it (signal \(signal)); the file is damaged: copy or make"
          + " it again"
      case .exit(let code):
        return "the process that reads it ended with code \(code)"
      }
    }
  }

  /// The program to start: this one. A bundle of tests, and the fuzzer, have it beside themselves.
  private static let program: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    if own.hasSuffix(".xctest") || own.hasSuffix("/Fuzz") {
      return (own as NSString).deletingLastPathComponent + "/Harness"
    }
    // The link leads to the program as it was started, also where its file has been replaced.
    return own.isEmpty ? Bundle.main.executablePath ?? CommandLine.arguments[0] : "/proc/self/exe"
  }()

  /// Threads that start and await processes, and the process itself: without them one would wait for an
  /// answer that never comes.
  private static func expectThreads() throws {
    guard !hasThreads else { return }
    throw FileError(
      path: "a process that reads HDF5", operation: .start,
      reason:
        "too few processes and threads may run at once (\(threads) more are needed); raise the"
        + " limit, e.g. ulimit -u 1024")
  }

  private static let threads = 12
  private static let hasThreads: Bool = {
    let gate = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    sem_init(gate, 0, 0)
    var started: [pthread_t] = []
    for _ in 0..<threads {
      var thread = pthread_t()
      let code = pthread_create(
        &thread, nil,
        { gate in
          while sem_wait(gate!.assumingMemoryBound(to: sem_t.self)) != 0 {}
          return nil
        }, gate)
      guard code == 0 else { break }
      started.append(thread)
    }
    for _ in started { sem_post(gate) }
    for thread in started { pthread_join(thread, nil) }
    sem_destroy(gate)
    gate.deallocate()
    return started.count == threads
  }()

  /// Pipes, sockets and what is needed to start and await a process.
  private static func expectDescriptors() throws {
    var held: [Int32] = []
    defer { for descriptor in held { close(descriptor) } }
    for _ in 0..<24 {
      let descriptor = open("/", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw FileError(
          path: "a process that reads HDF5", operation: .start,
          reason: "too few files may be open at once (24 more are needed); raise the limit, e.g."
            + " ulimit -n 1024")
      }
      held.append(descriptor)
    }
  }
}

/// How a process started, and ended, for threads that wait for it.
private final class ProcessStart: Sendable {
  enum Kind: Sendable {
    case started(pid_t)
    case notStarted(String)
  }

  enum End {
    case notStarted(String)
    case signal(Int32)
    case exit(Int32)
  }

  private let kind = Mutex<Kind?>(nil)
  private let isSet = DispatchSemaphore(value: 0)

  func set(_ kind: Kind) {
    self.kind.withLock { if $0 == nil { $0 = kind } }
    isSet.signal()
  }

  /// Waits for the end. Asks the system itself: tasks that would tell it may be waiting for threads that
  /// wait here. The process stays what it is for whoever started it.
  func end() -> End {
    isSet.wait()
    isSet.signal()
    switch kind.withLock({ $0! }) {
    case .notStarted(let why): return .notStarted(why)
    case .started(let id):
      var info = siginfo_t()
      while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) != 0 {
        guard errno == EINTR else { return .exit(-1) }
      }
      return info.si_code == CLD_EXITED
        ? .exit(info._sifields._sigchld.si_status) : .signal(info._sifields._sigchld.si_status)
    }
  }
}

/// Runs what starts and awaits processes on threads of its own: those of the default executor may all
/// be waiting for answers.
private final class ProcessExecutor: TaskExecutor {
  static let shared = ProcessExecutor()
  private let queue = DispatchQueue(label: "hdf5-processes", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
