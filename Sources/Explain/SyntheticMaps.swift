// Made-up feature maps that lead to the embeddings of a synthetic file: for showing that an explanation runs,
// where there is no image of a person.
import Datasets
import Files
import Foundation
import HDF5
import HDF5Library
import Kernels

/// Maps of some people of a synthetic embedding file.
package struct SyntheticMaps {
  private static let size = 7
  private static let side = 112
  private static var area: Int { size * size }
  /// Landmarks of every drawn face: eyes, nose, mouth corners (the usual template of 112 pixels).
  private static let landmarks: [(x: Double, y: Double)] = [
    (38.3, 51.7), (73.5, 51.5), (56, 71.7), (41.5, 92.4), (70.7, 92.2),
  ]

  /// Path of the embeddings.
  package let embeddings: String
  /// People of each gender, and images of each.
  package let people: Int
  package let images: Int
  package let seed: UInt64

  package init(embeddings: String, people: Int, images: Int, seed: UInt64) {
    self.embeddings = embeddings
    self.people = people
    self.images = images
    self.seed = seed
  }

  /// What a file says of how it was made.
  private var parameters: String { "people \(people), images \(images), seed \(seed)" }

  /// Whether the file may be written.
  ///
  /// - Parameter replaces: a file that is there; one of the same parameters is replaced anyway.
  /// - Throws: `OutputError`.
  package func protect(_ path: String, replaces: Bool) throws {
    // A link or a pipe is refused before it is read.
    try OutputFile.check(path, inputs: [embeddings], replaces: true)
    let attributes = (try? HDF5File(path: path).attributes()) ?? [:]
    let isOwn = attributes["synthetic"] == "true" && attributes["parameters"] == parameters
    try OutputFile.check(path, inputs: [embeddings], replaces: replaces || isOwn)
  }

  /// Writes the file of maps.
  ///
  /// The tail is a depthwise kernel per dimension and the identity; a map is a spot where its person has
  /// one, with noise, moved along the kernel until the tail gives the embedding.
  ///
  /// - Returns: people and images written.
  /// - Throws: `SyntheticMapsError`, `HDF5Error`.
  package func write(to path: String) throws -> (people: Int, images: Int) {
    let file = try HDF5File(path: embeddings)
    guard try file.attributes()["synthetic"] == "true" else {
      throw SyntheticMapsError.realPeople(embeddings)
    }
    let vectors = try file.read("embeddings")
    let (identities, genders) = (try file.labels("identity"), try file.labels("gender"))
    let chosen = choose(identities, genders)
    guard !chosen.isEmpty else { throw SyntheticMapsError.nobody(embeddings, images: images) }
    let (n, d) = (chosen.count, vectors.columns)
    let kernels = (0..<d).map(kernel)
    let people = Array(Set(chosen.map { identities[$0] })).sorted()
    let writer = try HDF5Writer(path: path)
    try writer.setAttribute("synthetic", "true")
    try writer.setAttribute(
      "dataset", "SYNTHETIC maps of \((embeddings as NSString).lastPathComponent)")
    try writer.setAttribute("model", "SYNTHETIC depthwise tail")
    try writer.setAttribute("parameters", parameters)
    try writer.setAttribute("source", "Harness synthesize-maps; no image of a person is behind it")
    try writer.create("maps", .float16, shape: [n, d, Self.size, Self.size])
    try writer.create("embedding", .float32, shape: [n, d])
    try writer.create("face", .int32, shape: [n, Self.side, Self.side, 3])
    try writer.create("regions", .int8, shape: [n, Self.side, Self.side])
    try writer.create("landmarks", .float32, shape: [n, 5, 2])
    let regions = Self.regions.map { Int8($0) }
    for (i, row) in chosen.enumerated() {
      let person = people.firstIndex(of: identities[row])!
      let vector = Array(vectors[row: row])
      try writer.write("embedding", rows: i..<(i + 1), from: vector)
      try writer.write(
        "maps", rows: i..<(i + 1), from: maps(vector, kernels, person: person, image: i))
      try writer.write("face", rows: i..<(i + 1), from: face(person: person))
      try writer.write("regions", rows: i..<(i + 1), from: regions)
      try writer.write(
        "landmarks", rows: i..<(i + 1), from: Self.landmarks.flatMap { [Float($0.x), Float($0.y)] })
    }
    try writer.writeStrings("identity", chosen.map { identities[$0] })
    try writer.writeStrings("gender", chosen.map { genders[$0] })
    try writer.create("tail/depthwise_weight", .float32, shape: [d, Self.size, Self.size])
    try writer.write(
      "tail/depthwise_weight", rows: 0..<d, from: kernels.flatMap { $0.map(Float.init) })
    let zeros = [Double](repeating: 0, count: d)
    try writer.writeVector("tail/depthwise_bias", zeros, as: .float32)
    try writer.create("tail/linear_weight", .float32, shape: [d, d])
    let identity = (0..<(d * d)).map { Float($0 / d == $0 % d ? 1 : 0) }
    try writer.write("tail/linear_weight", rows: 0..<d, from: identity)
    try writer.writeVector("tail/linear_bias", zeros, as: .float32)
    try writer.finish()
    return (people.count, n)
  }

  /// The first images of the first people of each gender who have as many.
  private func choose(_ identities: [String], _ genders: [String]) -> [Int] {
    var rows: [String: [Int]] = [:]
    var order: [String] = []
    for (row, identity) in identities.enumerated() {
      if rows[identity] == nil { order.append(identity) }
      rows[identity, default: []].append(row)
    }
    let able = order.filter { rows[$0]!.count >= images }
    return ["F", "M"].flatMap { gender in
      able.filter { genders[rows[$0]![0]] == gender }.prefix(people)
        .flatMap { rows[$0]!.prefix(images) }
    }
  }

  private func uniform(_ step: Int, _ index: UInt64) -> Double {
    var rng = CounterRNG(
      seed: seed, purpose: .syntheticDataset, subject: 0x6d61_7073, step: UInt32(step))
    rng.block = index
    return rng.uniform()
  }

  /// Positive, strongest in the middle, of length 1.
  private func kernel(_ channel: Int) -> [Double] {
    let values = (0..<Self.area).map { cell in
      let (y, x) = (Double(cell / Self.size) - 3, Double(cell % Self.size) - 3)
      return (0.5 + uniform(channel, UInt64(cell))) * exp(-(x * x + y * y) / 12)
    }
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / length }
  }

  /// The maps of one image, [d, 7, 7].
  private func maps(
    _ vector: [Float], _ kernels: [[Double]], person: Int, image: Int
  ) -> [Float] {
    let spot = (
      y: 1 + 4 * uniform(1 << 20 + person, 0), x: 1 + 4 * uniform(1 << 20 + person, 1)
    )
    return kernels.enumerated().flatMap { channel, kernel -> [Float] in
      let base = (0..<Self.area).map { cell in
        let (y, x) = (Double(cell / Self.size) - spot.y, Double(cell % Self.size) - spot.x)
        let noise = uniform(1 << 21 + image, UInt64(channel * Self.area + cell))
        return 0.05 * noise + 0.2 * exp(-(x * x + y * y) / 2)
      }
      let sum = zip(base, kernel).reduce(0) { $0 + $1.0 * $1.1 }
      return zip(base, kernel).map { Float($0 + $1 * (Double(vector[channel]) - sum)) }
    }
  }

  /// Labels of the drawn face, by ellipses around the landmarks.
  private static let regions: [Int] = {
    func isInside(_ i: Int, _ centre: (x: Double, y: Double), _ a: Double, _ b: Double) -> Bool {
      let (x, y) = ((Double(i % side) - centre.x) / a, (Double(i / side) - centre.y) / b)
      return x * x + y * y <= 1
    }
    return (0..<(side * side)).map { i in
      if isInside(i, landmarks[0], 10, 10) { return 2 }
      if isInside(i, landmarks[1], 10, 10) { return 3 }
      if isInside(i, landmarks[2], 9, 11) { return 4 }
      if isInside(i, (56, 92), 19, 8) { return 5 }
      return isInside(i, (56, 70), 38, 52) ? 1 : 0
    }
  }()

  /// A drawing, not a face: regions in shades, RGB.
  private func face(person: Int) -> [Float] {
    let shade = 120 + 100 * uniform(1 << 22 + person, 0)
    return Self.regions.flatMap { region -> [Float] in
      let grey =
        switch region {
        case 0: 40.0
        case 1: shade
        case 2, 3: shade * 0.35
        case 4: shade * 0.85
        default: shade * 0.55
        }
      return [Float(grey.rounded()), Float((grey * 0.9).rounded()), Float((grey * 0.8).rounded())]
    }
  }
}

/// Why no maps can be made up.
package enum SyntheticMapsError: Error, CustomStringConvertible, Equatable {
  case realPeople(String)
  case nobody(String, images: Int)

  package var description: String {
    switch self {
    case .realPeople(let path):
      "\(path): attribute 'synthetic' is not 'true', expected a file of `Harness synthesize`: maps are "
        + "made up for made-up people alone"
    case .nobody(let path, let images):
      "\(path): nobody has \(images) images, expected at least one person; ask for fewer with --images"
    }
  }
}
