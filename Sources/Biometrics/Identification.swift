// Open-set identification as NIST FRTE 1:N reports it (definitions 1.11): FNIR at a fixed FPIR.
// FNIR(N, R, T) is that of ISO/IEC 19795-1:2021, 3.22; FPIR(N, T) that of the reports of NIST FRTE 1:N.

import Workers

/// Ranks up to which a mated search must return its mate.
package enum IdentificationRank: String, Sendable, CaseIterable {
  /// R = 1: the mate is returned above everybody else; an equal score of somebody else is a miss.
  case first = "rank-1"
  /// R = N: the mate is returned at all, as in the identification tables of NIST FRTE 1:N.
  case any = "any-rank"
}

/// What is asked of the searches.
package struct IdentificationRequest: Sendable {
  /// FPIR targets.
  package var targets: [Double]
  /// Convention that the measurements name: whose scores they are.
  package var convention: String
  /// The draws of the subject bootstrap; nil: no intervals.
  package var bootstrap: BootstrapDraws?
  /// Threads used at once; the results do not depend on it.
  package var workers: Int

  package init(
    targets: [Double], convention: String = EvaluationConvention.default.name,
    bootstrap: BootstrapDraws? = nil, workers: Int = 1
  ) {
    self.targets = targets
    self.convention = convention
    self.bootstrap = bootstrap
    self.workers = workers
  }
}

/// How many searches were made of whom.
package struct IdentificationCounts: Sendable, Codable, Equatable {
  /// People enrolled, by fold: a probe is searched in the gallery of its fold.
  package var gallery: [Int]
  package var matedSearches: Int
  package var nonMatedSearches: Int
  /// People with a mated search.
  package var matedPeople: Int

  package init(gallery: [Int], matedSearches: Int, nonMatedSearches: Int, matedPeople: Int) {
    self.gallery = gallery
    self.matedSearches = matedSearches
    self.nonMatedSearches = nonMatedSearches
    self.matedPeople = matedPeople
  }
}

/// What one-to-many searches showed.
package struct Identification: Sendable {
  /// For each target FNIR at rank 1, FNIR at any rank, and the FPIR reached.
  package var measurements: [MetricValue]
  package var counts: IdentificationCounts
}

/// Searches every probe in the gallery of its fold, and finds the share of mated searches that miss at
/// thresholds for given shares of non-mated searches that return anybody.
///
/// A mated search is a probe whose person has a reference that was not enrolled from it. A non-mated search
/// is any probe against the references of other people: the own ones are taken out of the gallery, so that
/// people who are not enrolled and people who are serve alike. The threshold is the smallest score with
/// FPIR <= target.
///
/// - Parameter kept: people kept of each search; the results do not depend on it.
/// - Throws: `MetricError` where labels and scores do not fit together, a score is NaN, or a target is not in
///   (0, 1).
/// - Complexity: one pass over the scores; k and a few numbers of memory a probe; a replicate takes O(p).
package func identification(
  _ trials: TrialSet, _ request: IdentificationRequest, kept: Int? = nil
) throws(MetricError) -> Identification {
  try trials.validate()
  for target in request.targets where !(target > 0 && target < 1) {
    throw .fpirTargetOutOfRange(target)
  }
  let searches = try IdentificationSearches(
    trials, kept: kept ?? IdentificationSearches.usual, workers: request.workers)
  return IdentificationMeasuring(searches, request).measured()
}

/// From searches to measurements.
private struct IdentificationMeasuring {
  let searches: IdentificationSearches
  let request: IdentificationRequest
  /// Searches by their best non-mate, descending.
  let order: [Int]

  init(_ searches: IdentificationSearches, _ request: IdentificationRequest) {
    self.searches = searches
    self.request = request
    let best = (0..<searches.count).map(searches.best)
    order = best.indices.sorted { (best[$1], $0) < (best[$0], $1) }
  }

  func measured() -> Identification {
    // One at least, so that there is an address.
    let everybody = [Int32](repeating: 1, count: max(1, searches.layout.subjects))
    return everybody.withUnsafeBufferPointer { everybody in
      let view = IdentificationView(searches, drawn: everybody.baseAddress!)
      let people = Set(
        searches.subjects.indices.filter { searches.isMated[$0] }.map { searches.subjects[$0] })
      let counts = IdentificationCounts(
        gallery: searches.gallery.map(\.count), matedSearches: view.mated,
        nonMatedSearches: view.nonMated, matedPeople: people.count)
      var measurements: [MetricValue] = []
      var places: [Place] = []
      for (t, target) in request.targets.enumerated() {
        let point =
          notMeasurable(counts, target) == nil ? view.point(atFPIR: target, order: order) : nil
        for rank in IdentificationRank.allCases {
          places.append((measurements.count, t, rank))
          measurements.append(misses(counts, target, rank, point))
        }
        measurements.append(falsePositives(counts, target, point))
      }
      if let draws = request.bootstrap,
        places.contains(where: { measurements[$0.index].value != nil })
      {
        attach(draws, to: &measurements, places)
      }
      for i in measurements.indices { measurements[i].makeEncodable() }
      return Identification(measurements: measurements, counts: counts)
    }
  }

  /// Where a rate stands: its measurement, its target, its rank.
  private typealias Place = (index: Int, target: Int, rank: IdentificationRank)

