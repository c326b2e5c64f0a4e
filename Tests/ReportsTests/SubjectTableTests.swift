import Biometrics
import Configurations
import Foundation
import Records
import Reports
import Results
import Specs
import TestSupport
import Testing

/// People of a made-up cell; round numbers, so that nobody mistakes them for a result.
private func fakePeople(_ key: Cell, isTrained: Bool = true, isGuarded: Bool = false)
  -> SubjectRecord
{
  func training(_ restored: Int, _ last: Int, loss: Double) -> SubjectTraining? {
    guard isTrained else { return nil }
    let course = TrainingCourse(
      last: TrainedEpoch(
        number: last, learningRate: 0.001, trainingLoss: 0.01, validationLoss: 2 * loss),
      restored: TrainedEpoch(
        number: restored, learningRate: 0.002, trainingLoss: 0.02, validationLoss: loss),
      guarded: isGuarded
        ? GuardOutcome(
          attempts: 3, kept: restored < last ? 2 : 1,
          judgement: ModelJudgement(proxyFNMR: 5 * loss, margin: 4)) : nil)
    return SubjectTraining(
      SubjectEnrolment(
        balancingFactor: 0.5, training: course, samplingSeconds: 0, trainingSeconds: 0))
  }
  let densities =
    isTrained
    ? [
      "female/0": DensitySummary(bandwidth: 0.04, rows: 10),
      "male/0": DensitySummary(bandwidth: 0.03, rows: 20),
    ] : [:]
  return SubjectRecord(
    key: key, isSynthetic: false, likeness: [0.7], densities: densities,
    validationDensities: densities.mapValues {
      DensitySummary(bandwidth: 2 * $0.bandwidth, rows: 5)
    },
    points: [
      SubjectPoint(convention: "default", target: 0.001, threshold: 0.25, hasSelfTrials: false),
      SubjectPoint(
        convention: "paper-compatible", target: 0.001, threshold: 0.2, hasSelfTrials: true),
    ],
    people: [
      SubjectLine(
        identity: "Ann", group: "female", fold: 0, referenceRow: 0, images: 11,
        referenceDistance: 0.1,
        nearest: SimilarPerson(name: "Bob", part: "evaluation", cosine: 0.3),
        ownScore: 5, training: training(20, 20, loss: 0.01),
        errors: [
          SubjectErrors(falseMatches: 30, falseMatchesAsProbe: 10),
          SubjectErrors(falseMatches: 31, falseMatchesAsProbe: 10),
        ]),
      SubjectLine(
        identity: "Bob", group: "male", fold: 0, referenceRow: 11, images: 5,
        referenceDistance: 0.6,
        nearest: SimilarPerson(name: "Cid, Jr", part: "evaluation", cosine: 0.5),
        secondNames: [
          SimilarPerson(name: "Robert", part: "cohort", cosine: 0.9),
          SimilarPerson(name: "Rob", part: "evaluation", cosine: 0.8),
        ], ownScore: 1, training: training(2, 7, loss: 0.04),
        errors: [
          SubjectErrors(falseNonMatches: 4, falseMatches: 1, falseMatchesAsProbe: 20),
          SubjectErrors(falseNonMatches: 4, falseMatches: 1, falseMatchesAsProbe: 20),
        ]),
      SubjectLine(
        identity: "Cid, Jr", group: "", fold: 0, referenceRow: 16, images: 1, ownScore: 4,
        training: training(19, 20, loss: 0.02),
        errors: [
          SubjectErrors(falseMatches: 2, falseMatchesAsProbe: 3),
          SubjectErrors(falseMatches: 2, falseMatchesAsProbe: 4),
        ]),
    ])
}

@Suite struct SubjectTableTests {
  /// An experiment of two cells with their people.
  private func withPeople(_ body: (URL) throws -> Void) throws {
    let records = [fakeRecord(), fakeRecord(system: "traditional")]
    try withExperiment(records) { folder in
      for record in records {
        try fakePeople(record.key, isTrained: record.key.system == "mote").write(
          to: ResultStore.subjectsPath(
            record.key, in: folder.appendingPathComponent("records").path),
          inputHash: record.inputHash)
      }
      try body(folder)
    }
  }

  @Test func peopleByErrorsInEveryForm() throws {
    try withPeople { folder in
      let lists = try SubjectList.all(in: folder)
      try expectSnapshot(
        MarkdownWriter.text(lists.flatMap { [$0.table(top: 2), $0.contrast()].compactMap { $0 } }),
        "subjects.md")
      try expectSnapshot(SubjectCSV.text(lists), "subjects.csv")
    }
  }

