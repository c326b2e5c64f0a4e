import Biometrics
import Records
import Specs

/// Which measurement of a record a table shows.
package struct MeasurementQuery: Sendable, Hashable {
  package var quantity: Quantity
  package var group: String
  package var convention: String
  /// Rules in order of preference; empty: the first measurement that fits otherwise.
  package var rules: [ThresholdRule]
  package var target: Double?

  package init(
    _ quantity: Quantity, group: String = "all", convention: String, rules: [ThresholdRule] = [],
    target: Double? = nil
  ) {
    self.quantity = quantity
    self.group = group
    self.convention = convention
    self.rules = rules
    self.target = target
  }

  /// The measurement of `record`, or nil. With rules given, nothing but these rules is accepted.
  package func find(in record: EvaluationRecord) -> MetricValue? {
    // By index: a copy of a measurement would retain all that it holds.
    let fitting = record.measurements.indices.filter { i in
      record.measurements[i].quantity == quantity
        && (target == nil || record.measurements[i].target == target)
        && record.measurements[i].convention == convention && record.measurements[i].group == group
    }
    if rules.isEmpty { return fitting.first.map { record.measurements[$0] } }
    for rule in rules {
      if let match = fitting.first(where: { record.measurements[$0].rule == rule.name }) {
        return record.measurements[match]
      }
    }
    return nil
  }
}

/// One measurement over the repeats of a cell, as tables show it: pooled by `RepeatedMeasurement`
/// (definitions 13), counts as sums.
package struct CellSummary: Sendable {
  /// Nothing was run, nothing was measured, it cannot be measured, or there is a value.
  package enum Status: Sendable, Equatable {
    case notRun, notMeasured, notMeasurable, measured
  }
  package var status: Status
  package var value: Double?
  package var spread: Double?
  /// Repeats with a value, and repeats with a record.
  package var measuredRepeats: Int
  package var repeats: Int
  package var numerator: Int?
  package var denominator: Int?
  package var lower: Double?
  package var upper: Double?
  package var intervalMethod: String?
  package var rule: String?
  package var target: Double?
  /// Mean over the repeats.
  package var attainedFMR: Double?
  package var threshold: Double?
  /// People with such comparisons; nil where the records do not say.
  package var people: Int?
  /// What single people contribute to an error rate; nil where the records do not say.
  package var influence: PersonInfluence?
  /// Distinct notes of the measurements and their intervals.
  package var notes: [String]
  /// The best value, 1, is one that no interval of sampled rates holds.
  private let isPublishedBestUndecided: Bool

  /// Summary of `query` over `records`, the repeats of one cell.
  package init(_ query: MeasurementQuery, in records: [EvaluationRecord]) {
    let found = records.compactMap(query.find)
    let defined = found.filter { $0.value != nil }
    let pooled = RepeatedMeasurement(found)
    repeats = records.count
    measuredRepeats = defined.count
    status =
      records.isEmpty
      ? .notRun : found.isEmpty ? .notMeasured : defined.isEmpty ? .notMeasurable : .measured
    value = pooled?.value
    spread = pooled?.spread
    numerator = sum(defined.map(\.numerator))
    denominator = sum(defined.map(\.denominator))
    rule = found.first?.rule
    target = found.first?.target
    attainedFMR = mean(ofAll: defined.map(\.attainedFMR))
    threshold = mean(ofAll: defined.map(\.threshold))
    lower = pooled?.interval.bounds?.lowerBound
    upper = pooled?.interval.bounds?.upperBound
    intervalMethod = pooled?.methodText
    people = defined.compactMap(\.people).max()
    influence = PersonInfluence(repeats: defined.map(\.errorShares))
    isPublishedBestUndecided = query.quantity.unreachableBest != nil
    let own = found.compactMap(\.note)
    notes =
      (own.map { note in
        let count = own.count { $0 == note }
        return count < found.count ? "\(note) (in \(count) of \(found.count) repeats)" : note
      } + [pooled?.interval.note].compactMap { $0 }
      + records.compactMap(\.counts.enrolmentNote)).distinct()
  }
}

extension EvaluationCounts {
  /// That people could not be enrolled, for a footnote; nil where all were.
  package var enrolmentNote: String? {
    if failuresToEnrol == 0 { return nil }
    let share = 100 * Double(failuresToEnrol) / Double(subjects + failuresToEnrol)
    return "failures to enrol: \(failuresToEnrol) of \(subjects + failuresToEnrol) people "
      + "(\(significantText(share, 2)) %) have no usable sample and are in no comparison"
  }
}

extension CellSummary {
  /// Reproduced minus published value.
  package func difference(from published: PublishedValue?) -> Double? {
    guard let value, let other = published?.value else { return nil }
    return value - other
  }

  /// Whether the published value may lie in the interval; nil without one of the two, and where the
  /// interval has no width: a bootstrap of no errors never draws one.
  package func contains(_ published: PublishedValue?) -> Bool? {
    guard let lower, let upper, lower < upper else { return nil }
    // Groups that are truly equal still differ in every sample.
    if isPublishedBestUndecided, published?.value == 1 { return nil }
    return published?.mayLie(in: lower, upper)
  }
}

/// Mean; nil without values, and where one is missing.
private func mean(ofAll values: [Double?]) -> Double? {
  let found = values.compactMap { $0 }
  return found.isEmpty || found.count < values.count ? nil : mean(found)
}
