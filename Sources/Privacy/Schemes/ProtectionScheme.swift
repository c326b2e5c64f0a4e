// Protection schemes: what replaces an embedding as the stored template, and how two of them are
// compared. A new scheme is one file with a type that conforms; what else names it (recipe, spec
// section, title) is listed in CONTRIBUTING.md.
import COpenBLAS
import Kernels

/// What a template is made for. Some schemes treat the two sides differently.
package enum TemplateRole: UInt32, Sendable {
  case reference = 0
  case probe = 1
}

/// A way to protect embeddings. Pure and deterministic by its seed: a template depends on the
/// vector, the role and the serial number only (PFRNet: to the last digits of a matrix product, which
/// depend on the row's place among the rows). Templates are rows of `templateWidth` floats.
package protocol ProtectionScheme: Sendable {
  /// Name for records and tables, e.g. "pe-miu-32".
  var name: String { get }
  /// Floats of one protected template.
  var templateWidth: Int { get }

  /// Protects every row.
  ///
  /// - Parameters:
  ///   - vectors: unprotected embeddings, [n, d].
  ///   - serials: one number per template; randomised schemes draw afresh for each.
  func protect(_ vectors: FloatMatrix, serials: [UInt32], role: TemplateRole) -> FloatMatrix

  /// Similarity of one protected reference and one protected probe; larger is more similar.
  func compare(reference: UnsafeBufferPointer<Float>, probe: UnsafeBufferPointer<Float>) -> Double

  /// All comparisons of some references with all probes.
  ///
  /// - Parameters:
  ///   - rows: which references; results are independent of how rows are cut into ranges.
  ///   - scores: receives [rows.count, probes.rows] row-major.
  func compare(
    references: FloatMatrix, rows: Range<Int>, probes: FloatMatrix,
    into scores: UnsafeMutablePointer<Float>)

  /// What a white-box attacker trains on: templates made comparable with each other.
  ///
  /// - Parameter anchor: an ordinary embedding of the attacker's choice (the mean of the gallery).
  func attackFeatures(templates: FloatMatrix, anchor: [Float]) -> Matrix64
}

extension ProtectionScheme {
  /// Protects row i with serial number i.
  package func protect(_ vectors: FloatMatrix, role: TemplateRole) -> FloatMatrix {
    protect(vectors, serials: (0..<UInt32(vectors.rows)).map { $0 }, role: role)
  }

  package func compare(
    references: FloatMatrix, rows: Range<Int>, probes: FloatMatrix,
    into scores: UnsafeMutablePointer<Float>
  ) {
    var next = scores
    for r in rows {
      let reference = UnsafeBufferPointer(references[row: r])
      for p in 0..<probes.rows {
        next.pointee = Float(
          compare(reference: reference, probe: UnsafeBufferPointer(probes[row: p])))
        next += 1
      }
    }
  }

  package func attackFeatures(templates: FloatMatrix, anchor: [Float]) -> Matrix64 {
    Matrix64(templates)
  }
}

/// A scheme whose templates are compared by their cosine.
package protocol CosineComparedScheme: ProtectionScheme {}

extension CosineComparedScheme {
  package func compare(
    reference: UnsafeBufferPointer<Float>, probe: UnsafeBufferPointer<Float>
  ) -> Double {
    var (product, left, right) = (0.0, 0.0, 0.0)
    for i in reference.indices {
      let (a, b) = (Double(reference[i]), Double(probe[i]))
      product += a * b
      left += a * a
      right += b * b
    }
    let length = (left * right).squareRoot()
    return length > 0 ? product / length : 0
  }

  /// By matrix products of 64 references. Row r always stands at place r mod 64 of a full block,
  /// because the last digit of a product depends on the place and on the shape in some libraries.
  package func compare(
    references: FloatMatrix, rows: Range<Int>, probes: FloatMatrix,
    into scores: UnsafeMutablePointer<Float>
  ) {
    guard probes.rows > 0 else { return }
    let width = templateWidth
    let right = unitRows(probes, 0..<probes.rows)
    let left = FloatMatrix(rows: 64, columns: width)
    let product = FloatMatrix(rows: 64, columns: probes.rows)
    var row = rows.lowerBound
    while row < rows.upperBound {
      let place = row % 64
      let count = min(64 - place, rows.upperBound - row)
      let block = unitRows(references, row..<(row + count))
      (left.base + place * width).update(from: block.base, count: count * width)
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, 64, Int32(probes.rows), Int32(width), 1,
        left.base, Int32(width), right.base, Int32(width), 0, product.base, Int32(probes.rows))
      (scores + (row - rows.lowerBound) * probes.rows)
        .update(from: product.base + place * probes.rows, count: count * probes.rows)
      row += count
    }
  }
}

/// Some rows with unit length, stride = columns; rows of zeros stay.
func unitRows(_ matrix: FloatMatrix, _ rows: Range<Int>) -> FloatMatrix {
  let result = FloatMatrix(rows: rows.count, columns: matrix.columns)
  for (i, row) in rows.enumerated() {
    var square = 0.0
    for value in matrix[row: row] { square += Double(value) * Double(value) }
    let scale = square > 0 ? 1 / square.squareRoot() : 0
    let target = result[row: i]
    for (j, value) in matrix[row: row].enumerated() { target[j] = Float(Double(value) * scale) }
  }
  return result
}

/// No protection: the embedding itself, compared by cosine ("traditional" in the tables).
package struct UnprotectedScheme: CosineComparedScheme {
  package let name = "traditional"
  package let templateWidth: Int

  package init(dimension: Int) { templateWidth = dimension }

  package func protect(
    _ vectors: FloatMatrix, serials: [UInt32], role: TemplateRole
  ) -> FloatMatrix { vectors }
}
