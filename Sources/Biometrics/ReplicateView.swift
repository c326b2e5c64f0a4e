// The two-way subject bootstrap (definitions 1.6): subjects are drawn with replacement; a mated
// comparison of subject s weighs m_s, a non-mated one of subjects i and j weighs m_i m_j. A replicate
// is the same evaluation on the weighted comparisons: thresholds are found anew by the convention's
// own rule. One walk down the sorted run per population gives all weights that are needed.

/// Weighted comparisons of one replicate. Belongs to one worker, which draws several replicates at once
/// and turns to one after the other.
final class ReplicateView: ErrorView {
  private let layout: TrialLayout
  private let sides: [SideKey: EvaluationSide]
  private let fixed: [FixedThreshold: SubjectSums]
  private var weights: [Population: RunWeights] = [:]
  private var matedWeights: [SideKey: MatedWeights] = [:]
  private var nonMatedTotals: NonMatedTotals
  private let drawn: DrawnSubjects
  /// Multiplicity of each subject in the present replicate.
  private var m: UnsafePointer<Int32>
  private let point: PointView
  /// What was missing, by population.
  private(set) var missing: [Population: Missing] = [:]
  var isReplicate: Bool { true }

  /// More of a run than there is.
  enum Missing {
    case depth
    case score(Double)
  }

  init(
    _ layout: TrialLayout, sides: [SideKey: EvaluationSide],
    fixed: [FixedThreshold: SubjectSums]
  ) {
    self.layout = layout
    self.sides = sides
    self.fixed = fixed
    point = PointView(sides: sides)
    drawn = DrawnSubjects(subjects: layout.subjects)
    m = drawn.multiplicities(0)
    nonMatedTotals = NonMatedTotals(layout) { _ in 0 }
    for (key, side) in sides {
      if weights[key.population] == nil {
        weights[key.population] = RunWeights(side.nonMated.run, drawn)
      }
      matedWeights[key] = MatedWeights(side.mated)
    }
  }

  /// Draws the multiplicities of up to `DrawnSubjects.lanes` replicates and forgets the previous ones.
  func draw(_ replicates: ArraySlice<Int>, _ draws: BootstrapDraws) {
    drawn.draw(replicates, draws)
    for weight in weights.values { weight.reset() }
  }

  /// Turns to one of the drawn replicates.
  func select(_ lane: Int) {
    m = drawn.multiplicities(lane)
    let m = self.m
    nonMatedTotals = NonMatedTotals(layout) { Int(m[$0]) }
    for weight in weights.values { weight.select(lane) }
    for weight in matedWeights.values { weight.load(m) }
    missing = [:]
  }

  /// Remembers what was missing; of several scores the lowest.
  private func miss(_ key: SideKey, _ what: Missing) {
    if case .score(let old)? = missing[key.population], case .score(let new) = what, old < new {
      return
    }
    missing[key.population] = what
  }

  /// The run of a population has not grown since this view was made.
  func isUpToDate(_ population: Population) -> Bool {
    weights[population]!.count
      == point.sides.first { $0.key.population == population }!
      .value.nonMated.run.count
  }

  func totals(_ side: SideKey) -> (mated: Int, nonMated: Int) {
    (matedWeights[side]!.total, nonMatedTotals[side.population])
  }

  /// Totals when both kinds of comparison are present in this replicate.
  private func measurable(_ key: SideKey) -> (mated: Int, nonMated: Int)? {
    let totals = totals(key)
    return totals.mated > 0 && totals.nonMated > 0 ? totals : nil
  }

  func operatingPoint(_ key: SideKey, atFMR target: Double, rule: OperatingPointRule)
    -> OperatingPoint?
  {
    guard let totals = measurable(key) else { return nil }
    return answer(key, fmrAbove: target, totals: totals) {
      $0.operatingPoint(atFMR: target, rule: rule)
    }
  }

