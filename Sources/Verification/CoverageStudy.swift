// Whether the intervals hold what they promise: scores with a known truth, evaluated as a run would
// evaluate them, many times over. Letters: s subjects, k images each (the first is the reference), g
// group of a subject.
//
//   mated score of image j of subject i        mu_g + a_i + e_ij
//   non-mated score of reference i, probe jk   nu + b_i + c_j + e_ijk,   nu by the groups of i and j
//   all effects normal; a, b, c belong to subjects, so comparisons of a subject are dependent
//
// The truth is the population's: the threshold t at which the mean FMR over all pairs is the target,
// and the rates and measures at t. A second system has the same kind of scores, its subject effects
// correlated with those of the first.

import Biometrics
import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Scores of two systems with a known truth.
package struct CoverageScenario: Sendable {
  package var name: String
  /// Mean mated score of males and females, by system.
  package var matedMeans: [[Double]]
  /// Mean non-mated score of two males, two females, a male and a female.
  package var nonMatedMeans: (male: Double, female: Double, mixed: Double)
  /// Subjects, half of each group.
  package var subjects = 120
  package var images = 4
  package var target = 0.01

  package init(
    name: String, matedMeans: [[Double]],
    nonMatedMeans: (male: Double, female: Double, mixed: Double)
  ) {
    self.name = name
    self.matedMeans = matedMeans
    self.nonMatedMeans = nonMatedMeans
  }

  /// Groups that differ in both rates; the second system is fairer and better.
  package static let unequal = CoverageScenario(
    name: "unequal groups", matedMeans: [[3.9, 3.3], [4.1, 3.7]],
    nonMatedMeans: (male: 0, female: 0.3, mixed: -0.3))

  /// Groups that differ alike in both systems: every verdict is a false alarm.
  package static let equalSystems = CoverageScenario(
    name: "equal systems", matedMeans: [[3.9, 3.3], [3.9, 3.3]],
    nonMatedMeans: (male: 0, female: 0.3, mixed: -0.3))

  /// Equal groups: FDR and iGARBE are 1, at the edge of what they can be. Two sampled rates are never
  /// quite equal, so no interval of theirs holds 1; those of rates and differences do hold.
  package static let equalGroups = CoverageScenario(
    name: "equal groups", matedMeans: [[3.6, 3.6], [3.6, 3.6]],
    nonMatedMeans: (male: 0, female: 0, mixed: -0.3))

  /// Variances of subject effects and of the rest; both kinds of score have variance 1.
  private static let matedSubject = 0.4
  private static let nonMatedSubject = 0.1
  /// Correlation of the subject effects of the two systems.
  private static let correlation = 0.8

  // MARK: - Truth

  /// Quantity ("fnmr male", "fdr", …) to its value in the population, of one system.
  package func truth(system: Int) -> [String: Double] {
    let half = Double(subjects) / 2
    let same = half * (half - 1)
    let all = Double(subjects) * (Double(subjects) - 1)
    func fmr(_ t: Double) -> Double {
      (same * upper(t - nonMatedMeans.male) + same * upper(t - nonMatedMeans.female)
        + (all - 2 * same) * upper(t - nonMatedMeans.mixed)) / all
    }
    var (low, high) = (-10.0, 10.0)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if fmr(middle) > target { low = middle } else { high = middle }
    }
    let fnmr = matedMeans[system].map { 1 - upper(high - $0) }
    let fmrs = [upper(high - nonMatedMeans.male), upper(high - nonMatedMeans.female)]
    return [
      "fnmr": (fnmr[0] + fnmr[1]) / 2, "fnmr male": fnmr[0], "fnmr female": fnmr[1],
      "fmr male": fmrs[0], "fmr female": fmrs[1],
      "fdr": 1 - (abs(fmrs[0] - fmrs[1]) + abs(fnmr[0] - fnmr[1])) / 2,
      "igarbe": 1 - (giniCoefficient(fmrs) + giniCoefficient(fnmr)) / 2,
    ]
  }

  /// Share of a standard normal distribution above x.
  private func upper(_ x: Double) -> Double { 0.5 * erfc(x / 2.0.squareRoot()) }

  // MARK: - Scores

  /// Comparisons of both systems, drawn by seed.
  func trials(seed: UInt64) -> [TrialSet] {
    let (s, k) = (subjects, images)
    func normals(_ count: Int, _ stream: UInt32) -> [Double] {
      var rng = CounterRNG(seed: seed, purpose: .syntheticDataset, subject: stream)
      return (0..<count).map { _ in
        (-2 * log(1 - rng.uniform())).squareRoot() * cos(2 * .pi * rng.uniform())
      }
    }
    let shared = normals(3 * s, 1)
    return matedMeans.indices.map { system in
      let stream = UInt32(10 * (system + 1))
      let own = normals(3 * s, stream)
      let rho = Self.correlation.squareRoot()
      let rest = (1 - Self.correlation).squareRoot()
      let effects = zip(shared, own).map { rho * $0 + rest * $1 }
      let noise = normals(s * s * k, stream + 1)
      var scores = [Float](repeating: 0, count: s * s * k)
      for i in 0..<s {
        for j in 0..<s {
          for image in 0..<k {
            let place = i * s * k + j * k + image
            if i == j {
              scores[place] = Float(
                matedMeans[system][i % 2] + Self.matedSubject.squareRoot() * effects[i]
                  + (1 - Self.matedSubject).squareRoot() * noise[place])
            } else {
              let mean =
                i % 2 != j % 2
                ? nonMatedMeans.mixed : i % 2 == 0 ? nonMatedMeans.male : nonMatedMeans.female
              scores[place] = Float(
                mean + Self.nonMatedSubject.squareRoot() * (effects[s + i] + effects[2 * s + j])
                  + (1 - 2 * Self.nonMatedSubject).squareRoot() * noise[place])
            }
          }
        }
      }
      return TrialSet(
        strata: [
          TrialStratum(
            blocks: [ScoreBlock(scores: scores, rows: s, columns: s * k)],
            referenceSubject: (0..<Int32(s)).map { $0 },
            probeSubject: (0..<Int32(s * k)).map { $0 / Int32(k) },
            ownColumn: (0..<Int32(s)).map { $0 * Int32(k) })
        ], subjectGroup: (0..<s).map { UInt8($0 % 2) })
    }
  }
}

