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
  @Test func recordsHoldEveryTableOfPlantedPatterns() throws {
    let place = try ExplainedPlace()
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
    let difference = try #require(own.difference)
    #expect(difference.value > 0 && difference.lower == nil)
    #expect(difference.note == "no interval: 6 people, expected 10 or more")
    #expect(record.examples.count == 6 && record.examples[0].label == "person 1, female")
  }

  @Test func mapsDoNotDependOnWorkersNorOnWhereNetworksComeFrom() throws {
    let place = try ExplainedPlace("save_templates: true")
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
    let place = try ExplainedPlace()
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
    let place = try ExplainedPlace()
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
    let place = try ExplainedPlace()
    defer { place.remove() }
    // The same names, other vectors.
    let other = "\(place.folder)/other.h5"
    try ExplainedPlace.dataset("People", 99).write(to: other)
    try place.maps(of: other)
    let error = #expect(throws: (any Error).self) { try place.explain("r") }
    let text = "\(try #require(error))".replacing(place.folder + "/", with: "")
    #expect(text.hasPrefix("maps.h5: 'embedding' of image 0 is like none of the rows of 'People_"))
  }
}
