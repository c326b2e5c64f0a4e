// Ways of making intervals side by side on data with a known truth: how often each holds it, and how
// long it is.

import Biometrics
import Kernels
import Privacy

/// What one method reached for one quantity of one kind of data set.
package struct MethodLine: Sendable, Equatable {
  package let scenario: String
  package let convention: String
  package let quantity: String
  /// As in `IntervalMethod`; "as printed": what tables show, after the rule of 3 and the numbers of
  /// errors below which they show none.
  package let method: String
  package let truth: Double
  /// Errors expected behind the quantity; nil where it is no count.
  package let expectedErrors: Double?
  /// Data sets, and those in which the method gives an interval.
  package var sets = 0
  package var intervals = 0
  /// Intervals that hold the truth.
  package var held = 0
  package var meanLength = 0.0

  /// Share of the intervals that hold the truth; nil without any.
  package var coverage: Double? { intervals > 0 ? Double(held) / Double(intervals) : nil }

  /// Exact 99 % interval of the coverage.
  package var bounds: ClosedRange<Double>? {
    clopperPearsonInterval(successes: held, trials: intervals, alpha: 0.01)
  }

  mutating func add(_ bounds: ClosedRange<Double>?) {
    sets += 1
    guard let bounds else { return }
    intervals += 1
    // Truth and bounds come from different sums: equal means equal but for rounding.
    if bounds.lowerBound - 1e-12 <= truth && truth <= bounds.upperBound + 1e-12 { held += 1 }
    meanLength += (bounds.upperBound - bounds.lowerBound - meanLength) / Double(intervals)
  }
}

/// An interval that a data set gave, with the place it is counted at.
private struct Finding: Sendable {
  var convention: String
  var quantity: String
  var method: String
  var bounds: ClosedRange<Double>?
}

/// Compares the methods on a scenario.
///
/// - Parameters:
///   - sets: independent data sets.
///   - replicates: of the bootstrap of each.
///   - workers: threads; the result does not depend on it.
/// - Throws: `MetricError`.
package func methodStudy(
  _ scenario: MethodScenario, sets: Int, replicates: Int, workers: Int
) throws(MetricError) -> [MethodLine] {
  let found = try bySeed(sets, workers: workers) { seed throws(MetricError) in
    try scenario.findings(seed: UInt64(seed), replicates: replicates)
  }
  var tally = MethodTally()
  for finding in found.joined() { tally.add(finding, of: scenario) }
  return tally.lines
}

/// Lines in the order in which they first occur.
private struct MethodTally {
  private(set) var lines: [MethodLine] = []
  private var places: [String: Int] = [:]
  private var truths: [String: [String: Double]] = [:]

  mutating func add(_ finding: Finding, of scenario: MethodScenario) {
    let place = "\(finding.convention)/\(finding.quantity)/\(finding.method)"
    if places[place] == nil {
      places[place] = lines.count
      lines.append(line(finding, of: scenario))
    }
    lines[places[place]!].add(finding.bounds)
  }

  private mutating func line(_ finding: Finding, of scenario: MethodScenario) -> MethodLine {
    let convention = scenario.conventions.first {
      finding.convention == $0.name || finding.convention.hasPrefix("\($0.name),")
    }!
    let truth =
      truths[convention.name] ?? scenario.scores.truth(system: 0, convention)
    truths[convention.name] = truth
    let other = scenario.isOfDifferences ? scenario.scores.truth(system: 1, convention) : nil
    let trials = Double(scenario.scores.matedTrials(convention))
    let errors: Double? =
      switch finding.quantity {
      case "fnmr": truth["fnmr"]! * trials
      case "fnmr male", "fnmr female": truth[finding.quantity]! * trials / 2
      case "fdr", "igarbe": (truth["fnmr male"]! + truth["fnmr female"]!) * trials / 2
      default: nil
      }
    return MethodLine(
      scenario: scenario.name, convention: finding.convention, quantity: finding.quantity,
      method: finding.method,
      truth: truth[finding.quantity]! - (other.map { $0[finding.quantity]! } ?? 0),
      expectedErrors: errors)
  }
}

extension CoverageScenario {
  /// Mated comparisons of one system.
  func matedTrials(_ convention: EvaluationConvention) -> Int {
    subjects * (convention.selfTrials == .included ? images : images - 1)
  }

  /// The draws of a data set: n subjects with replacement, or each twice or not at all.
  static func draws(seed: UInt64, replicates: Int, doubleOrNothing: Bool = false) -> BootstrapDraws
  {
    BootstrapDraws(replicates: replicates) { replicate, multiplicities in
      var rng = CounterRNG(
        seed: seed, purpose: .bootstrap, subject: doubleOrNothing ? 2 : 0,
        step: UInt32(truncatingIfNeeded: replicate))
      if doubleOrNothing {
        for s in multiplicities.indices { multiplicities[s] = rng.uniform() < 0.5 ? 0 : 2 }
        return
      }
      multiplicities.update(repeating: 0)
      for _ in 0..<multiplicities.count {
        multiplicities[rng.index(below: multiplicities.count)] += 1
      }
    }
  }
}

