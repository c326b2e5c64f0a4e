import Configurations
import Kernels

extension ModelTemplates {
  /// Row of a subject's template, for verification by identifier.
  ///
  /// - Throws: `ModelTemplateError` for a subject that has none, with one of a similar name, or that
  ///   has several.
  package func row(of identity: String) throws -> Int {
    let rows = identities.indices.filter { identities[$0] == identity }
    if rows.count == 1 { return rows[0] }
    let found =
      rows.isEmpty
      ? "no template of subject '\(identity)'"
        + (nearestName(to: identity, among: identities).map { "; did you mean '\($0)'?" } ?? "")
      : "\(rows.count) templates of subject '\(identity)', expected one"
    throw ModelTemplateError.bad(path: path, reason: "it has \(found)")
  }

  /// Reads all templates into a gallery of the file's precision, as stored: nothing is rounded again.
  ///
  /// - Throws: `HDF5Error`; `ModelTemplateError` for a weight that is not a finite number;
  ///   `NetworkGalleryError` where there is no memory.
  package func gallery() throws -> MoteGallery {
    guard count > 0 else {
      throw ModelTemplateError.bad(path: path, reason: "it has no templates to search")
    }
    let gallery = try MoteGallery(shape: shape, precision: precision, count: count)
    let block = 64
    for first in stride(from: 0, to: count, by: block) {
      let rows = first..<min(first + block, count)
      // For int8 the check alone is needed.
      let references = try references(rows)
      for (r, reference) in zip(rows, references) {
        if precision != .int8 { gallery.set(reference, at: r) }
      }
      if precision == .int8 { try fill(gallery, rows) }
    }
    return gallery
  }

  /// The stored bytes and scales of some int8 templates.
  private func fill(_ gallery: MoteGallery, _ rows: Range<Int>) throws {
    for k in 0..<shape.layerCount {
      let (inputs, outputs) = (shape.dims[k], shape.dims[k + 1])
      // Whole numbers up to 127 are exact in float32.
      let weights = try read("fc\(k + 1)/weight", rows, columns: inputs * outputs).map { weight in
        guard let value = Int8(exactly: weight) else {
          throw ModelTemplateError.bad(
            path: path, reason: "'fc\(k + 1)/weight' has the value \(weight), expected an int8")
        }
        return value
      }
      let scales = try read("fc\(k + 1)/scale", rows, columns: outputs)
      let biases = try read("fc\(k + 1)/bias", rows, columns: outputs)
      for (i, r) in rows.enumerated() {
        weights.withUnsafeBufferPointer { weights in
          scales.withUnsafeBufferPointer { scales in
            biases.withUnsafeBufferPointer { biases in
              gallery.networks.setLayer(
                k, of: r, weights: weights.baseAddress! + i * inputs * outputs,
                scales: scales.baseAddress! + i * outputs,
                biases: biases.baseAddress! + i * outputs)
            }
          }
        }
      }
    }
  }
}
