import Biometrics
import Testing

@Suite struct RankContrastTests {
  /// Worked by hand: of 2 x 3 pairs 4 are in order and one is a tie.
  @Test func areaIsTheShareOfPairsInOrder() throws {
    let found = try #require(RankContrast([3, 5], [1, 3, 4]))
    #expect(abs(found.area - 4.5 / 6) < 1e-15)
    #expect(found.firstMedian == 4 && found.secondMedian == 3)
    // Placements 1.5/3, 3/3 and 2/2, 1.5/2, 1/2: variances 0.125 and 0.0625.
    let error = (0.125 / 2 + 0.0625 / 3).squareRoot()
    let interval = try #require(found.interval)
    #expect(abs(interval.lowerBound - (0.75 - 1.959963984540054 * error)) < 1e-12)
    #expect(interval.upperBound == 1)
  }

  @Test func exchangingTheSidesTurnsTheAreaAround() throws {
    let (a, b) = ([2.0, 7, 1, 8], [2.0, 8, 1, 8, 2])
    let (found, turned) = (try #require(RankContrast(a, b)), try #require(RankContrast(b, a)))
    #expect(abs(found.area + turned.area - 1) < 1e-15)
  }

  @Test func withoutTwoValuesOnEachSideThereIsNoInterval() throws {
    #expect(RankContrast([], [1]) == nil && RankContrast([1], []) == nil)
    #expect(try #require(RankContrast([1], [0, 2, 3])).interval == nil)
    #expect(try #require(RankContrast([5, 6], [0, 2, 3])).interval == nil)
  }
}
