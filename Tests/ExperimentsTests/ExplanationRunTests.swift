import Configurations
import Datasets
import Experiments
import Explain
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// Heat maps of small synthetic people.
@Suite struct ExplanationRunTests {
  /// Two datasets of dimension 16 and a spec in which one trains and the other is evaluated.
  private struct Place {
    let folder: String
    let spec: ExperimentSpec
    var maps: String { "\(folder)/maps.h5" }
    var people: String { "\(folder)/people.h5" }

    init(_ addition: String = "") throws {
      folder = try temporaryFolder().path
      for (name, seed) in [("People", 5), ("Cohort", 6), ("Development", 7)] {
        try Self.dataset(name, UInt64(seed)).write(to: "\(folder)/\(name.lowercased()).h5")
      }
      let text = """
        name: maps
        title: Maps
        outputs: [table2, figure4]
        data: \(folder)
        datasets:
          People: {files: {ArcFace: people.h5}}
          Cohort: {files: {ArcFace: cohort.h5}}
          Development: {files: {ArcFace: development.h5}}
        extractors: [ArcFace]
        evaluate: [People]
        partition: {cross: {cohort: Cohort, development: Development}}
        presets: [paper-annealed]
        training: {epochs: 2}
        operating_points: [1e-2]
        bootstrap: {replicates: 100}
        seed: 3
        """
      let path = "\(folder)/maps.yaml"
      try (text + "\n" + addition).write(toFile: path, atomically: true, encoding: .utf8)
      spec = try ExperimentSpec.load(path, environment: [:])
      try maps(of: people)
    }

    static func dataset(_ name: String, _ seed: UInt64) -> SyntheticDataset {
      var data = SyntheticDataset(name: name, subjects: 40, rows: 160, seed: seed)
      data.dimension = 16
      data.identityDimensions = 8
      return data
    }

    func maps(of embeddings: String) throws {
      _ = try SyntheticMaps(embeddings: embeddings, people: 3, images: 3, seed: 1).write(to: maps)
    }

    /// Explains; the lines that were reported.
    @discardableResult func explain(_ results: String, workers: Int = 2) throws -> [String] {
      var lines: [String] = []
      try ExplanationRun(
        spec, maps: maps, results: "\(folder)/\(results)", workers: workers,
        interruption: Interruption()
      ) { lines.append($0) }.run()
      return lines
    }

    /// The only file of a kind in the folder of heat maps.
    func file(_ results: String, _ ending: String) throws -> String {
      let folder = "\(folder)/\(results)/maps/maps"
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix(ending) }
      return "\(folder)/\(try #require(names.first))"
    }

    func record(_ results: String) throws -> MapRecord {
      try RecordFolder<MapRecord>.read(try file(results, ".json"))
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }
  }

  @Test func recordsHoldEveryTableOfPlantedPatterns() throws {
    let place = try Place()
    defer { place.remove() }
    try place.explain("r")
    let record = try place.record("r")
    #expect(record.isSynthetic && record.people == 6 && record.images == 18)
    #expect(record.nonMatedTrials == 18 && (12...18).contains(record.matedTrials))
    // Two rules, two systems, mated or not, five regions and the central ones.
    #expect(record.attention.count == 2 * 2 * 2 * 6)
    let shares = record.attention.filter {
      $0.isMated && $0.rule == .library && $0.system == "mote"
    }
    let all = try shares.filter { $0.regions.count == 1 }.map { try #require($0.share).value }
    #expect(abs(all.reduce(0, +) - 1) < 1e-12)
    #expect(abs(shares.dropFirst().reduce(0) { $0 + $1.uniform } - 1) < 1e-12)
    // Sizes and choices of cells of two systems.
    #expect(record.deletion.count == 2 * 3 * 5)
    // Every made-up person has a spot of its own.
    let own = try #require(
      record.likeness.first { $0.system == "mote" && $0.pairing == .own && $0.form == "min-max" })
    #expect(try #require(own.difference).lower > 0)
    #expect(record.examples.count == 6 && record.examples[0].label == "person 1, female")
  }

  @Test func mapsDoNotDependOnWorkersNorOnWhereNetworksComeFrom() throws {
    let place = try Place("save_templates: true")
    defer { place.remove() }
    #expect(try place.explain("one", workers: 1).contains("  6 people enrolled"))
    let runner = Runner(
      place.spec, options: RunOptions(results: "\(place.folder)/two", workers: 2),
      interruption: Interruption(), report: { _ in })
    #expect(try runner.run().failed.isEmpty)
    #expect(try place.explain("two").contains { $0.hasPrefix("  networks read from") })
    func bytes(_ results: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: try place.file(results, ".h5")))
    }
    #expect(try bytes("one") == bytes("two"))
    var (one, two) = (try place.record("one"), try place.record("two"))
    (one.provenance, two.provenance) = (Provenance(), Provenance())
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(one) == encoder.encode(two))
  }

  @Test func recordsOfOtherInputsAreSetAside() throws {
    let place = try Place()
    defer { place.remove() }
    try place.explain("r")
    let text = try String(contentsOfFile: "\(place.folder)/maps.yaml", encoding: .utf8)
    try text.replacing("epochs: 2", with: "epochs: 3")
      .write(toFile: "\(place.folder)/maps.yaml", atomically: true, encoding: .utf8)
    let changed = try ExperimentSpec.load("\(place.folder)/maps.yaml", environment: [:])
    var lines: [String] = []
    try ExplanationRun(
      changed, maps: place.maps, results: "\(place.folder)/r", workers: 2,
      interruption: Interruption()
    ) { lines.append($0) }.run()
    #expect(
      lines.contains { $0.hasPrefix("record set aside: maps/") && $0.hasSuffix("of other inputs") })
  }

  @Test func peopleWhoAreNotEvaluatedAreNamed() throws {
    let place = try Place()
    defer { place.remove() }
    try place.maps(of: "\(place.folder)/cohort.h5")
    let error = #expect(throws: (any Error).self) { try place.explain("r") }
    let text = "\(try #require(error))".replacing(place.folder + "/", with: "")
    #expect(
      text.hasPrefix(
        "maps.h5: 'identity' names 6 people, expected evaluated people of 'people.h5' alone; not in it: "
          + "'Cohort_"))
    #expect(text.contains("'partition: {files: …}'"))
  }

  @Test func imagesThatAreNotThePersonsAreNamed() throws {
    let place = try Place()
    defer { place.remove() }
    // The same names, other vectors.
    let other = "\(place.folder)/other.h5"
    try Place.dataset("People", 99).write(to: other)
    try place.maps(of: other)
    let error = #expect(throws: (any Error).self) { try place.explain("r") }
    let text = "\(try #require(error))".replacing(place.folder + "/", with: "")
    #expect(text.hasPrefix("maps.h5: 'embedding' of image 0 is like none of the rows of 'People_"))
  }
}
