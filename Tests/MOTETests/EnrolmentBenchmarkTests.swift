import MOTE
import Testing

@Suite struct EnrolmentBenchmarkTests {
  /// Sizes far below the real ones: that the numbers are there and count what they say.
  @Test func measurementsCountTheirWork() throws {
    var benchmark = EnrolmentBenchmark()
    benchmark.dimension = 32
    let training = try benchmark.training(
      hiddenWidths: [16, 8], cohortRows: 100, epochs: 2, workers: 2, repeats: 3)
    #expect(training.items == Double(150 * 2 * 2))
    #expect(training.wallSeconds.count == 3 && training.cpuSeconds.count == 3)
    #expect(training.medianWallSeconds > 0 && training.itemsPerSecond > 0)
    #expect(training.work == "train 32-16-8-1, 150 rows, 2 epochs")
    let scoring = benchmark.scoring(
      hiddenWidths: [16, 8], references: 3, probes: 50, workers: 2, repeats: 1)
    #expect(scoring.items == 150 && scoring.size == 50)
    #expect(benchmark.bandwidthSearch(residuals: 20, repeats: 1).items == 1)
  }
}
