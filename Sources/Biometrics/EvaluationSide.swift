/// Mated and non-mated comparisons that belong together: a population with or without self trials.
final class EvaluationSide: @unchecked Sendable {
  let nonMated: PopulationScores
  let mated: MatedScores
  /// One entry per distinct mated score, descending.
  struct Step {
    var score: Double
    /// Mated scores >= score.
    var matedAtLeast: Int
    /// Non-mated scores >= score, and > score.
    var atLeast: Int
    var above: Int
  }
  let steps: [Step]
  /// The ROC reduced to its corners: exact for area, interpolated EER, hull and best accuracy.
  let corners: ROCPoints
  /// Step at which FMR first reaches FNMR.
  let crossing: Int
  /// Threshold at which replicates of the equal error rate are linearised; nil: they are exact.
  var linearisedCrossing: Double?
  /// Sums behind the linearised replicates of the area; set where the run is not complete.
  var areaSums: AreaSums?

  init(nonMated: PopulationScores, mated: MatedScores) {
    self.nonMated = nonMated
    self.mated = mated
    var steps: [Step] = []
    for i in mated.scores.indices {
      let score = mated.scores[i]
      if i + 1 < mated.count, mated.scores[i + 1] == score { continue }
      // Every mated score is a pivot.
      let k = partition(nonMated.pivots.count) { nonMated.pivots[$0] >= score }
      steps.append(
        Step(
          score: Double(score), matedAtLeast: i + 1, atLeast: nonMated.counts.atLeast[k],
          above: nonMated.counts.above[k]))
    }
    self.steps = steps
    let totals = (mated: mated.count, nonMated: nonMated.total)
    crossing = partition(steps.count) { k in
      steps[k].atLeast * totals.mated >= (totals.mated - steps[k].matedAtLeast) * totals.nonMated
    }
    corners = ROCPoints(steps: steps, mated: mated.count, nonMated: nonMated.total) {
      ($0.above, $0.atLeast, $0.matedAtLeast)
    }
  }

  /// Both kinds of comparison are present.
  var isMeasurable: Bool { mated.count > 0 && nonMated.total > 0 }
}

extension ROCPoints {
  /// The corners of a ROC: +infinity; for every distinct mated score the point just above it and
  /// the point at it; the end where everything matches.
  ///
  /// - Parameter counts: non-mated comparisons above the score of a step, those at or above it, and
  ///   mated ones at or above it; nil: the run of points ends before the step.
  @inline(__always)
  init(
    steps: [EvaluationSide.Step], mated: Int, nonMated: Int, reachesBottom: Bool = true,
    counts: (EvaluationSide.Step) -> (above: Int, atLeast: Int, trueMatches: Int)?
  ) {
    self.init(mated: mated, nonMated: nonMated, reachesTop: true, reachesBottom: reachesBottom)
    append(threshold: .infinity, falseMatches: 0, trueMatches: 0)
    for step in steps {
      guard let found = counts(step) else { return }
      if step.score == .infinity {
        falseMatches[0] = found.atLeast
        trueMatches[0] = found.trueMatches
        continue
      }
      let matched = trueMatches[count - 1]
      if found.above > falseMatches[count - 1] {
        append(threshold: step.score.nextUp, falseMatches: found.above, trueMatches: matched)
      }
      if found.atLeast > falseMatches[count - 1] || found.trueMatches > matched {
        append(
          threshold: step.score, falseMatches: found.atLeast, trueMatches: found.trueMatches)
      }
    }
    if reachesBottom, falseMatches[count - 1] < nonMated {
      append(threshold: -.infinity, falseMatches: nonMated, trueMatches: mated)
    }
  }
}
