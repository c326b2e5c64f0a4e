// What single people contribute to the rates of an evaluation, for records and tables (definitions
// 13); `Influence` counts it.

/// What every person adds to the errors and trials of a rate, compact: what people without errors are
/// told by is how many comparisons leave with them.
package struct ErrorShares: Sendable, Codable, Equatable {
  /// A person with errors.
  package struct Person: Sendable, Codable, Equatable {
    /// Number among the subjects of the evaluation; the same person in every repeat.
    package var subject: Int
    /// Errors with (false matches: against) the person's references.
    package var caused: Int
    /// Errors and trials that are not there without the person: all of the person's references and
    /// probes.
    package var errors: Int
    package var trials: Int

    package init(subject: Int, caused: Int, errors: Int, trials: Int) {
      self.subject = subject
      self.caused = caused
      self.errors = errors
      self.trials = trials
    }
  }

  /// Errors and trials of everybody.
  package var errors: Int
  package var trials: Int
  /// Those who take errors along, by subject.
  package var people: [Person]
  /// How many people, with and without errors, take how many trials along: trials, people, trials,
  /// people, … by ascending trials. Empty where leaving one person out says nothing of the rate: those
  /// over all comparisons of a group (`joint`).
  package var trialCounts: [Int]

  package init(errors: Int, trials: Int, people: [Person], trialCounts: [Int]) {
    self.errors = errors
    self.trials = trials
    self.people = people
    self.trialCounts = trialCounts
  }

  private enum CodingKeys: CodingKey {
    case errors, trials, people, trialCounts
  }

  /// People are four numbers each in one text (records of before: an object each).
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    errors = try container.decode(Int.self, forKey: .errors)
    trials = try container.decode(Int.self, forKey: .trials)
    trialCounts = try container.decode([Int].self, forKey: .trialCounts)
    guard let text = try? container.decode(String.self, forKey: .people) else {
      people = try container.decode([Person].self, forKey: .people)
      return
    }
    let path = container.codingPath + [CodingKeys.people]
    let numbers = try PackedNumbers.decode(text, at: path, "people")
      .map { Int(truncatingIfNeeded: $0) }
    guard numbers.count % 4 == 0 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: path, debugDescription: "people are not four numbers each"))
    }
    people = stride(from: 0, to: numbers.count, by: 4).map {
      Person(
        subject: numbers[$0], caused: numbers[$0 + 1], errors: numbers[$0 + 2],
        trials: numbers[$0 + 3])
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(errors, forKey: .errors)
    try container.encode(trials, forKey: .trials)
    try container.encode(trialCounts, forKey: .trialCounts)
    let numbers = people.flatMap { [$0.subject, $0.caused, $0.errors, $0.trials] }
    try container.encode(
      PackedNumbers.encode(numbers.map { UInt64(truncatingIfNeeded: $0) }), forKey: .people)
  }
}

/// How much of a false match or false non-match rate hangs on single people, over the repeats of a
/// cell: a person stands there with all their models.
package struct PersonInfluence: Sendable, Equatable {
  /// People with at least one of the errors in any repeat: false non-matches with, or false matches
  /// against, their references.
  package let people: Int
  /// Largest share of the errors of all repeats that one person causes; nil without errors.
  package let largestShare: Double?
  /// The same of the errors of a single repeat, the largest of any.
  package let largestShareOfOneRepeat: Double?
  /// Range of the mean rate, each repeat at its own threshold, when one person is left out; nil where
  /// nobody is left, and for rates over all comparisons of a group (`joint`).
  package let withoutOne: ClosedRange<Double>?

  /// One person causes more than `Influence.notableShare` of the errors, of one repeat at least.
  package var isNotable: Bool { (largestShareOfOneRepeat ?? 0) > Influence.notableShare }

  /// Over the repeats of a cell, which have the same people; nil unless every repeat has it.
  package init?(repeats all: [ErrorShares?]) {
    let repeats = all.compactMap { $0 }
    guard !repeats.isEmpty, repeats.count == all.count else { return nil }
    let bySubject = repeats.map { shares in
      Dictionary(uniqueKeysWithValues: shares.people.map { ($0.subject, $0) })
    }
    let subjects = Set(bySubject.flatMap(\.keys)).sorted()
    let caused = subjects.map { subject in
      bySubject.reduce(0) { $0 + ($1[subject]?.caused ?? 0) }
    }
    people = caused.count { $0 > 0 }
    let errors = repeats.reduce(0) { $0 + $1.errors }
    largestShare = errors == 0 ? nil : Double(caused.max() ?? 0) / Double(errors)
    largestShareOfOneRepeat =
      repeats.filter { $0.errors > 0 }.map { shares in
        Double(shares.people.map(\.caused).max() ?? 0) / Double(shares.errors)
      }.max()

    // Trials are those of the same comparisons in every repeat.
    let counts = repeats[0].trialCounts
    guard repeats.allSatisfy({ $0.trialCounts == counts && $0.trials == repeats[0].trials }) else {
      withoutOne = nil
      return
    }
    var without: [(errors: Int, trials: Int)] = []
    var free = Dictionary(
      uniqueKeysWithValues: stride(from: 0, to: counts.count, by: 2).map {
        (counts[$0], counts[$0 + 1])
      })
    for subject in subjects {
      let found = bySubject.compactMap { $0[subject] }
      free[found[0].trials]? -= 1
      without.append((found.reduce(0) { $0 + $1.errors }, found[0].trials))
    }
    without += free.filter { $0.value > 0 }.map { (0, $0.key) }
    let trials = repeats[0].trials
    let rates =
      counts.isEmpty
      ? []
      : without.filter { $0.trials < trials }.map {
        Double(errors - $0.errors) / Double(trials - $0.trials) / Double(repeats.count)
      }
    withoutOne = rates.min().map { $0...rates.max()! }
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
  /// - Throws: `MetricError` when labels and scores do not fit together.
  package mutating func attach(
    to measurements: inout [MetricValue], conventions: [EvaluationConvention]
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
      measurements[i].errorShares = found.shares(value.quantity, isConditional: isConditional)
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
