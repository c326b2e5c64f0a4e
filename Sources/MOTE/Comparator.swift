import Kernels

/// The traditional system: cosine of reference sample and probe.
///
/// The cosine is made in float64 and rounded to multiples of 2^-20 (definitions 1.10), so that scores
/// that are equal but for rounding are equal, and every CPU path gives the same bits. Vectors need
/// not have length 1; the cosine with a zero vector is 0. Belongs to one thread. The score of a pair
/// does not depend on what else is in the block.
package final class CosineComparator {
  private let products: ExactProducts
  private var block: [Double]

  /// Cosines are multiples of 1 over this: about a millionth, ten times the rounding of a float32
  /// cosine and far below what a table shows.
  package static let stepsPerUnit = 0x1p20

  package init(dimension: Int, path: CPUPath = .current) {
    products = ExactProducts(dimension: dimension, path: path)
    block = [Double](
      repeating: 0, count: ExactProducts.rowsPerPass * ExactProducts.columnsPerPass)
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
    let rows = FloatMatrix(rows: references.count, columns: d)
    for (r, reference) in references.enumerated() {
      for j in 0..<d { rows.base[r * rows.stride + j] = reference.vector[j] }
    }
    let referenceScales = Self.inverseLengths(rows)
    let probeScales = Self.inverseLengths(probes)
    let width = ExactProducts.columnsPerPass
    for first in Swift.stride(from: 0, to: probes.rows, by: width) {
      let columns = first..<min(first + width, probes.rows)
      products.load(columns: probes, columns)
      for top in Swift.stride(from: 0, to: references.count, by: ExactProducts.rowsPerPass) {
        let range = top..<min(top + ExactProducts.rowsPerPass, references.count)
        products.evaluate(
          rows: rows, range, columns: columns.count, into: &block, stride: width)
        for r in range {
          for p in columns {
            let product = block[(r - top) * width + p - first]
            let cosine = product * referenceScales[r] * probeScales[p]
            scores[r * stride + p] = Float(
              (cosine * Self.stepsPerUnit).rounded(.toNearestOrEven) / Self.stepsPerUnit)
          }
        }
      }
    }
  }

  private static func inverseLengths(_ rows: FloatMatrix) -> [Double] {
    (0..<rows.rows).map { inverseLength(UnsafeBufferPointer(rows[row: $0])) }
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
