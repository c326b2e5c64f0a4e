/// All mated comparisons of a trial set, scores descending.
struct MatedScores: Sendable {
  var scores: [Float] = []
  var subjects: [Int32] = []

  var count: Int { scores.count }

  /// Number of scores >= `threshold`.
  func count(atLeast threshold: Double) -> Int {
    partition(scores.count) { Double(scores[$0]) < threshold }
  }
}

/// The mated comparisons before they are divided by population and convention.
struct MatedTrials: Sendable {
  private struct Trial {
    var score: Float
    var subject: Int32
    var isSelf: Bool
  }
  private var trials: [Trial] = []

  /// Reads the mated entries of every row.
  init(_ layout: TrialLayout) {
    for row in layout.rows {
      for column in layout.matedColumns(of: row) {
        trials.append(
          Trial(
            score: row.scores[Int(column)], subject: row.subject,
            isSelf: column == row.ownColumn))
      }
    }
    // Ties by subject, so that the order does not depend on the order of rows.
    trials.sort { $0.score != $1.score ? $0.score > $1.score : $0.subject < $1.subject }
  }

  var hasNaN: Bool { trials.contains { $0.score.isNaN } }

  /// Distinct scores, descending.
  var distinct: [Float] {
    var values: [Float] = []
    for trial in trials where values.last != trial.score { values.append(trial.score) }
    return values
  }

  /// Counts without self trials, and self trials.
  var counts: (others: Int, selfTrials: Int) {
    let selfTrials = trials.count { $0.isSelf }
    return (trials.count - selfTrials, selfTrials)
  }

  /// The comparisons of a group (nil: of everybody), with or without self trials.
  func scores(
    group: Int?, selfTrials: EvaluationConvention.SelfTrials, codes: [UInt8]
  ) -> MatedScores {
    var result = MatedScores()
    for trial in trials where selfTrials == .included || !trial.isSelf {
      if let group, Int(codes[Int(trial.subject)]) != group { continue }
      result.scores.append(trial.score)
      result.subjects.append(trial.subject)
    }
    return result
  }
}
