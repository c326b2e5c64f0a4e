import Biometrics
import Foundation
import Kernels
import Testing

/// Every quantity that the evaluation measures against every property that its entry in
/// `QuantityInvariances.table` claims.
@Suite struct InvarianceTests {
  /// Every rule of the operating point, and between them every switch.
  private static let conventions: [EvaluationConvention] =
    [.default, .paperCompatible]
    + OperatingPointRule.allCases.enumerated().map { i, rule in
      EvaluationConvention(name: rule.rawValue) {
        $0.selfTrials = i % 2 == 0 ? .excluded : .included
        $0.threshold = i % 2 == 0 ? .perGroup : .global
        $0.nonMated = i % 3 == 0 ? .reference : .same
        $0.denominator = i % 3 == 1 ? .joint : .conditional
        ($0.rule, $0.alpha) = (rule, 0.25)
      }
    }

  /// Between two scores, which are multiples of 0.01.
  private static let fixed = 1.105

  private static let seeds: [UInt64] = [1, 2, 3]

  private func trials(_ seed: UInt64) -> TrialSet {
    RandomTrials(seed: seed, subjects: 60, folds: 2, step: 0.01, separation: 1.5).trials
  }

  private func measure(
    _ trials: TrialSet, fixed: Double = fixed,
    conventions: [EvaluationConvention] = InvarianceTests.conventions
  ) throws -> [MetricValue] {
    try evaluate(
      trials,
      EvaluationRequest(conventions: conventions, targets: [0.1, 0.05], fixedThreshold: fixed)
    ).measurements
  }

  private func key(_ metric: MetricValue, group: String? = nil) -> String {
    "\(metric.convention) \(metric.quantity) \(group ?? metric.group) \(metric.rule ?? "-") "
      + "\(metric.target ?? 0)"
  }

  /// Compares the values of two evaluations, of the quantities that `holds` names, and requires that
  /// each of them was compared at least once.
  private func expectSame(
    _ original: [MetricValue], _ changed: [MetricValue],
    group: (String) -> String = { $0 },
    of holds: (QuantityInvariances) -> Bool,
    value: (QuantityInvariances, Double) -> Double = { $1 },
    where isMeant: (MetricValue) -> Bool = { _ in true }
  ) throws {
    let found = Dictionary(uniqueKeysWithValues: changed.map { (key($0), $0.value) })
    #expect(found.count == original.count)
    var compared: Set<Quantity> = []
    for metric in original where isMeant(metric) {
      let entry = try #require(QuantityInvariances.table[metric.quantity])
      guard holds(entry) else { continue }
      let name = key(metric, group: group(metric.group))
      let other = try #require(found[name], "\(name) is gone")
      guard let before = metric.value, let after = other else {
        #expect(
          metric.value == nil && other == nil, "\(name): \(metric.value as Any), \(other as Any)")
        continue
      }
      compared.insert(metric.quantity)
      let wanted = value(entry, before)
      #expect(abs(after - wanted) < 1e-12 * max(1, abs(wanted)), "\(name): \(wanted), \(after)")
    }
    let claimed = QuantityInvariances.table.filter { holds($0.value) }.map(\.key)
    #expect(compared == Set(claimed))
  }

  // MARK: - The table is complete

  @Test func everyMeasuredQuantityHasAnEntryAndEveryEntryIsMeasured() throws {
    let measured = Set(try measure(trials(1)).map(\.quantity))
    #expect(measured == Set(QuantityInvariances.table.keys))
    #expect(measured == Quantity.ofComparisons)
  }

  // MARK: - The properties

  @Test(arguments: seeds)
  func theOrderOfScoresDoesNotMatter(seed: UInt64) throws {
    let original = trials(seed)
    var changed = original
    var random = CounterRNG(seed: seed, purpose: .bootstrap)
    changed.strata = original.strata.map { stratum in
      var rows = Array(stratum.referenceSubject.indices)
      var columns = Array(stratum.probeSubject.indices)
      random.shuffle(&rows)
      random.shuffle(&columns)
      return stratum.selecting(rows: rows, columns: columns)
    }.reversed()
    try expectSame(measure(original), measure(changed), of: { _ in true })
  }

  /// The rule "quantile" interpolates between two scores, so its threshold is not mapped along.
  @Test(arguments: seeds)
  func strictlyIncreasingMapsOfScoresDoNotMatter(seed: UInt64) throws {
    let original = trials(seed)
    let maps: [@Sendable (Double) -> Double] = [
      { $0 * $0 * $0 }, { 4 * $0 - 7 }, { exp($0 / 2) },
    ]
    for map in maps {
      let changed = original.mappingScores { Float(map(Double($0))) }
      try expectSame(
        measure(original), measure(changed, fixed: map(Self.fixed)),
        of: { $0.keepsUnderMonotoneMaps }, where: { $0.convention != "quantile" })
    }
  }

  @Test(arguments: seeds)
  func exchangedNamesExchangeTheGroups(seed: UInt64) throws {
    let original = trials(seed)
    var changed = original
    changed.subjectGroup = original.subjectGroup.map { $0 < 2 ? 1 - $0 : $0 }
    let other = ["male": "female", "female": "male"]
    try expectSame(
      measure(original), measure(changed), group: { other[$0] ?? $0 },
      of: { $0.followsGroupNames })
  }

  /// The place of a quantile among n scores depends on n, hence without the rule "quantile".
  @Test(arguments: seeds)
  func doubledSubjectsDoNotMatter(seed: UInt64) throws {
    let original = trials(seed)
    var changed = original
    let s = Int32(original.subjectGroup.count)
    changed.subjectGroup += original.subjectGroup
    for stratum in original.strata {
      var copy = stratum
      copy.referenceSubject = stratum.referenceSubject.map { $0 + s }
      copy.probeSubject = stratum.probeSubject.map { $0 + s }
      changed.strata.append(copy)
    }
    try expectSame(
      measure(original), measure(changed), of: { $0.keepsWhenSubjectsAreDoubled },
      where: { $0.convention != "quantile" })
  }

  /// Rules of the equal error rate other than the crossing choose among points, from one side.
  @Test(arguments: seeds)
  func negatedScoresGiveTheComplement(seed: UInt64) throws {
    let original = trials(seed)
    try expectSame(
      measure(original), measure(original.mappingScores { -$0 }, fixed: -Self.fixed),
      of: { $0.negation == .complement }, value: { _, value in 1 - value },
      where: { $0.quantity != .eer || $0.rule == "interpolated" })
  }

  @Test(arguments: seeds)
  func higherMatedScoresAreNeverWorse(seed: UInt64) throws {
    let original = trials(seed)
    let conventions = [EvaluationConvention.default]
    let before = try measure(original, conventions: conventions)
    let after = try measure(original.raisingMated(by: 0.5), conventions: conventions)
    var improved: Set<Quantity> = []
    for (a, b) in zip(before, after) {
      let entry = try #require(QuantityInvariances.table[a.quantity])
      guard let old = a.value, let new = b.value, entry.better != .neither else { continue }
      #expect(key(a) == key(b))
      let gain = entry.better == .higher ? new - old : old - new
      #expect(gain >= -1e-12, "\(key(a)): \(old) became \(new)")
      if gain > 1e-6 { improved.insert(a.quantity) }
    }
    let claimed = QuantityInvariances.table.filter { $0.value.better != .neither }.map(\.key)
    #expect(improved == Set(claimed))
  }

  @Test(arguments: seeds)
  func separatedScoresGiveTheBestValue(seed: UInt64) throws {
    let separated = try measure(trials(seed).raisingMated(by: 100), conventions: [.default])
    var checked: Set<Quantity> = []
    for metric in separated {
      guard let value = metric.value,
        let best = QuantityInvariances.table[metric.quantity]?.whenSeparated
      else { continue }
      checked.insert(metric.quantity)
      #expect(abs(value - best) < 1e-12, "\(key(metric)): \(value)")
    }
    let claimed = QuantityInvariances.table.filter { $0.value.whenSeparated != nil }.map(\.key)
    #expect(checked == Set(claimed))
  }

  @Test func equalScoresTellNothing() throws {
    try expectSame(
      measure(trials(1).mappingScores { _ in 1 }), measure(trials(1).mappingScores { _ in 1 }),
      of: { $0.whenConstant != nil }, value: { entry, _ in entry.whenConstant! })
  }

  @Test(arguments: seeds)
  func valuesStayInTheirRange(seed: UInt64) throws {
    for trials in [trials(seed), trials(seed).mappingScores { -$0 }] {
      for metric in try measure(trials) {
        guard let value = metric.value else { continue }
        let range = try #require(QuantityInvariances.table[metric.quantity]).range
        #expect(range.contains(value), "\(key(metric)): \(value)")
      }
    }
  }
}

