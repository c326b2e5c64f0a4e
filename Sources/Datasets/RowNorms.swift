import Kernels

/// L2 norm of each row, summed in float64 in column order; NaN and infinity pass through.
func l2Norms(of matrix: FloatMatrix) -> [Float] {
  (0..<matrix.rows).map { i in
    let row = matrix.base + i * matrix.stride
    var lanes = SIMD8<Double>()
    var j = 0
    while j + 8 <= matrix.columns {
      let values = SIMD8<Double>(
        UnsafeRawPointer(row + j).loadUnaligned(as: SIMD8<Float>.self))
      lanes += values * values
      j += 8
    }
    var sum = lanes.sum()
    while j < matrix.columns {
      sum += Double(row[j]) * Double(row[j])
      j += 1
    }
    return Float(sum.squareRoot())
  }
}

/// Divides each row by its norm (float64).
func normaliseRows(of matrix: FloatMatrix, norms: [Float]) {
  for i in 0..<matrix.rows {
    let row = matrix.base + i * matrix.stride
    let scale = 1 / Double(norms[i])
    for j in 0..<matrix.columns { row[j] = Float(Double(row[j]) * scale) }
  }
}

/// Whether a row holds nothing: zeros or NaN alone, as rows that were made and never written do.
package func isUnfilled(_ row: some Collection<Float>) -> Bool {
  row.allSatisfy { $0 == 0 } || row.allSatisfy(\.isNaN)
}
