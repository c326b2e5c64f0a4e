import Kernels

extension EmbeddingRows {
  /// The rows as their file has them, to 22 significant bits; in the order of the rows.
  ///
  /// A vector of length 1 is rounded, and vectors of few bits (whole numbers, float16, 8 bits) whose
  /// cosines are equal no longer have equal ones. Multiplied by the norm that it was divided by, a
  /// value is the one that was read to one part in 2^24, so that rounding to 22 bits gives it back
  /// where it had no more, and is off by one part in 2^23 where it had.
  package func asRead() -> FloatMatrix {
    let matrix = FloatMatrix(rows: rows.count, columns: set.dimension)
    for (i, row) in rows.enumerated() {
      let source = set.vectors.base + Int(row) * set.vectors.stride
      let target = matrix.base + i * matrix.stride
      guard set.isNormalised else {
        target.update(from: source, count: set.dimension)
        continue
      }
      let norm = Double(set.norms[Int(row)])
      for j in 0..<set.dimension {
        target[j] = Float((Double(source[j]) * norm).rounded(toBits: 22))
      }
    }
    return matrix
  }
}

extension Double {
  /// The nearest number with so many significant bits, ties to even.
  func rounded(toBits bits: Int) -> Double {
    // Adding and subtracting a number of that much larger size rounds away what lies below.
    let large = self * (Double(1 << (53 - bits)) + 1)
    return large - (large - self)
  }
}
