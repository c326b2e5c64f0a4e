import Benchmark
import Foundation
import Kernels
import MOTE
import TestSupport
import Testing

/// Our side of each workload does the work it says and computes what an independent loop computes.
@Suite struct OurContestantTests {
  /// A folder with some inputs of the quick scale; the caller removes it.
  private func inputs(_ inputs: BenchmarkInput...) throws -> URL {
    let folder = try temporaryFolder("benchmark-inputs")
    for input in inputs { try input.write(to: folder, .quick) }
    return folder
  }

  @Test func inputsAreUnitVectorsAroundCentroids() throws {
    let folder = try inputs(.references, .residuals)
    defer { try? FileManager.default.removeItem(at: folder) }
    let references = try BenchmarkInput.references.matrix(in: folder)
    #expect(references.rows == 64)
    func dot(_ a: Int, _ b: Int) -> Double {
      zip(references[row: a], references[row: b]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    for i in 0..<64 { #expect(abs(dot(i, i) - 1) < 1e-5) }
    // Mated cosine 1 / (1 + 0.73^2) = 0.65; others near 0 (s.d. 0.044).
    let mated = (0..<16).map { dot(4 * $0, 4 * $0 + 1) }.reduce(0, +) / 16
    #expect(abs(mated - 0.652) < 0.03)
    #expect(abs(dot(0, 4)) < 0.25)
    // Residuals of one identity sum to zero.
    let residuals = try BenchmarkInput.residuals.matrix(in: folder)
    for k in 0..<512 {
      let sum = (0..<4).reduce(Float(0)) { $0 + residuals[row: $1][k] }
      #expect(abs(sum) < 1e-5)
    }
  }

  @Test func aShortInputIsNamed() throws {
    let folder = try inputs(.references)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = BenchmarkInput.references.url(in: folder)
    #expect(
      throws: BenchmarkError.badInput(file: url.path, found: 131_072, expected: 133_120)
    ) { try BenchmarkInput.references.matrix(in: folder, rows: 65) }
  }

  @Test func trainingCountsItsSamplesAndDoesNotDependOnThreads() throws {
    let folder = try inputs(.cohort, .residuals, .references)
    defer { try? FileManager.default.removeItem(at: folder) }
    let done = try [1, 2].map { threads in
      var training = try OurTraining(
        inputs: folder, hiddenWidths: [128, 64], cohortRows: 300, epochs: 2, persons: 3,
        threads: threads)
      return try training.run()
    }
    #expect(done[0] == done[1])
    #expect(done[0].work == 3 * 2 * 450)
    #expect(done[0].identities == 3)
    // Untrained, the loss is log 2; two epochs must have lowered it.
    let loss = try #require(done[0].result)
    #expect(loss > 0 && loss < 0.69)
  }

  @Test func scoringCountsScores() throws {
    let folder = try inputs(.probes)
    defer { try? FileManager.default.removeItem(at: folder) }
    let done = try [1, 2].map { threads in
      var scoring = try OurScoring(
        inputs: folder, references: 11, probes: 37, threads: threads)
      return try scoring.run()
    }
    #expect(done[0] == done[1])
    #expect(done[0].work == 11 * 37)
    #expect(done[0].identities == 11)
    #expect(done[0].result != 0)
  }

  @Test func searchesCountProbesAndDoNotDependOnThreadsOrBatches() throws {
    let folder = try inputs(.cohort, .residuals, .references, .probes)
    defer { try? FileManager.default.removeItem(at: folder) }
    func search(
      _ threads: Int, batch: Int, _ precision: String = "float32",
      purpose: OurSearch.Purpose = .scores
    ) throws -> ContestantServer.Done {
      var search = try OurSearch(
        inputs: folder, people: 33, precisionName: precision, probes: 4, batch: batch,
        threads: threads, purpose: purpose)
      return try search.run()
    }
    let done = try search(1, batch: 4)
    #expect(done.work == 33 * 4 && done.identities == 4)
    #expect(try search(2, batch: 4) == done)
    let readings = try [1, 2].map { try search($0, batch: 1, purpose: .reading) }
    #expect(readings[0].work == 33 * 4 && readings[0] == readings[1])
    // One after the other the highest score of each probe counts; a lower precision changes it little.
    let single = try #require(try search(2, batch: 1).result)
    let int8 = try #require(try search(2, batch: 1, "int8").result)
    #expect(single != int8 && abs(single - int8) < 2)
    #expect(throws: BenchmarkError.self) { try search(1, batch: 1, "int4") }
  }

  @Test func cosinesFindTheHighestOfEachProbe() throws {
    let folder = try inputs(.cohort, .probes)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (people, probes) = (2_100, 6)
    let gallery = try BenchmarkInput.cohort.matrix(in: folder, rows: people)
    let x = try BenchmarkInput.probes.matrix(in: folder, rows: probes)
    var expected = 0.0
    for p in 0..<probes {
      expected += (0..<people).map { r in
        zip(x[row: p], gallery[row: r]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }.max()!
    }
    for (threads, batch) in [(1, 1), (2, 3), (2, 6)] {
      var cosines = try OurCosines(
        inputs: folder, people: people, probes: probes, batch: batch, threads: threads)
      let done = cosines.run()
      #expect(abs(done.result! - expected / Double(probes)) < 1e-6)
      #expect(done.work == people * probes && done.identities == probes)
    }
  }

  @Test func evaluationGivesTheRateOfSortedScores() throws {
    let folder = try inputs(.scores, .mated)
    defer { try? FileManager.default.removeItem(at: folder) }
    let scores = try BenchmarkInput.scores.matrix(in: folder)
    let positions = LFWLayout().matedPositions(references: BenchmarkInput.references(.quick))
    #expect(positions.count == BenchmarkInput.mated.count(.quick))
    var isMated = [Bool](repeating: false, count: scores.rows)
    for position in positions { isMated[Int(position)] = true }
    let nonMated = (0..<scores.rows).filter { !isMated[$0] }.map { scores.base[$0] }
      .sorted(by: >)
    // The first non-mated score that must not match, and the mated ones it takes with it.
    let bar = nonMated[Int((1e-3 * Double(nonMated.count)).rounded(.down))]
    let missed = positions.count { scores.base[Int($0)] <= bar }
    var evaluation = try OurEvaluation(inputs: folder, replicates: 0, threads: 2)
    let done = try evaluation.run()
    let rate = try #require(done.result)
    #expect(abs(rate - Double(missed) / Double(positions.count)) < 1e-15)
    #expect(done.work == scores.rows)
    var point = try OurOperatingPoint(inputs: folder, threads: 2)
    #expect(try point.run() == done)
    var bootstrap = try OurEvaluation(inputs: folder, replicates: 3, threads: 1)
    let once = try bootstrap.run()
    #expect(once.work == 3)
    // Three trainings alike have the rate of one.
    var repeated = try OurEvaluation(inputs: folder, replicates: 3, repeats: 3, threads: 1)
    #expect(abs(try repeated.run().result! - once.result!) < 1e-15)
  }

  @Test func theLayoutHasTheSizeOfLFW() {
    let layout = LFWLayout()
    #expect(layout.subjectOfImage.count == 13_233)
    #expect(Set(layout.subjectOfImage).count == 5_749)
    var counts = [Int](repeating: 0, count: 5_749)
    for subject in layout.subjectOfImage { counts[Int(subject)] += 1 }
    #expect(counts.count { $0 == 1 } == 4_069)
    for (subject, first) in layout.firstImage.enumerated() {
      #expect(layout.subjectOfImage[Int(first)] == Int32(subject))
    }
    let positions = layout.matedPositions(references: 5_749)
    #expect(positions.count == 13_233)
    #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func bandwidthSearchGivesTheLikelihoodOfANaiveLoop() throws {
    let folder = try inputs(.residuals)
    defer { try? FileManager.default.removeItem(at: folder) }
    let n = 23
    let x = try BenchmarkInput.residuals.matrix(in: folder, rows: n)
    let bounds = BandwidthSearch.foldBounds(n: n, folds: 5)
    var best = -Double.infinity
    for h in BandwidthSearch.candidates {
      var total = 0.0
      for fold in bounds {
        let rest = (0..<n).filter { !fold.contains($0) }
        for i in fold {
          let exponents = rest.map { j in
            -zip(x[row: i], x[row: j]).reduce(0.0) {
              $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
            } / (2 * h * h)
          }
          let top = exponents.max()!
          total += top + log(exponents.reduce(0) { $0 + exp($1 - top) })
          total -= log(Double(rest.count)) + 512 * log(h) + 256 * log(2 * .pi)
        }
      }
      best = max(best, total / 5)
    }
    var search = try OurBandwidth(inputs: folder, rows: n, threads: 2)
    let found = try #require(try search.run().result)
    #expect(abs(found / best - 1) < 1e-9)
  }

  @Test func denseProductsCountLikeTheTaskTheyBound() {
    var training = DenseProductsAlone(
      hiddenWidths: [128, 64, 16], isTraining: true, samples: 300, networks: 2)
    #expect(training.run() == ContestantServer.Done(work: 600, identities: 2))
    var scoring = DenseProductsAlone(
      hiddenWidths: [128, 64], isTraining: false, samples: 1500, networks: 1)
    #expect(scoring.run() == ContestantServer.Done(work: 1500, identities: 1))
  }
}
