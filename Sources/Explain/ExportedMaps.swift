// A file of exported feature maps: what a backbone made of some images, and its last layers. The layout is
// described in datasets.md; n images, C channels of H × W, D embedding dimensions.
import Configurations
import Datasets
import Files
import HDF5
import Kernels

/// Feature maps of images with the embeddings that they lead to, read from an HDF5 file and checked.
package struct ExportedMaps: Sendable {
  package let path: String
  /// SHA-256 (hex) of the file's bytes.
  package let sha256: String
  /// True when the file says that it was made by `Harness synthesize`.
  package let isSynthetic: Bool
  /// What the file says about the network (attribute `model`); empty: nothing.
  package let model: String
  package let channels: Int
  package let height: Int
  package let width: Int
  package let tail: BackboneTail
  /// Person of each image, [n].
  package let identities: [String]
  /// As published, [n]; empty where the file has none.
  package let genders: [String]
  /// [n, D], as the network gave them.
  package let embeddings: FloatMatrix
  /// Unit roundoff of the format that they are stored in.
  package let embeddingRoundoff: Double
  /// Aligned faces; nil: the file has none.
  package let faces: ExportedFaces?
  /// Largest deviation of a component of the tail's embedding from the stored one, and what was allowed.
  package let deviation: Double
  package let tolerance: Double
  private let values: FloatMatrix

  /// n.
  package var count: Int { identities.count }
  package var dimension: Int { tail.dimension }

  /// Reads a file, and checks that the maps lead to the stored embeddings.
  ///
  /// - Throws: `HDF5Error`, `MapsError`, `ExplainError`.
  package init(path: String) throws {
    let file = try HDF5File(path: path)
    let shape = try file.shape(of: "maps")
    let tail = try Self.tail(of: file)
    guard shape.count == 4 else {
      throw MapsError.wrongShape(
        path, "maps", found: shape, expected: "[images, \(tail.channels), height, width]")
    }
    guard shape[1] == tail.channels, shape[1...].reduce(1, *) == tail.inputs else {
      throw MapsError.wrongAxes(path, found: shape, channels: tail.channels, inputs: tail.inputs)
    }
    (channels, height, width) = (shape[1], shape[2], shape[3])
    let n = shape[0]
    guard n > 0 else {
      throw MapsError.wrongShape(
        path, "maps", found: shape, expected: "at least one image")
    }
    let embeddingShape = try file.shape(of: "embedding")
    guard embeddingShape == [n, tail.dimension] else {
      throw MapsError.wrongShape(
        path, "embedding", found: embeddingShape,
        expected: "[\(n), \(tail.dimension)]: a row per image of 'maps', and the tail's dimension")
    }
    identities = try file.labels("identity")
    guard identities.count == n else {
      throw MapsError.wrongShape(
        path, "identity", found: [identities.count],
        expected: "[\(n)], a person for each image of 'maps'")
    }
    genders = try file.contains("gender") ? file.labels("gender") : []
    let attributes = try file.attributes()
    self.path = path
    sha256 = try SHA256.hex(ofFile: path)
    model = attributes["model"] ?? ""
    isSynthetic = attributes["synthetic"] == "true"
    self.tail = tail
    let dataset = try file.dataset("maps")
    values = try dataset.readMatrix()
    let stored = try file.dataset("embedding")
    embeddings = try stored.readMatrix()
    embeddingRoundoff = stored.roundoff
    faces = try ExportedFaces(file, images: n)
    (deviation, tolerance) = try Self.checked(
      path: path, identities: identities, values, embeddings, tail, shape,
      roundoff: dataset.roundoff)
  }

  /// The maps of image i.
  package func maps(_ i: Int) throws -> FeatureMaps {
    try Self.maps(values, i, [channels, height, width])
  }

  /// The stored embedding of image i, [D].
  package func embedding(_ i: Int) -> [Double] { embeddings[row: i].map(Double.init) }

  private static func maps(_ values: FloatMatrix, _ i: Int, _ shape: [Int]) throws -> FeatureMaps {
    try FeatureMaps(
      channels: shape[0], height: shape[1], width: shape[2], values: values[row: i].map(Double.init)
    )
  }

  /// Holds the tail's embedding of every image against the stored one (definitions 7): to 1e-4, and six
  /// standard deviations of what rounding the maps to their format changes.
  private static func checked(
    path: String, identities: [String], _ values: FloatMatrix, _ embeddings: FloatMatrix,
    _ tail: BackboneTail, _ shape: [Int], roundoff: Double
  ) throws -> (deviation: Double, tolerance: Double) {
    var (largest, allowed) = (0.0, 0.0)
    for i in identities.indices {
      let maps = try maps(values, i, Array(shape[1...]))
      guard maps.values.allSatisfy(\.isFinite) else {
        throw MapsError.notFinite(path, "maps", image: i, identity: identities[i])
      }
      let tolerance = 1e-4 + 6 * tail.roundingDeviation(maps, roundoff: roundoff)
      let found = tail.embedding(maps)
      var worst = 0
      var deviation = 0.0
      for (k, stored) in embeddings[row: i].enumerated() {
        let difference = abs(found[k] - Double(stored))
        // A number that is not one is no agreement.
        if !(difference <= deviation) { (deviation, worst) = (difference, k) }
        if difference.isNaN { break }
      }
      // Weights without end reproduce nothing, however much is allowed.
      guard deviation <= tolerance, tolerance.isFinite else {
        throw MapsError.notReproduced(
          path, image: i, identity: identities[i], component: worst, found: found[worst],
          stored: Double(embeddings[row: i][worst]), tolerance: tolerance)
      }
      largest = max(largest, deviation)
      allowed = max(allowed, tolerance)
    }
    return (largest, allowed)
  }

  /// The last layers, recognised by the names of their tensors.
  private static func tail(of file: HDF5File) throws -> BackboneTail {
    let names = try file.datasets().filter { $0.hasPrefix("tail/") }.map { String($0.dropFirst(5)) }
    func read(_ name: String) throws -> [Double] {
      let matrix = try file.read("tail/\(name)")
      let values = (0..<matrix.rows).flatMap { matrix[row: $0].map(Double.init) }
      guard !values.isEmpty, values.allSatisfy(\.isFinite) else {
        throw MapsError.badTensor(file.path, "tail/\(name)", values: values.count)
      }
      return values
    }
    if names.contains("depthwise_weight") {
      return .depthwise(
        try DepthwiseTail(
          kernel: read("depthwise_weight"), kernelBiases: read("depthwise_bias"),
          weights: read("linear_weight"), biases: read("linear_bias")))
    }
    if names.contains("fc_weight") {
      guard let text = try file.attributes(of: "tail")["eps"], let epsilon = Double(text),
        epsilon > 0
      else { throw MapsError.noEpsilon(file.path) }
      func norm(_ layer: String) throws -> FrozenBatchNorm {
        try FrozenBatchNorm(
          gamma: read("\(layer)_weight"), beta: read("\(layer)_bias"),
          mean: read("\(layer)_running_mean"), variance: read("\(layer)_running_var"),
          epsilon: epsilon)
      }
      return .iresnet(
        try IresnetTail(
          channelNorm: norm("bn2"), weights: read("fc_weight"), biases: read("fc_bias"),
          featureNorm: norm("features")))
    }
    throw MapsError.noTail(file.path, found: names)
  }
}

