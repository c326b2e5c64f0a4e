// Whether intervals and verdicts hold what they promise: scores with a known truth, evaluated as a
// run evaluates them and judged as Table 4 judges them, many times over.

import Biometrics
import Kernels
import Reports
import Results

/// How often the intervals of one quantity held the truth.
package struct CoverageLine: Sendable {
  /// One of `CoverageScenario.quantities`.
  package let quantity: String
  /// "0.5", or a difference, "0.5 − traditional".
  package let system: String
  package let truth: Double
  /// Whether the truth is the best value there can be, which sampled rates never reach: FDR, iGARBE
  /// and inequity rate of equal groups. Differences have no such edge.
  package let isAtEdge: Bool
  package var meanEstimate = 0.0
  package var meanWidth = 0.0
  package var held = 0
  /// Data sets in which the interval could be made.
  package var runs = 0

  package init(quantity: String, system: String, truth: Double, isAtEdge: Bool) {
    self.quantity = quantity
    self.system = system
    self.truth = truth
    self.isAtEdge = isAtEdge
  }

  /// Share of intervals that held the truth.
  package var coverage: Double { Double(held) / Double(max(runs, 1)) }

  /// Exact 99 % interval of the coverage; nil without runs.
  package var bounds: ClosedRange<Double>? {
    clopperPearsonInterval(successes: held, trials: runs, alpha: 0.01)
  }

  /// What the coverage is compared with the promised 0.95.
  package var verdict: CoverageVerdict {
    guard let bounds else { return .notMeasured }
    if bounds.contains(0.95) { return .asPromised }
    return bounds.lowerBound > 0.95 ? .conservative : isAtEdge ? .edge : .tooLow
  }

  fileprivate mutating func add(estimate: Double, interval: ClosedRange<Double>) {
    runs += 1
    // Truth and estimate come from different sums: equal means equal but for rounding.
    if interval.lowerBound - 1e-12 <= truth && truth <= interval.upperBound + 1e-12 { held += 1 }
    meanEstimate += (estimate - meanEstimate) / Double(runs)
    meanWidth += (interval.upperBound - interval.lowerBound - meanWidth) / Double(runs)
  }
}

/// A coverage, or a share of false alarms, against what was promised.
package enum CoverageVerdict: String, Sendable {
  case asPromised = "as promised"
  case conservative
  case tooLow = "too low"
  case edge = "at the edge"
  case tooMany = "too many"
  case notMeasured = "n/a"
}

/// How often the Holm-corrected verdicts of a family of differences were wrong.
package struct VerdictLine: Sendable {
  /// "fdr", "igarbe" or "fnmr".
  package let measure: String
  /// "MOTE − traditional" or "factor − 0.5".
  package let family: String
  /// Differences of the family whose truth is 0, and all.
  package let trueNulls: Int
  package let tests: Int
  /// Data sets with a verdict that is false: any but "not distinguishable" on a difference that is
  /// 0, or the wrong one of better and worse.
  package var falseFamilies = 0
  package var families = 0
  /// Right verdicts on differences that are not 0.
  package var detected = 0

  /// Exact 99 % interval of the share of families with a false verdict.
  package var bounds: ClosedRange<Double>? {
    clopperPearsonInterval(successes: falseFamilies, trials: families, alpha: 0.01)
  }

  /// Holm's correction promises at most 0.05 wherever a difference is 0.
  package var verdict: CoverageVerdict {
    guard trueNulls > 0, let bounds else { return .notMeasured }
    return bounds.lowerBound > 0.05 ? .tooMany : .asPromised
  }

  /// Share of the differences other than 0 that were found; nil where there are none.
  package var power: Double? {
    tests > trueNulls && families > 0
      ? Double(detected) / Double(families * (tests - trueNulls)) : nil
  }
}

/// What a scenario gave.
package struct CoverageResult: Sendable {
  package let scenario: CoverageScenario
  package let seeds: Int
  package let replicates: Int
  package var lines: [CoverageLine]
  package var verdicts: [VerdictLine]
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
) throws(MetricError) -> CoverageResult {
  let observations = try bySeed(seeds, workers: workers) { seed throws(MetricError) in
    try Observation(scenario, seed: seed, replicates: replicates)
  }
  var tally = Tally(scenario)
  for observation in observations { tally.add(observation) }
  return CoverageResult(
    scenario: scenario, seeds: seeds, replicates: replicates, lines: tally.lines,
    verdicts: tally.verdicts)
}

/// A pair of systems, by index.
private typealias Pair = (minuend: Int, subtrahend: Int)

/// The families of differences that Table 4 corrects together.
private let families: [(name: String, pairs: [Pair])] = [
  ("MOTE − traditional", [(1, 0), (2, 0), (3, 0)]), ("factor − 0.5", [(1, 2), (3, 2)]),
]

/// The measures that Table 4 has verdicts on.
private let judged: [(quantity: String, preference: Preference)] = [
  ("fdr", .higher), ("igarbe", .higher), ("fnmr", .lower),
]

/// What one data set gave: values with intervals and replicates, by system and quantity.
private struct Observation: Sendable {
  typealias Difference = (value: Double, paired: PairedDifference)

