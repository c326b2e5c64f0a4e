import Specs

extension ReportOutput {
  /// The output of a name.
  ///
  /// - Throws: `ReportError.unknownOutput` that lists the known names.
  package init(named name: String) throws {
    guard let output = ReportOutput(rawValue: name) else {
      throw ReportError.unknownOutput(name, known: ReportOutput.allCases.map(\.rawValue))
    }
    self = output
  }
}
