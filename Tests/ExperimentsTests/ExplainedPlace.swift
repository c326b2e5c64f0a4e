import Datasets
import Experiments
import Explain
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// Two datasets of dimension 16 and a spec in which one trains and the other is evaluated.
struct ExplainedPlace {
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
  @discardableResult func explain(
    _ results: String, occluded: [String] = [], workers: Int = 2
  ) throws -> [String] {
    var lines: [String] = []
    try ExplanationRun(
      spec, maps: maps, occluded: occluded, results: "\(folder)/\(results)", workers: workers,
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
