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
  private let rates = CalibratedRates(
    trainingRows: 500_000, networkRows: 800_000, parameters: 73_985, cosineScores: 50_000_000,
    evaluatedScores: 10_000_000, bootstrapScores: 1_000_000_000)

  private func plan(_ changes: [String: String] = [:], cached: Int = 0, rates: CalibratedRates?)
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
    return RunPlan(
      spec: spec, statuses: statuses, rates: rates, workers: 2, dataBytes: 100 << 20
    ) { key in
      CellSize(
        references: 1_000, probes: 4_000, comparisons: 4_000_000,
        cohortRows: key.preset == nil ? 0 : 10_000, developmentRows: key.preset == nil ? 0 : 1_000)
    }
  }

  @Test func aPlanIsAlignedText() throws {
    let plan = try plan(["presets": "presets: [paper, official-code]"], cached: 1, rates: rates)
    #expect(
      plan.text == """
        plan of 'small'

        dataset  extractor  system                  repeat  references  comparisons  trainings         time  state
        Adience  ArcFace    traditional                  0       1,000    4,000,000          0            -  cached
        Adience  ArcFace    mote paper 0.5               0       1,000    4,000,000      1,000  34 min 56 s  to do: spec part 'training' changed
        Adience  ArcFace    mote official-code 0.5       0       1,000    4,000,000      1,000  32 min 21 s  to do: spec part 'training' changed

        units to do  2 of 3
        comparisons  8,000,000
        trainings    2,000
        time         at most 1 h 7 min on 2 cores, less where training stops early
        peak memory  173.8 MiB
        """)
  }

  @Test func withoutRatesNoTimeIsInvented() throws {
    let text = try plan(rates: nil).text
    #expect(text.contains("not calibrated"))
    #expect(!text.contains(" s "))
  }

  @Test func whatIsCachedCostsNothing() throws {
    let plan = try plan(cached: 2, rates: rates)
    #expect(plan.seconds == 0 && plan.peakBytes == 0 && plan.toDo.isEmpty)
    #expect(plan.text.contains("units to do  0 of 2"))
    #expect(plan.text.contains("time         none"))
  }

  /// 1,000 subjects x (10,000 cohort + 10,000 synthetic rows) x 100 epochs at 500,000 rows a second
  /// and core are 4,000 core-seconds; 1,500 validation rows x 100 epochs at 800,000 are 187.5; 4
  /// million scores are 5 to compare and 0.4 to evaluate.
  @Test func timesFollowFromTheRates() throws {
    let plan = try plan(rates: rates)
    let mote = try #require(plan.units.last)
    #expect(abs(mote.coreSeconds - (4_000 + 187.5 + 5 + 0.4)) < 1e-9)
    #expect(abs(plan.units[0].coreSeconds - (0.08 + 0.4)) < 1e-9)
    #expect(abs(plan.seconds - (mote.coreSeconds + plan.units[0].coreSeconds) / 2) < 1e-9)
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

    // With enrolments of its own data it knows how soon training stops.
    let measured = try RunPlan.make(for: spec, results: results, workers: 1, pilotSeconds: 0.3)
    #expect(measured.units[1].coreSeconds > 0 && measured.seconds.isFinite)
    #expect(!measured.units[1].isUpperBound && !measured.text.contains("at most"))
    #expect(measured.units[1].coreSeconds > measured.units[0].coreSeconds)
    #expect(!FileManager.default.fileExists(atPath: results))
  }

  /// How fast is not asked: that is the machine's, and its load's.
  @Test func everyRateOfThisMachineIsPositiveAndTheNetworkIsCounted() throws {
    let rates = try CalibratedRates.measured(
      dimension: 64, conventions: [EvaluationConvention(name: "own", selfTrials: .excluded)])
    #expect(rates.parameters == 64 * 128 + 128 + 128 * 64 + 64 + 64 + 1)
    for rate in [
      rates.trainingRows, rates.networkRows, rates.cosineScores, rates.evaluatedScores,
      rates.bootstrapScores,
    ] {
      #expect(rate.isFinite && rate > 0)
    }
  }
}
