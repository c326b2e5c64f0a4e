// Model inversion (attack A8): projected gradient ascent of the logit on the unit sphere,
// x <- normalise(x + step g/|g|), g = dz/dx. A start stays where its gradient is zero.
import Kernels

/// The ascent from several starts at once.
package struct ModelInversion: Sendable {
  /// Final vectors of unit length, [starts, d].
  package let vectors: Matrix64
  /// Logits before each step and at the end, [starts][iterations + 1].
  package let logits: [[Double]]

  /// - Parameters:
  ///   - network: the attacked model.
  ///   - starts: [starts, d]; normalised here. A start of zeros is an error of the caller.
  ///   - step: length of each move before projection.
  ///   - iterations: number of moves.
  package init(_ network: Float64Network, starts: Matrix64, step: Double, iterations: Int) {
    precondition(starts.columns == network.dimension, "\(starts.columns) for \(network.widths)")
    var x = starts.rowsOfUnitLength()
    var logits = [[Double]](repeating: [], count: starts.rows)
    for _ in 0..<iterations {
      let (z, gradients) = network.inputGradients(x.values)
      for row in 0..<x.rows {
        logits[row].append(z[row])
        ascend(&x, row: row, gradients: gradients, step: step)
      }
    }
    for (row, z) in network.logits(x.values).enumerated() { logits[row].append(z) }
    vectors = x
    self.logits = logits
  }

  /// The vector of the start with the largest final logit (the first of equals).
  package var best: [Double] {
    var row = 0
    for i in 1..<max(vectors.rows, 1) where logits[i].last! > logits[row].last! { row = i }
    return Array(vectors[row: row])
  }

  /// Mean direction over all starts, of unit length: what depends on the start cancels.
  package var meanDirection: [Double] {
    var sum = [Double](repeating: 0, count: vectors.columns)
    for row in 0..<vectors.rows { for j in sum.indices { sum[j] += vectors[row, j] } }
    return Array(Matrix64([sum]).rowsOfUnitLength().values)
  }

  /// Directions uniform on the sphere, the same for every attacked model.
  package static func randomStarts(count: Int, dimension: Int, seed: UInt64) -> Matrix64 {
    var starts = Matrix64(rows: count, columns: dimension)
    for i in 0..<count {
      var rng = CounterRNG(seed: seed, purpose: .attackStart, subject: UInt32(i))
      for j in 0..<dimension { starts[i, j] = rng.normal() }
    }
    return starts.rowsOfUnitLength()
  }
}

private func ascend(_ x: inout Matrix64, row: Int, gradients: [Double], step: Double) {
  let d = x.columns
  var square = 0.0
  for j in 0..<d { square += gradients[row * d + j] * gradients[row * d + j] }
  guard square > 0 else { return }
  let scale = step / square.squareRoot()
  var norm = 0.0
  for j in 0..<d {
    x[row, j] += scale * gradients[row * d + j]
    norm += x[row, j] * x[row, j]
  }
  norm.formSquareRoot()
  for j in 0..<d { x[row, j] /= norm }
}
