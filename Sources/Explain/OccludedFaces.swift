// A file of faces with pixels greyed, embedded again: what deletion by pixels needs of a backbone. The layout
// is described in datasets.md; m rows, D embedding dimensions.
import Datasets
import Files
import HDF5
import Kernels

/// Embeddings of occluded faces, read from an HDF5 file of `experiments/export/occlude.py`.
package struct OccludedFaces: Sendable {
  /// What was greyed in a face: as many pixels as a square of `side` pixels has.
  package struct Occlusion: Hashable, Sendable {
    package let cells: DeletedCells
    package let side: Int

    package init(cells: DeletedCells, side: Int) {
      self.cells = cells
      self.side = side
    }
  }

  /// Which rows belong together: of one image, under one system's heat map.
  private struct Place: Hashable {
    let image: Int
    let system: String
    let occlusion: Occlusion
  }

  package let path: String
  /// SHA-256 (hex) of the file's bytes.
  package let sha256: String
  /// What the file says about the network; empty: nothing.
  package let model: String
  /// Name of the cell whose heat maps chose the pixels.
  package let cell: String
  /// Hash of everything that the models of these heat maps follow from.
  package let inputHash: String
  /// SHA-256 (hex) of the file of feature maps that the faces are from.
  package let mapsHash: String
  /// Draws over which a random choice is averaged.
  package let draws: Int
  /// Occlusions that the file holds.
  package let occlusions: Set<Occlusion>
  private let embeddings: FloatMatrix
  private let roundoff: Double
  private let rows: [Place: [Int]]
  private let untouched: [Int: Int]

  private static let format = "mote-occluded-faces-1"
  /// Value of `system` in rows that no heat map chose.
  private static let anySystem = "any"
  /// Value of `choice` in rows of faces as they are.
  private static let none = "none"

  /// - Throws: `HDF5Error`, `OcclusionError`.
  package init(path: String) throws {
    let file = try HDF5File(path: path)
    let attributes = try file.attributes()
    func attribute(_ name: String, expected: String) throws -> String {
      guard let found = attributes[name], !found.isEmpty else {
        throw OcclusionError.wrongAttribute(path, name, found: nil, expected: expected)
      }
      return found
    }
    let format = try attribute("format", expected: Self.format)
    guard format == Self.format else {
      throw OcclusionError.wrongAttribute(path, "format", found: format, expected: Self.format)
    }
    self.path = path
    model = attributes["model"] ?? ""
    cell = try attribute("cell", expected: "the name of a cell")
    inputHash = try attribute("input_hash", expected: "that of the heat maps")
    mapsHash = try attribute("maps_sha256", expected: "that of the file of feature maps")
    let drawsText = try attribute("draws", expected: "a number above 0")
    guard let draws = Int(drawsText), draws > 0 else {
      throw OcclusionError.wrongAttribute(
        path, "draws", found: drawsText, expected: "a number above 0")
    }
    self.draws = draws
    sha256 = try SHA256.hex(ofFile: path)
    let dataset = try file.dataset("embedding")
    guard dataset.shape.count == 2 else {
      throw OcclusionError.wrongShape(
        path, "embedding", found: dataset.shape, expected: "[rows, dimension]")
    }
    embeddings = try dataset.readMatrix()
    roundoff = dataset.roundoff
    for row in 0..<embeddings.rows where !embeddings[row: row].allSatisfy(\.isFinite) {
      throw OcclusionError.notFinite(path, row: row)
    }
    func labels(_ name: String) throws -> [String] {
      let found = try file.labels(name)
      guard found.count == dataset.shape[0] else {
        throw OcclusionError.wrongShape(
          path, name, found: [found.count], expected: "[\(dataset.shape[0])], one per 'embedding'")
      }
      return found
    }
    func numbers(_ name: String) throws -> [Int] {
      try labels(name).enumerated().map { row, text in
        guard let number = Int(text), number >= 0 else {
          throw OcclusionError.badLabel(
            path, name, row: row, found: text, expected: "a whole number from 0 on")
        }
        return number
      }
    }
    let (images, sides) = (try numbers("image"), try numbers("side"))
    let (choices, systems) = (try labels("choice"), try labels("system"))
    var rows: [Place: [Int]] = [:]
    var untouched: [Int: Int] = [:]
    for row in images.indices {
      if choices[row] == Self.none {
        untouched[images[row]] = row
        continue
      }
      guard let cells = DeletedCells(rawValue: choices[row]) else {
        throw OcclusionError.badLabel(
          path, "choice", row: row, found: choices[row],
          expected: ([Self.none] + DeletedCells.allCases.map(\.rawValue)).joined(separator: ", "))
      }
      let place = Place(
        image: images[row], system: systems[row],
        occlusion: Occlusion(cells: cells, side: sides[row]))
      rows[place, default: []].append(row)
    }
    if rows.isEmpty { throw OcclusionError.nothingGreyed(path) }
    self.rows = rows
    self.untouched = untouched
    occlusions = Set(rows.keys.map(\.occlusion))
  }

  /// Holds the file against the maps that it says it was made from: their hash, and of every image the
  /// embedding of the face as it is, to 1e-4 and what the format of either rounds.
  ///
  /// - Returns: the largest deviation of a component, and what was allowed.
  /// - Throws: `OcclusionError`.
  package func check(
    against maps: ExportedMaps
  ) throws(OcclusionError) -> (deviation: Double, tolerance: Double) {
    guard mapsHash == maps.sha256 else {
      throw .otherMaps(path, found: mapsHash, maps: maps.path, expected: maps.sha256)
    }
    guard embeddings.columns == maps.dimension else {
      throw .wrongShape(
        path, "embedding", found: [embeddings.rows, embeddings.columns],
        expected: "[rows, \(maps.dimension)], as '\(maps.path)' has")
    }
    if let wrong = (rows.keys.map(\.image) + untouched.keys).filter({ $0 >= maps.count }).min() {
      throw .noSuchImage(path, image: wrong, maps: maps.path, images: maps.count)
    }
    let roundoff = max(roundoff, maps.embeddingRoundoff)
    var (largest, allowed) = (0.0, 0.0)
    for image in 0..<maps.count {
      guard let row = untouched[image] else {
        throw .lacks(path, image: image, identity: maps.identities[image], "the face as it is")
      }
      for (component, recorded) in maps.embedding(image).enumerated() {
        let found = Double(embeddings[row: row][component])
        let tolerance = 1e-4 + roundoff * abs(recorded)
        // A number that is not one is no agreement.
        guard abs(found - recorded) <= tolerance else {
          throw .notReproduced(
            path, image: image, identity: maps.identities[image], component: component,
            found: found, maps: maps.path, recorded: recorded, tolerance: tolerance)
        }
        largest = max(largest, abs(found - recorded))
        allowed = max(allowed, tolerance)
      }
    }
    return (largest, allowed)
  }

  /// The embedding of a face as it is, [D]; `check(against:)` has seen that there is one of every image.
  package func embedding(of image: Int) -> [Double] {
    embeddings[row: untouched[image]!].map(Double.init)
  }

  /// The embeddings of an image with pixels greyed: one, or one for each draw.
  ///
  /// - Parameter system: whose heat map chose the pixels, where one did.
  /// - Throws: `OcclusionError.lacks`.
  package func embeddings(
    of image: Int, identity: String, system: String, _ occlusion: Occlusion
  ) throws(OcclusionError) -> [[Double]] {
    let found =
      rows[Place(image: image, system: system, occlusion: occlusion)]
      ?? rows[Place(image: image, system: Self.anySystem, occlusion: occlusion)] ?? []
    let expected = occlusion.cells.isDrawn ? draws : 1
    guard found.count == expected else {
      throw .lacks(
        path, image: image, identity: identity,
        "\(expected) of '\(occlusion.cells.rawValue)', side \(occlusion.side), for '\(system)' "
          + "(found \(found.count))")
    }
    return found.map { embeddings[row: $0].map(Double.init) }
  }
}
