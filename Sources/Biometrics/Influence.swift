// How much of a result hangs on single people (definitions 13): three trainings of the same people
// gave 23, 49 and 18 errors, and 19 of 26 errors of another run came from one model.

/// Errors and comparisons of one person at a threshold.
package struct PersonErrors: Sendable, Equatable {
  package var subject: Int
  /// Mated comparisons with the person's references, and those below the threshold.
  package var mated = 0
  package var falseNonMatches = 0
  /// Non-mated comparisons with the person's references, and those at or above the threshold.
  package var nonMated = 0
  package var falseMatches = 0
  /// Non-mated comparisons of the person's probes with references of others, and false matches.
  package var nonMatedAsProbe = 0
  package var falseMatchesAsProbe = 0

  package init(subject: Int, mated: Int = 0, nonMated: Int = 0) {
    self.subject = subject
    self.mated = mated
    self.nonMated = nonMated
  }
}

/// What single people contribute to the errors at one threshold.
package struct Influence: Sendable, Equatable {
  /// A person that causes a larger share than this is named beside the result.
  package static let notableShare = 0.25

  /// Every person with a reference or a probe, by subject.
  package let people: [PersonErrors]

  package init(people: [PersonErrors]) { self.people = people }

  package var falseNonMatches: Int { people.reduce(0) { $0 + $1.falseNonMatches } }
  package var falseMatches: Int { people.reduce(0) { $0 + $1.falseMatches } }
  package var mated: Int { people.reduce(0) { $0 + $1.mated } }
  package var nonMated: Int { people.reduce(0) { $0 + $1.nonMated } }

  /// What each person adds to a rate of these errors.
  ///
  /// - Parameters:
  ///   - quantity: FNMR, else FMR.
  ///   - isConditional: whether the rate is over these trials.
  package func shares(_ quantity: Quantity, isConditional: Bool) -> ErrorShares {
    let ofMated = quantity == .fnmr
    let shares = people.map { person in
      ofMated
        ? ErrorShares.Person(
          subject: person.subject, caused: person.falseNonMatches, errors: person.falseNonMatches,
          trials: person.mated)
        : ErrorShares.Person(
          subject: person.subject, caused: person.falseMatches,
          errors: person.falseMatches + person.falseMatchesAsProbe,
          trials: person.nonMated + person.nonMatedAsProbe)
    }
    let counts = Dictionary(grouping: shares, by: \.trials).mapValues(\.count)
    return ErrorShares(
      errors: ofMated ? falseNonMatches : falseMatches, trials: ofMated ? mated : nonMated,
      people: shares.filter { $0.errors > 0 },
      trialCounts: isConditional
        ? counts.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] } : [])
  }
}

extension TrialSet {
  /// What each person contributes to the errors at a threshold; one pass over the scores.
  ///
  /// - Parameters:
  ///   - threshold: a comparison matches at or above it.
  ///   - selfTrials: whether a reference meets its own sample.
  ///   - group: index of the group of reference and probe; nil: everybody.
  ///   - probes: whether probes of other groups meet a group's references, too.
  /// - Throws: `MetricError` when labels and scores do not fit together.
  package func influence(
    at threshold: Double, selfTrials: EvaluationConvention.SelfTrials = .excluded,
    group: Int? = nil, probes: EvaluationConvention.NonMatedOf = .same
  ) throws(MetricError) -> Influence {
    try validate()
    let layout = TrialLayout(self)
    let bound = threshold.roundedUpToFloat
    var people = (0..<layout.subjects).map { PersonErrors(subject: $0) }
    // References of each stratum that count, and those of each subject.
    var references = [Int](repeating: 0, count: layout.strata.count)
    var own = layout.strata.map { _ in [Int](repeating: 0, count: layout.subjects) }
    for row in layout.rows where group == nil || row.code == group {
      let reference = Int(row.subject)
      let stratum = layout.strata[row.stratum]
      references[row.stratum] += 1
      own[row.stratum][reference] += 1
      for column in layout.matedColumns(of: row)
      where selfTrials == .included || column != row.ownColumn {
        people[reference].mated += 1
        if row.scores[Int(column)] < bound { people[reference].falseNonMatches += 1 }
      }
      layout.forEachNonMatedStretch(of: row) { columns in
        // False matches are rare: the loop is one comparison a score.
        for column in columns where row.scores[column] >= bound {
          if group != nil && probes == .same && Int(stratum.probeCode[column]) != group { continue }
          people[reference].falseMatches += 1
          people[Int(stratum.probeSubject[column])].falseMatchesAsProbe += 1
        }
      }
    }
    for (number, stratum) in layout.strata.enumerated() {
      let present = stratum.presence.map { (subject: Int($0.subject), probes: $0.probes) }
      let meeting = present.filter {
        group == nil || probes == .reference || Int(layout.subjectCode[$0.subject]) == group
      }
      let all = meeting.reduce(0) { $0 + $1.probes }
      for (subject, probes) in present {
        people[subject].nonMated += own[number][subject] * (all - probes)
      }
      for (subject, probes) in meeting {
        people[subject].nonMatedAsProbe += probes * (references[number] - own[number][subject])
      }
    }
    return Influence(
      people: people.filter { $0.mated + $0.nonMated + $0.nonMatedAsProbe > 0 })
  }

  /// Mated errors and trials by subject at a threshold.
  package func matedErrors(
    at threshold: Double, selfTrials: EvaluationConvention.SelfTrials = .excluded,
    group: Int? = nil
  ) -> ClusteredErrors {
    let layout = TrialLayout(self)
    var trials = [Int](repeating: 0, count: layout.subjects)
    var errors = trials
    for row in layout.rows where group == nil || row.code == group {
      for column in layout.matedColumns(of: row)
      where selfTrials == .included || column != row.ownColumn {
        trials[Int(row.subject)] += 1
        if Double(row.scores[Int(column)]) < threshold { errors[Int(row.subject)] += 1 }
      }
    }
    return ClusteredErrors(trials: trials, errors: errors)
  }
}

extension Double {
  /// The smallest float32 at or above this: a float32 score is at or above the one exactly when it
  /// is at or above the other.
  fileprivate var roundedUpToFloat: Float {
    let nearest = Float(self)
    return Double(nearest) < self ? nearest.nextUp : nearest
  }
}
