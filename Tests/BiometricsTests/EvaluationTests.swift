import Biometrics
import Foundation
import Testing

/// Conventions that between them use every switch.
private let conventions: [EvaluationConvention] = {
  var list: [EvaluationConvention] = [.default, .paperCompatible]
  for (i, rule) in OperatingPointRule.allCases.enumerated() {
    list.append(
      EvaluationConvention(name: "switches \(i)") {
        $0.selfTrials = i % 2 == 0 ? .included : .excluded
        $0.threshold = i % 3 == 0 ? .perGroup : .global
        $0.nonMated = i % 2 == 0 ? .same : .reference
        $0.denominator = i % 2 == 0 ? .joint : .conditional
        ($0.rule, $0.alpha) = (rule, 0.25)
      })
  }
  var given = EvaluationConvention(name: "given") { $0.threshold = .development }
  given.givenThresholds =
    [0.1, 0.02].map { .init(target: $0, threshold: 1.2) } + [
      .init(target: 0.1, threshold: 0.9, group: "female")
    ]
  list.append(given)
  list.append(EvaluationConvention(name: "calibrated by the caller") { $0.threshold = .perSubject })
  return list
}()

@Suite struct EvaluationTests {
  static let targets = [0.1, 0.02, 0.0005]

  struct Case: Sendable, CustomStringConvertible {
    var seed: UInt64
    var subjects: Int
    var folds = 1
    var step = 0.01
    var separation = 2.0
    var emptyGroup: Int?
    var groups = ["male", "female"]
    var description: String { "seed \(seed), \(subjects) subjects, step \(step)" }

    var random: RandomTrials {
      RandomTrials(
        seed: seed, subjects: subjects, folds: folds, step: step, separation: separation,
        groups: groups, emptyGroup: emptyGroup)
    }
  }

  static let cases = [
    Case(seed: 1, subjects: 13), Case(seed: 2, subjects: 40, folds: 3, step: 1e-4),
    Case(seed: 3, subjects: 31, folds: 2, step: 0.5), Case(seed: 4, subjects: 12, emptyGroup: 1),
    Case(seed: 5, subjects: 7, separation: 20), Case(seed: 6, subjects: 9, separation: -3),
    Case(seed: 7, subjects: 25, step: 1e-5, groups: ["a", "b", "c", "d"]),
    Case(seed: 8, subjects: 2), Case(seed: 9, subjects: 1), Case(seed: 10, subjects: 11, step: 100),
  ]

  /// Small limits take every number through pivots, windows and runs; large ones keep everything.
  static let limits = [
    RunLimits(), RunLimits(whole: 0, affordable: 20, longest: 100_000),
    RunLimits(whole: 0, affordable: 0, longest: 0),
  ]