  /// Asks a question of ever longer weighted stretches around the place where the FMR exceeds
  /// `fmrAbove`.
  private func answer<Answer>(
    _ key: SideKey, fmrAbove: Double, totals: (mated: Int, nonMated: Int),
    _ question: (ROCPoints) -> Answer?
  ) -> Answer? {
    let side = sides[key]!
    let weight = weights[key.population]!
    let run = side.nonMated.run
    let complete = side.nonMated.isComplete
    let place = weight.first(exceeding: fmrAbove, of: totals.nonMated)
    guard let place = place ?? (complete ? run.count : nil) else {
      miss(key, .depth)
      return nil
    }
    // Most rules need the next few points only; the others ask again.
    var margin = 8
    while true {
      let ranks = run.widened(max(0, place - margin)..<min(run.count, place + margin))
      let points = matedWeights[key]!.points(
        side: side, run: run, ranks: ranks, weight: weight, m: m, totals: totals)
      if let answer = question(points) { return answer }
      if ranks.upperBound == run.count && !complete {
        miss(key, .depth)
        return nil
      }
      if points.reachesTop && points.reachesBottom { return nil }
      margin *= 8
    }
  }

  func counts(_ key: SideKey, at threshold: Double) -> ErrorCounts? {
    let totals = totals(key)
    let side = sides[key]!
    let falseMatches: Int
    if threshold == -.infinity {
      falseMatches = totals.nonMated
    } else if side.nonMated.isComplete || threshold >= Double(side.nonMated.run.lower) {
      let rank = side.nonMated.run.count(atLeast: threshold)
      falseMatches = weights[key.population]!.weight(ofFirst: rank)
    } else if let sums = fixed[FixedThreshold(population: key.population, threshold: threshold)] {
      falseMatches = min(max(sums.weighted(m), 0), totals.nonMated)
    } else {
      miss(key, .score(threshold))
      return nil
    }
    let matches = matedWeights[key]!.prefix[side.mated.count(atLeast: threshold)]
    return ErrorCounts(
      falseMatches: falseMatches, nonMated: totals.nonMated,
      falseNonMatches: totals.mated - matches, mated: totals.mated)
  }

  func equalErrorRate(_ key: SideKey, _ rule: EqualErrorRateRule) -> Double? {
    guard let totals = measurable(key) else { return nil }
    let side = sides[key]!
    if rule == .rocch {
      if side.nonMated.isComplete {
        return corners(key, totals: totals)?.equalErrorRate(.rocch)
      }
      return hullEER(key)
    }
    if let threshold = side.linearisedCrossing { return tiltedEER(key, at: threshold) }
    guard let rate = interpolatedEER(key, totals: totals) else { return nil }
    if rule == .interpolated { return rate }
    return answer(key, fmrAbove: rate.nextDown, totals: totals) { $0.equalErrorRate(rule) }
  }

  /// The hull's crossing with the hull points of the data as they are: the rate is a saddle value
  /// over thresholds, so a change of hull points changes it in second order only.
  private func hullEER(_ key: SideKey) -> Double? {
    let corners = sides[key]!.corners
    guard let hull = corners.hullCrossing() else { return nil }
    let rates = [hull.before, hull.after].compactMap { k in
      counts(key, at: corners.thresholds[k])?.rates(.conditional)
    }
    guard rates.count == 2, let a = rates[0].fmr, let b = rates[0].fnmr, let c = rates[1].fmr,
      let d = rates[1].fnmr
    else { return nil }
    return min(max(equalRate(between: (a, b), and: (c, d)), 0), 1)
  }

  /// The crossing where FMR and FNMR of the data as they are, each scaled to this replicate's rate
  /// at `threshold`, meet: right to first order in the multiplicities.
  private func tiltedEER(_ key: SideKey, at threshold: Double) -> Double? {
    let corners = sides[key]!.corners
    guard let here = counts(key, at: threshold)?.rates(.conditional),
      let there = point.counts(key, at: threshold)?.rates(.conditional),
      let fmr = here.fmr, let fnmr = here.fnmr, let fmr0 = there.fmr, let fnmr0 = there.fnmr
    else { return nil }
    let a = fmr0 > 0 ? fmr / fmr0 : 1
    let b = fnmr0 > 0 ? fnmr / fnmr0 : 1
    let k = corners.partition { a * corners.fmr($0) >= b * corners.fnmr($0) }
    guard k > 0 && k < corners.count else { return nil }
    return equalRate(
      between: (a * corners.fmr(k - 1), b * corners.fnmr(k - 1)),
      and: (a * corners.fmr(k), b * corners.fnmr(k)))
  }

