// Intervals by the two-way subject bootstrap (definitions 1.6; see ReplicateView for one replicate).

import Workers

/// A threshold known beforehand, in a population too large to be collected down to it.
struct FixedThreshold: Hashable, Sendable {
  var population: Population
  var threshold: Double
}

/// Runs the replicates of an evaluation and attaches intervals to its measurements.
///
/// In every replicate the threshold is found anew by the convention's own rule on the weighted
/// comparisons, where a comparison of weight w stands for w equal ones (so for `nearest_drop` the
/// ROC of the replicate is thinned, too). Exact, except that in populations too large to be kept
/// whole the area, the hull's equal error rate, and rates deeper than the run are linearised in the
/// multiplicities ("linearised"; see AreaSums, SubjectSums, ReplicateView).
struct SubjectBootstrap {
  private let summary: ScoreSummary
  private let conventions: [ConventionMeasurements]
  private let request: EvaluationRequest
  private var fixed: [FixedThreshold: SubjectSums] = [:]

  init(
    _ summary: ScoreSummary, conventions: [ConventionMeasurements], request: EvaluationRequest
  ) {
    self.summary = summary
    self.conventions = conventions
    self.request = request
    for convention in conventions {
      for key in convention.sides { prepare(key, knownThresholds: convention.knownThresholds) }
    }
  }

  /// Makes the sums for whatever the run of a side cannot answer.
  private mutating func prepare(_ key: SideKey, knownThresholds: [Double]) {
    let side = summary.sides[key]!
    let scores = side.nonMated
    guard side.isMeasurable && !scores.isComplete else { return }
    for threshold in knownThresholds {
      if !scores.extendRun(toScore: threshold, limit: scores.limits.affordable) {
        linearise(key.population, threshold)
      }
    }
    if side.areaSums == nil {
      side.areaSums = AreaSums(side, subjects: summary.layout.subjects)
    }
    if let rate = side.corners.equalErrorRate(.interpolated), side.crossing < side.steps.count,
      1.1 * rate * Double(scores.total) > Double(scores.run.count)
    {
      side.linearisedCrossing = side.steps[side.crossing].score
      linearise(key.population, side.steps[side.crossing].score)
    }
    // The hull rule is reported for everybody only.
    if key.population == .all, let hull = side.corners.hullCrossing() {
      for k in [hull.before, hull.after] where side.corners.falseMatches[k] > scores.run.count {
        linearise(key.population, side.corners.thresholds[k])
      }
    }
  }

  /// Sums by subject at a threshold.
  private mutating func linearise(_ population: Population, _ threshold: Double) {
    let place = FixedThreshold(population: population, threshold: threshold)
    guard fixed[place] == nil, threshold.isFinite else { return }
    fixed[place] = summary.populations[population]!.subjectSums(
      AtLeast(threshold: threshold))
  }

  /// Computes the replicates and attaches intervals; returns warnings.
  func attach(_ draws: BootstrapDraws, to measurements: inout [MetricValue]) -> [String] {
    let (replicates, unresolved) = run(draws, count: measurements.count)
    var warnings: Set<String> = []
    // The accuracy of rejecting everybody is the share of non-mated comparisons, a constant of the
    // protocol: drawing subjects twice would only add mated pairs to it.
    for i in measurements.indices
    where measurements[i].value != nil && measurements[i].rule != "reject-all" {
      let values = replicates.map { $0[i] }
      measurements[i].people = people(measurements[i])
      // A replicate cut off by the length of the run is not missing at random.
      if unresolved.contains(where: { values[$0].isNaN }) {
        warnings.insert(
          "\(measurements[i].quantity): no interval, the bootstrap needs more than "
            + "\(request.limits.longest) comparisons")
        continue
      }
      measurements[i].attachInterval(values, isLinearised: isLinearised(measurements[i]))
      withholdFewErrors(i, &measurements)
      if request.keepsReplicates.contains(measurements[i].quantity) {
        measurements[i].replicates = Replicates(values)
      }
    }
    return warnings.sorted()
  }

