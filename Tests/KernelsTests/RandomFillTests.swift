import Foundation
import Kernels
import Testing

@Suite struct RandomFillTests {
  private let rng = CounterRNG(seed: 11, purpose: .dropout, subject: 5, step: 9)

  @Test(arguments: availablePaths)
  func wordsAreThoseOfTheCounterRNG(path: CPUPath) {
    // The last chunks cross the 32-bit boundary of the block number.
    for first in [0, 3, (1 << 28) - 1] {
      var words = [UInt32](repeating: 0, count: 128)
      RandomFill(rng, path: path).words(chunks: first..<(first + 2), into: &words)
      for i in 0..<128 {
        let block = UInt64(first * 16 + i / 64 * 16 + i % 16)
        #expect(words[i] == rng.words(at: block)[i % 64 / 16], "chunk \(first), word \(i)")
      }
    }
  }

  /// sqrt(-2 ln u) (cos, sin)(2 pi v) in float64 from the same words.
  @Test(arguments: availablePaths)
  func normalsAreBoxMullerOfTheWords(path: CPUPath) {
    var normals = [Float](repeating: 0, count: 64 * 50)
    RandomFill(rng, path: path).normals(chunks: 0..<50, into: &normals)
    for i in normals.indices {
      let w = rng.words(at: UInt64(i / 64 * 16 + i % 16))
      let q = i % 64 / 16
      let u = (Double(q < 2 ? w.x : w.z) + 0.5) * 0x1p-32
      let angle = 2 * Double.pi * Double(q < 2 ? w.y : w.w) * 0x1p-32
      let expected = (-2 * log(u)).squareRoot() * (q % 2 == 0 ? cos(angle) : sin(angle))
      #expect(abs(Double(normals[i]) - expected) < 2e-6, "\(i)")
    }
  }

  @Test(arguments: availablePaths)
  func normalsHaveTheMomentsOfTheNormalDistribution(path: CPUPath) {
    let n = 64 * 4000
    var z = [Float](repeating: 0, count: n)
    RandomFill(rng, path: path).normals(chunks: 0..<4000, into: &z)
    func moment(_ k: Double) -> Double { z.reduce(0) { $0 + pow(Double($1), k) } / Double(n) }
    // Four standard errors: 1/sqrt(n), sqrt(2/n), sqrt(15/n), sqrt(96/n).
    #expect(abs(moment(1)) < 4 * (1 / Double(n)).squareRoot())
    #expect(abs(moment(2) - 1) < 4 * (2 / Double(n)).squareRoot())
    #expect(abs(moment(3)) < 4 * (15 / Double(n)).squareRoot())
    #expect(abs(moment(4) - 3) < 4 * (96 / Double(n)).squareRoot())
    let tail = z.filter { abs($0) > 3 }.count
    #expect(abs(Double(tail) / Double(n) - 0.0027) < 4 * (0.0027 / Double(n)).squareRoot())
  }
}
