import Files
import Foundation
import Records

/// What can be wrong with records and with the values beside them.
package enum ResultsError: Error, CustomStringConvertible, Equatable {
  case badTable(file: String, line: Int, reason: String)
  case noRecords(folder: String)
  /// The folder is of a shard, whose scores nobody has evaluated.
  case shardAlone(folder: String)
  case badRecord(RecordError)
  case duplicateRecord(cell: String, first: String, second: String)
  case noSuchExperiment(String, looked: [String])
  case notReadable(file: String, reason: String)

  package var description: String {
    switch self {
    case .badTable(let file, let line, let reason): "\(file):\(line): \(reason)"
    case .noRecords(let folder):
      "'\(folder)' holds no records (*.json); run the experiment first: Harness run SPEC"
    case .shardAlone(let folder):
      "'\(folder)' is of one shard, which has scores and no records; join all shards first: Harness merge SPEC FOLDERS"
    case .badRecord(let error): error.description
    case .duplicateRecord(let cell, let first, let second):
      "two records for cell '\(cell)': '\(first)' and '\(second)'; delete the stale one"
    case .noSuchExperiment(let name, let looked):
      "no experiment '\(name)': found no records in "
        + looked.map { "'\($0)'" }.joined(separator: ", ")
        + "; run it first, or name a folder that has 'records'"
    case .notReadable(let file, let reason): "\(file): cannot be read: \(reason)"
    }
  }

  /// What `body` reads; a record that cannot be read becomes an error of the results.
  package static func reading<Value>(_ body: () throws(RecordError) -> Value) throws(ResultsError)
    -> Value
  {
    do {
      return try body()
    } catch {
      throw .badRecord(error)
    }
  }

  /// The text of a file.
  package static func text(of file: URL) throws(ResultsError) -> String {
    let data: Data
    do {
      data = try RegularFile.read(file.path)
    } catch {
      throw .notReadable(file: file.relativePath, reason: error.reason)
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw .notReadable(file: file.relativePath, reason: "it is not UTF-8 text")
    }
    return text
  }
}