  @Test(arguments: cases, limits.indices)
  func everyMeasurementIsThatOfTheNaiveEvaluation(case: Case, limit: Int) throws {
    let random = `case`.random
    let naive = NaiveEvaluation(random.trials)
    var request = EvaluationRequest(
      conventions: conventions, targets: Self.targets, fixedThreshold: 1.1, workers: 2)
    request.limits = Self.limits[limit]
    let evaluation = try evaluate(random.trials, request)
    for convention in conventions {
      let expected = naive.measure(convention, targets: Self.targets, fixed: 1.1)
      let own = evaluation.measurements.filter { $0.convention == convention.name }
      let keys = Set(own.map(NaiveEvaluation.key))
      #expect(keys.count == own.count)
      for (key, value) in expected where value != nil { #expect(keys.contains(key), "\(key)") }
      for metric in own {
        let key = NaiveEvaluation.key(metric)
        expectSame(metric.value, expected[key] ?? nil, "\(convention.name) \(key)")
        #expect(metric.value != nil || metric.note != nil)
        if let value = metric.value, let errors = metric.numerator, let all = metric.denominator {
          #expect(abs(value - Double(errors) / Double(all)) < 1e-12, "\(key)")
        }
      }
    }
  }

  /// More replicates than are drawn together, and multiplicities beyond what lanes hold.
  @Test(arguments: cases, [1, 40])
  func everyReplicateIsThatOfTheNaiveEvaluation(case: Case, scale: Int32) throws {
    let random = `case`.random
    let naive = NaiveEvaluation(random.trials)
    let draws = RandomTrials.draws(seed: `case`.seed, replicates: 18, scale: scale)
    let evaluation = try evaluate(
      random.trials,
      EvaluationRequest(
        conventions: conventions, targets: Self.targets, fixedThreshold: 1.1, bootstrap: draws,
        workers: 2))
    for convention in conventions {
      // Of both sets that are drawn together: the naive evaluation is slow.
      for replicate in [0, 7, 15, 16, 17] {
        let expected = naive.measure(
          convention, targets: Self.targets, fixed: 1.1,
          m: random.multiplicities(draws, replicate))
        for metric in evaluation.measurements
        where metric.convention == convention.name && metric.value != nil
          && metric.rule != "reject-all"
        {
          // (Prevalence is a constant of the protocol: "reject-all" is not resampled.)
          let key = NaiveEvaluation.key(metric)
          let value = try #require(metric.replicates).values[replicate]
          expectSame(
            value.isNaN ? nil : value, expected[key] ?? nil,
            "\(convention.name) \(key) replicate \(replicate)")
        }
      }
    }
  }

  /// Runs that must grow, or stop short, give the same replicates as keeping everything.
  @Test(arguments: cases.prefix(7))
  func replicatesDoNotDependOnTheLengthOfTheRuns(case: Case) throws {
    let trials = `case`.random.trials
    let draws = RandomTrials.draws(seed: 3, replicates: 40)
    var request = EvaluationRequest(
      conventions: conventions, targets: Self.targets, fixedThreshold: 1.1, bootstrap: draws)
    let whole = try evaluate(trials, request)
    request.limits = RunLimits(whole: 0, affordable: 100_000, longest: 100_000)
    request.workers = 2
    let short = try evaluate(trials, request)
    for (a, b) in zip(whole.measurements, short.measurements) {
      if (b.intervalMethod ?? b.intervalNote)?.hasSuffix("linearised") == true { continue }
      #expect(
        a.replicates?.values.map(\.bitPattern) == b.replicates?.values.map(\.bitPattern),
        "\(a.convention) \(NaiveEvaluation.key(a))")
    }
  }

  @Test func resultsDoNotDependOnTheNumberOfWorkers() throws {
    let trials = Case(seed: 21, subjects: 150, folds: 2, step: 1e-3).random.trials
    var request = EvaluationRequest(
      conventions: conventions, targets: Self.targets, fixedThreshold: 0,
      bootstrap: RandomTrials.draws(seed: 1, replicates: 30))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let texts = try [1, 2, 5].map { workers in
      request.workers = workers
      return try encoder.encode(try evaluate(trials, request).measurements)
    }
    #expect(texts[0] == texts[1] && texts[0] == texts[2])
  }

