import Records
import Testing

@Suite struct LatencyQuantilesTests {
  /// The smallest value that at least the share is not above, by its definition.
  private func naive(_ values: [Double], _ percent: Int) -> Double {
    values.filter { x in values.count { $0 <= x } * 100 >= percent * values.count }.min()!
  }

  @Test func quantilesAreNearestRanks() {
    var state: UInt64 = 9
    for count in [1, 2, 3, 19, 20, 21, 99, 100, 101, 1000] {
      let values = (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 40) * 1e-9
      }
      let quantiles = LatencyQuantiles(values)
      #expect(quantiles.requests == count)
      #expect(quantiles.p50 == naive(values, 50), "\(count)")
      #expect(quantiles.p95 == naive(values, 95), "\(count)")
      #expect(quantiles.p99 == naive(values, 99), "\(count)")
    }
    #expect(LatencyQuantiles((1...100).map(Double.init)).p99 == 99)
    #expect(LatencyQuantiles((1...20).map(Double.init)).p95 == 19)
  }
}