  private func notMeasurable(_ counts: IdentificationCounts, _ target: Double) -> String? {
    if counts.nonMatedSearches == 0 { return "no non-mated searches: nobody else is enrolled" }
    if 1 / Double(counts.nonMatedSearches) > target {
      return "FPIR \(target) is below 1/\(counts.nonMatedSearches), one false positive"
    }
    return nil
  }

  private func misses(
    _ counts: IdentificationCounts, _ target: Double, _ rank: IdentificationRank,
    _ point: IdentificationPoint?
  ) -> MetricValue {
    let note =
      counts.matedSearches == 0 ? "no mated searches" : notMeasurable(counts, target)
    var value = metric(.fnir, rank.rawValue, target, note == nil ? point : nil, note: note)
    guard note == nil, let point else { return value }
    let misses = rank == .first ? point.missesAtRank1 : point.missesAtAnyRank
    value.value = Double(misses) / Double(counts.matedSearches)
    (value.numerator, value.denominator) = (misses, counts.matedSearches)
    value.people = counts.matedPeople
    value.errorShares = shares(point, rank)
    return value
  }

  private func falsePositives(
    _ counts: IdentificationCounts, _ target: Double, _ point: IdentificationPoint?
  ) -> MetricValue {
    var value = metric(.fpir, nil, target, point, note: notMeasurable(counts, target))
    guard let point else { return value }
    value.value = Double(point.falsePositives) / Double(counts.nonMatedSearches)
    (value.numerator, value.denominator) = (point.falsePositives, counts.nonMatedSearches)
    value.intervalNote = "no interval: the threshold is set on these searches"
    value.errorShares = falsePositiveShares(point)
    return value
  }

  private func metric(
    _ quantity: Quantity, _ rule: String?, _ target: Double, _ point: IdentificationPoint?,
    note: String?
  ) -> MetricValue {
    MetricValue(
      quantity: quantity, group: "all", convention: request.convention, rule: rule, target: target,
      value: nil, threshold: point?.threshold, note: note)
  }

  /// By person, the searches that return somebody else.
  private func falsePositives(at threshold: Double) -> [Int32: Int] {
    var found = [Int32: Int]()
    for j in 0..<searches.count where Double(searches.best(j)) >= threshold {
      found[searches.subjects[j], default: 0] += 1
    }
    return found
  }

  /// Whose searches return somebody else; without a person the others' searches have another gallery, so
  /// that no rate without one is told.
  private func falsePositiveShares(_ point: IdentificationPoint) -> ErrorShares {
    let people = falsePositives(at: point.threshold).sorted { $0.key < $1.key }.map {
      subject, count in
      var person = PersonErrors(subject: Int(subject))
      person.falseMatches = count
      return person
    }
    return Influence(people: people).shares(.fmr, isConditional: false)
  }

  /// What each person adds to the misses.
  private func shares(_ point: IdentificationPoint, _ rank: IdentificationRank) -> ErrorShares {
    var people = [Int32: PersonErrors]()
    for j in 0..<searches.count where searches.isMated[j] {
      let subject = searches.subjects[j]
      var person = people[subject] ?? PersonErrors(subject: Int(subject))
      person.mated += 1
      let mate = searches.mates[j]
      let isHit =
        Double(mate) >= point.threshold && (rank == .any || mate > searches.best(j))
      if !isHit { person.falseNonMatches += 1 }
      people[subject] = person
    }
    return Influence(people: people.values.sorted { $0.subject < $1.subject })
      .shares(.fnmr, isConditional: true)
  }

  /// Intervals of the rates that are defined, by Wilson with the variance of the replicates; none where few
  /// people set the threshold: replicates know of no look-alikes but those that are there.
  private func attach(
    _ draws: BootstrapDraws, to measurements: inout [MetricValue], _ places: [Place]
  ) {
    let replicates = replicates(draws)
    for (index, target, rank) in places where measurements[index].value != nil {
      let offset = IdentificationRank.allCases.count * target + (rank == .first ? 0 : 1)
      let values = replicates.map { $0[offset] }
      measurements[index].attachInterval(values)
      measurements[index].replicates = Replicates(values)
      let people = measurements[index].threshold.map { falsePositives(at: $0).count } ?? 0
      if people < MetricValue.fewestPeopleOfThreshold {
        measurements[index].withholdInterval(MetricValue.fewSetTheThreshold(people))
      }
    }
  }

  /// FNIR by replicate, then by target and rank; NaN where a replicate has no search of a kind.
  private func replicates(_ draws: BootstrapDraws) -> [[Double]] {
    let subjects = searches.layout.subjects
    let ranks = IdentificationRank.allCases.count
    var results = [[Double]](repeating: [], count: draws.replicates)
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      concurrently(units: draws.replicates, workers: request.workers) { _, b in
        var drawn = [Int32](repeating: 0, count: subjects)
        drawn.withUnsafeMutableBufferPointer { draws.multiplicities(b, $0) }
        results[b] = drawn.withUnsafeBufferPointer { drawn in
          let view = IdentificationView(searches, drawn: drawn.baseAddress!)
          guard view.mated > 0, view.nonMated > 0 else {
            return [Double](repeating: .nan, count: request.targets.count * ranks)
          }
          return request.targets.flatMap { target in
            let point = view.point(atFPIR: target, order: order)
            return [point.missesAtRank1, point.missesAtAnyRank].map {
              Double($0) / Double(view.mated)
            }
          }
        }
      }
    }
    return results
  }
}
