import Configurations

/// What the checks of a dataset found, in order of discovery.
package struct DatasetFindings: Sendable, Codable, Hashable {
  /// Reasons not to use the file.
  package var problems: [String] = []
  /// Counted peculiarities that results may depend on; they go into the run record.
  package var warnings: [String] = []
  /// Reasons to believe that labels and vectors do not belong together; a run warns of them.
  package var doubts: [String] = []
  /// Comparison with published counts and the like.
  package var information: [String] = []

  /// Writes out control characters: texts hold names and labels of files.
  mutating func escape() {
    problems = problems.map(escaped)
    warnings = warnings.map(escaped)
    doubts = doubts.map(escaped)
    information = information.map(escaped)
  }
}

/// Why a dataset cannot be used: every problem found, not only the first.
package struct DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
  package let problems: [String]

  package var description: String { problems.joined(separator: "\n") }
}

/// "'a', 'b' and 3 more": a few of many names for a message.
package func examples(_ names: [String], limit: Int = 5) -> String {
  few(names.lazy.map { "'\(escaped($0))'" }, limit: limit)
}

/// "1, 5, 9 and 3 more": a few of many row numbers for a message.
func examples(_ rows: [Int]) -> String { few(rows.lazy.map { String($0) }) }
