import Biometrics
import Datasets
import Experiments
import Foundation
import Records
import SpecFiles
import Specs
import TestSupport
import Testing

/// Scores for other programs.
@Suite struct ScoreExportTests {
  /// What reached a sink.
  private final class Sink: ScoreSink {
    var folds: [ScoredFold] = []
    var scores: [[[Float]]] = []
    var isFinished = false

    func begin(_ fold: ScoredFold) {
      folds.append(fold)
      scores.append([])
    }
    func write(_ block: ScoreMatrix, rows: Range<Int>) {
      #expect(rows.lowerBound == scores[scores.count - 1].count && rows.count == block.rows)
      for i in 0..<block.rows { scores[scores.count - 1].append(Array(block[row: i])) }
    }
    func finish() { isFinished = true }
  }

  private func experiment(factors: String = "[0.5]") throws -> (
    folder: String, spec: ExperimentSpec
  ) {
    let folder = try temporaryFolder().path
    var data = SyntheticDataset(name: "Tiny", subjects: 60, rows: 180, seed: 5)
    data.dimension = 32
    data.identityDimensions = 16
    try data.write(to: "\(folder)/tiny.h5")
    let text = """
      name: scores
      title: Scores
      outputs: [table2]
      datasets: {Tiny: {files: {ArcFace: tiny.h5}}}
      data: \(folder)
      extractors: [ArcFace]
      evaluate: [Tiny]
      partition: {within: {cohort: 0.6, development: 0.4, folds: 2}}
      presets: [paper]
      training: {epochs: 3, hidden_widths: [8, 4], batch_size: 32}
      kde: {bandwidth: 0.05}
      balancing_factors: \(factors)
      operating_points: [5e-2]
      bootstrap: {replicates: 0}
      seed: 3
      """
    let path = "\(folder)/scores.yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return (folder, try ExperimentSpec.load(path, environment: [:]))
  }

  private func export(
    _ spec: ExperimentSpec, _ cell: String?, workers: Int = 1, to sink: any ScoreSink
  ) throws -> ScoreExport.Summary {
    try ScoreExport(spec, workers: workers, interruption: Interruption(), report: { _ in })
      .export(cell) { _ in sink }
  }

  @Test(arguments: ["Tiny_ArcFace_traditional_r0", "Tiny_ArcFace_mote_paper_f0.5_r0"])
  func exportedScoresGiveTheErrorsOfTheRecord(_ cell: String) throws {
    let (folder, spec) = try experiment()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let results = "\(folder)/results"
    _ = try Runner(
      spec, options: RunOptions(results: results, workers: 1), interruption: Interruption(),
      report: { _ in }
    ).run()
    let record: EvaluationRecord = try RecordFolder.read("\(results)/scores/records/\(cell).json")
    let (sink, other) = (Sink(), Sink())
    let summary = try export(spec, cell, to: sink)
    _ = try export(spec, cell, workers: 2, to: other)
    #expect(sink.scores == other.scores)
    #expect(sink.isFinished && sink.folds.map(\.number) == [0, 1])
    #expect(summary.cell.slug == cell && summary.isSynthetic)
    #expect(summary.mated == record.counts.matedComparisons)
    #expect(summary.nonMated == record.counts.nonMatedComparisons)
    let point = try #require(
      record.measurements.first {
        $0.quantity == .fnmr && $0.group == "all" && $0.convention == "default"
      })
    let threshold = try #require(point.threshold)
    var rejected = 0
    for (fold, rows) in zip(sink.folds, sink.scores) {
      for (reference, row) in rows.enumerated() {
        for (probe, score) in row.enumerated()
        where fold.isMated(reference, probe) && probe != Int(fold.ownColumns[reference]) {
          if Double(score) <= threshold { rejected += 1 }
          #expect(fold.references[reference].identity == fold.probes[probe].identity)
        }
      }
    }
    #expect(rejected == point.numerator)
  }

  @Test func listsLeaveOwnSamplesOutUnlessTheyAreWanted() throws {
    let (folder, spec) = try experiment()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cell = "Tiny_ArcFace_traditional_r0"
    func lines(_ path: String) throws -> [Substring] {
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    }
    var found: [Bool: (summary: ScoreExport.Summary, bob: Int, genuine: Int, impostor: Int)] = [:]
    for withSelf in [false, true] {
      let summary = try export(
        spec, cell, to: ScoreFormat.bob.sink("\(folder)/out/s", withSelf: withSelf))
      _ = try export(
        spec, cell, to: ScoreFormat.pyeer.sink("\(folder)/out/s", withSelf: withSelf))
      let bob = try lines("\(folder)/out/s.csv")
      #expect(
        bob[0]
          == "probe_subject_id,probe_key,probe_gender,bio_ref_subject_id,bio_ref_key,bio_ref_gender,fold,score"
      )
      #expect(bob.allSatisfy { $0.split(separator: ",").count == 8 })
      found[withSelf] = (
        summary, bob.count - 1, try lines("\(folder)/out/s-genuine.txt").count,
        try lines("\(folder)/out/s-impostor.txt").count
      )
    }
    let (plain, whole) = (found[false]!, found[true]!)
    #expect(plain.bob == plain.summary.mated + plain.summary.nonMated)
    #expect(plain.genuine == plain.summary.mated && plain.impostor == plain.summary.nonMated)
    let references = whole.genuine - plain.genuine
    #expect(references > 0 && whole.bob == plain.bob + references)
    #expect(whole.impostor == plain.impostor)
  }

  @Test func aCellThatIsNotThereOrNotNamedIsAnErrorThatListsThem() throws {
    let (folder, spec) = try experiment(factors: "[0.25, 0.75, per_subject]")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let known = [
      "Tiny_ArcFace_traditional_r0", "Tiny_ArcFace_mote_paper_f0.25_r0",
      "Tiny_ArcFace_mote_paper_f0.75_r0",
    ]
    #expect(throws: ScoreExportError.whichCell(known: known)) {
      try export(spec, nil, to: Sink())
    }
    #expect(throws: ScoreExportError.unknownCell("x", known: known)) {
      try export(spec, "x", to: Sink())
    }
    let choosing = try #require(spec.evaluatedCells().first { $0.choosesFactor }).slug
    #expect(throws: ScoreExportError.choosesFactor(choosing)) {
      try export(spec, choosing, to: Sink())
    }
  }
}
