import Datasets
import Experiments
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// Who trains, develops and is compared, over whole runs.
@Suite struct DivisionTests {
  /// A folder with two small datasets and a spec that divides one of them.
  private func experiment(_ changes: [String: String] = [:], in folder: String? = nil) throws -> (
    folder: String, spec: ExperimentSpec
  ) {
    let folder = try folder ?? temporaryFolder().path
    for (name, seed) in [("Tiny", 5), ("Other", 6)] where !exists("\(folder)/\(name).h5") {
      var data = SyntheticDataset(name: name, subjects: 60, rows: 180, seed: UInt64(seed))
      data.dimension = 16
      data.identityDimensions = 8
      try data.write(to: "\(folder)/\(name).h5")
    }
    let usual = [
      "partition": "{within: {cohort: 0.4, development: 0.2, evaluation: 0.4}}",
      "repeats": "1", "protocol": "{reference: random}", "evaluate": "[Tiny]",
      "limits": "{evaluation_subjects: 16, cohort_subjects: 18}", "groups": "gender",
    ].merging(changes) { $1 }
    let text = """
      name: divided
      title: Divided
      outputs: [table2]
      datasets:
        Tiny: {files: {ArcFace: Tiny.h5}}
        Other: {files: {ArcFace: Other.h5}}
      data: \(folder)
      extractors: [ArcFace]
      presets: [paper]
      training: {epochs: 1}
      operating_points: [1e-2]
      bootstrap: {replicates: 5}
      seed: 3
      \(usual.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n"))
      """
    let path = "\(folder)/spec.yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return (folder, try ExperimentSpec.load(path, environment: [:]))
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private func run(_ spec: ExperimentSpec, _ results: String) throws -> RunSummary {
    try Runner(
      spec, options: RunOptions(results: results, workers: 1), interruption: Interruption(),
      report: { _ in }
    ).run()
  }

  private func split(_ results: String, _ dataset: String = "Tiny") throws -> String {
    try String(
      contentsOfFile: "\(results)/divided/protocol/\(dataset)-ArcFace.csv", encoding: .utf8)
  }

  private func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private func records(_ spec: ExperimentSpec, _ results: String) throws -> [EvaluationRecord] {
    let store = ResultStore(results: results, experiment: spec.name)
    return try spec.cells().map { try store.read(store.recordPath($0)) }
  }

  /// Partition, references and limits follow the spec's seed; the traditional system, which trains
  /// nothing, is the same in all repeats, and MOTE is not.
  @Test func repeatsChangeTrainingOnly() throws {
    let (folder, spec) = try experiment(["repeats": "2"])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try run(spec, "\(folder)/r").failed.isEmpty)
    let records = try records(spec, "\(folder)/r")
    #expect(records.map(\.key.system) == ["traditional", "mote", "traditional", "mote"])
    let counts = try records.map { try json($0.counts) }
    #expect(counts[0] == counts[2] && counts[1] == counts[3])
    let numbers = try records.map { try json($0.measurements) }
    #expect(numbers[0] == numbers[2] && numbers[1] != numbers[3])
    #expect(records[0].audit == records[2].audit && records[1].audit == records[3].audit)
    #expect(records[0].inputHash == records[2].inputHash)
    #expect(records[1].inputHash != records[3].inputHash)
  }

  /// A division that a run has written gives the same numbers when it is read, whatever the seed of
  /// the split would have been.
  @Test func aWrittenDivisionGivesTheSameNumbers() throws {
    let (folder, spec) = try experiment()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try run(spec, "\(folder)/drawn").failed.isEmpty)
    let text = try split("\(folder)/drawn")
    try text.write(toFile: "\(folder)/split.csv", atomically: true, encoding: .utf8)
    let (_, listed) = try experiment(
      ["partition": "{files: {Tiny: split.csv}}", "limits": "{}"], in: folder)
    #expect(try run(listed, "\(folder)/listed").failed.isEmpty)
    #expect(try split("\(folder)/listed") == text)
    let drawn = try records(spec, "\(folder)/drawn").map { try json($0.measurements) }
    let again = try records(listed, "\(folder)/listed").map { try json($0.measurements) }
    #expect(drawn == again)
    // Another file, another fingerprint.
    let other = text.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
    try other.write(toFile: "\(folder)/split.csv", atomically: true, encoding: .utf8)
    #expect(try run(listed, "\(folder)/listed").cached.isEmpty)
  }

  @Test func aCohortFromAnotherDatasetTrainsAndIsHashed() throws {
    let (folder, spec) = try experiment([
      "partition": "{within: {cohort: {from: Other}, development: 0.2, evaluation: 0.4}}"
    ])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try run(spec, "\(folder)/r").failed.isEmpty)
    let records = try records(spec, "\(folder)/r")
    #expect(records[1].fingerprint?.parts["data Other/ArcFace"] != nil)
    #expect(records[0].fingerprint?.parts["data Other/ArcFace"] == nil)
    #expect(records[1].audit.contains { $0.contains("cohort Other/ArcFace: ") })
    #expect(try split("\(folder)/r").contains("0,cohort,Other,Other_"))
    #expect(try run(spec, "\(folder)/r").cached.count == 2)
    _ = try RunPlan.make(for: spec, results: "\(folder)/r", workers: 1, isCalibrated: false)
  }

  @Test func theEvaluatedDatasetIsNoCohortOfItsOwn() throws {
    let folder = try temporaryFolder().path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let error = #expect(throws: SpecError.self) {
      try experiment(
        ["partition": "{within: {cohort: {from: Tiny}, development: 0.2, evaluation: 0.4}}"],
        in: folder)
    }
    #expect(
      "\(error!)".contains("'Tiny' is evaluated and is also the training cohort of 'paper'"))
  }

  /// What is wrong with the second dataset is told before the first one is trained, and told once.
  @Test func allDataAreCheckedBeforeTheFirstTraining() throws {
    let (folder, spec) = try experiment(["evaluate": "[Tiny, Other]", "groups": "hair"])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let error = #expect(throws: DataProblems.self) { try run(spec, "\(folder)/r") }
    #expect(error?.problems.count == 2)
    for dataset in ["Tiny", "Other"] {
      #expect(
        error?.problems.contains {
          $0.contains("groups: hair: '\(dataset)' has no label column of that name")
        } ?? false)
    }
    #expect(!exists("\(folder)/r/divided/scores/\(spec.cells()[0].slug)"))
  }
}
