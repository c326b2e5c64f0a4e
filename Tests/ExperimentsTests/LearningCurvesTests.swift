import Biometrics
import Configurations
import Datasets
import Experiments
import Foundation
import MOTE
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// Trainings on synthetic data, observed.
@Suite struct LearningCurvesTests {
  private struct Setting {
    let folder: URL

    init() throws {
      folder = try temporaryFolder("mote-learning")
      var data = SyntheticDataset(name: "planted", subjects: 200, rows: 900, seed: 3)
      data.dimension = 24
      data.identityDimensions = 16
      data.matedCosine = 0.6
      try data.write(to: folder.appendingPathComponent("planted.h5").path)
    }

    func load(_ lines: String) throws -> ExperimentSpec {
      let text = """
        name: run
        title: Planted
        outputs: [table2, learning-curves]
        extractors: [E]
        datasets: {D: {files: {E: planted.h5}}}
        evaluate: [D]
        partition: {within: {cohort: 0.5, development: 0.2, evaluation: 0.3}}
        presets: [paper]
        training: {epochs: 16, patience: 1, hidden_widths: [8], batch_size: 32}
        kde: {bandwidth: 0.05}
        bootstrap: {replicates: 100}
        operating_points: [0.05]
        seed: 1

        """
      let path = folder.appendingPathComponent("run.yaml")
      try Data((text + lines).utf8).write(to: path)
      return try ExperimentSpec.load(path.path, dataFolder: folder.path, environment: [:])
    }

    var store: ResultStore {
      ResultStore(results: folder.appendingPathComponent("results").path, experiment: "run")
    }

    /// Lines that are reported, and the records.
    func observe(
      _ settings: String, more: String = "", workers: Int = 2
    ) throws -> (lines: [String], records: [LearningRecord]) {
      var reported: [String] = []
      try LearningCurvesRun(
        load("learning_curves: {target: 0.05, \(settings)}\n\(more)"),
        results: folder.appendingPathComponent("results").path, workers: workers,
        interruption: Interruption()
      ) { reported.append($0) }.run()
      return (reported, try RecordFolder<LearningRecord>(store.learningFolder).records())
    }

    func run(_ lines: String) throws {
      let summary = try Runner(
        load(lines),
        options: RunOptions(results: folder.appendingPathComponent("results").path, workers: 2),
        interruption: Interruption(), report: { _ in }
      ).run()
      #expect(summary.failed.isEmpty)
    }
  }