  /// Takes the interval from a value that rests on too few errors for any method.
  private func withholdFewErrors(_ i: Int, _ measurements: inout [MetricValue]) {
    let measure = measurements[i]
    let convention = conventions.first { $0.convention.name == measure.convention }!.convention
    let needed = measure.quantity.fewestErrors(convention)
    let counts: [Int]
    switch measure.quantity {
    case .auc:
      measurements[i].withholdInterval(
        "no interval: no method held the true area in 93 % of data sets (see Fairness)")
      return
    case .eer:
      let mated = key(measure).flatMap { summary.sides[$0]?.mated.count } ?? 0
      counts = [Int(((measure.value ?? 0) * Double(mated)).rounded())]
    case .fnmr: counts = [measure.numerator].compactMap { $0 }
    default:
      counts = measurements.filter {
        $0.quantity == .fnmr && $0.group != "all" && $0.convention == measure.convention
          && $0.target == measure.target
      }.compactMap(\.numerator)
    }
    let errors = counts.reduce(0, +)
    // Interpolated rates have no counts; no error at all has the rule of 3.
    guard !counts.isEmpty, errors < needed, measure.quantity != .fnmr || errors > 0 else { return }
    measurements[i].withholdInterval(
      "no interval: \(errors) false \(errors == 1 ? "non-match" : "non-matches"), fewer than the "
        + "\(needed) from which on one holds")
  }

  /// All replicates of all measurements, and the replicates that asked for more than can be kept.
  private func run(_ draws: BootstrapDraws, count: Int) -> ([[Double]], Set<Int>) {
    var results = [[Double]](repeating: [], count: draws.replicates)
    var pending = Array(0..<draws.replicates)
    while true {
      let units = (pending.count + DrawnSubjects.lanes - 1) / DrawnSubjects.lanes
      let threads = max(1, min(request.workers, units))
      let views = (0..<threads).map { _ in
        ReplicateView(summary.layout, sides: summary.sides, fixed: fixed)
      }
      var missing = [[Population: ReplicateView.Missing]](repeating: [:], count: pending.count)
      results.withUnsafeMutableBufferPointer { results in
        missing.withUnsafeMutableBufferPointer { missing in
          nonisolated(unsafe) let results = results
          nonisolated(unsafe) let missing = missing
          nonisolated(unsafe) let views = views
          let todo = pending
          concurrently(units: units, workers: threads) { worker, unit in
            let view = views[worker]
            let first = unit * DrawnSubjects.lanes
            let together = first..<min(first + DrawnSubjects.lanes, todo.count)
            view.draw(todo[together], draws)
            for i in together {
              view.select(i - first)
              results[todo[i]] = conventions.flatMap { convention in
                convention.measure(view).map { $0.value ?? .nan }
              }
              missing[i] = view.missing
            }
          }
        }
      }
      // Replicates that ran out are repeated on longer runs, as long as runs can grow.
      let short = pending.indices.filter { !missing[$0].isEmpty }
      var hasGrown = false
      for unit in short {
        for (population, what) in missing[unit] {
          let scores = summary.populations[population]!
          let before = scores.run.count
          switch what {
          case .depth:
            if !views[0].isUpToDate(population) { break }
            scores.extendRun(toDepth: 2 * before + 1000, limit: scores.limits.longest)
          case .score(let score):
            scores.extendRun(toScore: score, limit: scores.limits.longest)
          }
          hasGrown = hasGrown || scores.run.count > before
        }
      }
      pending = short.map { pending[$0] }
      if !hasGrown { return (results, Set(pending)) }
    }
  }

  /// The comparisons that a measurement is made of.
  private func key(_ measurement: MetricValue) -> SideKey? {
    guard
      let convention = conventions.first(where: { $0.convention.name == measurement.convention })
    else { return nil }
    let group = convention.groups.firstIndex(of: measurement.group)
    return group.map(convention.side) ?? convention.everybody
  }

  /// People with mated comparisons behind a false non-match rate of mated comparisons.
  private func people(_ measurement: MetricValue) -> Int? {
    guard measurement.quantity == .fnmr, let key = key(measurement),
      let mated = summary.sides[key]?.mated, mated.count == measurement.denominator
    else { return nil }
    return Set(mated.subjects).count
  }

  private func isLinearised(_ measurement: MetricValue) -> Bool {
    guard let key = key(measurement) else { return false }
    let side = summary.sides[key]!
    switch measurement.quantity {
    case .auc: return !side.nonMated.isComplete
    case .eer:
      return measurement.rule == EqualErrorRateRule.rocch.rawValue
        ? !side.nonMated.isComplete : side.linearisedCrossing != nil
    default:
      guard let threshold = measurement.threshold else { return false }
      return fixed[FixedThreshold(population: key.population, threshold: threshold)] != nil
    }
  }
}
