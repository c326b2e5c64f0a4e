import Datasets
import Explain
import HDF5
import HDF5Library
import Records
import Testing

/// Deletion by pixels from made-up embeddings of occluded faces.
@Suite struct PixelDeletionTests {
  /// One row of a file of occluded faces.
  private struct Row {
    var image: Int
    var choice: String
    var system = "any"
    var side = 0
    var embedding: [Double]
  }

  /// Small people with feature maps, explained once.
  private struct Place {
    let explained: ExplainedPlace
    let exported: ExportedMaps
    var faces: String { "\(explained.folder)/occluded.h5" }
    var attributes: [String: String]

    init() throws {
      explained = try ExplainedPlace()
      exported = try ExportedMaps(path: explained.maps)
      try explained.explain("r")
      let heatMaps = try HDF5File(path: try explained.file("r", ".h5")).attributes()
      attributes = [
        "format": "mote-occluded-faces-1", "model": "made up", "draws": "2",
        "cell": try #require(heatMaps["cell"]), "input_hash": try #require(heatMaps["input_hash"]),
        "maps_sha256": try #require(heatMaps["maps_sha256"]),
      ]
    }

    func explain(_ occluded: [String]) throws { try explained.explain("r", occluded: occluded) }

    /// Whether an image is compared with its own person's reference, by the heat maps.
    func isProbe(_ image: Int) throws -> Bool {
      let heatMaps = try HDF5File(path: try explained.file("r", ".h5"))
      let (references, probes) = (try heatMaps.labels("reference"), try heatMaps.labels("probe"))
      let images = try heatMaps.labels("image")
      return images.indices.contains {
        images[$0] == "\(image)" && references[$0] == probes[$0]
      }
    }

    func record() throws -> MapRecord { try explained.record("r") }

    /// Faces as they are, pixels of the map that turn an embedding round, and draws of which one leaves it
    /// and one turns it round.
    func rows() -> [Row] {
      (0..<exported.count).flatMap { image in
        let own = exported.embedding(image)
        let turned = own.map { -$0 }
        return [Row(image: image, choice: "none", embedding: own)]
          + ["mote", "traditional"].map {
            Row(image: image, choice: "most relevant", system: $0, side: 11, embedding: turned)
          }
          + [own, turned].map {
            Row(image: image, choice: "random square", side: 11, embedding: $0)
          }
      }
    }

    func write(_ rows: [Row]) throws {
      let writer = try HDF5Writer(path: faces)
      for (name, value) in attributes { try writer.setAttribute(name, value) }
      let dimension = rows[0].embedding.count
      try writer.create("embedding", .float32, shape: [rows.count, dimension])
      let values = rows.flatMap { $0.embedding.map(Float.init) }
      try values.withUnsafeBufferPointer {
        try writer.write("embedding", rows: 0..<rows.count, from: $0.baseAddress!)
      }
      try writer.writeVector("image", rows.map { Double($0.image) }, as: .int32)
      try writer.writeVector("side", rows.map { Double($0.side) }, as: .int32)
      try writer.writeStrings("choice", rows.map(\.choice))
      try writer.writeStrings("system", rows.map(\.system))
      try writer.finish()
    }

    /// The error of explaining with these rows, without the folder.
    func error(_ rows: [Row]) throws -> String {
      try write(rows)
      let error = #expect(throws: OcclusionError.self) { try explain([faces]) }
      return "\(try #require(error))".replacing(explained.folder + "/", with: "")
    }

    func remove() { explained.remove() }
  }

  @Test func fallsAreDifferencesOfScoresOfTheSameTemplates() throws {
    let place = try Place()
    defer { place.remove() }
    #expect(try place.record().pixelDeletion == nil)
    try place.write(place.rows())
    try place.explain([place.faces])
    let record = try place.record()
    let found = try #require(record.pixelDeletion)
    #expect(found.deviation == 0 && found.draws == 2 && found.model == "made up")
    #expect(found.drops.count == 2 * 2)
    for drop in found.drops { #expect(drop.count == 121) }
    let cosine = found.drops.filter { $0.system == "traditional" }
    #expect(cosine.map(\.cells) == ["most relevant", "random square"])
    // The cosine of -x is minus that of x, so it falls by twice the mean mated score, which the record has
    // from maps that are rounded to float32.
    let mated = try #require(
      record.scores.first { $0.system == "traditional" }.flatMap(\.meanMated))
    let turned = try #require(cosine[0].drop)
    #expect(abs(turned.value - 2 * mated) < 1e-5)
    // One of two draws changes nothing.
    let half = try #require(cosine[1].drop)
    #expect(abs(half.value - turned.value / 2) < 1e-12)
    let difference = try #require(cosine[1].strongestMinusThis)
    #expect(abs(difference.value - half.value) < 1e-12)
    // The networks' logits change, too, and what the file does not say stays as it was.
    let logit = try #require(found.drops.first { $0.system == "mote" }?.drop)
    #expect(logit.value != 0 && logit.value != turned.value)
    #expect(record.deletion.count == 2 * 3 * 5)
  }

