import Biometrics
import Foundation
import Kernels
import MOTE

/// The score matrix of the benchmark with its labels.
///
/// - Parameter ownSamples: references meet their own sample as a self trial, as in an experiment;
///   false: as an ordinary mated comparison, as the peers' data have it.
private func benchmarkTrials(inputs: URL, ownSamples: Bool) throws -> TrialSet {
  let scores = try BenchmarkInput.scores.matrix(in: inputs)
  let layout = LFWLayout()
  let references = scores.rows / LFWLayout.images
  return TrialSet(
    strata: [
      TrialStratum(
        blocks: [
          ScoreMatrix(
            base: UnsafePointer(scores.base), rows: references, columns: LFWLayout.images,
            owner: scores)
        ],
        referenceSubject: (0..<references).map { Int32($0) },
        probeSubject: layout.subjectOfImage,
        ownColumn: (0..<references).map { ownSamples ? layout.firstImage[$0] : -1 })
    ],
    // A quarter of the subjects in the second group, about as in LFW.
    subjectGroup: (0..<LFWLayout.subjects).map { $0 % 4 == 3 ? 1 : 0 })
}

/// Our FNMR at FMR 1e-3 and nothing else, in one streaming pass.
package struct OurOperatingPoint: ContestantServer.Work {
  private let trials: TrialSet
  private let threads: Int

  package init(inputs: URL, threads: Int) throws {
    trials = try benchmarkTrials(inputs: inputs, ownSamples: false)
    self.threads = threads
  }

  /// Finds the point; the result is the FNMR.
  package mutating func run() throws -> ContestantServer.Done {
    let point = try operatingPoint(atFMR: 1e-3, of: trials, workers: threads)
    let comparisons = trials.strata.reduce(0) {
      $0 + $1.referenceSubject.count * $1.probeSubject.count
    }
    return ContestantServer.Done(work: comparisons, identities: 1, result: point.fnmr)
  }
}

/// Our evaluation of a score matrix: FNMR at FMR 1e-3 and everything else that the same passes give
/// (ROC, AUC, EER, accuracies, rates per group), with or without the subject bootstrap.
package struct OurEvaluation: ContestantServer.Work {
  private let trials: TrialSet
  private let request: EvaluationRequest
  private let repeats: Int
  private let work: Int

  /// - Parameters:
  ///   - replicates: of the subject bootstrap; 0: none, and references meet their own sample as the
  ///     peers' data have it; with a bootstrap they do not, as in an experiment.
  ///   - repeats: trainings of the same people, each evaluated and all pooled; the scores are the same
  ///     ones again, which take as long as others.
  package init(inputs: URL, replicates: Int, repeats: Int = 1, threads: Int) throws {
    self.repeats = repeats
    trials = try benchmarkTrials(inputs: inputs, ownSamples: replicates > 0)
    let subjects = LFWLayout.subjects
    let draws = BootstrapDraws(replicates: replicates) { replicate, into in
      var random = CounterRNG(seed: 1, purpose: .bootstrap, subject: UInt32(replicate))
      into.update(repeating: 0)
      for _ in 0..<subjects { into[random.index(below: subjects)] += 1 }
    }
    request = EvaluationRequest(
      conventions: [.default], targets: [1e-3], bootstrap: replicates > 0 ? draws : nil,
      workers: threads)
    let references = trials.strata[0].referenceSubject.count
    work = replicates > 0 ? replicates : references * LFWLayout.images
  }

  /// Evaluates every repeat and pools them; the result is the FNMR.
  package mutating func run() throws -> ContestantServer.Done {
    let evaluations = try (0..<repeats).map { _ in try evaluate(trials, request).measurements }
    let pooled = evaluations[0].indices.map { i in
      RepeatedMeasurement(evaluations.map { $0[i] })
    }
    let rate = zip(evaluations[0], pooled).first { measured, _ in
      measured.quantity == .fnmr && measured.group == "all" && measured.target == 1e-3
    }
    return ContestantServer.Done(work: work, identities: 1, result: rate?.1?.value)
  }
}

/// Our search of the KDE bandwidth.
package struct OurBandwidth: ContestantServer.Work {
  private let rows: [Double]
  private let n: Int
  private let threads: Int

  package init(inputs: URL, rows n: Int, threads: Int) throws {
    let residuals = try BenchmarkInput.residuals.matrix(in: inputs, rows: n)
    rows = (0..<n * benchmarkDimension).map { Double(residuals.base[$0]) }
    self.n = n
    self.threads = threads
  }

  /// Searches; the result is the best mean fold likelihood.
  package mutating func run() throws -> ContestantServer.Done {
    let search = BandwidthSearch(rows: rows, n: n, d: benchmarkDimension, workers: threads)
    return ContestantServer.Done(
      work: n, identities: 1, result: search.meanScores[search.bestIndex])
  }
}