  /// What a guard did is kept of each person, and shown.
  @Test func judgementsOfAGuardAreShown() throws {
    let record = fakeRecord()
    try withExperiment([record]) { folder in
      let path = ResultStore.subjectsPath(
        record.key, in: folder.appendingPathComponent("records").path)
      let people = fakePeople(record.key, isGuarded: true)
      try people.write(to: path, inputHash: record.inputHash)
      #expect(try SubjectRecord.read(from: path, inputHash: record.inputHash) == people)
      let list = try #require(SubjectList.all(in: folder, order: .proxyFNMR).first)
      #expect(list.people.map(\.identity) == ["Bob", "Cid, Jr", "Ann"])
      let table = list.table(top: 3)
      #expect(
        table.caption.contains(
          "Guard: 9 networks trained for 3 people, 3.00 each; another than the first was kept for 2."
        ))
      let column = try #require(table.columns.firstIndex { $0.title == "Kept attempt" })
      #expect(table.rows.map { $0.cells[column].value } == ["2 of 3", "2 of 3", "1 of 3"])
      #expect(table.rows.map { $0.cells[column + 1].value } == ["0.200", "0.100", "0.050"])
      let contrast = try #require(list.contrast())
      let proxies = try #require(contrast.rows.first { $0.cells[0].value == "Proxy FNMR" })
      #expect(proxies.cells.map(\.value) == ["Proxy FNMR", "0.200", "0.050", "1.00"])
      #expect(SubjectCSV.text([list]).contains(",3,2,0.2,4.0,"))
    }
  }

  /// One person errs: medians, and the share of pairs in order, without an interval. Who has one image
  /// takes no part.
  @Test func whereErrorsAreIsToldByMediansAndRanks() throws {
    let list = SubjectList(fakePeople(fakeRecord().key), point: 0, order: .errors)
    let contrast = try #require(list.contrast())
    func line(_ name: String) -> [String]? {
      contrast.rows.first { $0.cells[0].value == name }?.cells.map { $0.value + $0.detail }
    }
    #expect(line("Images") == ["Images", "5.0(1)", "11.0(1)", "0.00"])
    #expect(line("Reference distance") == ["Reference distance", "0.600(1)", "0.100(1)", "1.00"])
    #expect(line("Restored epoch") == ["Restored epoch", "2.0(1)", "20.0(1)", "0.00"])
    // Nobody errs at a point without errors: nothing to contrast.
    var record = fakePeople(fakeRecord().key)
    for i in record.people.indices {
      record.people[i].errors = [SubjectErrors(), SubjectErrors()]
    }
    #expect(SubjectList(record, point: 0, order: .errors).contrast() == nil)
  }

  @Test(arguments: [
    (SubjectOrder.errors, ["Bob", "Ann", "Cid, Jr"]), (.falseMatches, ["Ann", "Cid, Jr", "Bob"]),
    (.falseMatchesAsProbe, ["Bob", "Ann", "Cid, Jr"]),
    (.referenceDistance, ["Bob", "Ann", "Cid, Jr"]), (.nearest, ["Bob", "Ann", "Cid, Jr"]),
    (.secondNames, ["Bob", "Ann", "Cid, Jr"]), (.ownScore, ["Bob", "Cid, Jr", "Ann"]),
    (.epochs, ["Bob", "Ann", "Cid, Jr"]), (.restoredEpoch, ["Bob", "Cid, Jr", "Ann"]),
    (.validationLoss, ["Bob", "Cid, Jr", "Ann"]),
  ])
  func theMostConspicuousStandFirst(_ order: SubjectOrder, _ names: [String]) throws {
    let record = fakePeople(fakeRecord().key)
    #expect(SubjectList(record, point: 0, order: order).people.map(\.identity) == names)
  }

  @Test func aConventionAndTargetAreChosen() throws {
    try withPeople { folder in
      let lists = try SubjectList.all(in: folder, convention: "paper-compatible", target: 0.001)
      #expect(lists.map(\.point) == [1, 1])
      // With self trials, the reference's own image is one of the mated ones.
      #expect(lists[0].table(top: 1).rows[0].cells[3].value == "4/5")
    }
  }

  /// The paper's target is what the tables show first, whatever the spec lists first.
  @Test func errorsAreThoseAtThePapersTarget() throws {
    let record = fakeRecord()
    try withExperiment([record]) { folder in
      var people = fakePeople(record.key)
      people.points.insert(
        SubjectPoint(convention: "default", target: 0.01, threshold: 0.1, hasSelfTrials: false),
        at: 0)
      for i in people.people.indices {
        people.people[i].errors.insert(SubjectErrors(), at: 0)
      }
      let path = ResultStore.subjectsPath(
        record.key, in: folder.appendingPathComponent("records").path)
      try people.write(to: path, inputHash: record.inputHash)
      #expect(try SubjectList.all(in: folder).map(\.point) == [1])
      #expect(try SubjectList.all(in: folder, target: 0.01).map(\.point) == [0])
      people.points[1].target = 0.002
      try people.write(to: path, inputHash: record.inputHash)
      #expect(try SubjectList.all(in: folder).map(\.point) == [0])
    }
  }

  @Test func whatWasNotEvaluatedHasNoPeople() throws {
    try withExperiment([]) { folder in
      let cost = try fakeCost(preset: "paper", extraction: "")
      try RecordFolder.write(
        cost, to: folder.appendingPathComponent("costs/\(cost.key.slug).json").path)
      let error = #expect(throws: SubjectListError.self) { try SubjectList.all(in: folder) }
      #expect(error?.description.contains("has no evaluated cell") == true)
    }
  }

  @Test func whatCannotBeListedIsSaid() throws {
    try withPeople { folder in
      func message(_ body: () throws -> Void) -> String {
        do {
          try body()
          return "no error"
        } catch { return "\(error)".replacing(folder.path, with: "FOLDER") }
      }
      #expect(
        message { _ = try SubjectList.all(in: folder, cells: ["LFW_ArcFace_mote_paper_f0.5_r1"]) }
          == "no cell 'LFW_ArcFace_mote_paper_f0.5_r1' in the records; did you mean "
          + "'LFW_ArcFace_mote_paper_f0.5_r0'?")
      #expect(
        message { _ = try SubjectList.all(in: folder, convention: "default", target: 0.1) }
          .hasSuffix(
            "has no errors at that convention and target; it has default at FMR 0.001, "
              + "paper-compatible at FMR 0.001"))
      let file = ResultStore.subjectsPath(
        fakeRecord().key, in: folder.appendingPathComponent("records").path)
      try FileManager.default.removeItem(atPath: file)
      #expect(
        message { _ = try SubjectList.all(in: folder) }
          == "'FOLDER/records/subjects/LFW_ArcFace_mote_paper_f0.5_r0.f32' is not there, or belongs "
          + "to other inputs than its record; run the experiment again")
    }
  }
}