  /// The crossing of FMR and FNMR, found by halving over the mated scores.
  private func interpolatedEER(_ key: SideKey, totals: (mated: Int, nonMated: Int)) -> Double? {
    let side = sides[key]!
    let steps = side.steps
    let weight = weights[key.population]!
    let prefix = matedWeights[key]!.prefix
    let run = side.nonMated.run
    func fmr(_ rank: Int) -> Double? {
      rank <= run.count
        ? Double(weight.weight(ofFirst: rank)) / Double(totals.nonMated) : nil
    }
    func fnmr(_ k: Int) -> Double {
      k < 0 ? 1 : 1 - Double(prefix[steps[k].matedAtLeast]) / Double(totals.mated)
    }
    // Deeper than the run the FMR is at least what the whole run gives; where that does not decide,
    // the step is taken to lie behind the crossing and checked below.
    func isBehind(_ k: Int) -> Bool {
      fmr(min(steps[k].atLeast, run.count))! >= fnmr(k) || steps[k].atLeast > run.count
    }
    // The crossing is near that of the data as they are; look there first.
    var low = 0
    var high = steps.count
    var reach = 8
    while low < high {
      let first = max(low, side.crossing - reach)
      let last = min(high - 1, side.crossing + reach)
      if first > low, isBehind(first) {
        high = first
      } else if last < high - 1, !isBehind(last) {
        low = last + 1
      } else {
        low = max(low, first)
        high = min(high, last + 1)
        break
      }
      reach *= 4
    }
    let k = low + partition(high - low) { isBehind(low + $0) }
    guard k < steps.count else { return nil }
    // From the point of the previous mated score: level to `above`, then down to this score.
    if fmr(min(steps[k].above, run.count))! >= fnmr(k - 1) { return fnmr(k - 1) }
    guard let above = fmr(steps[k].above), let at = fmr(steps[k].atLeast) else {
      miss(key, .depth)
      return nil
    }
    return equalRate(between: (above, fnmr(k - 1)), and: (at, fnmr(k)))
  }

  func area(_ key: SideKey) -> Double? {
    guard let totals = measurable(key) else { return nil }
    let side = sides[key]!
    if side.nonMated.isComplete { return corners(key, totals: totals)?.area }
    guard let sums = side.areaSums, let area = point.area(key) else { return nil }
    return sums.area(
      m, point: area, totals: totals,
      unweighted: (side.mated.count, side.nonMated.total))
  }

  func bestAccuracy(_ key: SideKey) -> VerificationAccuracy? {
    guard let totals = measurable(key) else { return nil }
    // Beyond as many false matches as there are mated comparisons nothing can be gained.
    return corners(key, totals: totals, untilFalseMatches: totals.mated)?.bestAccuracy
  }

  /// Weighted corners of the ROC as far as the run reaches, or until there are more false matches
  /// than `limit`; nil (and missing) when the run ends before the limit.
  private func corners(
    _ key: SideKey, totals: (mated: Int, nonMated: Int), untilFalseMatches limit: Int = .max
  ) -> ROCPoints? {
    let side = sides[key]!
    let weight = weights[key.population]!
    let prefix = matedWeights[key]!.prefix
    let run = side.nonMated.run
    let complete = side.nonMated.isComplete
    var endsBeforeLimit = false
    let points = ROCPoints(
      steps: side.steps, mated: totals.mated, nonMated: totals.nonMated, reachesBottom: complete
    ) { step in
      let above = weight.weight(ofFirst: min(step.above, run.count))
      if above > limit { return nil }
      if step.atLeast > run.count {
        endsBeforeLimit = limit < .max
        return nil
      }
      return (
        above, weight.weight(ofFirst: step.atLeast), prefix[step.matedAtLeast]
      )
    }
    if endsBeforeLimit {
      miss(key, .depth)
      return nil
    }
    return points
  }
}
