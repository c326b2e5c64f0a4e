// Measurements are written once, against this view; the point estimates and every bootstrap
// replicate are two implementations of it.

/// Which comparisons a question is about: a population, with or without self trials.
struct SideKey: Hashable, Sendable {
  var population: Population
  var selfTrials: EvaluationConvention.SelfTrials
}

/// Error rates of one weighting of the comparisons. A nil answer: not defined, or (in a replicate)
/// beyond what was collected, which the view remembers.
protocol ErrorView {
  /// A replicate answers also where a target is below one false match: whether it can be measured
  /// was decided on the data as they are.
  var isReplicate: Bool { get }
  /// Mated and non-mated comparisons, weighted.
  func totals(_ side: SideKey) -> (mated: Int, nonMated: Int)
  func operatingPoint(_ side: SideKey, atFMR target: Double, rule: OperatingPointRule)
    -> OperatingPoint?
  func counts(_ side: SideKey, at threshold: Double) -> ErrorCounts?
  func equalErrorRate(_ side: SideKey, _ rule: EqualErrorRateRule) -> Double?
  func area(_ side: SideKey) -> Double?
  func bestAccuracy(_ side: SideKey) -> VerificationAccuracy?
}

/// The view in which every comparison counts once.
final class PointView: ErrorView {
  let sides: [SideKey: EvaluationSide]
  var isReplicate: Bool { false }

  init(sides: [SideKey: EvaluationSide]) { self.sides = sides }

  func totals(_ side: SideKey) -> (mated: Int, nonMated: Int) {
    let side = sides[side]!
    return (side.mated.count, side.nonMated.total)
  }

  func operatingPoint(_ side: SideKey, atFMR target: Double, rule: OperatingPointRule)
    -> OperatingPoint?
  {
    let side = sides[side]!
    guard side.isMeasurable else { return nil }
    let rank = Int(target * Double(side.nonMated.total))
    return side.answer(around: rank) { $0.operatingPoint(atFMR: target, rule: rule) }
  }

  func counts(_ side: SideKey, at threshold: Double) -> ErrorCounts? {
    let side = sides[side]!
    return ErrorCounts(
      falseMatches: side.nonMated.count(atLeast: threshold), nonMated: side.nonMated.total,
      falseNonMatches: side.mated.count - side.mated.count(atLeast: threshold),
      mated: side.mated.count)
  }

  func equalErrorRate(_ side: SideKey, _ rule: EqualErrorRateRule) -> Double? {
    let side = sides[side]!
    guard side.isMeasurable else { return nil }
    guard let rate = side.corners.equalErrorRate(.interpolated) else { return nil }
    switch rule {
    case .interpolated: return rate
    case .rocch: return side.corners.equalErrorRate(.rocch)
    case .nearest, .fvc:
      return side.answer(around: Int(rate * Double(side.nonMated.total))) {
        $0.equalErrorRate(rule)
      }
    }
  }

  func area(_ side: SideKey) -> Double? {
    let side = sides[side]!
    return side.isMeasurable ? side.corners.area : nil
  }

  func bestAccuracy(_ side: SideKey) -> VerificationAccuracy? {
    let side = sides[side]!
    return side.isMeasurable ? side.corners.bestAccuracy : nil
  }
}

extension EvaluationSide {
  /// Asks a question of ever longer stretches of the ROC around a non-mated rank until it is
  /// answered; the whole ROC answers everything.
  func answer<Answer>(around rank: Int, _ question: (ROCPoints) -> Answer?) -> Answer? {
    var margin = 64
    while true {
      let first = max(0, rank - margin)
      let end = min(nonMated.total, rank + margin)
      let window = nonMated.window(min(first, end)..<end)
      if let answer = question(points(of: window)) { return answer }
      if window.upper == nil && window.lower == nil { return nil }
      margin *= 8
    }
  }

  /// The ROC points whose thresholds lie in a window.
  func points(of window: ScoreWindow) -> ROCPoints {
    ROCPoints(window, mated: mated, nonMated: nonMated.total)
  }
}

extension ROCPoints {
  /// The points whose thresholds lie in a window of the non-mated scores.
  init(_ window: ScoreWindow, mated: MatedScores, nonMated: Int) {
    self.init(
      mated: mated.count, nonMated: nonMated, reachesTop: window.upper == nil,
      reachesBottom: window.lower == nil)
    if reachesTop { append(threshold: .infinity, falseMatches: 0, trueMatches: 0) }
    let first = window.upper.map { mated.count(atLeast: $0) } ?? 0
    let end = window.lower.map { mated.count(atLeast: $0) } ?? mated.count
    merge(
      mated: mated.scores[first..<end].map(Double.init),
      nonMated: window.scores.map(Double.init), falseMatches: window.rank, trueMatches: first)
  }
}
