import Configurations
import Foundation
import Records
import Specs
import TestSupport
import Testing

@Suite struct SubjectRecordTests {
  private static let course = TrainingCourse(
    last: TrainedEpoch(
      number: 9, learningRate: 0.001, trainingLoss: .nan, validationLoss: .infinity),
    restored: TrainedEpoch(
      number: 4, learningRate: 0.0012, trainingLoss: 0.25, validationLoss: 0.125))

  private static let record = SubjectRecord(
    key: Cell(dataset: "D", extractor: "E", system: "mote", preset: "paper", balancingFactor: 0.5),
    isSynthetic: true, likeness: [0.7],
    densities: ["male/0": DensitySummary(bandwidth: 0.04, rows: 7)],
    validationDensities: ["male/0": DensitySummary(bandwidth: 0.05, rows: 6)],
    points: [
      SubjectPoint(convention: "default", target: 0.001, threshold: 1.5, hasSelfTrials: false)
    ],
    people: [
      SubjectLine(
        identity: "Zoë, \"Z\"", group: "female", fold: 0, referenceRow: 16_777_216, images: 3,
        referenceDistance: 0.25, nearest: SimilarPerson(name: "b", part: "evaluation", cosine: 0.5),
        secondNames: [SimilarPerson(name: "c", part: "cohort", cosine: 0.75)], ownScore: 4.5,
        training: SubjectTraining(
          SubjectEnrolment(
            balancingFactor: 0.5, training: course, samplingSeconds: 1, trainingSeconds: 2)),
        errors: [SubjectErrors(falseNonMatches: 1, falseMatches: 2, falseMatchesAsProbe: 3)]),
      SubjectLine(
        identity: "b", group: "", fold: 1, referenceRow: 0, images: 1,
        errors: [SubjectErrors(falseMatches: 16_777_216)]),
    ])

  private func withFile(_ body: (String) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appendingPathComponent("subjects/x.f32").path)
  }

  @Test func aRecordReadsBackAsItWas() throws {
    try withFile { file in
      try Self.record.write(to: file, inputHash: "00ff")
      #expect(try SubjectRecord.read(from: file, inputHash: "00ff") == Self.record)
      #expect(try SubjectRecord.read(from: file, inputHash: "other") == nil)
      #expect(try SubjectRecord.read(from: file + "x", inputHash: "00ff") == nil)
      let training = try #require(Self.record.people[0].training)
      #expect(training.epochs == 9 && training.restoredEpoch == 4)
      #expect(training.finalTrainingLoss == nil && training.finalValidationLoss == nil)
    }
  }

  @Test func aRecordOfNobodyReadsBack() throws {
    var empty = Self.record
    empty.people = []
    empty.points = []
    try withFile { file in
      try empty.write(to: file, inputHash: "")
      #expect(try SubjectRecord.read(from: file, inputHash: "") == empty)
    }
  }

  @Test func equalRecordsAreEqualBytes() throws {
    try withFile { file in
      try Self.record.write(to: file, inputHash: "00ff")
      try Self.record.write(to: file + "2", inputHash: "00ff")
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: file))
          == Data(contentsOf: URL(fileURLWithPath: file + "2")))
    }
  }

  @Test func aDamagedFileIsNamed() throws {
    try withFile { file in
      try Self.record.write(to: file, inputHash: "00ff")
      var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      bytes[bytes.count - 3] ^= 1
      try bytes.write(to: URL(fileURLWithPath: file))
      let error = #expect(throws: RecordError.self) {
        try SubjectRecord.read(from: file, inputHash: "00ff")
      }
      #expect(
        error?.description
          == "\(file): not a readable record: it was changed after it was written: its content does "
          + "not fit its digest; delete the file and run the command again that made it")
    }
  }
}
