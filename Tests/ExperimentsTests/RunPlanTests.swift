import Biometrics
import Datasets
import Experiments
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

@Suite struct RunPlanTests {
  private func plan(_ changes: [String: String] = [:], cached: Int = 0, isMeasured: Bool = true)
    throws -> RunPlan
  {
    let spec = try SpecFolder(["spec.yaml": specText(changes)]).load()
    var statuses: [Cell: ResultStore.Status] = [:]
    for (index, key) in spec.cells().enumerated() {
      let record = EvaluationRecord(
        key: key, inputHash: "", isSynthetic: true, counts: EvaluationCounts(), measurements: [],
        curves: [:], enrolment: nil, audit: [], warnings: [], provenance: Provenance())
      statuses[key] =
        index < cached ? .cached(record) : .toDo(reason: "spec part 'training' changed")
    }
    let known: ((Cell, CellSize) -> Pilot?)? = isMeasured ? { self.pilot($0, $1) } : nil
    return RunPlan(
      spec: spec, statuses: statuses, workers: 2, dataBytes: 100 << 20,
      pilot: known
    ) { key in
      var size = CellSize()
      (size.references, size.probes, size.comparisons) = (1_000, 4_000, 4_000_000)
      if key.preset != nil { (size.cohortRows, size.developmentRows) = (10_000, 1_000) }
      return size
    }
  }

  /// Half a second per MOTE enrolment after 20 s, a millisecond per traditional one, a microsecond per
  /// evaluated comparison; nothing of the official code's network could be measured.
  private func pilot(_ key: Cell, _ size: CellSize) -> Pilot? {
    var pilot = Pilot(size)
    pilot.evaluating = 1e-6
    switch key.preset {
    case nil: pilot.enrolling = 0.001
    case "paper": (pilot.preparing, pilot.enrolling) = (20, 0.5)
    default: return nil
    }
    return pilot
  }

