import Kernels
import Testing

@Suite struct DenseProductsTests {
  private func random(rows: Int, columns: Int, stride: Int, seed: UInt64) -> FloatMatrix {
    let matrix = FloatMatrix(rows: rows, columns: columns, stride: stride)
    var rng = CounterRNG(seed: seed, purpose: .permutation)
    for i in 0..<rows { for j in 0..<columns { matrix[row: i][j] = Float(rng.uniform() - 0.5) } }
    return matrix
  }

  @Test(arguments: availablePaths)
  func productsAreTheSums(path: CPUPath) {
    for (r, c, d) in [(1, 1, 1), (5, 33, 7), (13, 31, 16), (25, 130, 65), (3, 64, 512)] {
      let rows = random(rows: r, columns: d, stride: d + 3, seed: 1)
      let columns = random(rows: c, columns: d, stride: d, seed: 2)
      var out = [Float](repeating: -7, count: r * (c + 2))
      DenseProducts(dimension: d, path: path)
        .evaluate(rows: rows, columns: columns, into: &out, stride: c + 2)
      for i in 0..<r {
        for j in 0..<c {
          var expected = 0.0
          for k in 0..<d { expected += Double(rows[row: i][k]) * Double(columns[row: j][k]) }
          #expect(abs(Double(out[i * (c + 2) + j]) - expected) < 1e-5, "\(i), \(j) of \(r)x\(c)")
        }
        #expect(out[i * (c + 2) + c] == -7, "memory after the row is untouched")
      }
    }
  }

  @Test(arguments: availablePaths)
  func packedRowsGiveTheSameProducts(path: CPUPath) {
    for (people, probes, d) in [(1, 1, 1), (31, 2, 7), (97, 13, 65), (130, 1, 512)] {
      let gallery = random(rows: people, columns: d, stride: d + 1, seed: 1)
      let x = random(rows: probes, columns: d, stride: d + 3, seed: 2)
      var expected = [Float](repeating: 0, count: probes * people)
      var found = [Float](repeating: -7, count: probes * (people + 1))
      DenseProducts(dimension: d, path: path)
        .evaluate(rows: x, columns: gallery, into: &expected, stride: people)
      let packed = PackedRows(gallery, path: path)
      for first in stride(from: 0, to: people, by: 64) {
        packed.products(
          first..<min(first + 64, people), with: x, into: &found, stride: people + 1)
      }
      for p in 0..<probes {
        #expect(
          Array(found[(p * (people + 1))..<(p * (people + 1) + people)])
            == Array(expected[(p * people)..<((p + 1) * people)]))
        #expect(found[p * (people + 1) + people] == -7, "memory after the row is untouched")
      }
    }
  }

  @Test func blasAgrees() {
    let a = random(rows: 6, columns: 9, stride: 9, seed: 3)
    let b = random(rows: 4, columns: 9, stride: 9, seed: 4)
    var ours = [Float](repeating: 0, count: 24)
    var blas = ours
    DenseProducts(dimension: 9).evaluate(rows: a, columns: b, into: &ours, stride: 4)
    BLAS.multiply(
      m: 6, n: 4, k: 9, a: a.base, aStride: 9, b: b.base, bStride: 9, transposesB: true, c: &blas,
      cStride: 4)
    #expect(zip(ours, blas).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(!BLAS.coreName.isEmpty)
  }
}
