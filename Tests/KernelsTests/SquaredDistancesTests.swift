import Kernels
import Testing

@Suite struct SquaredDistancesTests {
  @Test(arguments: availablePaths, [(1, 1), (2, 3), (17, 5), (33, 16), (50, 129)])
  func distancesAreTheSums(path: CPUPath, size: (n: Int, d: Int)) {
    let (n, d) = size
    var rng = CounterRNG(seed: 1, purpose: .permutation, subject: UInt32(n))
    let x = (0..<(n * d)).map { _ in rng.uniform() - 0.5 }
    let distances = SquaredDistances(rows: x, count: n, dimension: d, path: path)
    let range = (n / 3)..<n
    var out = [Double](repeating: -1, count: range.count * n)
    distances.evaluate(rows: range, columns: 0..<n, into: &out, stride: n)
    for i in range {
      for j in 0..<n {
        var expected = 0.0
        for k in 0..<d {
          expected += (x[i * d + k] - x[j * d + k]) * (x[i * d + k] - x[j * d + k])
        }
        let found = out[(i - range.lowerBound) * n + j]
        #expect(found >= 0 && abs(found - expected) < 1e-14 * Double(d), "\(i), \(j)")
      }
    }
  }

  @Test(arguments: availablePaths)
  func valuesDoNotDependOnTheBlock(path: CPUPath) {
    var rng = CounterRNG(seed: 2, purpose: .permutation)
    let x = (0..<(40 * 7)).map { _ in rng.uniform() }
    let distances = SquaredDistances(rows: x, count: 40, dimension: 7, path: path)
    var together = [Double](repeating: 0, count: 1600)
    distances.evaluate(rows: 0..<40, columns: 0..<40, into: &together, stride: 40)
    for i in 0..<40 {
      var alone = [Double](repeating: 0, count: 40)
      // Columns in two parts, and the transposed value: the same bits.
      distances.evaluate(rows: i..<(i + 1), columns: 21..<40, into: &alone, stride: 40)
      distances.evaluate(rows: i..<(i + 1), columns: 0..<21, into: &alone, stride: 40)
      #expect(alone == Array(together[(i * 40)..<(i * 40 + 40)]))
      for j in 0..<40 { #expect(alone[j] == together[j * 40 + i]) }
    }
  }
}
