/// A statistic over people with its 95 % interval from draws of people, or the reason why it has none.
package struct MeanOverPeople: Sendable, Codable, Equatable {
  /// People below whom no interval is given.
  package static let fewestPeople = 10

  package var value: Double
  /// Nil: none can be given, and `note` says why.
  package var lower: Double?
  package var upper: Double?
  package var method: String?
  package var note: String?

  package init(
    value: Double, interval: ClosedRange<Double>? = nil, method: String? = nil,
    note: String? = nil
  ) {
    self.value = value
    lower = interval?.lowerBound
    upper = interval?.upperBound
    self.method = method
    self.note = note
  }

  /// With the percentile interval of its replicates.
  ///
  /// - Parameters:
  ///   - replicates: values over draws of people; NaN where a draw gives none.
  ///   - people: how many are drawn from.
  ///   - range: values that the statistic can take.
  package init(
    value: Double, replicates: [Double], people: Int,
    range: ClosedRange<Double> = -Double.infinity...Double.infinity
  ) {
    if let note = Self.tooFew(people) {
      self.init(value: value, note: note)
      return
    }
    let outcome = IntervalBasis(value: value, replicates: replicates, range: range)
      .interval(.percentile)
    self.init(
      value: value, interval: outcome.bounds, method: outcome.method?.rawValue, note: outcome.note)
  }

  /// Why there is no interval over this many people; nil: there may be one.
  package static func tooFew(_ people: Int) -> String? {
    people < fewestPeople
      ? "no interval: \(people) people, expected \(fewestPeople) or more" : nil
  }
}
