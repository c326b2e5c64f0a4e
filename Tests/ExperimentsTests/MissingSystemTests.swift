import Configurations
import Datasets
import Experiments
import Foundation
import HDF5Library
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// A run in which people cannot be enrolled and a system cannot be trained.
struct MissingSystemTests {
  /// 60 people with four images and no gender; the images of every fifth person are zeros.
  private func experiment() throws -> (folder: String, spec: ExperimentSpec) {
    let folder = try temporaryFolder("mote-missing").path
    var data = SyntheticDataset(name: "T", subjects: 60, rows: 240, seed: 2)
    data.dimension = 16
    data.identityDimensions = 8
    data.singleImageShare = 0
    let whole = "\(folder)/whole.h5"
    try data.write(to: whole)
    let set = try EmbeddingSet.load(
      EmbeddingSource(path: whole), dataset: "T", extractor: "arcface"
    ).set
    let names = set.subjectOfRow.map { "p\($0)" }
    let values = (0..<set.count).flatMap { row in
      set.vectors.values(ofRow: row).map { set.subjectOfRow[row] % 5 == 0 ? 0 : $0 }
    }
    let writer = try HDF5Writer(path: "\(folder)/t.h5")
    try writer.create("embeddings", .float32, shape: [set.count, 16])
    try writer.write("embeddings", rows: 0..<set.count, from: values)
    try writer.writeStrings("identity", names)
    try writer.finish()
    let text = """
      name: missing
      title: People and systems that are missing
      outputs: [table2]
      datasets:
        T: {files: {ArcFace: t.h5}, unusable_rows: drop}
      data: \(folder)
      extractors: [ArcFace]
      evaluate: [T]
      partition: {within: {cohort: 0.4, development: 0.2, evaluation: 0.4}}
      presets: [paper]
      training: {epochs: 1}
      operating_points: [1e-2]
      bootstrap: {replicates: 0}
      seed: 1
      """
    try text.write(toFile: "\(folder)/spec.yaml", atomically: true, encoding: .utf8)
    return (folder, try ExperimentSpec.load("\(folder)/spec.yaml", environment: [:]))
  }

  @Test func whatIsMissingIsCountedAndNamed() throws {
    let (folder, spec) = try experiment()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let summary = try Runner(
      spec, options: RunOptions(results: folder), interruption: Interruption(), report: { _ in }
    ).run()
    #expect(summary.failed.allSatisfy { $0.cell.system == "mote" } && !summary.failed.isEmpty)
    #expect(summary.evaluated.map(\.system) == ["traditional"])
    let store = ResultStore(results: folder, experiment: "missing")
    let record = try store.read(store.recordPath(summary.evaluated[0]))
    #expect(record.counts.failuresToEnrol > 0)
    #expect(record.counts.subjects + record.counts.failuresToEnrol == 24)
    let run = try PresentRun.read(in: store.folder)
    #expect(run?.title == "People and systems that are missing")
    #expect(run?.cells == spec.cells())
  }

  /// Records say how long after the begin of the run they were complete: later ones say more.
  @Test func wallTimeCountsFromTheBeginOfTheRun() throws {
    let (folder, spec) = try experiment()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let summary = try Runner(
      spec, options: RunOptions(results: folder), interruption: Interruption(),
      report: { event in
        // Scoring takes its time; the record is made after it.
        if case .unit = event { Thread.sleep(forTimeInterval: 0.3) }
      }
    ).run()
    let store = ResultStore(results: folder, experiment: "missing")
    let record = try store.read(store.recordPath(summary.evaluated[0]))
    #expect(record.provenance.wallSeconds >= 0.3)
    #expect(record.provenance.wallSeconds <= summary.wallSeconds + 0.1)
  }
}