// MARK: - Changed copies of trials

extension TrialStratum {
  /// The score matrix as one array, [r * p].
  private var dense: [Float] {
    blocks.flatMap { block in
      (0..<block.rows).flatMap { i in
        (0..<block.columns).map { block.base[i * block.stride + $0] }
      }
    }
  }

  /// The stratum with other scores, given by row, column and old score.
  fileprivate func rescored(_ score: (Int, Int, Float) -> Float) -> TrialStratum {
    let p = probeSubject.count
    var copy = self
    let scores = dense.enumerated().map { score($0 / p, $0 % p, $1) }
    copy.blocks = [ScoreMatrix(scores: scores, rows: referenceSubject.count, columns: p)]
    return copy
  }

  /// The stratum with its references and probes in another order.
  fileprivate func selecting(rows: [Int], columns: [Int]) -> TrialStratum {
    let p = probeSubject.count
    let old = dense
    let scores = rows.flatMap { row in columns.map { old[row * p + $0] } }
    return TrialStratum(
      blocks: [ScoreMatrix(scores: scores, rows: rows.count, columns: columns.count)],
      referenceSubject: rows.map { referenceSubject[$0] },
      probeSubject: columns.map { probeSubject[$0] },
      ownColumn: rows.map { row in
        columns.firstIndex(of: Int(ownColumn[row])).map(Int32.init) ?? -1
      })
  }
}

extension TrialSet {
  fileprivate func mappingScores(_ map: (Float) -> Float) -> TrialSet {
    var copy = self
    copy.strata = strata.map { $0.rescored { _, _, score in map(score) } }
    return copy
  }

  fileprivate func raisingMated(by amount: Float) -> TrialSet {
    var copy = self
    copy.strata = strata.map { stratum in
      stratum.rescored { row, column, score in
        stratum.referenceSubject[row] == stratum.probeSubject[column] ? score + amount : score
      }
    }
    return copy
  }
}
