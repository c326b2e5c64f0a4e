/// What can be wrong with a benchmark before or after its runs. A contestant that fails is no error
/// of the benchmark: it is a row with a text in the `err` column.
package enum BenchmarkError: Error, CustomStringConvertible, Equatable {
  case unknownWorkload(String, known: [String])
  case unknownPrecision(String, known: [String])
  case notWritable(file: String, reason: String)
  case unreadable(file: String, reason: String)
  case badRow(file: String, line: Int, reason: String)
  case noInterpreter(String)
  case noPeerScript(String)
  case badInput(file: String, found: Int, expected: Int)

  package var description: String {
    switch self {
    case .unknownWorkload(let name, let known):
      "unknown workload '\(name)'; known: \(known.joined(separator: ", "))"
    case .unknownPrecision(let name, let known):
      "unknown precision '\(name)', expected one of \(known.joined(separator: ", "))"
    case .notWritable(let file, let reason):
      "\(file): cannot be written: \(reason); choose another place with --output"
    case .unreadable(let file, let reason):
      "\(file): cannot be read: \(reason); measure first: Harness bench"
    case .badRow(let file, let line, let reason):
      "\(file):\(line): \(reason)"
    case .noInterpreter(let path):
      "'\(path)' is not an executable file; expected a Python interpreter with the packages of "
        + "experiments/peers/requirements.txt ('make bench' sets one up), or --quick without peers"
    case .noPeerScript(let path):
      "'\(path)' does not exist; run from the root of the repository or give --peer-script"
    case .badInput(let file, let found, let expected):
      "\(file): found \(found) bytes, expected \(expected); the file was cut short, run again"
    }
  }
}
