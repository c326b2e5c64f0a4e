// Lists of scores, as fixtures hold them, arranged as the score matrices that the harness evaluates.

import Biometrics

/// Maps float64 scores to float32 without changing their order or ties.
///
/// Scores whose float32 forms coincide are replaced by their ranks; either way every threshold that
/// is a score is mapped back exactly.
struct ScoreMap {
  private let toFloat: [Double: Float]
  private let toDouble: [Float: Double]
  private let ascending: [Double]
  /// Every score is a float32 number, so that thresholds between scores carry over, too.
  let isExact: Bool

  init(_ scores: [Double]) {
    ascending = Set(scores).sorted()
    let isInjective = Set(ascending.map { Float($0) }).count == ascending.count
    var forward: [Double: Float] = [:]
    var backward: [Float: Double] = [:]
    for (rank, score) in ascending.enumerated() {
      let image = isInjective ? Float(score) : Float(rank)
      forward[score] = image
      backward[image] = score
    }
    toFloat = forward
    toDouble = backward
    isExact = ascending.allSatisfy { Double(Float($0)) == $0 }
  }

  func float(_ score: Double) -> Float { toFloat[score]! }

  /// The threshold among the mapped scores that separates them like `threshold`.
  func threshold(_ threshold: Double) -> Double {
    if let score = ascending.first(where: { $0 >= threshold }) { return Double(float(score)) }
    return ascending.last.map { Double(float($0).nextUp) } ?? threshold
  }

  /// The score behind a mapped threshold.
  func score(_ threshold: Double) -> Double {
    toDouble[Float(threshold)] ?? threshold
  }
}

/// One row of scores: a reference of a subject against probes.
struct StreamedRow {
  var reference: Int32
  var probes: [Int32] = []
  var scores: [Float] = []

  var stratum: TrialStratum {
    TrialStratum(
      blocks: [ScoreMatrix(scores: scores, rows: 1, columns: scores.count)],
      referenceSubject: [reference],
      probeSubject: probes, ownColumn: [-1])
  }
}

/// Mated and non-mated scores evaluated as the harness does it.
struct StreamedScores {
  /// FMR targets.
  static let targets = [1e-1, 1e-2, 1e-3, 1e-4]

  private let map: ScoreMap
  private let measurements: [MetricValue]

  init(mated: [Double], nonMated: [Double], fixedThreshold: Double) throws {
    map = ScoreMap(mated + nonMated)
    // Three folds of one reference each; every non-mated probe is a subject of its own.
    var rows = (0..<3).map { StreamedRow(reference: Int32($0)) }
    for (i, score) in mated.enumerated() {
      rows[i % 3].probes.append(Int32(i % 3))
      rows[i % 3].scores.append(map.float(score))
    }
    for (i, score) in nonMated.enumerated() {
      rows[i % 3].probes.append(Int32(3 + i))
      rows[i % 3].scores.append(map.float(score))
    }
    let trials = TrialSet(
      strata: rows.map(\.stratum),
      subjectGroup: [UInt8](repeating: 255, count: 3 + nonMated.count), groups: [])
    let conventions = OperatingPointRule.allCases.map { rule in
      EvaluationConvention(name: rule.rawValue) { $0.rule = rule }
    }
    measurements = try evaluate(
      trials,
      EvaluationRequest(
        conventions: conventions, targets: Self.targets,
        fixedThreshold: map.threshold(fixedThreshold), workers: 2)
    ).measurements
  }

  /// The value of a quantity over all comparisons.
  func value(_ quantity: Quantity, rule: String? = nil) -> Double? {
    measurement(quantity, rule: rule)?.value
  }

  private func measurement(_ quantity: Quantity, rule: String?) -> MetricValue? {
    measurements.first { $0.quantity == quantity && (rule == nil || $0.rule == rule) }
  }

  /// Threshold of the best accuracy; infinite where nothing should be accepted.
  var bestThreshold: Double? {
    measurement(.accuracy, rule: "best").map { best in
      best.threshold.map(map.score) ?? .infinity
    }
  }

  /// The operating point, or nil where the target is not measured (below one false match) or the
  /// scores do not carry over exactly (thresholds between float64 scores).
  func operatingPoint(target: Double, rule: OperatingPointRule) -> (
    threshold: Double?, fmr: Double, fnmr: Double
  )? {
    if rule == .quantile && !map.isExact { return nil }
    guard
      let metric = measurements.first(where: {
        $0.quantity == .fnmr && $0.rule == rule.rawValue && $0.target == target
      }), let value = metric.value, let fmr = metric.attainedFMR
    else { return nil }
    let threshold: Double? =
      switch rule {
      case .interpolated: nil
      case .quantile: metric.threshold
      default: metric.threshold.map(map.score) ?? .infinity
      }
    return (threshold, fmr, value)
  }
}
