/// What a spec's `outputs` can name.
package enum ReportOutput: String, Sendable, CaseIterable {
  case table1, table2, figure3, table3, table3b, table4, sweep, calibration
  case attackDistributions = "attack-distributions"
  case attackGallery = "attack-gallery"
  /// From cost records (`Harness measure`), with the figure of identification.
  case table5
  case report

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
