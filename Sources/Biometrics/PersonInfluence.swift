// What single people contribute to the rates of an evaluation, for records and tables (definitions
// 13); `Influence` counts it.

/// How much of a false match or false non-match rate hangs on single people.
package struct PersonInfluence: Sendable, Codable, Equatable {
  /// People with at least one of the errors: false non-matches with, or false matches against, their
  /// references.
  package var people: Int
  /// Largest share of the errors that one person causes; nil without errors.
  package var largestShare: Double?
  /// Who causes it; the first of equals.
  package var largestSubject: String?
  /// Range of the rate at the same threshold when one person is left out; nil where nobody is left,
  /// and for rates over all comparisons of a group (`joint`).
  package var lowestWithoutOne: Double?
  package var highestWithoutOne: Double?

  package init(
    people: Int, largestShare: Double?, largestSubject: String? = nil,
    withoutOne: ClosedRange<Double>?
  ) {
    self.people = people
    self.largestShare = largestShare
    self.largestSubject = largestSubject
    lowestWithoutOne = withoutOne?.lowerBound
    highestWithoutOne = withoutOne?.upperBound
  }

  /// One person causes more than `Influence.notableShare` of the errors.
  package var isNotable: Bool { (largestShare ?? 0) > Influence.notableShare }

  /// Over the repeats of a cell: the most people and the largest share of any repeat (the share of one
  /// person in the errors of all repeats is no larger), and the means of the ranges' ends, between
  /// which the mean rate stays whoever is left out. Nil unless every repeat has it.
  package init?(repeats all: [PersonInfluence?]) {
    let present = all.compactMap { $0 }
    guard let first = present.first, present.count == all.count else { return nil }
    self = first
    guard present.count > 1 else { return }
    people = present.map(\.people).max()!
    let largest = present.max { ($0.largestShare ?? 0) < ($1.largestShare ?? 0) }!
    (largestShare, largestSubject) = (largest.largestShare, largest.largestSubject)
    func pooled(_ ends: [Double?]) -> Double? {
      let found = ends.compactMap { $0 }
      return found.count == present.count ? mean(found) : nil
    }
    lowestWithoutOne = pooled(present.map(\.lowestWithoutOne))
    highestWithoutOne = pooled(present.map(\.highestWithoutOne))
  }
}

/// What single people contribute to the errors of some trials: one pass over the scores for each
/// threshold and group, however often it is asked for.
package struct InfluenceCounts {
  private let trials: TrialSet
  private var known: [InfluenceKey: Influence] = [:]

  package init(_ trials: TrialSet) { self.trials = trials }

  /// See `TrialSet.influence`.
  ///
  /// - Parameter group: index of the group; nil: everybody, and `probes` says nothing.
  /// - Throws: `MetricError` when labels and scores do not fit together.
  package mutating func influence(
    at threshold: Double, selfTrials: EvaluationConvention.SelfTrials, group: Int? = nil,
    probes: EvaluationConvention.NonMatedOf = .same
  ) throws(MetricError) -> Influence {
    let key = InfluenceKey(
      threshold: threshold, selfTrials: selfTrials, group: group,
      probes: group == nil ? .same : probes)
    if let found = known[key] { return found }
    let counted = try trials.influence(
      at: threshold, selfTrials: selfTrials, group: group, probes: key.probes)
    known[key] = counted
    return counted
  }

  /// Adds to every false match and false non-match rate that has a threshold what single people
  /// contribute to it.
  ///
  /// - Parameters:
  ///   - measurements: of these trials.
  ///   - conventions: those that the measurements name.
  ///   - names: identifier of each subject, [s].
  /// - Throws: `MetricError` when labels and scores do not fit together.
  package mutating func attach(
    to measurements: inout [MetricValue], conventions: [EvaluationConvention], names: [String]
  ) throws(MetricError) {
    for i in measurements.indices {
      let value = measurements[i]
      guard value.quantity == .fnmr || value.quantity == .fmr, value.value != nil,
        let threshold = value.threshold,
        let convention = conventions.first(where: { $0.name == value.convention })
      else { continue }
      let group = trials.groups.firstIndex(of: value.group)
      let found = try influence(
        at: threshold, selfTrials: convention.selfTrials, group: group,
        probes: convention.nonMated)
      let isConditional = convention.denominator == .conditional || group == nil
      measurements[i].influence = PersonInfluence(
        value.quantity, found, isConditional: isConditional, names: names)
    }
  }
}

/// What an influence is counted at.
private struct InfluenceKey: Hashable {
  var threshold: Double
  var selfTrials: EvaluationConvention.SelfTrials
  var group: Int?
  var probes: EvaluationConvention.NonMatedOf
}

extension PersonInfluence {
  fileprivate init(
    _ quantity: Quantity, _ influence: Influence, isConditional: Bool, names: [String]
  ) {
    let ofMated = quantity == .fnmr
    let most = ofMated ? influence.mostFalseNonMatches : influence.mostFalseMatches
    self.init(
      people: ofMated ? influence.peopleWithFalseNonMatches : influence.peopleWithFalseMatches,
      largestShare: most?.share, largestSubject: most.map { names[$0.subject] },
      withoutOne: !isConditional
        ? nil : ofMated ? influence.fnmrWithoutOne : influence.fmrWithoutOne)
  }
}
