// Negative face recognition (Terhörst et al. 2020): the reference stores, for each feature, a bin
// that the feature does NOT fall into. The published version first expands the embedding by a
// trained layer; here the features are the coordinates themselves.
import Kernels

/// Quantile bins of each coordinate; references hold a random other bin, probes their own.
package struct NegativeFaceRecognition: ProtectionScheme {
  /// Number of bins of a feature.
  package let bins: Int
  package let templateWidth: Int
  package let seed: UInt64
  /// Upper edges of the bins but the last, [d × (bins - 1)], from the cohort.
  private let edges: [Float]

  package let name = "negative"

  /// Learns the bins. Quantiles of standardised and of raw coordinates are the same bins, so
  /// standardisation is not computed.
  ///
  /// - Throws: `PrivacyError.settingOutOfRange` or `.tooFewTraining`.
  package static func train(
    on vectors: FloatMatrix, bins: Int = 4, seed: UInt64
  ) throws -> NegativeFaceRecognition {
    guard (2...255).contains(bins) else {
      throw PrivacyError.settingOutOfRange(setting: "bins", value: "\(bins)", allowed: "2 to 255")
    }
    guard vectors.rows >= bins else {
      throw PrivacyError.tooFewTraining(
        scheme: "negative", group: "all", found: vectors.rows, needed: bins)
    }
    var edges: [Float] = []
    edges.reserveCapacity(vectors.columns * (bins - 1))
    var column = [Double](repeating: 0, count: vectors.rows)
    for j in 0..<vectors.columns {
      for i in 0..<vectors.rows { column[i] = Double(vectors[row: i][j]) }
      column.sort()
      for b in 1..<bins {
        edges.append(Float(quantile(ofSorted: column, Double(b) / Double(bins))))
      }
    }
    return NegativeFaceRecognition(
      bins: bins, templateWidth: vectors.columns, seed: seed, edges: edges)
  }

  /// Share of positions where probe bin and stored negative bin differ: 1 for a perfect match.
  package static func score(positive: [Int], negative: [Int]) -> Double {
    precondition(positive.count == negative.count && !positive.isEmpty)
    let hits = zip(positive, negative).count { $0 == $1 }
    return 1 - Double(hits) / Double(positive.count)
  }

  package func protect(
    _ vectors: FloatMatrix, serials: [UInt32], role: TemplateRole
  ) -> FloatMatrix {
    let templates = FloatMatrix(rows: vectors.rows, columns: templateWidth)
    for i in 0..<vectors.rows {
      var rng = CounterRNG(
        seed: seed, purpose: .protection, subject: serials[i], step: role.rawValue)
      let (source, target) = (vectors[row: i], templates[row: i])
      for j in 0..<templateWidth {
        var bin = 0
        while bin < bins - 1, source[j] > edges[j * (bins - 1) + bin] { bin += 1 }
        if role == .reference { bin = (bin + 1 + rng.index(below: bins - 1)) % bins }
        target[j] = Float(bin)
      }
    }
    return templates
  }

  package func compare(
    reference: UnsafeBufferPointer<Float>, probe: UnsafeBufferPointer<Float>
  ) -> Double {
    var hits = 0
    for j in reference.indices where reference[j] == probe[j] { hits += 1 }
    return 1 - Double(hits) / Double(reference.count)
  }

  package func compare(
    references: FloatMatrix, rows: Range<Int>, probes: FloatMatrix,
    into scores: UnsafeMutablePointer<Float>
  ) {
    let (left, right) = (bytes(references, rows), bytes(probes, 0..<probes.rows))
    let width = templateWidth
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        for i in 0..<rows.count {
          for j in 0..<probes.rows {
            var hits: Int32 = 0
            for k in 0..<width {
              hits &+= left[i * width + k] == right[j * width + k] ? 1 : 0
            }
            scores[i * probes.rows + j] = Float(1 - Double(hits) / Double(width))
          }
        }
      }
    }
  }

  private func bytes(_ templates: FloatMatrix, _ rows: Range<Int>) -> [UInt8] {
    rows.flatMap { row in templates[row: row].map { UInt8($0) } }
  }

  /// One indicator per feature and bin: the excluded bin of each feature.
  package func attackFeatures(templates: FloatMatrix, anchor: [Float]) -> Matrix64 {
    var features = Matrix64(rows: templates.rows, columns: templateWidth * bins)
    for i in 0..<templates.rows {
      for (j, bin) in templates[row: i].enumerated() { features[i, j * bins + Int(bin)] = 1 }
    }
    return features
  }
}
