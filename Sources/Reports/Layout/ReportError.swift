import Files
import Foundation
import Records

/// What can be wrong with the inputs of a report.
package enum ReportError: Error, CustomStringConvertible, Equatable {
  case badTable(file: String, line: Int, reason: String)
  case noSuchTable(file: String)
  case noRecords(folder: String)
  case badRecord(RecordError)
  case duplicateRecord(cell: String, first: String, second: String)
  case unknownOutput(String, known: [String])
  case noSuchExperiment(String, looked: [String])
  case notWritable(file: String, reason: String)
  case notReadable(file: String, reason: String)

  package var description: String {
    switch self {
    case .badTable(let file, let line, let reason): "\(file):\(line): \(reason)"
    case .noSuchTable(let file):
      "cannot read '\(file)': expected the CSV file of a table, in the folder 'tables' of an "
        + "experiment's results"
    case .noRecords(let folder):
      "'\(folder)' holds no records (*.json); run the experiment first: Harness run SPEC"
    case .badRecord(let error): error.description
    case .duplicateRecord(let cell, let first, let second):
      "two records for cell '\(cell)': '\(first)' and '\(second)'; delete the stale one"
    case .unknownOutput(let name, let known):
      "unknown output '\(name)'; expected one of \(known.joined(separator: ", "))"
    case .noSuchExperiment(let name, let looked):
      "no experiment '\(name)': found no records in "
        + looked.map { "'\($0)'" }.joined(separator: ", ")
        + "; run it first, or name a folder that has 'records'"
    case .notWritable(let file, let reason): "\(file): cannot be written: \(reason)"
    case .notReadable(let file, let reason): "\(file): cannot be read: \(reason)"
    }
  }

  /// What `body` reads; a record that cannot be read becomes an error of the report.
  static func reading<Value>(_ body: () throws(RecordError) -> Value) throws(ReportError) -> Value {
    do {
      return try body()
    } catch {
      throw .badRecord(error)
    }
  }

  /// The text of a file.
  static func text(of file: URL) throws(ReportError) -> String {
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
