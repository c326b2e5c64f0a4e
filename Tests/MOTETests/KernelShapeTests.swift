import Configurations
import Kernels
import MOTE
import TestSupport
import Testing

@Suite struct KernelShapeTests {
  /// Rows whose spread falls from component to component, with the first two correlated.
  private func residuals(_ n: Int, _ d: Int) -> FloatMatrix {
    var normals = NormalStream(CounterRNG(seed: 4, purpose: .syntheticDataset))
    let rows = FloatMatrix(rows: n, columns: d)
    for i in 0..<n {
      for j in 0..<d { rows[row: i][j] = Float(normals.next() / Double(j + 1)) }
      if d > 1 { rows[row: i][1] += 0.5 * rows[row: i][0] }
    }
    return rows
  }

  /// No axis holds less than a thousandth here. By the definition: mean squared distance of x x^T from S over n, beside that of S from m I.
  @Test(arguments: [(30, 4), (60, 5), (200, 3)])
  func shrinkageAndCovarianceAreThoseOfLedoitAndWolf(n: Int, d: Int) throws {
    let rows = residuals(n, d)
    let shape = try #require(KernelShape(rows))
    var moments = [[Double]](repeating: [Double](repeating: 0, count: d), count: d)
    func product(_ i: Int, _ j: Int, _ k: Int) -> Double {
      Double(rows[row: i][j]) * Double(rows[row: i][k])
    }
    for i in 0..<n {
      for j in 0..<d { for k in 0..<d { moments[j][k] += product(i, j, k) / Double(n) } }
    }
    let mean = (0..<d).reduce(0) { $0 + moments[$1][$1] } / Double(d)
    var (error, distance) = (0.0, 0.0)
    for j in 0..<d {
      for k in 0..<d {
        for i in 0..<n {
          let difference = product(i, j, k) - moments[j][k]
          error += difference * difference / Double(n * n)
        }
        let difference = moments[j][k] - (j == k ? mean : 0)
        distance += difference * difference
      }
    }
    let a = min(1, error / distance)
    #expect(abs(shape.shrinkage - a) < 1e-9 && abs(shape.meanVariance - mean) < 1e-12)
    for j in 0..<d {
      for k in 0..<d {
        var found = 0.0
        for l in 0..<d { found += Double(shape.root[row: j][l]) * Double(shape.root[row: l][k]) }
        let expected = (1 - a) * moments[j][k] + (j == k ? a * mean : 0)
        #expect(abs(found - expected) < 1e-5, "\(j) \(k)")
      }
    }
  }

  /// What an embedding never shows is not made up.
  @Test func axesWithoutVarianceStayWithout() throws {
    let rows = residuals(40, 4)
    for i in 0..<40 { rows[row: i][3] *= 1e-4 }
    let shape = try #require(KernelShape(rows))
    #expect(shape.axes == 3 && shape.shrinkage > 0.01)
    #expect(shape.root[row: 3][3] < 1e-4)
    #expect(shape.root[row: 2][2] > 0.2)
  }

  @Test func whatTheShapeMakesOfWhitenedRowsIsTheRows() throws {
    let rows = residuals(20, 6)
    let shape = try #require(KernelShape(rows))
    let white = shape.whitened(rows)
    for i in 0..<20 {
      for j in 0..<6 {
        var back = 0.0
        for k in 0..<6 { back += Double(shape.root[row: j][k]) * Double(white[row: i][k]) }
        #expect(abs(back - Double(rows[row: i][j])) < 1e-4)
      }
    }
  }

  /// Samples beside one another, the first `count` of as many slots.
  private func samples(_ density: IntraSubjectKDE, count: Int) -> [[Float]] {
    let d = density.residuals.columns
    let out = FloatMatrix(rows: count, columns: d)
    let reference = [Float](repeating: 1, count: d)
    var words = [UInt32](repeating: 0, count: (count + 63) / 64 * 64)
    var noise = [Float](repeating: 0, count: (d + 63) / 64 * 64)
    SyntheticMated.training(GenderKDEs(male: density, female: nil)).fill(
      out.base, stride: out.stride, split: MatedSplit(slots: count, balancingFactor: 1),
      reference: reference, dimension: d, seed: 1, subject: 2, words: &words, noise: &noise,
      path: .current)
    return (0..<count).map { out.values(ofRow: $0) }
  }

  @Test func aSampleDoesNotDependOnHowManyAreDrawn() throws {
    let rows = residuals(20, 70)
    let density = IntraSubjectKDE(
      gender: .male, residuals: rows, bandwidth: 0.5, searchedRows: 0,
      shape: try #require(KernelShape(rows)))
    #expect(Array(samples(density, count: 90).prefix(7)) == samples(density, count: 7))
  }

  @Test func samplesHaveTheVarianceOfResidualAndKernel() throws {
    let rows = residuals(50, 3)
    let shape = try #require(KernelShape(rows))
    let density = IntraSubjectKDE(
      gender: .male, residuals: rows, bandwidth: 0.8, searchedRows: 0, shape: shape)
    let drawn = samples(density, count: 20_000)
    for j in 0..<3 {
      let found = drawn.reduce(0.0) { $0 + Double(($1[j] - 1) * ($1[j] - 1)) } / 20_000
      let own = (0..<50).reduce(0.0) { $0 + Double(rows[row: $1][j] * rows[row: $1][j]) } / 50
      let kernel = (1 - shape.shrinkage) * own + shape.shrinkage * shape.meanVariance
      #expect(abs(found / (own + 0.64 * kernel) - 1) < 0.05, "\(j): \(found)")
    }
  }
}
