/// Operating point at an FMR target over a whole trial set: one pass that keeps the top of the
/// non-mated scores, exact, in bounded memory.
///
/// A sample of the scores tells where the top begins; when it proves too short, or the rule needs
/// more of the ROC, the pass is repeated deeper. For everything else about the same scores use
/// `evaluate`, which counts all of them.
///
/// - Throws: `MetricError` for labels that do not fit, NaN, a target outside (0, 1), and
///   `.targetBelowResolution` when the target is below one false match.
package func operatingPoint(
  atFMR target: Double, of trials: TrialSet, rule: OperatingPointRule = .conservative,
  selfTrials: EvaluationConvention.SelfTrials = .excluded, workers: Int = 1
) throws(MetricError) -> OperatingPoint {
  guard target > 0 && target < 1 else { throw .targetOutOfRange(target) }
  try trials.validate()
  let layout = TrialLayout(trials)
  let trials = MatedTrials(layout)
  if trials.hasNaN { throw .scoreIsNaN(position: layout.positionOfFirstNaN) }
  let mated = trials.scores(group: nil, selfTrials: selfTrials, codes: layout.subjectCode)
  let total = NonMatedTotals(layout) { _ in 1 }[.all]
  guard mated.count > 0 else { throw .noComparisons(kind: "mated") }
  guard total > 0 else { throw .noComparisons(kind: "non-mated") }
  guard 1 / Double(total) <= target else {
    throw .targetBelowResolution(target: target, nonMated: total)
  }
  let sample = layout.sampleOfScores(count: 1 << 17)
  let rank = Int(target * Double(total))
  // Half as many again as expected, and a margin for the sampling error of small ranks.
  var sampleRank = Int(1.5 * target * Double(sample.count)) + 30
  while true {
    let isWhole = sampleRank >= sample.count
    let run = NonMatedRun(
      layout, .all, lower: isWhole ? -.infinity : sample[sample.count - sampleRank],
      withSubjects: false, workers: workers)
    if run.hasNaN { throw .scoreIsNaN(position: layout.positionOfFirstNaN) }
    var margin = 64
    while rank + margin <= run.count || run.count == total {
      let window = run.window(rank - margin..<min(rank + margin, run.count), total: total)
      let points = ROCPoints(window, mated: mated, nonMated: total)
      if let point = points.operatingPoint(atFMR: target, rule: rule) { return point }
      margin *= 8
    }
    sampleRank *= 3
  }
}
