import Biometrics
import Files
import Foundation
import Specs
import Workers

/// What any kind of record on disk says of its format.
package protocol VersionedRecord: Codable {
  /// The format that this program writes, and the only one that it reads.
  static var currentVersion: Int { get }
  var version: Int { get }
}

/// A record that is made apart from runs: of a cell, from inputs that it names.
package protocol RecordMadeApart: VersionedRecord {
  var key: Cell { get }
  /// Hash of everything that its numbers follow from.
  var inputHash: String { get }
  var provenance: Provenance { get }
}

extension EvaluationRecord: StoredRecord {}
extension AttackRecord: StoredRecord {}
extension CostRecord: RecordMadeApart {}
extension MapRecord: RecordMadeApart {}
extension ShardManifest: VersionedRecord {}

/// Why a file is not a record.
package enum RecordError: Error, Equatable, Sendable, CustomStringConvertible {
  /// `reason` names the key: "no key 'dataset' at 'key'".
  case unreadable(file: String, reason: String)
  case version(file: String, found: Int, expected: Int)
  /// The content is not what was written.
  case damaged(file: String, fault: Seal.Fault)
  /// The file of its replicates cannot be read, or is not the one that was written with it.
  case replicates(file: String, beside: String, reason: String)

  package var description: String {
    switch self {
    case .unreadable(let file, _): "\(file): not a readable record: \(reason); \(Self.remedy)"
    case .version(let file, _, _), .damaged(let file, _): "\(file): \(reason); \(Self.remedy)"
    case .replicates(let file, _, _):
      "\(file): \(reason); bring that file back from where the record came from, or where it is lost "
        + "delete the record and run the command again that made it"
    }
  }

  /// What is wrong, without the file and what to do.
  package var reason: String {
    switch self {
    case .unreadable(_, let reason): reason
    case .version(_, let found, let expected): "record version \(found), expected \(expected)"
    case .damaged(_, let fault): fault.description
    case .replicates(_, let beside, let reason): "its replicates, '\(beside)', \(reason)"
    }
  }

  private static let remedy = "delete the file and run the command again that made it"
}

/// A folder with records of one kind, one JSON file each, and beside those with bootstrap replicates
/// `replicates/<name>.f64`. All reading and writing of records goes through here.
package struct RecordFolder<Record: VersionedRecord> {
  /// Path of the folder.
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Names of the record files, sorted: `*.json` without hidden ones; none where the folder is not
  /// there.
  package var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted()
  }

  /// All records in order of file name, read by several threads.
  ///
  /// - Throws: `RecordError` of the first file that is not a record of the current format.
  package func records() throws(RecordError) -> [Record] {
    let names = names
    let read = UnsafeMutableBufferPointer<Record?>.allocate(capacity: names.count)
    read.initialize(repeating: nil)
    defer {
      read.deinitialize()
      read.deallocate()
    }
    let workers = ProcessInfo.processInfo.activeProcessorCount
    try concurrently(units: names.count, workers: workers) { (_, i) throws(RecordError) in
      read[i] = try Self.read("\(path)/\(names[i])")
    }
    return read.map { $0! }
  }

  /// One record, after its seal was checked, and the digest of its replicates.
  package static func read(_ file: String) throws(RecordError) -> Record {
    let decoder = JSONDecoder.ofRecords()
    do {
      let data = try RegularFile.read(file)
      let fault = data.withUnsafeBytes { Seal.json.fault(in: $0) }
      if fault == .broken { throw RecordError.damaged(file: file, fault: .broken) }
      // A file without a seal may be of a version that had none.
      let frame = try decoder.decode(RecordFrame.self, from: data)
      guard frame.version == Record.currentVersion else {
        throw RecordError.version(
          file: file, found: frame.version, expected: Record.currentVersion)
      }
      if let fault { throw RecordError.damaged(file: file, fault: fault) }
      if let digest = frame.replicates {
        decoder.userInfo[.replicates] = try replicates(of: file, digest: digest)
      }
      return try decoder.decode(Record.self, from: data)
    } catch let error as RecordError {
      throw error
    } catch let error as FileError {
      throw .unreadable(file: file, reason: error.reason)
    } catch {
      throw .unreadable(file: file, reason: describe(error))
    }
  }

  /// Writes a record with its seal; the file is complete or untouched. Its replicates come first: a
  /// record that is there has them.
  package static func write(_ record: Record, to file: String) throws(StoreError) {
    let encoder = JSONEncoder.ofRecords(.prettyPrinted)
    let column = ReplicateColumn()
    encoder.userInfo[.replicates] = column
    let object: Data
    do {
      object = try encoder.encode(record)
    } catch {
      throw .system(path: file, operation: "encoded", reason: "\(error)")
    }
    let beside = replicatesPath(of: file)
    var content = Data()
    if column.count > 0 {
      let bytes = column.withBytes { Data($0) }
      try stored(AtomicFile.write(bytes, to: beside))
      content += Data(
        #""\#(RecordFrame.CodingKeys.replicates.rawValue)":"\#(SHA256.hex(of: bytes))","#.utf8)
    }
    // Seal and digest open the object, so its brace goes.
    content += object.dropFirst()
    let seal = content.withUnsafeBytes { Seal.json.over([$0]) }
    try stored(AtomicFile.write(Data(seal) + content, to: file))
    if column.count == 0 { try stored(AtomicFile.remove(beside)) }
  }

  /// Whether a record has replicates beside it that are not there; nothing is read but its begin.
  package static func lacksReplicates(_ file: String) -> Bool {
    guard let handle = try? FileHandle(forReadingFrom: URL(fileURLWithPath: file)),
      let begin = try? handle.read(upToCount: 256)
    else { return false }
    var status = stat()
    return String(decoding: begin, as: UTF8.self)
      .contains("\"\(RecordFrame.CodingKeys.replicates.rawValue)\"")
      && !(stat(replicatesPath(of: file), &status) == 0 && status.st_mode & S_IFMT == S_IFREG)
  }

  /// The replicates of a record.
  private static func replicates(of file: String, digest: String) throws(RecordError)
    -> ReplicateColumn
  {
    let path = replicatesPath(of: file)
    func fault(_ reason: String) -> RecordError {
      .replicates(file: file, beside: path, reason: reason)
    }
    let mapped: MappedFile
    do { mapped = try MappedFile(path) } catch { throw fault("cannot be read: \(error.reason)") }
    let found = SHA256.hex(of: mapped.bytes)
    guard found == digest, let column = ReplicateColumn(mapped.bytes) else {
      throw fault(
        "are not those that were written with it: \(mapped.bytes.count) bytes with SHA-256 "
          + "\(found.prefix(12))…, expected \(digest.prefix(12))…")
    }
    return column
  }
}

/// File of the replicates of a record.
package func replicatesPath(of file: String) -> String {
  let url = URL(fileURLWithPath: file)
  let name = url.deletingPathExtension().lastPathComponent + ".f64"
  return url.deletingLastPathComponent().appendingPathComponent("replicates/" + name).relativePath
}

/// What can be read of a record of any format: its format, and the digest of the replicates beside it.
private struct RecordFrame: Decodable {
  enum CodingKeys: String, CodingKey {
    case version
    case replicates = "replicates-sha256"
  }
  let version: Int
  let replicates: String?
}
