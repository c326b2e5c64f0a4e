import Configurations
import Files
import Kernels

/// Verification by identifier from a stored file: one person's template is read by its place and
/// compared with one probe. Belongs to one thread; a request allocates nothing.
package final class TemplateVerifier {
  package let rows: TemplateRows
  private let path: String
  private let place: [String: Int]
  private let network: MoteGallery
  private let search: MoteSearch

  /// - Throws: `ModelTemplateError` for a file whose identifiers repeat, or that is not in one piece per
  ///   dataset; `HDF5Error`, `FileError`, `NetworkGalleryError`.
  package init(_ templates: ModelTemplates, way: TemplateRows.Way) throws {
    path = templates.path
    var place: [String: Int] = [:]
    place.reserveCapacity(templates.count)
    for (row, identity) in templates.identities.enumerated() {
      if let other = place.updateValue(row, forKey: identity) {
        throw ModelTemplateError.bad(
          path: path,
          reason: "templates \(other) and \(row) are both of '\(identity)', expected one each")
      }
    }
    self.place = place
    rows = try TemplateRows(templates, way: way)
    network = try MoteGallery(shape: templates.shape, precision: templates.precision, count: 1)
    search = MoteSearch(shape: templates.shape, workers: 1)
  }

  /// Where a person's template lies.
  ///
  /// - Throws: `ModelTemplateError` for a person without one.
  package func row(of identity: String) throws -> Int {
    guard let row = place[identity] else {
      throw ModelTemplateError.bad(path: path, reason: "it has no template of '\(identity)'")
    }
    return row
  }

  /// The score of a person's template for one probe, the same bits as `MoteComparator` gives for the
  /// stored network.
  ///
  /// - Parameter probe: [1, inputs].
  /// - Throws: `ModelTemplateError` for a person without a template or a score that is no finite number;
  ///   `FileError`.
  package func score(of identity: String, probe: FloatMatrix) throws -> Float {
    let row = try row(of: identity)
    try rows.load(row..<(row + 1), into: network, at: 0)
    var score: Float = 0
    search.score(network, probes: probe, into: &score, stride: 1)
    guard score.isFinite else {
      throw ModelTemplateError.bad(
        path: path, reason: "template \(row) ('\(identity)') gives the score \(score)")
    }
    return score
  }
}