/// How often the intervals of one quantity held the truth.
package struct CoverageLine: Sendable {
  /// "fdr", "fnmr male", "igarbe, B - A".
  package let quantity: String
  package let truth: Double
  package var meanEstimate = 0.0
  package var meanWidth = 0.0
  package var held = 0
  /// Differences only: two-sided p-value below 0.05.
  package var rejected = 0
  package var runs = 0
  package let isDifference: Bool

  /// Share of intervals that held the truth.
  package var coverage: Double { Double(held) / Double(max(runs, 1)) }
}

/// Evaluates a scenario over many seeds.
///
/// - Parameters:
///   - seeds: how many independent data sets.
///   - replicates: of the bootstrap of each.
///   - workers: threads; the result does not depend on it.
/// - Throws: `MetricError`.
package func coverageStudy(
  _ scenario: CoverageScenario, seeds: Int, replicates: Int, workers: Int
) throws(MetricError) -> [CoverageLine] {
  let names = ["fnmr", "fnmr male", "fnmr female", "fmr male", "fmr female", "fdr", "igarbe"]
  let truths = scenario.matedMeans.indices.map { scenario.truth(system: $0) }
  var lines =
    names.map { CoverageLine(quantity: $0, truth: truths[0][$0]!, isDifference: false) }
    + names.map {
      CoverageLine(
        quantity: "\($0), B - A", truth: truths[1][$0]! - truths[0][$0]!, isDifference: true)
    }
  for seed in 0..<seeds {
    let draws = BootstrapDraws(replicates: replicates) { replicate, multiplicities in
      multiplicities.update(repeating: 0)
      var rng = CounterRNG(
        seed: UInt64(seed), purpose: .bootstrap, step: UInt32(truncatingIfNeeded: replicate))
      for _ in 0..<multiplicities.count {
        multiplicities[rng.index(below: multiplicities.count)] += 1
      }
    }
    var found: [[String: MetricValue]] = []
    for trials in scenario.trials(seed: UInt64(seed)) {
      let evaluation = try evaluate(
        trials,
        EvaluationRequest(
          conventions: [.default], targets: [scenario.target], bootstrap: draws, workers: workers))
      var values: [String: MetricValue] = [:]
      for value in evaluation.measurements where value.target == scenario.target {
        values[value.group == "all" ? value.quantity : "\(value.quantity) \(value.group)"] = value
      }
      found.append(values)
    }
    for (i, name) in names.enumerated() {
      guard let a = found[0][name], let b = found[1][name], let x = a.value, let y = b.value
      else { continue }
      if let lower = a.lower, let upper = a.upper {
        lines[i].add(estimate: x, interval: lower...upper, pValue: nil)
      }
      if let first = a.replicates, let second = b.replicates {
        let difference = pairedDifference(of: second, minus: first)
        if let interval = difference.interval {
          lines[names.count + i].add(
            estimate: y - x, interval: interval, pValue: difference.pValue)
        }
      }
    }
  }
  return lines
}

extension CoverageLine {
  fileprivate mutating func add(
    estimate: Double, interval: ClosedRange<Double>, pValue: Double?
  ) {
    runs += 1
    if interval.contains(truth) { held += 1 }
    if let pValue, pValue < 0.05 { rejected += 1 }
    meanEstimate += (estimate - meanEstimate) / Double(runs)
    meanWidth += (interval.upperBound - interval.lowerBound - meanWidth) / Double(runs)
  }
}
