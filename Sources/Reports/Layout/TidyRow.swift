import AttackReports
import Records
import Specs

/// One number of a report in full precision and base units, with all that belongs to it.
package struct TidyRow: Sendable, Equatable {
  package var dataset: String
  package var extractor: String
  package var system: String
  package var preset: String?
  package var balancingFactor: Double?
  /// "per-subject" where each person's factor was chosen at enrolment.
  package var balancingRule: String?
  package var group: String
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
  package var repeats: Int
  /// Standard deviation over the repeats.
  package var spread: Double?
  package var published: Double?
  package var difference: Double?
  /// Whether the published value, as far as its rounding tells, lies in the interval.
  package var isPublishedInside: Bool?
  package var isSynthetic: Bool
  package var note: String

  /// A row for a measured (or missing) cell of a table.
  package init(
    _ summary: CellSummary, dataset: String, extractor: String,
    configuration: SystemConfiguration, query: MeasurementQuery, published: PublishedValue?,
    isSynthetic: Bool
  ) {
    self.init(
      query, dataset: dataset, extractor: extractor, configuration: configuration,
      repeats: summary.repeats, isSynthetic: isSynthetic)
    rule = summary.rule ?? rule
    target = summary.target ?? target
    value = summary.value
    lower = summary.lower
    upper = summary.upper
    intervalMethod = summary.intervalMethod
    numerator = summary.numerator
    denominator = summary.denominator
    threshold = summary.threshold
    attainedFMR = summary.attainedFMR
    spread = summary.spread
    self.published = published?.value
    difference = summary.difference(from: published)
    isPublishedInside = summary.contains(published)
    note = ((summary.status == .notRun ? ["not run"] : []) + summary.notes)
      .joined(separator: "; ")
  }

  /// A row for a paired difference of two systems.
  package init(
    _ difference: SystemDifference, dataset: String, extractor: String,
    configuration: SystemConfiguration, minus other: SystemConfiguration,
    query: MeasurementQuery, isSynthetic: Bool
  ) {
    self.init(
      query, dataset: dataset, extractor: extractor, configuration: configuration,
      repeats: difference.repeats, isSynthetic: isSynthetic)
    system = "\(configuration.system) - \(other.system)"
    quantity = "\(query.quantity)-difference"
    value = difference.value
    lower = difference.lower
    upper = difference.upper
    intervalMethod = difference.lower == nil ? nil : "paired subject-bootstrap"
    note = difference.note ?? ""
  }

  /// What every row of a query has; no value yet.
  private init(
    _ query: MeasurementQuery, dataset: String, extractor: String,
    configuration: SystemConfiguration, repeats: Int, isSynthetic: Bool
  ) {
    self.dataset = dataset
    self.extractor = extractor
    system = configuration.system
    preset = configuration.preset
    balancingFactor = configuration.balancingFactor
    balancingRule = configuration.balancingRule
    group = query.group
    convention = query.convention
    quantity = query.quantity.rawValue
    rule = query.rules.first?.name
    target = query.target
    self.repeats = repeats
    self.isSynthetic = isSynthetic
    note = ""
  }
}

extension TidyRow {
  /// A number of an attack.
  init(
    _ quantity: String, _ value: Double?, interval: Estimate? = nil, rule: String,
    dataset: String, extractor: String, system: AttackedSystem, group: String = "all",
    repeats: Int, numerator: Int? = nil, denominator: Int? = nil,
    published: PublishedValue? = nil, isSynthetic: Bool, note: String = ""
  ) {
    self.dataset = dataset
    self.extractor = extractor
    self.system = system.configuration.system
    preset = system.configuration.preset
    balancingFactor = system.configuration.balancingFactor
    self.group = group
    convention = system.cohortMaleShare.map { "cohort-male-\($0)" } ?? "cohort-as-is"
    self.quantity = quantity
    self.rule = rule
    self.value = value
    lower = interval?.lower
    upper = interval?.upper
    intervalMethod = interval == nil ? nil : "target-bootstrap"
    self.numerator = numerator
    self.denominator = denominator
    self.repeats = repeats
    self.published = published?.value
    difference = published?.value.flatMap { other in value.map { $0 - other } }
    isPublishedInside = interval.flatMap { published?.mayLie(in: $0.lower, $0.upper) }
    self.isSynthetic = isSynthetic
    self.note = note
  }
}
