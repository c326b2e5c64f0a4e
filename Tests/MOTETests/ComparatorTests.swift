import Foundation
import Kernels
import MOTE
import Testing

@Suite struct ComparatorTests {
  @Test func cosineOfVectorsOfAnyLength() {
    let probes = randomSet(sizes: [70], dimension: 9, spread: 2).vectors
    for j in 0..<9 { probes[row: 5][j] *= 40 }
    for j in 0..<9 { probes[row: 6][j] = 0 }
    let references = [3, 5, 6].map { VectorReference(vector: probes.values(ofRow: $0)) }
    var scores = [Float](repeating: 9, count: 3 * 72)
    CosineComparator(dimension: 9).score(references, probes: probes, into: &scores, stride: 72)
    for (r, reference) in references.enumerated() {
      for p in 0..<70 {
        var dot = 0.0
        var a = 0.0
        var b = 0.0
        for j in 0..<9 {
          let x = Double(reference.vector[j])
          let y = Double(probes[row: p][j])
          dot += x * y
          a += x * x
          b += y * y
        }
        let expected = a > 0 && b > 0 ? dot / (a * b).squareRoot() : 0
        #expect(abs(Double(scores[r * 72 + p]) - expected) < 1e-6, "\(r), \(p)")
      }
      #expect(scores[r * 72 + 70] == 9)
    }
    #expect(abs(scores[3] - 1) < 1e-6)
  }

  /// Vectors of whole numbers: cosines that are equal as fractions are equal as scores, on every path.
  @Test func cosinesThatAreEqualButForRoundingAreEqual() {
    var rng = CounterRNG(seed: 2, purpose: .syntheticDataset)
    let (d, r, p) = (8, 40, 300)
    func draw(_ rows: Int) -> FloatMatrix {
      let matrix = FloatMatrix(rows: rows, columns: d)
      for i in 0..<rows { for j in 0..<d { matrix[row: i][j] = Float(rng.index(below: 5)) - 2 } }
      for i in 0..<rows { matrix[row: i][0] += 3 }
      return matrix
    }
    let (left, probes) = (draw(r), draw(p))
    func product(_ a: FloatMatrix, _ i: Int, _ b: FloatMatrix, _ j: Int) -> Int {
      (0..<d).reduce(0) { $0 + Int(a[row: i][$1]) * Int(b[row: j][$1]) }
    }
    let references = (0..<r).map { VectorReference(vector: left.values(ofRow: $0)) }
    var first: [Float]?
    for path in CPUPath.allCases where path.isAvailable {
      var scores = [Float](repeating: 0, count: r * p)
      CosineComparator(dimension: d, path: path)
        .score(references, probes: probes, into: &scores, stride: p)
      #expect(first ?? scores == scores, "\(path.name)")
      first = scores
    }
    // The cosine is product / sqrt(|a|^2 |b|^2): equal where the squares are equal fractions.
    var scoreOf: [[Int]: Float] = [:]
    var ties = 0
    for i in 0..<r {
      for j in 0..<p {
        let dot = product(left, i, probes, j)
        let (top, bottom) = (dot * dot, product(left, i, left, i) * product(probes, j, probes, j))
        let divisor = greatestCommonDivisor(top, bottom)
        let key = [dot.signum(), top / divisor, bottom / divisor]
        let score = first![i * p + j]
        if let known = scoreOf[key] {
          ties += 1
          #expect(score == known, "\(key)")
        }
        scoreOf[key] = score
      }
    }
    #expect(ties > 5_000, "the case must have ties to show anything")
    // And different ones stay apart, as far as they lie a step apart.
    #expect(Set(scoreOf.values).count > scoreOf.count * 9 / 10)
  }

  private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? max(a, 1) : greatestCommonDivisor(b, a % b)
  }

  @Test func moteScoresAreTheLogitsOfEachNetwork() {
    let probes = randomSet(sizes: [130], dimension: 11, spread: 2).vectors
    let references = [[7], [16, 5], [], [20, 9, 3]].enumerated().map { i, hidden in
      let shape = NetworkShape(inputs: 11, hiddenWidths: hidden)
      var rng = CounterRNG(seed: UInt64(i), purpose: .initialWeights)
      return MoteReference(
        shape: shape, weights: (0..<shape.parameterCount).map { _ in Float(rng.uniform() - 0.4) })
    }
    var scores = [Float](repeating: 0, count: references.count * 130)
    MoteComparator().score(references, probes: probes, into: &scores, stride: 130)
    for (r, reference) in references.enumerated() {
      for p in 0..<130 {
        let expected = reference.network.logits(probes.values(ofRow: p).map(Double.init))[0]
        #expect(abs(Double(scores[r * 130 + p]) - expected) < 2e-6 * max(1, abs(expected)))
      }
    }
  }

  @Test func referenceSizeIsThatOfThePaper() {
    let shape = NetworkShape(inputs: 512, hiddenWidths: [128, 64])
    let reference = MoteReference(
      shape: shape, weights: [Float](repeating: 0, count: shape.parameterCount))
    #expect(reference.byteCount == 295_940)
  }
}
