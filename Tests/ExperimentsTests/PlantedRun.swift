import Datasets
import Experiments
import Foundation
import Records
import SpecFiles
import Specs
import Testing

/// Whole runs on a small synthetic dataset of a known make, `planted.h5`.
enum PlantedRun {
  /// 120 people with labels, who are told apart by 24 of 32 dimensions.
  static func data(rows: Int) -> SyntheticDataset {
    var data = SyntheticDataset(name: "planted", subjects: 120, rows: rows, seed: 3)
    data.dimension = 32
    data.identityDimensions = 24
    data.matedCosine = 0.7
    data.hasLabels = true
    return data
  }

  /// The spec of a run in a folder, with these lines added.
  static func load(
    _ lines: String, output: String, epochs: Int, replicates: Int, in folder: URL
  ) throws -> ExperimentSpec {
    let text = """
      name: run
      title: Planted
      outputs: [\(output)]
      extractors: [E]
      datasets: {D: {files: {E: planted.h5}}}
      evaluate: [D]
      partition: {within: {cohort: 0.4, development: 0.2, evaluation: 0.4}}
      presets: [paper]
      training: {epochs: \(epochs), hidden_widths: [16, 8], batch_size: 32}
      kde: {bandwidth: {male: 0.05, female: 0.05}}
      operating_points: [0.05]
      bootstrap: {replicates: \(replicates)}
      seed: 1

      """
    let path = folder.appendingPathComponent("run.yaml")
    try Data((text + lines).utf8).write(to: path)
    return try ExperimentSpec.load(path.path, dataFolder: folder.path, environment: [:])
  }

  /// Runs a spec, which nothing may fail in; its cells with their records.
  static func run(
    _ spec: ExperimentSpec, workers: Int, in folder: URL
  ) throws -> [(cell: Cell, record: EvaluationRecord)] {
    let summary = try Runner(
      spec, options: RunOptions(results: folder.path, workers: workers),
      interruption: Interruption(), report: { _ in }
    ).run()
    #expect(summary.failed.map(\.message) == [])
    let store = ResultStore(results: folder.path, experiment: "run")
    return try spec.cells().map { ($0, try store.read(store.recordPath($0))) }
  }
}
