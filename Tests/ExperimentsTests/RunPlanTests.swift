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
    let units = spec.cells().enumerated().map { index, key in
      RunPlan.Unit(
        key, reason: index < cached ? nil : "spec part 'training' changed", size: size(of: key))
    }
    return RunPlan(
      spec: spec, units: units, workers: 2, dataBytes: 100 << 20,
      pilot: isMeasured ? { self.pilot($0) } : nil)
  }

  private func size(of key: Cell) -> CellSize {
    var size = CellSize()
    (size.references, size.comparisons) = (1_000, 4_000_000)
    if key.preset != nil { (size.cohortRows, size.developmentRows) = (10_000, 1_000) }
    return size
  }

  /// Half a second per MOTE enrolment after 20 s, a millisecond per traditional one, a microsecond per
  /// evaluated comparison; nothing of the official code's network could be measured.
  private func pilot(_ key: Cell) -> Pilot? {
    var pilot = Pilot(size(of: key))
    pilot.evaluating = 4
    switch key.preset {
    case nil: pilot.enrolling = 1
    case "paper": (pilot.preparing, pilot.enrolling) = (20, 500)
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

        units to do    2 of 3
        comparisons    8,000,000
        trainings      2,000
        time           more than 8 min 44 s on 2 free cores
        peak memory    173.8 MiB
        a repeat more  2,000 trainings, not measured
        """)
  }

  /// Readings of equal settings are one training; another repeat trains all configurations again.
  @Test func aPlanCountsReadingsAndTellsWhatARepeatMoreCosts() throws {
    let plan = try plan([
      "readings": """
      readings:
        bases: [paper]
        switches:
          horizon: {"12": {training: {epochs: 12}}, "30": {training: {epochs: 30}}}
          decision: {paper: {convention: paper-compatible}}
      """
    ])
    #expect(plan.units.map(\.trainings) == [0, 1_000, 1_000, 1_000])
    #expect(plan.repeatMore == RunPlan.RepeatCost(trainings: 3_000, seconds: nil))
    #expect(
      plan.text.contains("\nreadings       4, which share 3 configurations\n"), "\(plan.text)")
    let alone = try self.plan(cached: 2)
    #expect(alone.repeatMore == RunPlan.RepeatCost(trainings: 1_000, seconds: 5 + 504))
    #expect(alone.text.hasSuffix("a repeat more  1,000 trainings, 8 min 29 s"), "\(alone.text)")
  }

  /// Shards prepare for themselves, share the enrolments unit by unit, and leave evaluation to the merge.
  @Test func aPlanOfShardsTellsTheTimeOfEachAndOfMerging() throws {
    let spec = try SpecFolder(["spec.yaml": specText()]).load()
    let units = spec.cells().map { RunPlan.Unit($0, reason: "no record", size: size(of: $0)) }
    let plan = RunPlan(spec: spec, units: units, workers: 2, shards: 5, dataBytes: 0) {
      guard var pilot = self.pilot($0) else { return nil }
      if $0.preset != nil { (pilot.enrollingError, pilot.enrolled) = (0.1, 9) }
      return pilot
    }
    // 1,000 references are 31 units of 32 and one of 8. Of the cell that trains, dealt from the second
    // shard on, that shard has seven units; of the traditional one six and the last.
    let division = try #require(plan.division)
    #expect(abs(division.shardSeconds - (20 + 500 * 0.224 + 1 * 0.2)) < 1e-9)
    #expect(abs(division.mergeSeconds - 8) < 1e-9)
    #expect(abs(plan.secondsError - 50) < 1e-9 && plan.enrolled == 9)
    #expect(
      plan.text.contains(
        """
        time           8 min 49 s on 2 free cores
        within         7 min 9 s to 10 min 29 s: two standard errors, epochs of 9 people
        5 shards       at most 2 min 12 s each on 2 free cores of its own, then 8.0 s for merging
        """), "\(plan.text)")
  }

  /// More shards than units: the one with a unit of training decides.
  @Test func moreShardsThanUnitsTakeAsLongAsAUnit() throws {
    let spec = try SpecFolder(["spec.yaml": specText()]).load()
    let units = spec.cells().map { RunPlan.Unit($0, reason: "no record", size: size(of: $0)) }
    let plan = RunPlan(
      spec: spec, units: units, workers: 2, shards: 1_000, dataBytes: 0, pilot: pilot)
    #expect(abs(plan.division!.shardSeconds - (20 + 500 * 0.032 + 1 * 0.032)) < 1e-9)
  }

  @Test func whatAnInterruptedRunHasScoredIsNotPlannedAgain() throws {
    let spec = try SpecFolder(["spec.yaml": specText()]).load()
    let units = spec.cells().map {
      RunPlan.Unit(
        $0, reason: "no record", size: size(of: $0), scored: $0.preset == nil ? 0 : 250)
    }
    let plan = RunPlan(spec: spec, units: units, workers: 2, dataBytes: 0, pilot: pilot)
    #expect(plan.units.map(\.trainings) == [0, 750])
    #expect(abs(plan.units[1].seconds! - (20 + 500 * 0.75 + 4)) < 1e-9)
    #expect(plan.text.contains("to do: no record; 250 of 1,000 references are scored"))
  }

  @Test func withoutRatesNoTimeIsInvented() throws {
    let text = try plan(isMeasured: false).text
    #expect(text.contains("not calibrated"))
    #expect(!text.contains(" s "))
  }

  @Test func whatIsCachedCostsNothing() throws {
    let plan = try plan(cached: 2)
    #expect(plan.seconds == 0 && plan.peakBytes == 0 && plan.toDo.isEmpty)
    #expect(plan.text.contains("units to do    0 of 2"))
    #expect(plan.text.contains("time           none"))
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
    #expect(size.comparisons == 20 * (200 - size.cohortRows - size.developmentRows))
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
      (size.ownReferences, size.cohortRows) = (10, cohort)
      (size.epochRows, size.questions) = (epoch, questions)
      return size
    }
    /// The whole seconds of a cell, and those of its parts: preparing, enrolling, own references,
    /// evaluating, auditing.
    func scaled(epoch: Int, to otherEpoch: Int) -> [Double] {
      let other = size(30, 220, cohort: 150, epoch: otherEpoch, questions: 2)
      let parts: [WritableKeyPath<Pilot, Double>] = [
        \.preparing, \.enrolling, \.enrollingOwn, \.evaluating, \.auditing,
      ]
      return parts.map { part in
        var pilot = Pilot(size(10, 100, cohort: 50, epoch: epoch, questions: 1))
        pilot[keyPath: part] = 1
        return pilot.cost(of: other, passes: 2, prepares: true).seconds
      }
    }
    let trained: [Double] = [9, 24, 8, 6.6, 6]
    #expect(scaled(epoch: 100, to: 400) == trained)
    let compared: [Double] = [3, 12, 2, 6.6, 6]
    #expect(scaled(epoch: 0, to: 0) == compared)
  }

  /// The attacker's own references meet no probes, so they have a price of their own.
  @Test func ownReferencesArePricedApart() throws {
    let spec = try SpecFolder(["spec.yaml": specText()]).load()
    var size = CellSize()
    (size.references, size.ownReferences) = (10, 6)
    var pilot = Pilot(size)
    (pilot.enrolling, pilot.enrollingOwn, pilot.auditing) = (20, 6, 7)
    let plan = RunPlan(
      spec: spec, units: spec.cells().map { RunPlan.Unit($0, reason: "no record", size: size) },
      workers: 1, dataBytes: 0
    ) { _ in pilot }
    #expect(plan.units.map(\.seconds) == [33, 33] && plan.units.map(\.trainings) == [0, 16])
  }
}
