import Biometrics
import Datasets
import Experiments
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// What runs keep of each person.
@Suite struct SubjectRecordingTests {
  /// A folder with small data and a spec of many conventions.
  private func experiment(guardKeys: String = "none") throws -> (
    folder: String, spec: ExperimentSpec
  ) {
    let folder = try temporaryFolder().path
    var data = SyntheticDataset(name: "Tiny", subjects: 90, rows: 270, seed: 5)
    data.dimension = 32
    data.identityDimensions = 16
    data.matedCosine = 0.6
    try data.write(to: "\(folder)/tiny.h5")
    let text = """
      name: people
      title: People
      outputs: [table2]
      datasets: {Tiny: {files: {ArcFace: tiny.h5}}}
      data: \(folder)
      extractors: [ArcFace]
      evaluate: [Tiny]
      partition: {within: {cohort: 0.6, development: 0.4, folds: 2}}
      presets: [paper]
      training: {epochs: 3, hidden_widths: [8, 4], batch_size: 32, guard: \(guardKeys)}
      kde: {bandwidth: {male: 0.05, female: 0.05}}
      balancing_factors: [0.25, 0.75, per_subject]
      conventions: [default, paper-compatible, per-group, per-subject, development]
      operating_points: [5e-2, 1e-1]
      bootstrap: {replicates: 3}
      seed: 3
      """
    let path = "\(folder)/people.yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return (folder, try ExperimentSpec.load(path, environment: [:]))
  }

  private func run(
    _ spec: ExperimentSpec, _ results: String, workers: Int = 1, shard: Shard? = nil,
    merging: [String] = []
  ) throws -> RunSummary {
    let runner = Runner(
      spec, options: RunOptions(results: results, workers: workers, shard: shard),
      interruption: Interruption(), report: { _ in })
    return try merging.isEmpty ? runner.run() : runner.merge(merging)
  }

  /// The files of all people by name.
  private func files(_ results: String) throws -> [String: Data] {
    let folder = ResultStore(results: results, experiment: "people").recordsFolder + "/subjects"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")))
      })
  }

  @Test func errorsOfPeopleAreThoseOfTheRatesAndTrainingIsTheirs() throws {
    let (folder, spec) = try experiment()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try run(spec, "\(folder)/r").failed.map(\.message) == [])
    let store = ResultStore(results: "\(folder)/r", experiment: spec.name)
    for cell in spec.cells() {
      let record = try store.read(store.recordPath(cell))
      let people = try #require(
        try SubjectRecord.read(from: store.subjectsPath(cell), inputHash: record.inputHash))
      #expect(people.key == cell && people.people.count == record.counts.references)
      #expect(people.people.reduce(0) { $0 + $1.images } == record.counts.probes)
      let measured = record.measurements.filter {
        $0.quantity == .fnmr && $0.group == "all" && $0.threshold != nil
      }
      #expect(people.points.count == measured.count && measured.count >= 8)
      for (p, point) in people.points.enumerated() {
        func value(_ quantity: Quantity) -> MetricValue? {
          record.measurements.first {
            $0.quantity == quantity && $0.group == "all" && $0.convention == point.convention
              && $0.target == point.target
          }
        }
        func sum(_ count: KeyPath<SubjectErrors, Int>) -> Int {
          people.people.reduce(0) { $0 + $1.errors[p][keyPath: count] }
        }
        #expect(sum(\.falseNonMatches) == value(.fnmr)?.numerator, "\(cell.slug) \(point)")
        #expect(sum(\.falseMatches) == value(.fmr)?.numerator, "\(cell.slug) \(point)")
        #expect(sum(\.falseMatchesAsProbe) == sum(\.falseMatches), "\(cell.slug) \(point)")
      }
      let trained = people.people.compactMap(\.training)
      guard let enrolment = record.enrolment else {
        #expect(trained.isEmpty && people.people.allSatisfy { $0.ownScore == 1 })
        continue
      }
      #expect(trained.count == people.people.count)
      func mean(_ value: (SubjectTraining) -> Double) -> Double {
        trained.reduce(0) { $0 + value($1) } / Double(trained.count)
      }
      #expect(abs(mean { Double($0.epochs) } - enrolment.meanEpochs) < 1e-9)
      #expect(abs(mean { Double($0.restoredEpoch) } - enrolment.meanRestoredEpoch) < 1e-9)
      let loss = mean { Double($0.validationLoss ?? .nan) }
      #expect(abs(loss - enrolment.meanValidationLoss) < 1e-6)
      #expect(trained.allSatisfy { $0.restoredEpoch >= 1 && $0.restoredEpoch <= $0.epochs })
      let factors = Set(trained.map { Double($0.balancingFactor) })
      #expect(factors.isSubset(of: cell.balancingFactor.map { [$0] } ?? [0.25, 0.75]))
      #expect(Set(people.densities.keys) == ["male/0", "female/0", "male/1", "female/1"])
      #expect(people.validationDensities["male/0"]?.bandwidth == 0.05)
    }
  }

  @Test func whatAGuardDidIsKeptOfEachPerson() throws {
    let (folder, spec) = try experiment(
      guardKeys: "{attempts: 2, limit: 0.2, at_most: 4, target: 0.05}")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try run(spec, "\(folder)/r", workers: 2).failed.map(\.message) == [])
    let store = ResultStore(results: "\(folder)/r", experiment: spec.name)
    for cell in spec.cells() where cell.preset != nil {
      let record = try store.read(store.recordPath(cell))
      let people = try #require(
        try SubjectRecord.read(from: store.subjectsPath(cell), inputHash: record.inputHash)
      ).people
      let outcomes = people.compactMap { $0.training?.guarded }
      #expect(outcomes.count == people.count)
      for outcome in outcomes {
        #expect((2...4).contains(outcome.attempts) && (1...outcome.attempts).contains(outcome.kept))
        #expect(outcome.attempts == 4 || outcome.proxyFNMR <= 0.2)
      }
      let mean = Double(outcomes.reduce(0) { $0 + $1.attempts }) / Double(outcomes.count)
      #expect(abs(try #require(record.enrolment?.meanAttempts) - mean) < 1e-9)
      #expect(record.enrolment?.dims == [32, 8, 4, 1])
    }
  }

  @Test(arguments: ["none", "{attempts: 2, keep: best, target: 0.05}"])
  func workersShardsAndRepetitionGiveTheSameFiles(guardKeys: String) throws {
    let (folder, spec) = try experiment(guardKeys: guardKeys)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try run(spec, "\(folder)/one")
    let one = try files("\(folder)/one")
    #expect(one.count == spec.cells().count)
    _ = try run(spec, "\(folder)/three", workers: 3)
    #expect(try files("\(folder)/three") == one)
    for i in 0..<2 { _ = try run(spec, "\(folder)/s\(i)", shard: Shard("\(i)/2")) }
    _ = try run(spec, "\(folder)/merged", merging: ["\(folder)/s0", "\(folder)/s1"])
    #expect(try files("\(folder)/merged") == one)

    // A cell without the file, or with a damaged one, is done again; the others stay.
    let store = ResultStore(results: "\(folder)/one", experiment: spec.name)
    let cells = spec.cells()
    try FileManager.default.removeItem(atPath: store.subjectsPath(cells[0]))
    try Data("x".utf8).write(to: URL(fileURLWithPath: store.subjectsPath(cells[1])))
    let again = try run(spec, "\(folder)/one")
    #expect(Set(again.evaluated) == Set(cells.prefix(2)) && again.cached.count == cells.count - 2)
    #expect(try files("\(folder)/one") == one)
  }
}
