import AttackReports
import Privacy
import Testing

@Suite struct RankingTests {
  @Test func areaCountsPairsAndHalvesTies() {
    // Pairs: (3,2) win, (3,1) win, (2,2) half, (2,1) win.
    #expect(areaUnderCurve([3, 2, 2, 1], isFirst: [true, true, false, false]) == 3.5 / 4)
    #expect(areaUnderCurve([1, 1], isFirst: [true, false]) == 0.5)
    #expect(areaUnderCurve([1, 2], isFirst: [true, true]) == 0.5)
  }

  @Test func aTieGoesToTheFirstGroup() {
    #expect(DecisionRule.largerScore.predictsFirst(0))
    #expect(!DecisionRule.above(0).predictsFirst(0))
    #expect(!DecisionRule.below(0).predictsFirst(0))
  }

  @Test func calibrationFindsTheOffset() {
    let values = [-9.0, -8, -7, -3, -2, -1]
    let isFirst = [false, false, false, true, true, true]
    #expect(balancedAccuracy(values, isFirst: isFirst, rule: .largerScore) == 0.5)
    #expect(calibratedThreshold(values, isFirst: isFirst) == -5)
    #expect(bestThresholdBalancedAccuracy(values, isFirst: isFirst) == 1)
  }

  @Test func calibrationTurnsAroundWhenScoresPointTheOtherWay() {
    let values = [1.0, 2, 3, 4]
    let isFirst = [true, true, false, false]
    let rule = calibratedRule(values, isFirst: isFirst)
    #expect(rule == .below(2.5))
    #expect(balancedAccuracy(values, isFirst: isFirst, rule: rule) == 1)
    #expect(bestThresholdBalancedAccuracy(values, isFirst: isFirst) == 1)
  }

  @Test func thresholdsOfConstantValuesAreInfinite() {
    #expect(calibratedThreshold([0, 0], isFirst: [true, false]) == -.infinity)
    #expect(bestThresholdBalancedAccuracy([0, 0], isFirst: [true, false]) == 0.5)
  }

  @Test func medianOfEvenCountIsTheMiddle() {
    #expect(median([4, 1, 3, 2]) == 2.5)
    #expect(median([5, 1, 3]) == 3)
    #expect(median([]).isNaN)
  }
}

@Suite struct GroupStatisticTests {
  @Test func statisticsByHand() {
    let scores = [4.0, 2, 1]
    func value(_ statistic: GroupStatistic) -> Double {
      scores.withUnsafeBufferPointer { statistic.value(descending: $0) }
    }
    #expect(value(.mean) == 7.0 / 3)
    #expect(value(.top(2)) == 3)
    #expect(value(.linear(2)) == 4.0 / 2 + 2.0 / 3)
    #expect(
      abs(value(.logarithmic(2)) - (4 * 0.30102999566398120 + 2 * 0.17609125905568124)) < 1e-15)
    // n beyond the group is cut.
    #expect(value(.top(9)) == value(.mean))
    #expect(value(.linear(9)) == value(.linear(3)))
  }

  @Test func differenceIsFirstMinusSecond() {
    let scores = Matrix64([[1, 5, 3, 1], [0, 0, 2, 4]])
    let d = scoreDifferences(
      scores, isFirst: [true, true, false, false], statistics: [.mean, .top(1)])
    #expect(d == [[1, -3], [2, -4]])
  }
}

@Suite struct ScoreScaleTests {
  @Test func float32ProbabilitiesSaturateAndFloat64OnesDoNot() {
    let scores = Matrix64([[17, 18, -100, -101]])
    let single = ScoreScale.probabilityFloat32.apply(to: scores).values
    let double = ScoreScale.probability.apply(to: scores).values
    #expect(single == [1, 1, 0, 0])
    #expect(double[0] < double[1] && double[1] < 1 && double[2] > double[3] && double[3] > 0)
  }

  @Test func rowNormalisationKeepsTheSignOfTheDifference() {
    var stream = NormalStream(5)
    let scores = Matrix64((0..<20).map { _ in stream.list(10).map { 3 * $0 - 7 } })
    let labels = (0..<10).map { $0 < 5 }
    let raw = scoreDifferences(scores, isFirst: labels, statistics: [.mean])[0]
    let normalised = scoreDifferences(
      ScoreScale.rawByRow.apply(to: scores), isFirst: labels, statistics: [.mean])[0]
    #expect(zip(raw, normalised).allSatisfy { ($0 > 0) == ($1 > 0) })
  }

  @Test func constantRowsAndColumnsBecomeZero() {
    let scores = Matrix64([[2, 2, 2], [2, 2, 2]])
    #expect(normalisedByRow(scores).values.allSatisfy { $0 == 0 })
    #expect(normalisedByColumn(scores).values.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [1, 7, 8, 130, 1001]) func rowsGetMeanZeroAndDeviationOne(n: Int) {
    var stream = NormalStream(UInt64(n))
    let row = normalisedByRow(Matrix64([stream.list(n).map { 5 * $0 + 3 }])).values
    let mean = row.reduce(0, +) / Double(n)
    let variance = row.reduce(0) { $0 + $1 * $1 } / Double(n)
    #expect(abs(mean) < 1e-12)
    #expect(n == 1 ? variance == 0 : abs(variance - 1) < 1e-12)
  }
}
