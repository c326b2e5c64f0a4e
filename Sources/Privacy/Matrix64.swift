import Kernels

/// A small float64 matrix, row-major: scores or features of an attack, rows are targets.
package struct Matrix64: Sendable, Equatable {
  package let rows: Int
  package let columns: Int
  package var values: [Double]

  package init(rows: Int, columns: Int, values: [Double]) {
    precondition(values.count == rows * columns, "\(values.count) values for \(rows)x\(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  package init(rows: Int, columns: Int) {
    self.init(
      rows: rows, columns: columns, values: [Double](repeating: 0, count: rows * columns))
  }

  /// The rows of a nested list, all of the same length.
  package init(_ nested: [[Double]]) {
    self.init(rows: nested.count, columns: nested.first?.count ?? 0, values: nested.flatMap { $0 })
  }

  /// The float32 rows, widened.
  package init(_ matrix: FloatMatrix) {
    var values: [Double] = []
    values.reserveCapacity(matrix.rows * matrix.columns)
    for i in 0..<matrix.rows { for value in matrix[row: i] { values.append(Double(value)) } }
    self.init(rows: matrix.rows, columns: matrix.columns, values: values)
  }

  package subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// Row `i` without a copy.
  package subscript(row i: Int) -> ArraySlice<Double> {
    values[(i * columns)..<((i + 1) * columns)]
  }

  /// Some rows, in the order given.
  package func selecting(rows indices: [Int]) -> Matrix64 {
    var selected: [Double] = []
    selected.reserveCapacity(indices.count * columns)
    for i in indices { selected.append(contentsOf: self[row: i]) }
    return Matrix64(rows: indices.count, columns: columns, values: selected)
  }

  /// Some columns, in the order given.
  package func selecting(columns indices: [Int]) -> Matrix64 {
    var selected: [Double] = []
    selected.reserveCapacity(indices.count * rows)
    for i in 0..<rows { for j in indices { selected.append(values[i * columns + j]) } }
    return Matrix64(rows: rows, columns: indices.count, values: selected)
  }

  /// Each row divided by its L2 norm; rows of zeros stay.
  package func rowsOfUnitLength() -> Matrix64 {
    var result = self
    for i in 0..<rows {
      let norm = self[row: i].reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm > 0 else { continue }
      for j in 0..<columns { result[i, j] /= norm }
    }
    return result
  }

  /// First row with a value that is not finite, if any.
  package var firstRowNotFinite: Int? {
    values.firstIndex { !$0.isFinite }.map { $0 / max(columns, 1) }
  }
}

/// Inner product of two lists of one length, summed in order.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}
