import Kernels

/// The traditional system: cosine of reference sample and probe.
///
/// Vectors need not have length 1; the cosine with a zero vector is 0. Belongs to one thread. The
/// score of a pair does not depend on what else is in the block.
package final class CosineComparator {
  private let products: DenseProducts

  package init(dimension: Int, path: CPUPath = .current) {
    products = DenseProducts(dimension: dimension, path: path)
  }

  /// Writes the score of every pair: reference r against probe p to `scores[r * stride + p]`.
  /// Higher is more similar.
  package func score(
    _ references: [VectorReference], probes: FloatMatrix,
    into scores: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let d = products.dimension
    precondition(
      probes.columns == d && references.allSatisfy { $0.vector.count == d },
      "cosine of \(d) with probes of \(probes.columns)")
    // References are scaled to length 1 once; probes' lengths divide the scores.
    let rows = FloatMatrix(rows: references.count, columns: d)
    for (r, reference) in references.enumerated() {
      let scale = reference.vector.withUnsafeBufferPointer { CosineComparator.inverseLength($0) }
      let row = rows[row: r]
      for j in 0..<d { row[j] = Float(Double(reference.vector[j]) * scale) }
    }
    products.evaluate(rows: rows, columns: probes, into: scores, stride: stride)
    for p in 0..<probes.rows {
      let scale = CosineComparator.inverseLength(UnsafeBufferPointer(probes[row: p]))
      if abs(scale - 1) < 1e-7 { continue }
      for r in 0..<references.count {
        scores[r * stride + p] = Float(Double(scores[r * stride + p]) * scale)
      }
    }
  }

  /// 1 / |x| in float64; 0 for a zero vector.
  private static func inverseLength(_ x: UnsafeBufferPointer<Float>) -> Double {
    var sums = SIMD8<Double>()
    var j = 0
    while j + 8 <= x.count {
      for l in 0..<8 { sums[l] += Double(x[j + l]) * Double(x[j + l]) }
      j += 8
    }
    var sum = sums.sum()
    while j < x.count {
      sum += Double(x[j]) * Double(x[j])
      j += 1
    }
    return sum > 0 ? 1 / sum.squareRoot() : 0
  }
}

/// MOTE: the logit of the personal network for the probe (the probability is its sigmoid).
///
/// Owns scratch memory and belongs to one thread. The score of a pair does not depend on what else
/// is in the block.
package final class MoteComparator {
  private var engine: TrainingEngine?
  private let path: CPUPath

  package init(path: CPUPath = .current) { self.path = path }

  /// Writes the score of every pair: reference r against probe p to `scores[r * stride + p]`.
  /// Higher is more similar.
  package func score(
    _ references: [MoteReference], probes: FloatMatrix, into scores: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    for (r, reference) in references.enumerated() {
      precondition(
        reference.shape.inputs == probes.columns,
        "network of \(reference.shape.inputs) inputs, probes of \(probes.columns)")
      let engine = engine(for: reference.shape)
      engine.load(reference.weights, forTraining: false)
      engine.logits(
        of: probes.base, stride: probes.stride, count: probes.rows, into: scores + r * stride)
    }
  }

  private func engine(for shape: NetworkShape) -> TrainingEngine {
    if let engine, engine.shape == shape { return engine }
    let new = TrainingEngine(shape: shape, batchCapacity: 1, keep: 1, path: path)
    engine = new
    return new
  }
}
