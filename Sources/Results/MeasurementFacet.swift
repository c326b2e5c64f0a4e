import Biometrics
import Records

/// What a measurement is of, without its value: large experiments have many records with the same few.
package struct MeasurementFacet: Hashable, Sendable {
  package let quantity: Quantity
  package let group: String
  package let convention: String
  package let rule: String?
  package let target: Double?
}

extension [EvaluationRecord] {
  /// What the records hold measurements of.
  var facets: Set<MeasurementFacet> {
    var facets = Set<MeasurementFacet>()
    for r in indices {
      // By index: a copy of a measurement would retain all that it holds.
      for m in self[r].measurements.indices {
        facets.insert(
          MeasurementFacet(
            quantity: self[r].measurements[m].quantity, group: self[r].measurements[m].group,
            convention: self[r].measurements[m].convention, rule: self[r].measurements[m].rule,
            target: self[r].measurements[m].target))
      }
    }
    return facets
  }
}
