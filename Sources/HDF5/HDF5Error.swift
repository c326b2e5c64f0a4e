import Configurations
import Files
import Foundation

/// What can go wrong between an HDF5 file and the program. Each text names file and dataset.
package enum HDF5Error: Error, Hashable, Sendable, Codable, CustomStringConvertible {
  /// No file at the path, or something else than a file.
  case noFile(file: String, found: String)
  /// The library refused an operation; `message` is its text without times and addresses.
  case library(file: String, dataset: String?, operation: String, message: String)
  /// No object of that name; `hint` says what there is.
  case missing(file: String, dataset: String, hint: String)
  /// The file uses a feature that is refused (external storage, plugins, absurd sizes).
  case refused(file: String, dataset: String, reason: String)
  /// The dataset is of another kind than the caller needs.
  case wrongKind(file: String, dataset: String, found: String, expected: String)
  /// A value cannot be represented.
  case badValue(file: String, dataset: String, reason: String)
  /// The process that reads the file did not answer.
  case reader(file: String, dataset: String?, reason: String)

  /// Names and texts of a file are shown with their control characters written out.
  package var description: String { escaped(text) }

  private var text: String {
    switch self {
    case .noFile(let file, let found):
      "\(file): \(found); expected an HDF5 file, see datasets.md"
    case .library(let file, let dataset, let operation, let message):
      "\(file): \(dataset.map { "'\($0)': " } ?? "")cannot \(operation): \(message)"
        + (Self.hint(for: message).map { "; \($0)" } ?? "")
    case .missing(let file, let dataset, let hint):
      "\(file): no dataset '\(dataset)'; \(hint)"
    case .refused(let file, let dataset, let reason):
      "\(file): '\(dataset)' \(reason)"
    case .wrongKind(let file, let dataset, let found, let expected):
      "\(file): '\(dataset)' is \(found), expected \(expected)"
    case .badValue(let file, let dataset, let reason):
      "\(file): '\(dataset)' \(reason)"
    case .reader(let file, let dataset, let reason):
      "\(file): \(dataset.map { "'\($0)': " } ?? "")\(reason)"
    }
  }

  /// Whether a file could not be locked because its file system has no locks (NFS without its lock
  /// service, Lustre without `-o flock`), not because another program holds one.
  package var isLackOfLocks: Bool {
    if case .library(_, _, _, let message) = self { Self.lacksLocks(message) } else { false }
  }

  private static func lacksLocks(_ message: String) -> Bool {
    message.contains("unable to lock")
      && FileError.lackOfLocks.contains { message.contains(String(cString: strerror($0))) }
  }

  /// What to do about a message of the library, where that is known.
  private static func hint(for message: String) -> String? {
    if message.contains("layout message") || message.contains("bad version number")
      || message.contains("superblock version")
    {
      return "the file uses a newer format than the installed library reads; re-save it with"
        + " libver='v110' (h5py) or h5repack"
    }
    if message.contains("already open for write") {
      return "a writer crashed or is still running; when none runs: h5clear -s FILE"
    }
    if lacksLocks(message) {
      return "its file system has no locks; set HDF5_USE_FILE_LOCKING=FALSE"
    }
    if message.contains("unable to lock") || message.contains("temporarily unavailable") {
      return "another program has it open for writing; close that, or set"
        + " HDF5_USE_FILE_LOCKING=FALSE on read-only media"
    }
    if message.contains("signature not found") {
      return "this is not an HDF5 file"
    }
    if message.contains("link class") {
      return "links into other files are not followed; save the dataset in this file"
    }
    if message.contains("truncated file") {
      return "the copy is incomplete: copy or download it again"
    }
    return nil
  }

  /// The error of a dataset that is not among those of a file.
  ///
  /// - Parameter excess: what the file holds besides and was not looked through; nil: nothing.
  package static func missing(
    file: String, dataset: String, available: [String], excess: String? = nil
  ) -> HDF5Error {
    let names = available.map { "'\($0)'" }
    var held = names.isEmpty ? [] : [few(names, limit: 12)]
    if let excess { held.append("\(excess), which are not looked through") }
    return .missing(
      file: file, dataset: dataset,
      hint: (nearestName(to: dataset, among: available).map { "did you mean '\($0)'?; " } ?? "")
        + "the file holds " + (held.isEmpty ? "no datasets" : held.joined(separator: " and ")))
  }
}
