import CKernels
import Glibc
import Synchronization

/// The instruction set that the kernels run with, chosen at run time.
///
/// Results agree between paths to rounding, not bit for bit: vectors of other widths add in another
/// order, and the x86-64 baseline rounds a product before adding it. Records therefore name the
/// path. Within a path results are bit-identical on any machine and for any number of workers.
package enum CPUPath: Int32, Sendable, CaseIterable {
  /// SSE2 on x86-64, NEON on arm64.
  case baseline = 0
  case avx2 = 1
  case avx512 = 2

  /// The environment variable that forces a path by name.
  package static let environmentVariable = "MOTE_CPU_PATH"

  package var name: String {
    switch self {
    case .baseline: "baseline"
    case .avx2: "avx2"
    case .avx512: "avx512"
    }
  }

  /// Whether this machine can run the path.
  package var isAvailable: Bool { mote_kernels_of_path(rawValue) != nil }

  /// The widest path of this machine.
  package static var best: CPUPath { allCases.last { $0.isAvailable } ?? .baseline }

  /// The path that new engines take: what was forced, else what the environment names, else `best`.
  package static var current: CPUPath {
    let raw = forced.load(ordering: .relaxed)
    return CPUPath(rawValue: raw) ?? initial
  }

  /// Forces a path by name for engines made from now on.
  ///
  /// - Throws: `CPUPathError` when the name is unknown or the machine cannot run the path.
  package static func force(_ name: String) throws {
    forced.store(try CPUPath(named: name).rawValue, ordering: .relaxed)
  }

  /// The path of that name.
  ///
  /// - Throws: `CPUPathError` when the name is unknown or the machine cannot run the path.
  package init(named name: String) throws {
    guard let path = CPUPath.allCases.first(where: { $0.name == name }) else {
      throw CPUPathError.unknown(name)
    }
    guard path.isAvailable else { throw CPUPathError.unavailable(path) }
    self = path
  }

  /// Checks the environment variable, for a clear message before work starts; `current` ignores a
  /// value that does not pass.
  package static func checkEnvironment() throws {
    if let value = getenv(environmentVariable) { _ = try CPUPath(named: String(cString: value)) }
  }

  var kernels: mote_kernels {
    guard let table = mote_kernels_of_path(rawValue) else {
      preconditionFailure("CPU path '\(name)' on a machine that cannot run it")
    }
    return table.pointee
  }

  private static let forced = Atomic<Int32>(-1)
  private static let initial: CPUPath = {
    guard let value = getenv(environmentVariable) else { return best }
    return (try? CPUPath(named: String(cString: value))) ?? best
  }()
}

/// A path that was asked for and cannot be had.
package enum CPUPathError: Error, CustomStringConvertible {
  case unknown(String)
  case unavailable(CPUPath)

  package var description: String {
    switch self {
    case .unknown(let name):
      "unknown CPU path '\(name)', expected one of "
        + CPUPath.allCases.map { "'\($0.name)'" }.joined(separator: ", ")
    case .unavailable(let path):
      "CPU path '\(path.name)' cannot run on this machine, available: "
        + CPUPath.allCases.filter(\.isAvailable).map { "'\($0.name)'" }.joined(separator: ", ")
    }
  }
}
