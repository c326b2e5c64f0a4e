import Biometrics
import Datasets
import Experiments
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// Whole runs on a small synthetic dataset.
@Suite struct RunnerTests {
  /// A folder with a spec and its data: 60 subjects, dimension 32, three folds, short trainings.
  ///
  /// - Parameter addition: lines that the spec has besides.
  private func experiment(
    _ addition: String = ""
  ) throws -> (folder: String, spec: ExperimentSpec) {
    let folder = try temporaryFolder().path
    var data = SyntheticDataset(name: "Tiny", subjects: 90, rows: 270, seed: 5)
    data.dimension = 32
    data.identityDimensions = 16
    try data.write(to: "\(folder)/tiny.h5")
    let text = """
      name: tiny
      title: Tiny
      outputs: [table2]
      datasets:
        Tiny:
          files: {ArcFace: tiny.h5}
      data: \(folder)
      extractors: [ArcFace]
      evaluate: [Tiny]
      partition:
        within: {cohort: 0.7, development: 0.3, folds: 3}
      presets: [paper, official-code]
      training: {epochs: 3}
      balancing_factors: [0.5]
      operating_points: [1e-2]
      bootstrap: {replicates: 20}
      seed: 3
      """
    let path = "\(folder)/tiny.yaml"
    try (text + "\n" + addition).write(toFile: path, atomically: true, encoding: .utf8)
    return (folder, try ExperimentSpec.load(path, environment: [:]))
  }

  /// Each reading is trained as a configuration that the spec names would be; one that is added later
  /// leaves the others alone.
  @Test func readingsDoNotDependOnTheNumberOfWorkersNorOnEachOther() throws {
    func section(_ batches: String) -> String {
      """
      readings:
        bases: [paper]
        switches:
          horizon: {short: {training: {epochs: 2}}}
          decision: {paper: {convention: paper-compatible}}
      \(batches)
        sample: 4
      """
    }
    let (folder, spec) = try experiment(section(""))
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Traditional, both presets, the short horizon; another decision is no training.
    #expect(spec.cells().count == 4)
    for workers in [1, 2] {
      let summary = try run(spec, results: "\(folder)/r\(workers)", workers: workers)
      #expect(summary.failed.isEmpty && summary.evaluated.count == 4)
    }
    let one = try records(spec, results: "\(folder)/r1")
    #expect(one == (try records(spec, results: "\(folder)/r2")))
    let batches = "    batches: {shuffled: {training: {batching: shuffled}}}"
    let (other, larger) = try experiment(section(batches))
    defer { try? FileManager.default.removeItem(atPath: other) }
    let summary = try run(larger, results: "\(folder)/r1", workers: 2)
    #expect(summary.cached.count == 4)
    #expect(summary.evaluated.count == larger.cells().count - 4)
    #expect(try #require(PresentRun.read(in: "\(folder)/r1/tiny")?.readings) == larger.readings)
  }

  /// The records of a run as text, without what measures time.
  private func records(_ spec: ExperimentSpec, results: String) throws -> [String] {
    let store = ResultStore(results: results, experiment: spec.name)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try spec.cells().map { cell in
      var record = try store.read(store.recordPath(cell))
      record.provenance.startedAt = ""
      record.provenance.wallSeconds = 0
      record.enrolment?.meanSamplingSeconds = 0
      record.enrolment?.meanTrainingSeconds = 0
      return String(decoding: try encoder.encode(record), as: UTF8.self)
        + (try Data(contentsOf: URL(fileURLWithPath: store.subjectsPath(cell))))
        .base64EncodedString()
    }
  }

  private func run(
    _ spec: ExperimentSpec, results: String, workers: Int, interruption: Interruption = .init(),
    onEvent: @escaping (RunEvent) -> Void = { _ in }
  ) throws -> RunSummary {
    try Runner(
      spec, options: RunOptions(results: results, workers: workers), interruption: interruption,
      report: onEvent
    ).run()
  }

  @Test func recordsDoNotDependOnTheNumberOfWorkers() throws {
    let (folder, spec) = try experiment()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for workers in [1, 2, 3] {
      let summary = try run(spec, results: "\(folder)/r\(workers)", workers: workers)
      #expect(summary.failed.isEmpty && summary.evaluated.count == 3)
    }
    // Every rate with a threshold says how much of it hangs on single people.
    let store = ResultStore(results: "\(folder)/r1", experiment: spec.name)
    for cell in spec.cells() {
      for rate in try store.read(store.recordPath(cell)).measurements
      where [.fnmr, .fmr].contains(rate.quantity) && rate.threshold != nil {
        let influence = try #require(PersonInfluence(repeats: [rate.errorShares]))
        #expect((influence.people > 0) == (rate.numerator! > 0))
        #expect(influence.withoutOne != nil)
      }
    }
    let one = try records(spec, results: "\(folder)/r1")
    #expect(one == (try records(spec, results: "\(folder)/r2")))
    #expect(one == (try records(spec, results: "\(folder)/r3")))
  }

  @Test func anInterruptedRunGoesOnToTheSameRecords() throws {
    let (folder, spec) = try experiment()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try run(spec, results: "\(folder)/whole", workers: 2)
    // Interrupt after each further unit until a run gets through.
    var runs = 0
    while runs < 50 {
      runs += 1
      let interruption = Interruption()
      do {
        _ = try run(
          spec, results: "\(folder)/pieces", workers: 2, interruption: interruption
        ) { event in
          if case .unit(_, _, _, wasKept: false) = event { interruption.request() }
        }
        break
      } catch is Interrupted {}
    }
    #expect(runs > 3 && runs < 50)
    #expect(
      try records(spec, results: "\(folder)/whole") == records(spec, results: "\(folder)/pieces"))
  }

  @Test func aSecondRunKeepsEverything() throws {
    let (folder, spec) = try experiment()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try run(spec, results: folder, workers: 2)
    let again = try run(spec, results: folder, workers: 2)
    #expect(again.evaluated.isEmpty && again.cached.count == 3)
    #expect(again.cpuSeconds > 0 && again.peakBytes > 1 << 20)
    #expect(again.text.hasPrefix("0 cells evaluated, 3 kept, in "))
  }
}
