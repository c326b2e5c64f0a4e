import Biometrics
import Records

/// The repeats of one system on one dataset with one extractor: what a value, and its difference from
/// another system, is made from.
package struct SystemResults: Sendable {
  package let results: RecordSet
  package let place: Place
  package let configuration: SystemConfiguration

  /// The repeats in order; empty where the system was not run.
  package var records: [EvaluationRecord] { results.records(place, configuration) }

  /// A measurement over the repeats.
  package func summary(_ query: MeasurementQuery) -> CellSummary {
    var summary = CellSummary(query, in: records)
    if records.isEmpty {
      summary.notes = [absence]
    } else if let reason = results.absence(place, configuration) {
      summary.notes.append("a repeat is missing, \(reason)")
    }
    return summary
  }

  /// Why there is no record.
  package var absence: String { results.absence(place, configuration) ?? MissingCells.notRun }

  /// This system minus another at the same place; nil where one of them has no value.
  ///
  /// - Parameter other: nil: the traditional one with the same references.
  package func difference(
    _ query: MeasurementQuery, minus other: SystemConfiguration? = nil
  ) -> SystemDifference? {
    SystemDifference(
      query, in: records, minus: query,
      in: results.records(place, other ?? configuration.baseline))
  }
}

extension RecordSet {
  /// A system at a place.
  package func at(_ place: Place, _ configuration: SystemConfiguration) -> SystemResults {
    SystemResults(results: self, place: place, configuration: configuration)
  }
}
