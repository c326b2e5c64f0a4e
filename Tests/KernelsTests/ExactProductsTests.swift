import Kernels
import Testing

@Suite struct ExactProductsTests {
  /// Every path gives the bits of the plain sum, whatever block a product falls into.
  @Test(arguments: [(1, 1, 1), (5, 33, 7), (13, 31, 16), (32, 64, 65), (3, 64, 512)])
  func productsAreTheSumsOnEveryPath(_ r: Int, _ c: Int, _ d: Int) {
    var rng = CounterRNG(seed: 1, purpose: .permutation)
    let (rows, columns) = (FloatMatrix(rows: r, columns: d), FloatMatrix(rows: c, columns: d))
    for i in 0..<r { for k in 0..<d { rows[row: i][k] = Float(rng.uniform() - 0.5) } }
    for j in 0..<c { for k in 0..<d { columns[row: j][k] = Float(rng.uniform() - 0.5) } }
    for path in CPUPath.allCases where path.isAvailable {
      var out = [Double](repeating: -7, count: r * (c + 2))
      let products = ExactProducts(dimension: d, path: path)
      products.load(columns: columns, 0..<c)
      products.evaluate(rows: rows, 0..<r, columns: c, into: &out, stride: c + 2)
      for i in 0..<r {
        for j in 0..<c {
          var expected = 0.0
          for k in 0..<d { expected += Double(rows[row: i][k]) * Double(columns[row: j][k]) }
          #expect(out[i * (c + 2) + j] == expected, "\(path.name): \(i), \(j) of \(r)x\(c)")
        }
        #expect(out[i * (c + 2) + c] == -7, "memory after the row is untouched")
      }
    }
  }
}
