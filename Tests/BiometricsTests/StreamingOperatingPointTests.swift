import Biometrics
import Testing

/// The one-pass operating point against the plain function on all scores.
@Suite struct StreamingOperatingPointTests {
  private static let cases: [(seed: UInt64, subjects: Int, folds: Int, step: Double)] = [
    (1, 13, 1, 0.01), (2, 40, 3, 1e-4), (3, 31, 2, 0.5), (4, 150, 1, 1e-3), (5, 11, 1, 100),
    (6, 400, 2, 1e-4),
  ]

  /// Mated scores (with or without self trials) and non-mated scores of all strata.
  private func lists(_ trials: TrialSet, selfTrials: Bool) -> (mated: [Double], other: [Double]) {
    var lists: (mated: [Double], other: [Double]) = ([], [])
    for stratum in trials.strata {
      var row = 0
      for block in stratum.blocks {
        for i in 0..<block.rows {
          for column in 0..<block.columns {
            let score = Double(block.base[i * block.stride + column])
            if stratum.referenceSubject[row] != stratum.probeSubject[column] {
              lists.other.append(score)
            } else if selfTrials || Int(stratum.ownColumn[row]) != column {
              lists.mated.append(score)
            }
          }
          row += 1
        }
      }
    }
    return lists
  }

  @Test(arguments: cases.indices, OperatingPointRule.allCases)
  func equalsThePointOfAllScores(index: Int, rule: OperatingPointRule) throws {
    let item = Self.cases[index]
    let trials = RandomTrials(
      seed: item.seed, subjects: item.subjects, folds: item.folds, step: item.step
    ).trials
    for included in [false, true] {
      let (mated, nonMated) = lists(trials, selfTrials: included)
      for target in [0.5, 0.1, 0.013, 1e-3] where target * Double(nonMated.count) >= 1 {
        let expected = try operatingPoint(
          atFMR: target, mated: mated, nonMated: nonMated, rule: rule)
        let found = try [1, 2].map { workers in
          try operatingPoint(
            atFMR: target, of: trials, rule: rule, selfTrials: included ? .included : .excluded,
            workers: workers)
        }
        #expect(found == [expected, expected], "\(target), \(included)")
      }
    }
  }

  @Test func whatCannotBeMeasuredIsAnError() throws {
    let trials = RandomTrials(seed: 1, subjects: 13).trials
    let nonMated = lists(trials, selfTrials: true).other.count
    let target = 0.9 / Double(nonMated)
    #expect(throws: MetricError.targetBelowResolution(target: target, nonMated: nonMated)) {
      try operatingPoint(atFMR: target, of: trials)
    }
    #expect(throws: MetricError.targetOutOfRange(1)) { try operatingPoint(atFMR: 1, of: trials) }
    let none = RandomTrials(seed: 1, subjects: 3, hasReferences: false).trials
    #expect(throws: MetricError.noComparisons(kind: "mated")) {
      try operatingPoint(atFMR: 0.1, of: none)
    }
  }

  @Test func nanIsAnErrorThatSaysWhere() throws {
    for (row, column) in [(1, 0), (0, 2), (1, 2)] {
      var scores: [Float] = [0.9, 0.1, 0.2, 0.3, 0.8, 0.1]
      scores[row * 3 + column] = .nan
      let trials = TrialSet(
        strata: [
          TrialStratum(
            blocks: [ScoreMatrix(scores: scores, rows: 2, columns: 3)], referenceSubject: [0, 1],
            probeSubject: [0, 1, 1], ownColumn: [-1, -1])
        ], subjectGroup: [0, 0])
      #expect(
        throws: MetricError.scoreIsNaN(position: "fold 0, reference \(row), probe \(column)")
      ) { try operatingPoint(atFMR: 0.5, of: trials) }
    }
  }
}