extension HDF5Dataset {
  /// Unit roundoff of its format: 2^-11 for float16, else that of float32, which is what is read.
  var roundoff: Double { typeName.hasPrefix("float16") ? 0x1p-11 : 0x1p-24 }
}

/// Aligned faces with the regions that a map's weight is counted in.
package struct ExportedFaces: Sendable {
  package let height: Int
  package let width: Int
  /// RGB, [n, H, W, 3].
  package let pixels: [UInt8]
  /// Region of each pixel, [n, H, W]; empty where the file has none.
  package let regions: [FaceRegion]
  /// Tip of the nose, x and y in pixels, [n]; empty where the file has no landmarks.
  package let noses: [(x: Double, y: Double)]

  /// Pixels of one face.
  package var area: Int { height * width }

  /// Tip of the nose of image i as shares of the face's width and height; nil: not known.
  package func nose(_ i: Int) -> (x: Double, y: Double)? {
    noses.isEmpty ? nil : (x: noses[i].x / Double(width), y: noses[i].y / Double(height))
  }

  /// Nil where the file has no faces.
  ///
  /// - Throws: `MapsError` where faces, regions and landmarks do not fit `images`.
  init?(_ file: HDF5File, images n: Int) throws {
    guard try file.contains("face") else { return nil }
    let shape = try file.shape(of: "face")
    // The strongest tenth of the pixels must be a pixel at least.
    guard shape.count == 4, shape[0] == n, shape[3] == 3, shape[1] * shape[2] >= 10 else {
      throw MapsError.wrongShape(
        file.path, "face", found: shape,
        expected:
          "[\(n), height, width, 3]: RGB, an image for each of 'maps', channels last, of 10 pixels "
          + "or more")
    }
    (height, width) = (shape[1], shape[2])
    let faces = try file.read("face")
    guard (0..<n).contains(where: { faces[row: $0].contains { $0 > 1 } }) else {
      throw MapsError.darkFaces(file.path)
    }
    pixels = try (0..<n).flatMap { i in
      try faces[row: i].map { value in
        guard value >= 0, value <= 255 else {
          throw MapsError.badPixel(file.path, image: i, found: Double(value))
        }
        return UInt8(value.rounded())
      }
    }
    regions = try Self.regions(file, [n, shape[1], shape[2]])
    noses = try Self.noses(file, n, width: width, height: height)
  }

  private static func regions(_ file: HDF5File, _ expected: [Int]) throws -> [FaceRegion] {
    guard try file.contains("regions") else { return [] }
    let shape = try file.shape(of: "regions")
    guard shape == expected else {
      throw MapsError.wrongShape(
        file.path, "regions", found: shape,
        expected: "\(expected), a label for each pixel of 'face'")
    }
    let labels = try file.read("regions")
    return try (0..<labels.rows).flatMap { i in
      try labels[row: i].map { value in
        guard let region = Int(exactly: value).flatMap(FaceRegion.init(label:)) else {
          throw MapsError.badRegion(file.path, image: i, found: Double(value))
        }
        return region
      }
    }
  }

  private static func noses(
    _ file: HDF5File, _ n: Int, width: Int, height: Int
  ) throws -> [(x: Double, y: Double)] {
    guard try file.contains("landmarks") else { return [] }
    let shape = try file.shape(of: "landmarks")
    guard shape == [n, 5, 2] else {
      throw MapsError.wrongShape(
        file.path, "landmarks", found: shape,
        expected: "[\(n), 5, 2]: eyes, nose, mouth corners, each x and y")
    }
    let points = try file.read("landmarks")
    return try (0..<n).map { i in
      let nose = (x: Double(points[row: i][4]), y: Double(points[row: i][5]))
      guard (0...Double(width)).contains(nose.x), (0...Double(height)).contains(nose.y) else {
        throw MapsError.noseOutside(
          file.path, image: i, x: nose.x, y: nose.y, width: width, height: height)
      }
      return nose
    }
  }
}
