import AttackReports
import Biometrics
import Records
import Results
import Specs

/// One number of a report in full precision and base units, with all that belongs to it; nil is
/// what it does not have.
package struct TidyRow: Sendable, Equatable {
  package var dataset: String
  package var extractor: String
  package var system: String
  package var preset: String?
  package var balancingFactor: Double?
  /// "per-subject" where each person's factor was chosen at enrolment.
  package var balancingRule: String?
  package var group = "all"
  package var convention: String
  package var quantity: String
  package var rule: String?
  package var target: Double?
  package var value: Double?
  package var lower: Double?
  package var upper: Double?
  package var intervalMethod: String?
  package var numerator: Int?
  package var denominator: Int?
  package var threshold: Double?
  package var attainedFMR: Double?
  package var repeats = 1
  /// Standard deviation over the repeats.
  package var spread: Double?
  /// What single people contribute to an error rate.
  package var influence: PersonInfluence?
  package var published: Double?
  /// Whether the published value, as far as its rounding tells, lies in the interval.
  package var isPublishedInside: Bool?
  package var isSynthetic: Bool
  package var note = ""
  /// Whose records it is from, in tables that gather several experiments.
  package var experiment: String?

  /// Reproduced − published.
  package var difference: Double? {
    value.flatMap { value in published.map { value - $0 } }
  }
}

extension TidyRow {
  /// A number of an attack.
  init(
    _ quantity: String, _ value: Double?, interval: Estimate? = nil, method: String? = nil,
    rule: String, place: Place, system: AttackedSystem, group: String = "all", repeats: Int,
    spread: Double? = nil, published: PublishedValue? = nil, isSynthetic: Bool, note: String = ""
  ) {
    let outside = interval?.holdsValue == false ? [IntervalOutcome.outside] : []
    self.init(
      dataset: place.dataset, extractor: place.extractor, system: system.configuration.system,
      preset: system.configuration.preset, balancingFactor: system.configuration.balancingFactor,
      group: group,
      convention: system.cohortName,
      quantity: quantity, rule: rule, value: value, lower: interval?.lower,
      upper: interval?.upper, intervalMethod: method,
      repeats: repeats, spread: spread, published: published?.value,
      isPublishedInside: interval.flatMap { published?.mayLie(in: $0.lower, $0.upper) },
      isSynthetic: isSynthetic,
      note: ((note.isEmpty ? [] : [note]) + outside).joined(separator: "; "))
  }
}