  /// [system][quantity]
  var values: [[String: MetricValue]] = []
  /// [family][pair][quantity]
  var differences: [[[String: Difference]]] = []

  init(_ scenario: CoverageScenario, seed: Int, replicates: Int) throws(MetricError) {
    let draws = CoverageScenario.draws(seed: UInt64(seed), replicates: replicates)
    for trials in scenario.trials(seed: UInt64(seed)) {
      let evaluation = try evaluate(
        trials,
        EvaluationRequest(
          conventions: [.default], targets: [scenario.target], bootstrap: draws))
      var found: [String: MetricValue] = [:]
      for value in evaluation.measurements where value.target == scenario.target {
        found[value.group == "all" ? "\(value.quantity)" : "\(value.quantity) \(value.group)"] =
          value
      }
      let searches = try identification(
        trials,
        IdentificationRequest(targets: CoverageScenario.searchTargets, bootstrap: draws))
      for value in searches.measurements where value.rule == IdentificationRank.first.rawValue {
        if let target = value.target {
          found[CoverageScenario.searchQuantity(atFPIR: target)] = value
        }
      }
      values.append(found)
    }
    differences = families.map { family in
      family.pairs.map { pair in difference(pair) }
    }
    // Replicates are needed no more.
    for s in values.indices { for name in values[s].keys { values[s][name]!.replicates = nil } }
  }

  private func difference(_ pair: Pair) -> [String: Difference] {
    var found: [String: Difference] = [:]
    for name in CoverageScenario.quantities {
      guard let a = values[pair.minuend][name], let b = values[pair.subtrahend][name],
        let difference = RepeatedDifference(of: [a], minus: [b])
      else { continue }
      found[name] = (difference.value, difference.paired)
    }
    return found
  }
}

/// Counts over the data sets of a scenario.
private struct Tally {
  private let truths: [[String: Double]]
  private var single: [[CoverageLine]]
  private var paired: [[[CoverageLine]]]
  /// [family][judged]
  private var judgements: [[VerdictLine]]

  var lines: [CoverageLine] { single.flatMap { $0 } + paired.flatMap { $0.flatMap { $0 } } }
  var verdicts: [VerdictLine] { judgements.flatMap { $0 } }

  init(_ scenario: CoverageScenario) {
    let systems = CoverageScenario.systems
    let truths = systems.indices.map { system in
      scenario.truth(system: system).merging(scenario.truthOfSearches(system: system)) { $1 }
    }
    self.truths = truths
    let atBest: Set = ["fdr", "igarbe", "inequity-rate"]
    single = systems.indices.map { s in
      CoverageScenario.quantities.map { name in
        CoverageLine(
          quantity: name, system: systems[s], truth: truths[s][name]!,
          isAtEdge: atBest.contains(name) && isZero(truths[s][name]! - 1))
      }
    }
    paired = families.map { family in
      family.pairs.map { pair in
        CoverageScenario.quantities.map { name in
          CoverageLine(
            quantity: name, system: "\(systems[pair.minuend]) − \(systems[pair.subtrahend])",
            truth: Tally.truth(truths, pair, name), isAtEdge: false)
        }
      }
    }
    judgements = families.map { family in
      judged.map { measure in
        VerdictLine(
          measure: measure.quantity, family: family.name,
          trueNulls: family.pairs.count { isZero(Tally.truth(truths, $0, measure.quantity)) },
          tests: family.pairs.count)
      }
    }
  }

  /// True difference of a pair.
  private static func truth(_ truths: [[String: Double]], _ pair: Pair, _ name: String) -> Double {
    let difference = truths[pair.minuend][name]! - truths[pair.subtrahend][name]!
    return isZero(difference) ? 0 : difference
  }

  mutating func add(_ observation: Observation) {
    for (q, name) in CoverageScenario.quantities.enumerated() {
      for (s, values) in observation.values.enumerated() {
        if let found = values[name], let value = found.value, let lower = found.lower,
          let upper = found.upper
        {
          single[s][q].add(estimate: value, interval: lower...upper)
        }
      }
      for (f, family) in observation.differences.enumerated() {
        for (d, differences) in family.enumerated() {
          if let found = differences[name], let interval = found.paired.interval {
            paired[f][d][q].add(estimate: found.value, interval: interval)
          }
        }
      }
    }
    for (f, family) in observation.differences.enumerated() {
      for (m, measure) in judged.enumerated() {
        let differences = family.map { $0[measure.quantity] }
        let found = FairnessVerdict.family(
          values: differences.map { $0?.value }, pValues: differences.map { $0?.paired.pValue },
          measure.preference)
        var isFalse = false
        for (pair, (verdict, _)) in zip(families[f].pairs, found) {
          guard verdict == .better || verdict == .worse else { continue }
          let truth = Tally.truth(truths, pair, measure.quantity)
          let isBetter = measure.preference == .higher ? truth > 0 : truth < 0
          if truth != 0 && isBetter == (verdict == .better) {
            judgements[f][m].detected += 1
          } else {
            isFalse = true
          }
        }
        judgements[f][m].families += 1
        if isFalse { judgements[f][m].falseFamilies += 1 }
      }
    }
  }
}

/// Whether a difference of truths is 0 but for rounding.
private func isZero(_ x: Double) -> Bool { abs(x) < 1e-12 }
