/// What can be wrong with what a report is asked for.
package enum ReportError: Error, CustomStringConvertible, Equatable {
  case noSuchTable(file: String)
  case unknownOutput(String, known: [String])
  case notWritable(file: String, reason: String)

  package var description: String {
    switch self {
    case .noSuchTable(let file):
      "cannot read '\(file)': expected the CSV file of a table, in the folder 'tables' of an "
        + "experiment's results"
    case .unknownOutput(let name, let known):
      "unknown output '\(name)'; expected one of \(known.joined(separator: ", "))"
    case .notWritable(let file, let reason): "\(file): cannot be written: \(reason)"
    }
  }
}
