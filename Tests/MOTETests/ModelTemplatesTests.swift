import Configurations
import Datasets
import Foundation
import Kernels
import MOTE
import TestSupport
import Testing

@Suite struct ModelTemplatesTests {
  private let shape = NetworkShape(inputs: 24, hiddenWidths: [8, 4])
  /// A linear classifier.
  private let linear = NetworkShape(inputs: 24, hiddenWidths: [])

  private func references(_ count: Int) -> [MoteReference] { references(count, of: shape) }

  private func references(_ count: Int, of shape: NetworkShape) -> [MoteReference] {
    (0..<count).map { s in
      var rng = CounterRNG(seed: 5, purpose: .initialWeights, subject: UInt32(s))
      return MoteReference(
        shape: shape,
        weights: (0..<shape.parameterCount).map { _ in Float(2 * rng.uniform() - 1) })
    }
  }

  private func probes(subjects: Int, rows: Int) -> SyntheticDataset {
    var dataset = SyntheticDataset(name: "p", subjects: subjects, rows: rows, seed: 1)
    dataset.dimension = 24
    dataset.identityDimensions = 24
    return dataset
  }

  private func write(_ references: [MoteReference], _ precision: WeightPrecision) throws -> String {
    let path = try temporaryFolder("templates").appendingPathComponent("t.h5").path
    let writer = try ModelTemplateWriter(
      path: path, shape: references[0].shape, precision: precision, count: references.count)
    try writer.write(Array(references.prefix(1)), at: 0)
    try writer.write(Array(references.dropFirst()), at: 1)
    for row in references.indices {
      writer.describe(row: row, identity: "subject \(row)", fold: 0, referenceRow: 2 * row)
    }
    try writer.finish(attributes: ["normalise": "true", "seed": "5"])
    return path
  }

  @Test func float32ComesBackBitForBit() throws {
    let written = references(3)
    let templates = try ModelTemplates(path: try write(written, .float32))
    #expect(templates.identities == ["subject 0", "subject 1", "subject 2"])
    #expect(templates.shape == shape && templates.attributes["seed"] == "5")
    #expect(try templates.references(0..<3) == written)
    #expect(try templates.references(1..<2) == [written[1]])
    #expect(try templates.verified().contains("3 model-templates, 24-8-4-1, float32"))
  }

  @Test(arguments: WeightPrecision.allCases)
  func networksWithoutHiddenLayersComeBack(_ precision: WeightPrecision) throws {
    let written = references(3, of: linear)
    let templates = try ModelTemplates(path: try write(written, precision))
    #expect(templates.shape == linear)
    #expect(try templates.references(0..<3) == written.map(precision.stored))
    #expect(try templates.verified().contains("3 model-templates, 24-1, \(precision.rawValue)"))
  }

  @Test(arguments: [WeightPrecision.float16, .int8])
  func whatComesBackIsWhatThePrecisionSays(_ precision: WeightPrecision) throws {
    let written = references(2)
    let read = try ModelTemplates(path: try write(written, precision)).references(0..<2)
    #expect(read == written.map(precision.stored))
    // Weights are below 1: half a step of 1/127 of the row's largest, or 11 bits.
    let bound: Float = precision == .int8 ? 0.5 / 127 + 1e-6 : 0x1p-11
    for (a, b) in zip(read, written) {
      #expect(zip(a.weights, b.weights).allSatisfy { abs($0 - $1) <= bound })
    }
    #expect(read[0] != written[0])
  }

  @Test func bytesOfThePaperNetwork() {
    let paper = NetworkShape(inputs: 512, hiddenWidths: [128, 64])
    #expect(WeightPrecision.float32.bytes(of: paper) == 295_940)
    #expect(WeightPrecision.float16.bytes(of: paper) == 147_970)
    #expect(WeightPrecision.int8.bytes(of: paper) == 75_336)
  }

  @Test func storedNetworksScoreAsThoseInMemory() throws {
    let written = references(5)
    let folder = try temporaryFolder("probes")
    let file = folder.appendingPathComponent("probes.h5").path
    try probes(subjects: 10, rows: 40).write(to: file)
    let scores = try TemplateScores(
      templates: try write(written, .float32), probes: file, workers: 2)
    let expected = FloatMatrix(rows: 5, columns: 40)
    MoteComparator().score(
      written, probes: scores.probes.vectors, into: expected.base, stride: 40)
    for r in 0..<5 { #expect(scores.scores.values(ofRow: r) == expected.values(ofRow: r)) }
    #expect(scores.summary.hasPrefix("5 templates (float32) against 40 probes"))
  }

  /// A gallery read from a file scores as the networks that come back of it, in every precision.
  @Test(arguments: WeightPrecision.allCases)
  func aGalleryHoldsWhatTheFileHolds(_ precision: WeightPrecision) throws {
    let templates = try ModelTemplates(path: try write(references(70), precision))
    let x = randomSet(sizes: [40], dimension: 24, spread: 2).vectors
    let (expected, found) = (
      FloatMatrix(rows: 70, columns: 40), FloatMatrix(rows: 70, columns: 40)
    )
    MoteComparator().score(
      try templates.references(0..<70), probes: x, into: expected.base, stride: 40)
    MoteSearch(shape: shape, workers: 2)
      .score(try templates.gallery(), probes: x, into: found.base, stride: 40)
    for r in 0..<70 { #expect(found.values(ofRow: r) == expected.values(ofRow: r)) }
  }

  @Test func aSubjectIsFoundByName() throws {
    let templates = try ModelTemplates(path: try write(references(12), .int8))
    for (row, identity) in templates.identities.enumerated() {
      #expect(try templates.row(of: identity) == row)
    }
    let error = #expect(throws: ModelTemplateError.self) {
      try templates.row(of: templates.identities[3] + "x")
    }
    #expect(
      error?.description.contains(
        "it has no template of subject '\(templates.identities[3])x'; did you mean '") == true)
  }

