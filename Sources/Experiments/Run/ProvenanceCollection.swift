import CHDF5
import COpenBLAS
import Foundation
import Kernels
import Records
import Specs

extension Provenance {
  /// What holds for every record of a run: spec, data, code, libraries, machine, command. To be
  /// called once a run (it asks git); seed and times of a cell are set by the runner.
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
    provenance.dataHashes = dataHashes
    let code = CodeRevision.ofThisExecutable()
    provenance.revision = code?.revision ?? "unknown"
    provenance.isDirty = code?.isDirty ?? false
    provenance.versions = libraryVersions()
    provenance.machine = Machine.current.description
    provenance.seed = spec.seed
    provenance.command = commandText(arguments)
    provenance.startedAt = timestamp()
    return provenance
  }

  /// Versions of what the numbers are computed with: "swift", "hdf5", "openblas", "openblas-core",
  /// "cpu-path".
  package static func libraryVersions() -> [String: String] {
    var versions = ["swift": swiftVersion]
    var (major, minor, release) = (UInt32(0), UInt32(0), UInt32(0))
    if H5get_libversion(&major, &minor, &release) >= 0 {
      versions["hdf5"] = "\(major).\(minor).\(release)"
    }
    // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …"
    if let config = openblas_get_config() {
      let words = String(cString: config).split(separator: " ")
      versions["openblas"] = words.dropFirst().first.map(String.init) ?? "unknown"
    }
    // Results differ in the 6th-7th digit between CPU kernels.
    if let core = openblas_get_corename() { versions["openblas-core"] = String(cString: core) }
    versions["cpu-path"] = CPUPath.current.name
    return versions
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

/// Takes the time from which a record is made.
struct ProvenanceClock {
  private let start = ContinuousClock.now
  private let began = Date()

  /// Where a record comes from that was begun with this clock and is complete now.
  func provenance(_ spec: ExperimentSpec, _ shelf: DataShelf, seed: UInt64) -> Provenance {
    var provenance = Provenance.current(spec: spec, dataHashes: shelf.hashesByPath)
    provenance.seed = seed
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

/// The revision of the checkout that a program was built in.
package struct CodeRevision: Sendable, Hashable {
  package var revision: String
  /// True when sources or specs differ from the revision.
  package var isDirty: Bool

  package init(revision: String, isDirty: Bool) {
    self.revision = revision
    self.isDirty = isDirty
  }

  /// The checkout around the running executable; nil where there is none, or no git.
  package static func ofThisExecutable() -> CodeRevision? {
    guard
      let executable = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/exe")
    else { return nil }
    return at((executable as NSString).deletingLastPathComponent)
  }

  /// The checkout that contains a folder, if it is one of this project.
  package static func at(_ folder: String) -> CodeRevision? {
    guard let root = git(["rev-parse", "--show-toplevel"], in: folder),
      FileManager.default.fileExists(atPath: root + "/Sources/Experiments"),
      let revision = git(["rev-parse", "HEAD"], in: root),
      let changes = git(
        ["status", "--porcelain", "--", "Sources", "Package.swift", "experiments"], in: root)
    else { return nil }
    return CodeRevision(revision: revision, isDirty: !changes.isEmpty)
  }

  /// Output of a git command, trimmed; nil when it fails or git is missing.
  private static func git(_ arguments: [String], in folder: String) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", folder] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
