import Foundation
import Kernels
import Testing

@Suite struct LogSumExpTests {
  @Test(arguments: availablePaths, [1, 2, 7, 8, 9, 64, 101])
  func equalsTheNaiveSum(path: CPUPath, n: Int) {
    var rng = CounterRNG(seed: 5, purpose: .permutation, subject: UInt32(n))
    let distances = (0..<n).map { _ in 3 * rng.uniform() * rng.uniform() }
    let scales = [1e-3, 0.08, 1, 30, 700, 50_000]
    var out = [Double](repeating: 0, count: scales.count)
    LogSumExp.evaluate(distances: distances, count: n, scales: scales, into: &out, path: path)
    let smallest = distances.min() ?? 0
    for (i, scale) in scales.enumerated() {
      let sum = distances.reduce(0) { $0 + exp(-($1 - smallest) * scale) }
      let expected = log(sum) - smallest * scale
      #expect(abs(out[i] - expected) <= 1e-14 * max(1, abs(expected)), "scale \(scale)")
    }
  }

  @Test(arguments: availablePaths)
  func equalDistancesCountAsMany(path: CPUPath) {
    var out = 0.0
    LogSumExp.evaluate(
      distances: [Double](repeating: 0, count: 12), count: 12, scales: [9], into: &out, path: path)
    #expect(abs(out - log(12.0)) < 1e-15)
  }
}