  @Test func countsDescribeTheTrials() throws {
    // Two subjects with two probes each and one with a single image, one own column each.
    let scores: [Float] = [
      1, 0.5, 0.1, 0.2, 0.3,
      0.1, 0.2, 1, 0.6, 0.3,
      0.1, 0.2, 0.3, 0.4, 1,
    ]
    let trials = TrialSet(
      strata: [
        TrialStratum(
          blocks: [ScoreMatrix(scores: scores, rows: 3, columns: 5)], referenceSubject: [0, 1, 2],
          probeSubject: [0, 0, 1, 1, 2], ownColumn: [0, 2, 4])
      ], subjectGroup: [0, 1, 2])
    let evaluation = try evaluate(trials, EvaluationRequest(targets: [0.1]))
    let counts = evaluation.counts
    #expect(counts.subjects == 3 && counts.references == 3 && counts.probes == 5)
    #expect(counts.subjectsByGender == ["male": 1, "female": 1, "unlabelled": 1])
    #expect(counts.matedComparisons == 2 && counts.selfTrials == 3)
    #expect(counts.nonMatedComparisons == 10 && counts.subjectsWithoutMatedProbe == 1)
    // Ten non-mated scores: at FMR 0.1 one may match (0.4), both mated scores do.
    let fnmr = try #require(
      evaluation.measurements.first { $0.quantity == .fnmr && $0.group == "all" })
    #expect(fnmr.value == 0 && fnmr.numerator == 0 && fnmr.denominator == 2)
    #expect(fnmr.attainedFMR == 0.1 && fnmr.threshold == Double(Float(0.4)))
  }

  @Test func nanIsAnErrorThatSaysWhere() throws {
    for (row, column) in [(1, 0), (0, 2)] {
      var scores: [Float] = [0.9, 0.1, 0.2, 0.3, 0.8, 0.1]
      scores[row * 3 + column] = .nan
      let trials = TrialSet(
        strata: [
          TrialStratum(
            blocks: [ScoreMatrix(scores: scores, rows: 2, columns: 3)], referenceSubject: [0, 1],
            probeSubject: [0, 1, 1], ownColumn: [-1, -1])
        ], subjectGroup: [0, 0])
      #expect(
        throws: MetricError.scoreIsNaN(position: "fold 0, reference \(row), probe \(column)")
      ) {
        try evaluate(trials, EvaluationRequest())
      }
    }
  }

  @Test func labelsThatDoNotFitAreErrors() throws {
    let block = ScoreMatrix(scores: [0.1, 0.2, 0.3, 0.4], rows: 2, columns: 2)
    func trials(_ references: [Int32], _ probes: [Int32], _ own: [Int32]) -> TrialSet {
      TrialSet(
        strata: [
          TrialStratum(
            blocks: [block], referenceSubject: references, probeSubject: probes, ownColumn: own)
        ], subjectGroup: [0, 1])
    }
    for bad in [
      trials([0], [0, 1], [0]), trials([0, 1], [0], [0, 0]), trials([0, 1], [0, 1], [0]),
      trials([0, 2], [0, 1], [0, 1]), trials([0, 1], [0, -1], [0, 1]),
      trials([0, 1], [0, 1], [0, 2]), trials([0, 1], [0, 1], [1, 1]),
    ] {
      #expect(throws: MetricError.self) { try evaluate(bad, EvaluationRequest()) }
    }
    #expect(throws: MetricError.targetOutOfRange(1)) {
      try evaluate(trials([0, 1], [0, 1], [0, 1]), EvaluationRequest(targets: [1]))
    }
    _ = try evaluate(trials([0, 1], [0, 1], [0, 1]), EvaluationRequest())
  }

  @Test func nothingToCompareIsNotAvailableInsteadOfZero() throws {
    let trials = RandomTrials(seed: 1, subjects: 3, hasReferences: false).trials
    let evaluation = try evaluate(trials, EvaluationRequest())
    #expect(!evaluation.measurements.isEmpty)
    #expect(evaluation.measurements.allSatisfy { $0.value == nil && $0.note != nil })
  }

  @Test func curvesAreMonotoneAndEndAtOne() throws {
    let trials = Case(seed: 30, subjects: 120, step: 1e-4).random.trials
    let curves = try evaluate(trials, EvaluationRequest()).curves
    #expect(Set(curves.keys) == ["default", "paper-compatible"])
    for curve in curves.values {
      #expect(curve.count > 100 && curve.count <= 351)
      #expect(curve.last?.fmr == 1 && curve.last?.fnmr == 0)
      for (a, b) in zip(curve, curve.dropFirst()) { #expect(a.fmr <= b.fmr && a.fnmr >= b.fnmr) }
    }
  }

  private func expectSame(_ actual: Double?, _ expected: Double?, _ label: String) {
    switch (actual, expected) {
    case (nil, nil): break
    case (let a?, let b?):
      #expect(a == b || abs(a - b) < 1e-12, "\(label): expected \(b), found \(a)")
    default:
      Issue.record(
        "\(label): expected \(String(describing: expected)), found \(String(describing: actual))")
    }
  }
}