extension MethodScenario {
  /// The intervals of all methods on one data set.
  fileprivate func findings(seed: UInt64, replicates: Int) throws(MetricError) -> [Finding] {
    let trainings = scores.trials(seed: seed)
    var measured: [[MetricValue]] = []
    var halved: [MetricValue] = []
    for (number, trials) in trainings.enumerated() {
      var request = EvaluationRequest(
        conventions: conventions, targets: [scores.target],
        bootstrap: CoverageScenario.draws(seed: seed, replicates: replicates))
      request.quantities = quantities
      measured.append(try evaluate(trials, request).measurements)
      if drawsDoubleOrNothing && number == 0 {
        request.bootstrap = CoverageScenario.draws(
          seed: seed, replicates: replicates, doubleOrNothing: true)
        request.conventions = [conventions[0]]
        halved = try evaluate(trials, request).measurements
      }
    }
    if isOfDifferences {
      return zip(measured[0], measured[1]).flatMap { differences($0, $1) }
    }
    var findings: [Finding] = []
    for (i, value) in measured[0].enumerated() {
      guard studiedName(value) != nil, let sampled = value.replicates,
        var basis = value.intervalBasis(sampled.values)
      else { continue }
      let convention = value.convention
      if i < halved.count { basis.doubleOrNothing = halved[i].replicates?.values ?? [] }
      if let clusters = clusters(value, in: trainings[0]) {
        basis.acceleration = clusters.acceleration
      }
      if trainings.count == 1 {
        findings += methods(basis, value, convention: convention, printed: value.printed)
      } else {
        findings += methods(
          basis, value, convention: "\(convention), one training", printed: value.printed)
        let pooled = RepeatedMeasurement(measured.map { $0[i] })!
        var all = IntervalBasis(
          value: pooled.value, replicates: pooled.replicates!.values, range: value.quantity.range)
        all.proportion = pooled.proportion
        findings += methods(
          all, value, convention: "\(convention), mean of \(trainings.count) trainings",
          printed: pooled.interval.note == nil ? pooled.interval.bounds : nil)
      }
    }
    return findings
  }

  /// Every method for one quantity. The ones that need replicates get no rule of 3, so that they are
  /// compared as they are; "as printed" has it.
  private func methods(
    _ basis: IntervalBasis, _ value: MetricValue, convention: String,
    printed: ClosedRange<Double>?
  ) -> [Finding] {
    let name = studiedName(value)!
    var bare = basis
    bare.proportion = nil
    var found: [Finding] = []
    for method in IntervalMethod.allCases {
      let outcome: IntervalOutcome
      switch method {
      case .ruleOf3: continue
      case .wilson:
        if basis.proportion == nil { continue }
        outcome = basis.interval(.wilson)
      case .doubleOrNothing:
        if basis.doubleOrNothing.isEmpty { continue }
        outcome = bare.interval(method)
      default: outcome = bare.interval(method)
      }
      found.append(
        Finding(
          convention: convention, quantity: name, method: "\(method)", bounds: outcome.bounds))
    }
    found.append(
      Finding(convention: convention, quantity: name, method: "as printed", bounds: printed))
    return found
  }

  /// The methods that a difference can have, and what tables print.
  private func differences(_ a: MetricValue, _ b: MetricValue) -> [Finding] {
    guard let name = studiedName(a), let difference = RepeatedDifference(of: [a], minus: [b]),
      let replicates = difference.replicates
    else { return [] }
    let basis = IntervalBasis(value: difference.value, replicates: replicates.values)
    let methods = [IntervalMethod.percentile, .basic, .recentred, .bca].map {
      (name: "\($0)", bounds: basis.interval($0).bounds)
    }
    let paired = difference.paired
    let printed = (name: "as printed", bounds: paired.note == nil ? paired.interval : nil)
    return (methods + [printed]).map {
      Finding(convention: a.convention, quantity: name, method: $0.name, bounds: $0.bounds)
    }
  }

  /// "fnmr male", or nil for what the study leaves out.
  private func studiedName(_ value: MetricValue) -> String? {
    switch value.quantity {
    case .inequityRate, .accuracy, .fnir, .fpir: return nil
    case .eer: if value.group != "all" || value.rule != "interpolated" { return nil }
    case .auc: if value.group != "all" { return nil }
    case .balancedAccuracy: if value.rule?.hasPrefix("at-fmr") != true { return nil }
    case .fmr: if value.group == "all" || value.convention != "default" { return nil }
    case .fnmr, .fdr, .igarbe: break
    }
    return value.group == "all" ? "\(value.quantity)" : "\(value.quantity) \(value.group)"
  }

  /// Mated errors and trials by subject behind a false non-match rate.
  private func clusters(_ value: MetricValue, in trials: TrialSet) -> ClusteredErrors? {
    guard value.quantity == .fnmr, let threshold = value.threshold,
      let convention = conventions.first(where: { $0.name == value.convention })
    else { return nil }
    return trials.matedErrors(
      at: threshold, selfTrials: convention.selfTrials,
      group: trials.groups.firstIndex(of: value.group))
  }
}

extension MetricValue {
  /// The interval as recorded, where it holds the value.
  fileprivate var printed: ClosedRange<Double>? {
    guard let lower, let upper, intervalNote == nil else { return nil }
    return lower...upper
  }
}
