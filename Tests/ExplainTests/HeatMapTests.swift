import Explain
import Testing

@Suite struct HeatMapTests {
  @Test func scalingReachesZeroAndOne() {
    #expect(HeatMap(height: 1, width: 3, values: [2, 4, 3]).scaledToUnit().values == [0, 1, 0.5])
    #expect(HeatMap(height: 1, width: 2, values: [7, 7]).scaledToUnit().values == [0, 0])
  }

  /// Half-pixel centres: the outer quarter of a doubled row repeats the edge.
  @Test func doublingARowInterpolatesBetweenCentres() {
    let map = HeatMap(height: 1, width: 2, values: [0, 1]).resampled(height: 1, width: 4)
    #expect(map.values == [0, 0.25, 0.75, 1])
  }

  @Test func sameSizeIsUnchangedAndOnePixelFillsAll() {
    let map = HeatMap(height: 2, width: 2, values: [1, 2, 3, 4])
    #expect(map.resampled(height: 2, width: 2) == map)
    let one = HeatMap(height: 1, width: 1, values: [3]).resampled(height: 2, width: 3)
    #expect(one.values == [3, 3, 3, 3, 3, 3])
  }
}
