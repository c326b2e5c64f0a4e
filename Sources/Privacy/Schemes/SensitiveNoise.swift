// Similarity-sensitive noise (Terhörst et al. 2018, SSNT): noise whose effect on the similarity is
// chosen. Reference and probe are both perturbed.
import Kernels

/// x' = L (s v/|v| + sqrt(1 - s^2) q), q the unit vector along the part of r + v/|v| orthogonal to
/// v, r ~ N(0, I), L uniform in 1…100: cosine s with the original.
package struct CosineSensitiveNoise: CosineComparedScheme {
  package let similarity: Double
  package let templateWidth: Int
  package let seed: UInt64
  package var name: String { "ssnt-cosine-\(similarity)" }

  /// - Throws: `PrivacyError.settingOutOfRange` unless -1 < similarity < 1.
  package init(dimension: Int, similarity: Double = 0.8, seed: UInt64) throws {
    guard similarity > -1, similarity < 1 else {
      throw PrivacyError.settingOutOfRange(
        setting: "similarity", value: "\(similarity)", allowed: "between -1 and 1")
    }
    self.similarity = similarity
    templateWidth = dimension
    self.seed = seed
  }

  /// The perturbed vector for given draws.
  package static func perturb(
    _ v: [Double], normals r: [Double], similarity: Double, length: Double
  ) -> [Double] {
    let unit = unitVector(v)
    var q = zip(r, unit).map { $0 + $1 }
    let along = dot(q, unit)
    for i in q.indices { q[i] -= along * unit[i] }
    q = unitVector(q)
    let side = (1 - similarity * similarity).squareRoot()
    return zip(unit, q).map { length * (similarity * $0 + side * $1) }
  }

  package func protect(
    _ vectors: FloatMatrix, serials: [UInt32], role: TemplateRole
  ) -> FloatMatrix {
    perturbed(vectors, serials: serials, role: role, seed: seed) { v, rng in
      let normals = v.map { _ in rng.normal() }
      let length = Double(1 + rng.index(below: 100))
      return Self.perturb(v, normals: normals, similarity: similarity, length: length)
    }
  }
}

/// x' = v + D r/|r|, r ~ N(0, I): Euclidean distance D from the original. The vector is compared by
/// cosine like any other.
package struct EuclideanSensitiveNoise: CosineComparedScheme {
  package let distance: Double
  package let templateWidth: Int
  package let seed: UInt64
  package var name: String { "ssnt-euclidean-\(distance)" }

  /// - Throws: `PrivacyError.settingOutOfRange` unless distance > 0 and finite.
  package init(dimension: Int, distance: Double = 0.5, seed: UInt64) throws {
    guard distance > 0, distance.isFinite else {
      throw PrivacyError.settingOutOfRange(
        setting: "distance", value: "\(distance)", allowed: "above 0")
    }
    self.distance = distance
    templateWidth = dimension
    self.seed = seed
  }

  package func protect(
    _ vectors: FloatMatrix, serials: [UInt32], role: TemplateRole
  ) -> FloatMatrix {
    perturbed(vectors, serials: serials, role: role, seed: seed) { v, rng in
      let direction = unitVector(v.map { _ in rng.normal() })
      return zip(v, direction).map { $0 + distance * $1 }
    }
  }
}

private func perturbed(
  _ vectors: FloatMatrix, serials: [UInt32], role: TemplateRole, seed: UInt64,
  _ transform: ([Double], inout CounterRNG) -> [Double]
) -> FloatMatrix {
  let templates = FloatMatrix(rows: vectors.rows, columns: vectors.columns)
  for i in 0..<vectors.rows {
    var rng = CounterRNG(
      seed: seed, purpose: .protection, subject: serials[i], step: role.rawValue)
    let target = templates[row: i]
    for (j, value) in transform(vectors[row: i].map(Double.init), &rng).enumerated() {
      target[j] = Float(value)
    }
  }
  return templates
}

/// A vector divided by its length; zeros stay.
private func unitVector(_ v: [Double]) -> [Double] {
  let length = dot(v, v).squareRoot()
  return length > 0 ? v.map { $0 / length } : v
}
