/// Everything about the scores that measurements need: built by two passes, exact, and far smaller
/// than the scores.
final class ScoreSummary {
  let layout: TrialLayout
  let mated: MatedTrials
  let populations: [Population: PopulationScores]
  let sides: [SideKey: EvaluationSide]
  let point: PointView

  /// - Throws: `MetricError.scoreIsNaN`.
  init(
    _ trials: TrialSet, conventions: [ConventionMeasurements], request: EvaluationRequest
  ) throws(MetricError) {
    let layout = TrialLayout(trials)
    self.layout = layout
    mated = MatedTrials(layout)
    if mated.hasNaN { throw .scoreIsNaN(position: layout.positionOfFirstNaN) }
    // Every mated score, thresholds known beforehand, and a sample of the non-mated scores.
    var values = mated.distinct + pivots(fromSample: layout.sampleOfScores(count: 1 << 17))
    for threshold in conventions.flatMap(\.knownThresholds) {
      let score = Float(threshold)
      values.append(Double(score) < threshold ? score.nextUp : score)
    }
    let counts = try PivotCounts(layout, table: PivotTable(values), workers: request.workers)
    var populations: [Population: PopulationScores] = [:]
    var sides: [SideKey: EvaluationSide] = [:]
    for key in conventions.flatMap(\.sides) where sides[key] == nil {
      let population =
        populations[key.population]
        ?? PopulationScores(
          layout, key.population, counts: counts, limits: request.limits,
          workers: request.workers)
      populations[key.population] = population
      sides[key] = EvaluationSide(
        nonMated: population,
        mated: mated.scores(
          group: key.population.group, selfTrials: key.selfTrials, codes: layout.subjectCode))
    }
    self.populations = populations
    self.sides = sides
    point = PointView(sides: sides)
    collectRuns(conventions, request)
  }

  /// Collects the sorted top of every population as deep as the targets need; with a bootstrap
  /// deeper, because replicates vary, and down to the equal error rate where that is affordable.
  private func collectRuns(
    _ conventions: [ConventionMeasurements], _ request: EvaluationRequest
  ) {
    let resampled = request.bootstrap != nil
    for side in sides.values where side.isMeasurable {
      let scores = side.nonMated
      func depth(_ rate: Double, _ factor: Double) -> Int {
        Int(factor * rate * Double(scores.total)) + 1000
      }
      let limits = scores.limits
      var wanted = request.targets.map { depth($0, resampled ? 2 : 1) }
      if resampled {
        wanted.append(side.mated.count + 1000)
        // The equal error rate where that is affordable; else it is linearised.
        if let rate = side.corners.equalErrorRate(.interpolated) {
          wanted.append([2, 1.2].map { depth(rate, $0) }.first { $0 <= limits.affordable } ?? 0)
        }
      }
      for depth in wanted.sorted(by: >)
      where scores.extendRun(toDepth: depth, limit: limits.longest) { break }
    }
  }

  /// Sizes for the record.
  var evaluationCounts: EvaluationCounts {
    var counts = EvaluationCounts()
    let names = layout.trials.groups + ["unlabelled"]
    var isEnrolled = [Bool](repeating: false, count: layout.subjects)
    var hasMatedProbe = isEnrolled
    for row in layout.rows {
      let s = Int(row.subject)
      isEnrolled[s] = true
      if layout.matedColumns(of: row).contains(where: { $0 != row.ownColumn }) {
        hasMatedProbe[s] = true
      }
    }
    for s in 0..<layout.subjects where isEnrolled[s] {
      counts.subjects += 1
      counts.subjectsByGender[names[Int(layout.subjectCode[s])], default: 0] += 1
      if !hasMatedProbe[s] { counts.subjectsWithoutMatedProbe += 1 }
    }
    counts.references = layout.rows.count
    counts.probes = layout.strata.reduce(0) { $0 + $1.probes }
    (counts.matedComparisons, counts.selfTrials) = mated.counts
    counts.nonMatedComparisons = NonMatedTotals(layout) { _ in 1 }[.all]
    return counts
  }
}

extension ConventionMeasurements {
  /// Thresholds that are known before the scores are looked at.
  var knownThresholds: [Double] {
    var thresholds = fixedThreshold.map { [$0] } ?? []
    if convention.threshold == .development {
      thresholds += convention.givenThresholds.map(\.threshold)
    }
    return thresholds
  }
}