  @Test func peopleAreDrawnAndErrorsAreTheirOwn() throws {
    let (lines, records) = try Setting().observe("people: 11, worst: 2")
    let record = try #require(records.first)
    #expect(records.count == 1 && record.isSynthetic)
    #expect(record.people.count == 11 && record.people.allSatisfy { $0.choice == .drawn })
    #expect(record.people.allSatisfy { $0.furtherImages > 0 })
    #expect(lines.last?.contains("none of the worst, since no run of these inputs") == true)
    #expect(record.training.proxies > 0 && record.training.proxyPeople > 0)
    #expect(record.training.epochs == 16 && record.training.patience == 1)
    for person in record.people {
      #expect(person.epochs.count == person.course.last.number)
      let restored = person.epochs[person.course.restored.number - 1]
      #expect(restored.errors.own == person.restored.own)
      #expect(
        person.epochs.compactMap(\.epoch.validationLoss).min()
          == person.course.restored.validationLoss)
    }
    // Networks of one state share their threshold, networks by themselves do not.
    #expect(Set(record.people.map(\.restored.shared.threshold)).count == 1)
    #expect(Set(record.people.map(\.restored.own.threshold)).count == 11)
    let shares = record.people.map(\.restored.shared.proxyFNMR)
    let summary = record.summary.restored.shared
    #expect(abs(summary.value - shares.reduce(0, +) / 11) < 1e-12)
    #expect(record.summary.last == nil && record.summary.people == 11)
  }

  @Test func workersChangeNothing() throws {
    func bytes(_ workers: Int) throws -> Data {
      let (_, records) = try Setting().observe(
        "people: 10, beyond_patience: true", workers: workers)
      return canonicalJSON(records.map(\.people)) + canonicalJSON(records.map(\.summary))
    }
    #expect(try bytes(1) == bytes(3))
  }

  /// With proxies of development people the networks are those of a run: epochs and losses agree with
  /// what it keeps of each person.
  @Test func trainingsAreThoseOfARunAndItsWorstAreFound() throws {
    let setting = try Setting()
    try setting.run("learning_curves: {target: 0.05}")
    let cell = Cell(
      dataset: "D", extractor: "E", system: "mote", preset: "paper", balancingFactor: 0.5)
    let evaluated = try RecordFolder<EvaluationRecord>.read(setting.store.recordPath(cell))
    let people = try #require(
      try SubjectRecord.read(
        from: setting.store.subjectsPath(cell), inputHash: evaluated.inputHash)
    ).people
    let (_, records) = try setting.observe("people: 5, worst: 2, proxies: development")
    let record = try #require(records.first)
    for curve in record.people {
      let line = try #require(people.first { $0.identity == curve.identity })
      let training = try #require(line.training)
      #expect(training.epochs == curve.course.last.number)
      #expect(training.restoredEpoch == curve.course.restored.number)
      #expect(training.trainingLoss == Float(curve.course.restored.trainingLoss))
      #expect(training.finalValidationLoss == curve.course.last.validationLoss.map(Float.init))
    }
    let most = people.map { $0.errors[0].falseNonMatches }.sorted(by: >).filter { $0 > 0 }.prefix(2)
    #expect(
      record.people.compactMap(\.recordedErrors).sorted(by: >) == Array(most) && !most.isEmpty)
    #expect(record.worstOmission == nil)
    // They are in no mean unless they were drawn.
    #expect(record.summary.people == 5)
  }

  @Test func heldOutPeopleTrainInNoWay() throws {
    let setting = try Setting()
    let all = try #require(
      try setting.observe("people: 1, proxies: development").records.first)
    let held = try #require(try setting.observe("people: 1, held_out_share: 0.5").records.first)
    #expect(held.training.cohortRows < all.training.cohortRows)
    #expect(held.training.proxyPeople > 20)
    #expect(held.people[0].identity == all.people[0].identity)
    #expect(held.people[0].course != all.people[0].course)
    // What the cosine says does not depend on training.
    #expect(held.people[0].restored.own.threshold != all.people[0].restored.own.threshold)
    #expect(held.people[0].cosine.own.threshold == all.people[0].cosine.own.threshold)
  }

  @Test func beyondPatienceChangesNoTraining() throws {
    let setting = try Setting()
    let plain = try #require(try setting.observe("people: 10").records.first)
    let (lines, records) = try setting.observe("people: 10, beyond_patience: true")
    let beyond = try #require(records.first)
    #expect(lines.first?.hasSuffix("of other inputs") == true)
    #expect(beyond.people.map(\.course) == plain.people.map(\.course))
    #expect(beyond.people.allSatisfy { $0.epochs.count == 16 })
    #expect(beyond.people.contains { $0.course.last.number < 16 })
    #expect(beyond.summary.restored == plain.summary.restored)
    #expect(beyond.summary.last != nil && beyond.summary.restoredMinusLast != nil)
  }

  @Test func aRecordIsMadeOnce() throws {
    let setting = try Setting()
    _ = try setting.observe("people: 2")
    let again = try setting.observe("people: 2", more: "repeats: 2")
    #expect(again.lines == ["D E paper 0.5: trainings observed before"])
    let summary = try #require(again.records.first).summary
    #expect(summary.restored.own.note == "no interval: 2 people, expected 10 or more")
  }

  @Test func whatCannotBeObservedIsSaid() throws {
    let setting = try Setting()
    #expect {
      try setting.observe("people: [nobody]")
    } throws: {
      "\($0)".hasPrefix("'learning_curves: people' names 'nobody', expected some of the 60 people")
    }
    #expect {
      try setting.observe("held_out_share: 0.0001")
    } throws: {
      "\($0)".hasPrefix("a share of 0.0001 of the people of 'D' with two images or more is nobody")
    }
    let drawn = try #require(try setting.observe("people: 1").records.first).people[0].identity
    let named = try #require(try setting.observe("people: [\(drawn)]").records.first)
    #expect(named.people.map(\.identity) == [drawn] && named.people[0].choice == .named)
  }

  /// The shared threshold, against all scores sorted.
  @Test func oneThresholdIsTheQuantileOfAllScoresTogether() {
    let scores: [[Float]] = [[1, 5, 9, 2], [3, 3, 8, 0], [7, 6, 4, 2]]
    for target in [0.01, 0.1, 0.25, 0.5, 0.9] {
      let kept = SharedThreshold.depth(people: 3, rows: 4, target: target)
      let networks = scores.map {
        ObservedScores(development: $0, kept: kept, target: target, proxies: [], furtherImages: [])
      }
      let shared = SharedThreshold(of: networks, rows: 4, target: target)
      for weights in [[1, 1, 1], [0, 3, 0], [2, 0, 1]] {
        let all = zip(weights, scores).flatMap { weight, own in
          (0..<weight).flatMap { _ in own.map(Double.init) }
        }.sorted()
        let expected = quantile(1 - target, ofSorted: all)
        #expect(abs(shared.value(weights) - expected) < 1e-9, "\(target) \(weights)")
      }
    }
  }
}