  @Test func facesThatDoNotReproduceTheirEmbeddingsAreNamed() throws {
    let place = try Place()
    defer { place.remove() }
    var rows = place.rows()
    rows[0].embedding[3] += 0.01
    let text = try place.error(rows)
    #expect(
      text.hasPrefix(
        "occluded.h5: the face of image 0 ('\(place.exported.identities[0])') as it is does not lead to "
          + "its 'embedding' in 'maps.h5': component 3 is "))
    #expect(text.hasSuffix("another order of channels would do that"))
    rows[0].embedding[3] = .nan
    #expect(
      try place.error(rows).contains(
        "'embedding' has values that are infinite or no numbers in row"))
  }

  @Test func missingImagesAndDrawsAreNamed() throws {
    let place = try Place()
    defer { place.remove() }
    #expect(
      try place.error(place.rows().filter { $0.image != 2 }).hasPrefix(
        "occluded.h5: image 2 ('\(place.exported.identities[2])') lacks embeddings, expected the face as "
          + "it is; "))
    // One draw of an image that is a probe; of reference samples nothing is asked.
    var rows = place.rows()
    let probe = try #require(
      (0..<place.exported.count).first { try place.isProbe($0) })
    let draw = try #require(
      rows.firstIndex { $0.image == probe && $0.choice == "random square" })
    rows.remove(at: draw)
    let text = try place.error(rows)
    #expect(
      text.hasPrefix(
        "occluded.h5: image \(probe) ('\(place.exported.identities[probe])') lacks embeddings, expected 2 of "
          + "'random square', side 11, for "), "\(text)")
    #expect(text.contains("(found 1)"))
  }

  @Test func filesOfOtherMapsModelsCellsAndFormatsAreRefused() throws {
    var place = try Place()
    defer { place.remove() }
    let (rows, attributes) = (place.rows(), place.attributes)
    for (name, value, start) in [
      ("format", "other", "occluded.h5: attribute 'format' is 'other', expected 'mote-occluded"),
      ("draws", "0", "occluded.h5: attribute 'draws' is '0', expected a number above 0"),
      ("maps_sha256", "00ff", "occluded.h5: made from a file of feature maps with SHA-256 00ff"),
      ("input_hash", "11ee", "occluded.h5: its pixels were chosen by heat maps of other models of"),
      (
        "cell", "nobody",
        "occluded.h5: attribute 'cell' is 'nobody', expected one that is explained: "
      ),
    ] {
      place.attributes = attributes
      place.attributes[name] = value
      let text = try place.error(rows).replacing("expected mote-", with: "expected 'mote-")
      #expect(text.hasPrefix(start), "\(text)")
    }
    place.attributes = attributes
    var wrong = rows
    wrong[1].choice = "brightest"
    #expect(
      try place.error(wrong).hasPrefix(
        "occluded.h5: 'choice' has 'brightest' in row 1, expected none, "))
    wrong = rows
    wrong[1].image = 99
    #expect(
      try place.error(wrong).hasPrefix("occluded.h5: 'image' names image 99, expected 0 to 17: "))
    wrong = rows.map { row in
      var row = row
      row.embedding.removeLast()
      return row
    }
    #expect(
      try place.error(wrong).hasPrefix("occluded.h5: 'embedding' is [\(rows.count), 15], expected ")
    )
    try place.write(rows)
    let twice = #expect(throws: OcclusionError.self) {
      try place.explain([place.faces, place.faces])
    }
    #expect("\(try #require(twice))".contains("expected one file per cell"))
  }
}
