import Datasets
import Foundation
import HDF5Library
import Kernels
import Records
import Revision
import Specs

extension Provenance {
  /// What holds for every record of a run: spec, data, code, libraries, machine, command. Seed and
  /// times of a cell are set by the runner.
  ///
  /// - Parameters:
  ///   - dataHashes: SHA-256 by file path.
  ///   - arguments: the command line.
  package static func current(
    spec: ExperimentSpec, dataHashes: [String: String],
    arguments: [String] = CommandLine.arguments
  ) -> Provenance {
    var provenance = Provenance()
    provenance.experiment = spec.name
    provenance.specPath = spec.path
    provenance.specHash = spec.specHash
    provenance.settings = spec.settings.isEmpty ? nil : spec.settings
    provenance.dataHashes = dataHashes
    provenance.revision = CodeRevision.ofThisBuild.revision
    provenance.isDirty = CodeRevision.ofThisBuild.isDirty
    provenance.versions = libraryVersions()
    provenance.machine = Machine.current.description
    provenance.seed = spec.seed
    provenance.command = commandText(arguments)
    provenance.startedAt = timestamp()
    return provenance
  }

  /// Versions of what the numbers are computed with: "swift", "hdf5", "openblas", "openblas-core",
  /// "cpu-path", and the packages of the build, e.g. "yams".
  package static func libraryVersions() -> [String: String] {
    var versions = CodeRevision.dependencies
    versions["swift"] = swiftVersion
    versions["hdf5"] = hdf5Version
    // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …"
    let words = BLAS.configuration.split(separator: " ")
    versions["openblas"] = words.dropFirst().first.map(String.init) ?? "unknown"
    // Results differ in the 6th-7th digit between CPU kernels.
    versions["openblas-core"] = BLAS.coreName
    versions["cpu-path"] = CPUPath.current.name
    return versions
  }

  /// Those of `libraryVersions` that numbers are computed with. Scores differ in their last digits
  /// between them, so that they belong to what a cell is made from; packages that read specs and
  /// command lines do not.
  package static func computingVersions() -> [String: String] {
    libraryVersions().filter {
      ["swift", "hdf5", "openblas", "openblas-core", "cpu-path"].contains($0.key)
    }
  }

  /// The command as it could be typed again; the program by its name alone.
  package static func commandText(_ arguments: [String]) -> String {
    arguments.enumerated().map { index, argument in
      let word = index == 0 ? (argument as NSString).lastPathComponent : argument
      if word.wholeMatch(of: /[A-Za-z0-9_.,:=\/@%+-]+/) != nil { return word }
      return "'" + word.replacing("'", with: #"'\''"#) + "'"
    }.joined(separator: " ")
  }
}

/// Takes the time of a run: records name its begin, and how long after it they were complete.
struct ProvenanceClock {
  private let start = ContinuousClock.now
  private let began = Date()

  /// Where the record of a cell comes from that was begun with this clock and is complete now.
  ///
  /// - Parameter run: what holds for every record of the run.
  func provenance(_ run: Provenance, _ cell: Cell) -> Provenance {
    var provenance = run
    provenance.seed = run.seed &+ UInt64(cell.repeatIndex)
    provenance.startedAt = timestamp(began)
    provenance.wallSeconds = (ContinuousClock.now - start) / .seconds(1)
    return provenance
  }
}

/// Version of the compiler that built this program; the language has no constant for it.
private let swiftVersion: String = {
  #if compiler(>=6.5)
    "6.5 or later"
  #elseif compiler(>=6.4)
    "6.4"
  #elseif compiler(>=6.3)
    "6.3"
  #elseif compiler(>=6.2)
    "6.2"
  #else
    "6.1"
  #endif
}()

/// The machine a run is made on, as far as results and times depend on it.
package struct Machine: Sendable, Hashable, CustomStringConvertible {
  package var processor: String
  package var cores: Int
  package var memoryBytes: Int
  package var system: String

  package init(processor: String, cores: Int, memoryBytes: Int, system: String) {
    self.processor = processor
    self.cores = cores
    self.memoryBytes = memoryBytes
    self.system = system
  }

  /// "AMD EPYC 9R14, 2 cores, 15 GiB, Debian GNU/Linux 12 (bookworm)".
  package var description: String {
    let gibibytes = Int((Double(memoryBytes) / 0x1p30).rounded())
    return "\(processor), \(cores) core\(cores == 1 ? "" : "s"), \(gibibytes) GiB, \(system)"
  }

  /// This machine; unknown parts say so.
  package static let current: Machine = {
    let info = ProcessInfo.processInfo
    return Machine(
      processor: value(of: "model name", in: "/proc/cpuinfo", separator: ":")
        ?? "unknown processor",
      cores: info.activeProcessorCount, memoryBytes: Int(info.physicalMemory),
      system: value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=")
        ?? info.operatingSystemVersionString)
  }()

  private static func value(of key: String, in file: String, separator: Character) -> String? {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: separator, maxSplits: 1)
      if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == key {
        return parts[1].trimmingCharacters(in: .whitespaces.union(["\""]))
      }
    }
    return nil
  }
}
