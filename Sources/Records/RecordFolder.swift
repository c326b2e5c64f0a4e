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

  package var description: String {
    switch self {
    case .unreadable(let file, _): "\(file): not a readable record: \(reason); \(Self.remedy)"
    case .version(let file, _, _), .damaged(let file, _): "\(file): \(reason); \(Self.remedy)"
    }
  }

  /// What is wrong, without the file and what to do.
  package var reason: String {
    switch self {
    case .unreadable(_, let reason): reason
    case .version(_, let found, let expected): "record version \(found), expected \(expected)"
    case .damaged(_, let fault): fault.description
    }
  }

  private static let remedy = "delete the file and run the command again that made it"
}

/// A folder with records of one kind, one JSON file each. All reading and writing of records goes
/// through here.
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

  /// One record, after its seal was checked.
  package static func read(_ file: String) throws(RecordError) -> Record {
    let decoder = JSONDecoder.ofRecords()
    do {
      let data = try RegularFile.read(file)
      let fault = data.withUnsafeBytes { Seal.json.fault(in: $0) }
      if fault == .broken { throw RecordError.damaged(file: file, fault: .broken) }
      // A file without a seal may be of a version that had none.
      let found = try decoder.decode(RecordVersion.self, from: data).version
      guard found == Record.currentVersion else {
        throw RecordError.version(file: file, found: found, expected: Record.currentVersion)
      }
      if let fault { throw RecordError.damaged(file: file, fault: fault) }
      return try decoder.decode(Record.self, from: data)
    } catch let error as RecordError {
      throw error
    } catch let error as FileError {
      throw .unreadable(file: file, reason: error.reason)
    } catch {
      throw .unreadable(file: file, reason: describe(error))
    }
  }

  /// Writes a record with its seal; the file is complete or untouched.
  package static func write(_ record: Record, to file: String) throws(StoreError) {
    let object: Data
    do {
      object = try JSONEncoder.ofRecords(.prettyPrinted).encode(record)
    } catch {
      throw .system(path: file, operation: "encoded", reason: "\(error)")
    }
    // The seal opens the object, so its brace goes.
    let content = object.dropFirst()
    let seal = content.withUnsafeBytes { Seal.json.over([$0]) }
    try stored(AtomicFile.write(Data(seal) + content, to: file))
  }
}

/// The format of a record, which can be read whatever the rest looks like.
private struct RecordVersion: Decodable {
  let version: Int
}
