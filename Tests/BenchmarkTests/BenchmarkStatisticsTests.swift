import Benchmark
import Configurations
import Testing

@Suite struct BenchmarkStatisticsTests {
  @Test func medianOfEvenCountsIsTheMeanOfTheMiddle() throws {
    #expect(Spread([]) == nil)
    let one = try #require(Spread([4]))
    #expect((one.median, one.minimum, one.maximum, one.count) == (4, 4, 4, 1))
    let even = try #require(Spread([9, 1, 3, 5]))
    #expect((even.median, even.minimum, even.maximum) == (4, 1, 9))
    #expect(Spread([9, 1, 3])?.median == 3)
  }

  @Test func aPowerLawIsFoundExactly() throws {
    let law = try #require(PowerLaw([1.0, 10, 100].map { ($0, 3 * $0 * $0) }))
    #expect(abs(law.slope - 2) < 1e-12)
    #expect(abs(law.factor - 3) < 1e-12)
    #expect(law.largestDeviation < 1e-12)
    #expect(abs(law.cost(at: 5) - 75) < 1e-9)
  }

  @Test func deviationFromThePowerLawIsStated() throws {
    // Costs 1, 2, 1 at sizes 1, 10, 100: slope 0, factor 2^(1/3); the middle deviates most.
    let law = try #require(PowerLaw([(1, 1), (10, 2), (100, 1)]))
    #expect(abs(law.slope) < 1e-12)
    #expect(abs(law.largestDeviation - 0.587401) < 1e-6)
  }

  @Test func aPowerLawNeedsTwoSizesAndPositiveValues() {
    #expect(PowerLaw([]) == nil)
    #expect(PowerLaw([(5, 1), (5, 2)]) == nil)
    #expect(PowerLaw([(1, 1), (2, 0)]) == nil)
  }

  @Test func ratiosPairNeighbours() throws {
    // The machine is twice as slow in round 2: ratios of neighbours do not feel it.
    let set = MeasurementSet([
      fakeRow("ours", round: 1, seconds: 1), fakeRow("peer", round: 1, seconds: 9),
      fakeRow("ours", round: 2, seconds: 2), fakeRow("peer", round: 2, seconds: 18),
      fakeRow("ours", round: 3, seconds: 1),
    ])
    let workload = fakeWorkload([fakeOurs(), fakePeer("peer")])
    let ratios = try #require(set.ratios(workload, peer: "peer"))
    #expect((ratios.median, ratios.minimum, ratios.maximum, ratios.count) == (9, 9, 9, 2))
    #expect(set.ratios(workload, peer: "other") == nil)
  }

  @Test(arguments: [
    (126.4, "126 s"), (0.1165, "0.117 s"), (0.0712, "71.2 ms"), (1.31e-6, "1.31 µs"),
    (6.4e-7, "640 ns"), (0.9999, "1.00 s"), (1784.0, "1,780 s"), (0, "0 ns"),
  ])
  func secondsHaveThreeDigitsAndAFittingUnit(_ value: Double, _ text: String) {
    #expect(Figures.seconds(value) == text)
  }

  @Test(arguments: [
    (1_524_000.0, "1.52 M"), (515_000, "515 k"), (8.64, "8.64"), (999.9, "1.00 k"),
    (999_960, "1.00 M"),
  ])
  func ratesHaveThreeDigitsAndAFittingUnit(_ value: Double, _ text: String) {
    #expect(Figures.rate(value) == text)
  }

  @Test func groupsOfThousands() {
    #expect(grouped(0) == "0")
    #expect(grouped(999) == "999")
    #expect(grouped(76_076_517) == "76,076,517")
    #expect(grouped(-1234) == "-1,234")
    #expect(Figures.bytes(3 << 30) == "3,072 MiB")
  }
}