  @Test func aPlanIsAlignedText() throws {
    let plan = try plan(["presets": "presets: [paper, official-code]"], cached: 1)
    #expect(
      plan.text == """
        plan of 'small'

        dataset  extractor  system                  repeat  references  comparisons  trainings          time  state
        Adience  ArcFace    traditional                  0       1,000    4,000,000          0             -  cached
        Adience  ArcFace    mote paper 0.5               0       1,000    4,000,000      1,000    8 min 44 s  to do: spec part 'training' changed
        Adience  ArcFace    mote official-code 0.5       0       1,000    4,000,000      1,000  not measured  to do: spec part 'training' changed

        units to do  2 of 3
        comparisons  8,000,000
        trainings    2,000
        time         more than 8 min 44 s on 2 free cores
        peak memory  173.8 MiB
        """)
  }

  @Test func withoutRatesNoTimeIsInvented() throws {
    let text = try plan(isMeasured: false).text
    #expect(text.contains("not calibrated"))
    #expect(!text.contains(" s "))
  }

  @Test func whatIsCachedCostsNothing() throws {
    let plan = try plan(cached: 2)
    #expect(plan.seconds == 0 && plan.peakBytes == 0 && plan.toDo.isEmpty)
    #expect(plan.text.contains("units to do  0 of 2"))
    #expect(plan.text.contains("time         none"))
  }

  @Test func timesFollowFromThePilots() throws {
    let plan = try plan()
    let (traditional, mote) = (plan.units[0].seconds, plan.units[1].seconds)
    #expect(abs(try #require(traditional) - (1 + 4)) < 1e-9)
    #expect(abs(try #require(mote) - (20 + 500 + 4)) < 1e-9)
    #expect(abs(plan.seconds - (5 + 524)) < 1e-9)
  }

  /// Densities are made once for all factors of a batch.
  @Test func factorsShareTheirPreparation() throws {
    let plan = try plan(["balancing_factors": "balancing_factors: [0.3, 0.5]"])
    #expect(plan.units.map(\.trainings) == [0, 1_000, 1_000])
    let seconds = plan.units.compactMap(\.seconds)
    #expect(seconds.count == 3 && abs(seconds[1] - seconds[2] - 20) < 1e-9)
  }

  @Test(arguments: [
    (0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (1_048_575, "1.0 MiB"),
    (3_250_586, "3.1 MiB"), (1_288_490_189, "1.2 GiB"),
  ])
  func bytesAreReadable(bytes: Int, text: String) {
    #expect(byteText(bytes) == text)
  }

  /// From files to counts: LFW-like data divided into halves, nothing on disk yet.
  @Test func aPlanOpensTheDataAndCounts() throws {
    let folder = try SpecFolder(
      [
        "spec.yaml": specText([
          "datasets": "datasets: {LFW: {files: {ArcFace: lfw.h5}}}",
          "evaluate": "evaluate: [LFW]",
          "partition":
            "partition: {within: {cohort: 0.4, development: 0.1, evaluation: 0.5}}",
        ])
      ], data: [])
    try FileManager.default.createDirectory(
      atPath: folder.path("data"), withIntermediateDirectories: true)
    var dataset = SyntheticDataset(name: "LFW", subjects: 40, rows: 200, seed: 1)
    dataset.dimension = 32
    dataset.identityDimensions = 16
    try dataset.write(to: folder.path("data/lfw.h5"))
    let spec = try folder.load()
    let results = folder.path("results")
    let plan = try RunPlan.make(for: spec, results: results, workers: 1, isCalibrated: false)
    #expect(plan.units.map(\.reason) == ["no record", "no record"])
    #expect(plan.units.map(\.trainings) == [0, 20])
    let size = plan.units[1].size
    #expect(size.references == 20 && size.dimension == 32)
    #expect(size.comparisons == 20 * size.probes)
    #expect(size.probes + size.cohortRows + size.developmentRows == 200)
    #expect(plan.peakBytes > 200 * 32 * 4)
    #expect(!FileManager.default.fileExists(atPath: results))

    // With a part of the work done it knows times, and still leaves nothing behind.
    let measured = try RunPlan.make(for: spec, results: results, workers: 1, pilotSeconds: 0.3)
    #expect(measured.units.allSatisfy { $0.seconds.map { $0 > 0 && $0.isFinite } ?? false })
    #expect(measured.units.map(\.trainings) == [0, 20] && measured.units.map(\.size).last == size)
    #expect(!measured.text.contains("not measured") && !measured.text.contains("more than"))
    #expect(!FileManager.default.fileExists(atPath: results))
  }

  /// What was measured on one dataset is carried over to another by rows, columns and targets.
  @Test func pilotsScaleWithTheData() {
    func size(_ references: Int, _ columns: Int, cohort: Int, epoch: Int, questions: Int)
      -> CellSize
    {
      var size = CellSize()
      (size.references, size.comparisons, size.gallery) = (references, references * columns, 20)
      (size.cohortRows, size.epochRows, size.questions) = (cohort, epoch, questions)
      return size
    }
    func scaled(epoch: Int, to otherEpoch: Int) -> Pilot {
      var pilot = Pilot(size(10, 100, cohort: 50, epoch: epoch, questions: 1))
      (pilot.preparing, pilot.enrolling, pilot.enrollingOwn) = (1, 2, 5)
      (pilot.evaluating, pilot.auditing) = (3, 4)
      return pilot.scaled(to: size(30, 220, cohort: 150, epoch: otherEpoch, questions: 2))
    }
    let trained = scaled(epoch: 100, to: 400)
    #expect([trained.preparing, trained.enrolling, trained.enrollingOwn] == [9, 8, 20])
    #expect([trained.evaluating, trained.auditing] == [3, 4 * 6])
    let compared = scaled(epoch: 0, to: 0)
    #expect([compared.preparing, compared.enrolling, compared.enrollingOwn] == [3, 4, 5])
  }

  /// The attacker's own references meet no probes, so they have a price of their own.
  @Test func ownReferencesArePricedApart() throws {
    let spec = try SpecFolder(["spec.yaml": specText()]).load()
    let plan = RunPlan(
      spec: spec, statuses: [:], workers: 1, dataBytes: 0,
      pilot: { _, size in
        var pilot = Pilot(size)
        (pilot.enrolling, pilot.enrollingOwn, pilot.auditing) = (2, 1, 7)
        return pilot
      }
    ) { _ in
      var size = CellSize()
      (size.references, size.ownReferences) = (10, 6)
      return size
    }
    #expect(plan.units.map(\.seconds) == [33, 33] && plan.units.map(\.trainings) == [0, 16])
  }

  @Test func pointsOnALineAreExtrapolated() {
    #expect(extrapolated(to: 130, from: (1, 3), (2, 5)) == 261)
    #expect(extrapolated(to: 200, from: (0, 2), (20, 1)) == 1)
    #expect(extrapolated(to: 0, from: (0, 2), (0, 3)) == 3)
  }
}
