// Scores with a known truth. Letters: s subjects, k images each (the first is the reference), g group
// of a subject.
//
//   mated score of image j of subject i        mu_g + sigma_g (sqrt(0.4) a_i + sqrt(0.6) e_ij)
//   non-mated score of reference i, probe jk   nu + sqrt(0.1) (b_i + c_j) + sqrt(0.8) e_ijk,
//                                              nu by the groups of i and j
//   all effects standard normal; a, b, c belong to subjects, so comparisons of a subject are
//   dependent, and are correlated between systems
//
// The truth is the population's: the threshold t at which the mean FMR over all pairs is the target,
// and the rates and measures at t.

import Biometrics
import Foundation
import Kernels

/// Scores of the traditional system and of MOTE at three balancing factors, with a known truth.
package struct CoverageScenario: Sendable {
  /// Mean and standard deviation of the mated scores of one group.
  package struct Mated: Sendable {
    package var mean: Double
    package var deviation = 1.0
  }

  package var name: String
  /// What is planted, one sentence.
  package var note: String
  /// Mated scores of males and females, by system as in `systems`.
  package var mated: [[Mated]]
  /// Mean non-mated score of two males, two females, a male and a female.
  package var nonMatedMeans: (male: Double, female: Double, mixed: Double)
  /// Subjects, half of each group.
  package var subjects = 120
  package var images = 4
  package var target = 0.01
  /// FPIR of one-to-many searches: about 24 and 14 of the searches of these people and images. Scores have
  /// no look-alikes: no pair of people is nearer than chance makes it.
  package static let searchTargets = [0.05, 0.03]

  /// Systems by name: the traditional one, then MOTE by factor.
  package static let systems = ["traditional", "0.0", "0.5", "1.0"]

  /// What is measured of every system; inequity rate and iGARBE are 1 where groups are equal. GARBE
  /// is 1 − iGARBE, so its interval holds the truth exactly when that of iGARBE does.
  package static let quantities =
    [
      "fnmr", "fnmr male", "fnmr female", "fmr male", "fmr female", "fdr", "igarbe",
      "inequity-rate",
    ] + searchTargets.map(searchQuantity)

  /// Name of FNIR (rank 1) at an FPIR.
  static func searchQuantity(atFPIR target: Double) -> String { "fnir at fpir \(target)" }

  // MARK: - The scenarios

  /// Female samples scatter more widely; the factor shifts errors from one gender to the other.
  package static let unequalSpread = CoverageScenario(
    name: "unequal spread",
    note: "female mated scores spread 1.5 times as widely; the factor moves errors between genders",
    mated: planted(mean: 3.7, shift: 0.4, traditional: 4.0, female: 1.5),
    nonMatedMeans: (male: 0, female: 0.3, mixed: -0.3))

  /// The same with about one male and eight female errors, as in small real evaluations.
  package static let fewErrors = CoverageScenario(
    name: "few errors",
    note: "as unequal spread, at rates that leave about one error of males and ten of females",
    mated: planted(mean: 4.8, shift: 0.1, traditional: 5.0, female: 1.5),
    nonMatedMeans: (male: 0, female: 0.3, mixed: -0.3))

  /// Unequal groups, alike in all systems: every verdict is a false alarm.
  package static let equalSystems = CoverageScenario(
    name: "equal systems",
    note:
      "genders differ, and alike in every system: each verdict but “not distinguishable” is false",
    mated: planted(mean: 3.7, shift: 0, traditional: 3.7, female: 1.5),
    nonMatedMeans: (male: 0, female: 0.3, mixed: -0.3))

  /// Equal groups in equal systems: FDR and iGARBE are 1, at the edge of what they can be.
  package static let equalGroups = CoverageScenario(
    name: "equal groups",
    note: "genders do not differ, nor do systems: each verdict but “not distinguishable” is false",
    mated: planted(mean: 3.6, shift: 0, traditional: 3.6, female: 1),
    nonMatedMeans: (male: 0, female: 0, mixed: -0.3))

  /// Equal groups, MOTE less accurate: a bias of FDR that grows with FNMR would look unfair here.
  package static let equalGroupsWorseSystem = CoverageScenario(
    name: "equal groups, less accurate MOTE",
    note: "genders do not differ; MOTE errs several times as often, which is no unfairness",
    mated: planted(mean: 3.4, shift: 0, traditional: 4.3, female: 1),
    nonMatedMeans: (male: 0, female: 0, mixed: -0.3))

  package static let all = [
    unequalSpread, fewErrors, equalSystems, equalGroups, equalGroupsWorseSystem,
  ]

  /// Mated scores by system: at factor r the mean of males is `mean` + (2r − 1) `shift`, that of
  /// females `mean` − (2r − 1) `shift`.
  private static func planted(
    mean: Double, shift: Double, traditional: Double, female: Double
  ) -> [[Mated]] {
    [[Mated(mean: traditional), Mated(mean: traditional, deviation: female)]]
      + [-1.0, 0, 1].map {
        [
          Mated(mean: mean + $0 * shift),
          Mated(mean: mean - $0 * shift, deviation: female),
        ]
      }
  }

  // MARK: - Truth

  /// Quantity to its value in the population, of one system under a convention, searches aside; given
  /// thresholds are those of everybody.
  package func truth(system: Int, _ convention: EvaluationConvention = .default) -> [String: Double]
  {
    let own = convention.nonMated == .same ? sameFMR : referenceFMR
    let common = commonThreshold
    let thresholds = [0, 1].map { group in
      convention.threshold == .perGroup ? thresholdAtTarget { own(group, $0) } : common
    }
    func fnmr(_ group: Int, _ t: Double) -> Double {
      upper((mated[system][group].mean - t) / mated[system][group].deviation)
    }
    let everybody = (fnmr(0, common) + fnmr(1, common)) / 2
    let groups = [0, 1].map { fnmr($0, thresholds[$0]) }
    let fmrs = [0, 1].map { own($0, thresholds[$0]) }
    let crossing = threshold(where: { allFMR($0) > (fnmr(0, $0) + fnmr(1, $0)) / 2 })
    func ratio(_ rates: [Double]) -> Double { rates.max()! / rates.min()! }
    return [
      "fnmr": everybody, "fnmr male": groups[0], "fnmr female": groups[1],
      "fmr": target, "fmr male": fmrs[0], "fmr female": fmrs[1],
      "fdr": 1 - (abs(fmrs[0] - fmrs[1]) + abs(groups[0] - groups[1])) / 2,
      "igarbe": 1 - (giniCoefficient(fmrs) + giniCoefficient(groups)) / 2,
      "inequity-rate": (ratio(fmrs) * ratio(groups)).squareRoot(),
      "eer": allFMR(crossing), "auc": area(system: system),
      "balanced-accuracy": 1 - (target + everybody) / 2,
    ]
  }

  /// The same of searches.
  func truthOfSearches(system: Int) -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: Self.searchTargets.map {
        (Self.searchQuantity(atFPIR: $0), missedSearches(system: system, fpir: $0))
      })
  }

  /// The threshold at which the mean FMR over all pairs is the target.
  var commonThreshold: Double { thresholdAtTarget { allFMR($0) } }

  /// FMR of all pairs at a threshold.
  private func allFMR(_ t: Double) -> Double { (referenceFMR(0, t) + referenceFMR(1, t)) / 2 }

  /// FMR of references and probes of a group.
  private func sameFMR(_ group: Int, _ t: Double) -> Double {
    upper(t - (group == 0 ? nonMatedMeans.male : nonMatedMeans.female))
  }

  /// FMR of references of a group and any probes.
  private func referenceFMR(_ group: Int, _ t: Double) -> Double {
    let half = Double(subjects) / 2
    return ((half - 1) * sameFMR(group, t) + half * upper(t - nonMatedMeans.mixed))
      / (2 * half - 1)
  }

  /// P(mated > non-mated), both drawn from everybody.
  private func area(system: Int) -> Double {
    let half = Double(subjects) / 2
    let kinds = [
      (half - 1, nonMatedMeans.male), (half - 1, nonMatedMeans.female),
      (2 * half, nonMatedMeans.mixed),
    ]
    var sum = 0.0
    for group in mated[system] {
      for (weight, mean) in kinds {
        sum +=
          weight
          * upper((mean - group.mean) / (1 + group.deviation * group.deviation).squareRoot())
      }
    }
    return sum / (2 * kinds.reduce(0) { $0 + $1.0 })
  }

  // MARK: - Truth of one-to-many searches

  /// FNIR at rank 1 and the threshold with the given FPIR, in galleries of all subjects, drawn anew.
  private func missedSearches(system: Int, fpir target: Double) -> Double {
    let t = threshold { t in
      1 - (largestOther(group: 0, below: t) + largestOther(group: 1, below: t)) / 2 > target
    }
    let found = [0, 1].map { group in
      // Share of mated scores above the threshold and above everybody else.
      let (mean, deviation) = (mated[system][group].mean, mated[system][group].deviation)
      return integral(max(t, mean - 8 * deviation), max(t, mean + 8 * deviation)) {
        density(($0 - mean) / deviation) / deviation * largestOther(group: group, below: $0)
      }
    }
    return 1 - (found[0] + found[1]) / 2
  }

  /// P(every other person's score with a probe of the group < t): given the probe's effect c, the others'
  /// scores are independent.
  private func largestOther(group: Int, below t: Double) -> Double {
    let same = group == 0 ? nonMatedMeans.male : nonMatedMeans.female
    let half = Double(subjects) / 2
    let deviation = (1 - Self.nonMatedSubject).squareRoot()
    return integral(-8, 8) { c in
      let shifted = t - Self.nonMatedSubject.squareRoot() * c
      return density(c)
        * exp(
          (half - 1) * log1p(-upper((shifted - same) / deviation))
            + half * log1p(-upper((shifted - nonMatedMeans.mixed) / deviation)))
    }
  }

  private func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

  /// Simpson's rule with 200 intervals, for what is smooth on the scale of a standard deviation.
  private func integral(_ a: Double, _ b: Double, _ f: (Double) -> Double) -> Double {
    let n = 200
    let h = (b - a) / Double(n)
    return (0...n).reduce(0) { sum, i in
      sum + f(a + Double(i) * h) * (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2)
    } * h / 3
  }

  /// Threshold at which a falling rate is the target.
  private func thresholdAtTarget(_ fmr: (Double) -> Double) -> Double {
    threshold(where: { fmr($0) > target })
  }

  /// Where a condition that holds for small thresholds ends.
  private func threshold(where isBelow: (Double) -> Bool) -> Double {
    var (low, high) = (-10.0, 10.0)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if isBelow(middle) { low = middle } else { high = middle }
    }
    return high
  }

  /// Share of a standard normal distribution above x.
  private func upper(_ x: Double) -> Double { 0.5 * erfc(x / 2.0.squareRoot()) }

  // MARK: - Scores

  /// Variances of subject effects, as shares of the whole.
  private static let matedSubject = 0.4
  private static let nonMatedSubject = 0.1
  /// Correlation of the subject effects of two systems.
  private static let correlation = 0.8

  /// Comparisons of every system, drawn by seed.
  func trials(seed: UInt64) -> [TrialSet] {
    let (s, k) = (subjects, images)
    func normals(_ count: Int, _ stream: UInt32) -> [Double] {
      var rng = CounterRNG(seed: seed, purpose: .syntheticDataset, subject: stream)
      var values: [Double] = []
      values.reserveCapacity(count + 1)
      while values.count < count {
        let radius = (-2 * log(1 - rng.uniform())).squareRoot()
        let angle = 2 * .pi * rng.uniform()
        values.append(radius * cos(angle))
        values.append(radius * sin(angle))
      }
      return values
    }
    let shared = normals(3 * s, 1)
    return mated.indices.map { system in
      let stream = UInt32(10 * (system + 1))
      let own = normals(3 * s, stream)
      let (common, rest) = (Self.correlation.squareRoot(), (1 - Self.correlation).squareRoot())
      let effects = zip(shared, own).map { common * $0 + rest * $1 }
      let (matedCommon, matedRest) = (
        Self.matedSubject.squareRoot(), (1 - Self.matedSubject).squareRoot()
      )
      let (nonMatedCommon, nonMatedRest) = (
        Self.nonMatedSubject.squareRoot(), (1 - 2 * Self.nonMatedSubject).squareRoot()
      )
      let noise = normals(s * s * k, stream + 1)
      var scores = [Float](repeating: 0, count: s * s * k)
      for i in 0..<s {
        for j in 0..<s {
          let mean =
            i % 2 != j % 2
            ? nonMatedMeans.mixed : i % 2 == 0 ? nonMatedMeans.male : nonMatedMeans.female
          for image in 0..<k {
            let place = (i * s + j) * k + image
            if i == j {
              let group = mated[system][i % 2]
              scores[place] = Float(
                group.mean
                  + group.deviation * (matedCommon * effects[i] + matedRest * noise[place]))
            } else {
              scores[place] = Float(
                mean + nonMatedCommon * (effects[s + i] + effects[2 * s + j])
                  + nonMatedRest * noise[place])
            }
          }
        }
      }
      return TrialSet(
        strata: [
          TrialStratum(
            blocks: [ScoreMatrix(scores: scores, rows: s, columns: s * k)],
            referenceSubject: (0..<Int32(s)).map { $0 },
            probeSubject: (0..<Int32(s * k)).map { $0 / Int32(k) },
            ownColumn: (0..<Int32(s)).map { $0 * Int32(k) })
        ], subjectGroup: (0..<s).map { UInt8($0 % 2) })
    }
  }
}
