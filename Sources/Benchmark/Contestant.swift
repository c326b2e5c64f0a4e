import Foundation

/// One way of doing the work of a workload: ours, or a peer as its users run it.
package struct Contestant: Sendable, Equatable {
  /// Whose program runs it.
  package enum Program: Sendable, Equatable {
    /// This executable; the arguments follow `bench-contestant`.
    case ours([String])
    /// The peer script; the arguments follow the interpreter and the script.
    case peer([String])
  }

  /// Name in the CSV, e.g. "pytorch-official".
  package var name: String
  /// Words for the report, e.g. "PyTorch as the public code".
  package var title: String
  package var program: Program
  /// Threads of each process.
  package var threads: Int
  /// Processes that run at once, each on a processor of its own.
  package var processes: Int
  /// Most runs this contestant gets; nil: as many as the others.
  package var mostRuns: Int?
  /// Memory below which it is not started.
  package var neededBytes: Int
  /// Position on a cost curve (cohort rows, gallery size); nil outside of curves.
  package var size: Int?

  package init(
    _ name: String, _ title: String, _ program: Program, threads: Int = 1, processes: Int = 1,
    mostRuns: Int? = nil, neededBytes: Int = 0, size: Int? = nil
  ) {
    self.name = name
    self.title = title
    self.program = program
    self.threads = threads
    self.processes = processes
    self.mostRuns = mostRuns
    self.neededBytes = neededBytes
    self.size = size
  }

  /// True when this executable does the work.
  package var isOurs: Bool {
    if case .ours = program { true } else { false }
  }
}

/// Where the programs of the contestants are found.
package struct ContestantPrograms: Sendable {
  /// This executable.
  package var harness: String
  /// A Python interpreter; nil: peers do not take part.
  package var python: String?
  /// The script that plays the peers.
  package var peerScript: String
  /// Folder with the inputs that all contestants share; empty: not made yet.
  package var inputs: String
  /// `taskset`, when it is there.
  package var taskset: String?
  /// Commit of this executable; ours names it as its version.
  package var revision: String

  package init(
    harness: String = ContestantPrograms.thisProgram, python: String?, peerScript: String,
    inputs: String = "",
    taskset: String? = MachineLimits.path(of: "taskset"), revision: String
  ) {
    self.harness = harness
    self.python = python
    self.peerScript = peerScript
    self.inputs = inputs
    self.taskset = taskset
    self.revision = revision
  }

  /// Full path of this program, which is started again for each of our contestants.
  package static var thisProgram: String {
    Bundle.main.executablePath ?? URL(fileURLWithPath: CommandLine.arguments[0]).path
  }

  /// Command line of one process of `contestant`; `processor` pins it there.
  ///
  /// - Returns: nil for a peer when there is no interpreter.
  package func commandLine(of contestant: Contestant, processor: Int?) -> [String]? {
    var words: [String]
    switch contestant.program {
    case .ours(let arguments):
      words = [harness, "bench-contestant"] + arguments + ["--revision", revision]
    case .peer(let arguments):
      guard let python else { return nil }
      words = [python, peerScript] + arguments
    }
    words += ["--threads", String(contestant.threads), "--data", inputs]
    if let processor, let taskset { words = [taskset, "-c", String(processor)] + words }
    return words
  }

  /// Environment that holds the thread pools of every numeric library to `threads`.
  package static func environment(threads: Int) -> [String: String] {
    let pools = [
      "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    ]
    return Dictionary(uniqueKeysWithValues: pools.map { ($0, String(threads)) })
  }
}
