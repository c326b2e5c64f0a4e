import Biometrics
import Records

/// What a measurement is of, without its value: large experiments have many records with the same few.
package struct MeasurementFacet: Hashable, Sendable {
  package let quantity: Quantity
  package let group: String
  package let convention: String
  package let rule: String?
  package let target: Double?

  init(_ measurement: MetricValue) {
    quantity = measurement.quantity
    group = measurement.group
    convention = measurement.convention
    rule = measurement.rule
    target = measurement.target
  }
}

extension [EvaluationRecord] {
  /// What the records hold measurements of.
  var facets: Set<MeasurementFacet> {
    var facets = Set<MeasurementFacet>()
    for record in self {
      for measurement in record.measurements { facets.insert(MeasurementFacet(measurement)) }
    }
    return facets
  }
}

extension EvaluationRecord {
  /// The first measurement of each kind.
  var measurementsByFacet: [MeasurementFacet: MetricValue] {
    Dictionary(measurements.map { (MeasurementFacet($0), $0) }) { first, _ in first }
  }
}