  @Test func wrongDimensionsAndMissingFilesAreNamed() throws {
    let folder = try temporaryFolder("dimension")
    let file = folder.appendingPathComponent("probes.h5").path
    try probes(subjects: 4, rows: 8).write(to: file)
    let other = NetworkShape(inputs: shape.inputs + 1, hiddenWidths: [4])
    let path = folder.appendingPathComponent("other.h5").path
    let writer = try ModelTemplateWriter(path: path, shape: other, precision: .float32, count: 2)
    try writer.write(references(2, of: other), at: 0)
    for row in 0..<2 {
      writer.describe(row: row, identity: "s\(row)", fold: 0, referenceRow: row)
    }
    try writer.finish()
    let error = #expect(throws: ModelTemplateError.self) {
      _ = try TemplateScores(templates: path, probes: file, workers: 1)
    }
    #expect(
      error?.description.hasSuffix(
        "its networks take \(other.inputs) inputs, the probes in '\(file)' have dimension "
          + "\(shape.inputs)") == true)
    let missing = folder.appendingPathComponent("missing.h5").path
    let absent = #expect(throws: (any Error).self) {
      _ = try TemplateScores(templates: missing, probes: file, workers: 1)
    }
    #expect("\(absent!)".contains(missing))
  }

  @Test func otherFilesAreRefused() throws {
    let folder = try temporaryFolder("other")
    let file = folder.appendingPathComponent("probes.h5").path
    try probes(subjects: 4, rows: 8).write(to: file)
    do {
      _ = try ModelTemplates(path: file)
      Issue.record("an embedding file was taken for templates")
    } catch {
      #expect(
        "\(error)".hasSuffix(
          "it does not begin with the digest of its content: not a file of model-templates "
            + "('mote-templates 2'), or a damaged one; see datasets.md"))
    }
    var broken = references(1)
    broken[0] = MoteReference(
      shape: shape, weights: [.nan] + broken[0].weights.dropFirst())
    let templates = try ModelTemplates(path: try write(broken, .float32))
    #expect(throws: ModelTemplateError.self) { _ = try templates.verified() }
  }

  /// `make mutation-test` tries 10,000 mutants of each precision.
  @Test(arguments: WeightPrecision.allCases)
  func noMutantOfATemplateFileIsReadAsAnother(_ precision: WeightPrecision) throws {
    let path = try write(references(3), precision)
    let counts = try tryMutants(of: path) { path in
      let templates = try ModelTemplates(path: path)
      let attributes = templates.attributes.sorted { $0.key < $1.key }
      var content = Data("\(templates.identities) \(templates.shape) \(attributes)".utf8)
      for reference in try templates.references(0..<templates.count) {
        reference.weights.withUnsafeBytes { content += $0 }
      }
      return content
    }
    print("mutants of \(precision) templates: \(counts)")
    #expect(counts.silent == 0 && counts.unnamed == 0, "\(counts)")
  }

  /// MOTE_PYTHON names a Python with torch and h5py; without it the test is skipped.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["MOTE_PYTHON"] != nil))
  func pyTorchReadsTheFile() throws {
    let written = references(2)
    let path = try write(written, .float32)
    let process = Process()
    process.executableURL = URL(
      fileURLWithPath: ProcessInfo.processInfo.environment["MOTE_PYTHON"]!)
    process.arguments = [
      repositoryRoot.appendingPathComponent("Tests/System/read_template.py").path, path,
      "subject 1",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let logits = text.split(separator: " ").compactMap { Double($0.filter { !$0.isNewline }) }
    let network = written[1].network
    // The script scores the unit vectors.
    try #require(logits.count == 24)
    for (j, logit) in logits.enumerated() {
      var x = [Double](repeating: 0, count: 24)
      x[j] = 1
      #expect(abs(network.logits(x)[0] - logit) < 1e-5)
    }
  }
}
