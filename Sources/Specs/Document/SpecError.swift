/// A place in a spec file; line and column count from 1, columns in Unicode scalars. What stands in no
/// file, such as a setting of the command line, has line 0.
package struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
  /// The path as the user gave it (or as `extends` leads to it).
  package var file: String
  package var line: Int
  package var column: Int

  package init(file: String, line: Int = 1, column: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
  }

  package var description: String { line == 0 ? file : "\(file):\(line):\(column)" }
}

/// One thing that is wrong with a spec, and where.
package struct SpecProblem: Sendable, Hashable, CustomStringConvertible {
  package var location: SourceLocation
  /// What was found, what was expected, what to do; no trailing period.
  package var message: String

  package init(at location: SourceLocation, _ message: String) {
    self.location = location
    self.message = message
  }

  package var description: String { "\(location): \(message)" }
}

/// All problems of a spec, thrown at once, before any data is opened.
package struct SpecError: Error, Sendable, CustomStringConvertible {
  /// Sorted by file (in the order they were read), then by place.
  package let problems: [SpecProblem]

  /// Exit code for a bad spec or bad data.
  package static let exitCode: Int32 = 65

  package init(problems: [SpecProblem]) { self.problems = problems }

  /// One line per problem, and their number where there is more than one.
  package var description: String {
    let lines = problems.map(\.description)
    return (problems.count > 1 ? lines + ["\(problems.count) problems; nothing was run"] : lines)
      .joined(separator: "\n")
  }
}
