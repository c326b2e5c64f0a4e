import AttackReports
import Biometrics
import Records

/// A statistic under one reading at one place, over the repeats.
package struct ReadingEstimate: Sendable {
  package let value: Double
  /// 95 % interval; nil where none can be given, and `notes` says why.
  package let lower: Double?
  package let upper: Double?
  /// How the interval was made; nil without one.
  package let method: String?
  /// Standard deviation over the repeats; nil for one.
  package let spread: Double?
  package let repeats: Int
  package let notes: [String]
  /// In the order of the draws that all readings of the same people share; nil: none.
  let replicates: Replicates?
  /// Sizes of the evaluation (or of the attack) by which it is told whether draws are shared.
  let sizes: [Int]
  /// The reading's own measurement by repeat; empty for attacks, whose differences rest on no errors.
  let measured: [MetricValue]

  /// Whose errors they are; nil for differences and attacks.
  package private(set) var influence: PersonInfluence?

  /// - Parameter sizes: equal where two estimates are resampled by the same draws.
  init(
    _ value: Double, lower: Double?, upper: Double?, method: String?, spread: Double?, repeats: Int,
    replicates: Replicates?, sizes: [Int], measured: [MetricValue] = [], notes: [String]
  ) {
    (self.value, self.lower, self.upper, self.method) = (value, lower, upper, method)
    (self.spread, self.repeats, self.notes) = (spread, repeats, notes)
    (self.replicates, self.sizes, self.measured) = (replicates, sizes, measured)
  }

  /// A measurement of evaluated cells; nil where no repeat has a value.
  init?(_ query: MeasurementQuery, in records: [EvaluationRecord]) {
    let measured = records.compactMap(query.find)
    guard let pooled = RepeatedMeasurement(measured) else { return nil }
    self.init(
      pooled.value, lower: pooled.interval.bounds?.lowerBound,
      upper: pooled.interval.bounds?.upperBound, method: pooled.methodText, spread: pooled.spread,
      repeats: pooled.repeats, replicates: pooled.replicates, sizes: records[0].counts.sizes,
      measured: measured, notes: [pooled.interval.note].compactMap(\.self))
    influence = PersonInfluence(repeats: measured.map(\.errorShares))
  }

  /// The same minus that of another system at the same place.
  init?(
    _ query: MeasurementQuery, in records: [EvaluationRecord], minus others: [EvaluationRecord]
  ) {
    guard let found = SystemDifference(query, in: records, minus: query, in: others) else {
      return nil
    }
    self.init(
      found.value, lower: found.lower, upper: found.upper, method: found.intervalMethod,
      spread: found.spread, repeats: found.repeats,
      replicates: found.replicates.map(Replicates.init),
      sizes: records[0].counts.sizes, measured: records.compactMap(query.find),
      notes: [found.note].compactMap(\.self))
  }

  /// Balanced accuracy or two-sided AUC of an attack.
  ///
  /// - Parameters:
  ///   - isArea: the two-sided AUC, not balanced accuracy.
  ///   - isCollapsed: the decision is the same for nearly everybody in some repeat: right for half of them, which
  ///     no resample changes.
  init(_ attack: RepeatedAttack, isArea: Bool, targets: [Int], isCollapsed: Bool) {
    let estimate = isArea ? attack.twoSidedAUC : attack.balancedAccuracy
    let replicates =
      isArea
      ? attack.aucReplicates.map { Replicates($0.values.map { max($0, 1 - $0) }) }
      : attack.balancedAccuracyReplicates
    self.init(
      estimate.value, lower: isCollapsed ? nil : estimate.lower,
      upper: isCollapsed ? nil : estimate.upper,
      method: isCollapsed
        ? nil
        : attack.methodText(isArea ? Estimate.areaMethod : Estimate.shareMethod),
      spread: isArea ? attack.aucSpread : attack.balancedAccuracySpread, repeats: attack.repeats,
      replicates: isCollapsed ? nil : replicates, sizes: targets,
      notes: isCollapsed
        ? ["no interval: the decision collapsed, nearly everybody is given the same group"]
        : estimate.holdsValue ? [] : [IntervalOutcome.outside])
  }

  /// Value minus that of another reading, with the interval of the same draws.
  package func difference(from other: ReadingEstimate) -> ReadingDifference {
    let value = value - other.value
    guard sizes == other.sizes else {
      return ReadingDifference(
        value: value, paired: nil, replicates: nil,
        note: "no interval: the two readings were evaluated on different comparisons")
    }
    guard repeats == other.repeats else {
      return ReadingDifference(
        value: value, paired: nil, replicates: nil,
        note: "no interval: means over \(repeats) and \(other.repeats) repeats")
    }
    if let note = withheldInterval(of: [measured, other.measured]) {
      return ReadingDifference(value: value, paired: nil, replicates: nil, note: note)
    }
    guard let own = replicates, let others = other.replicates, let drawn = own.minus(others) else {
      // What took the replicates of one of the two says why.
      let reasons = [self, other].filter { $0.replicates == nil }.flatMap(\.notes)
      return ReadingDifference(
        value: value, paired: nil, replicates: nil,
        note: reasons.first { $0.hasPrefix("no interval: ") }
          ?? "no interval: the records hold no paired bootstrap replicates")
    }
    let range = measured.first?.quantity.differenceRange ?? -1...1
    let paired = PairedDifference(estimate: value, replicates: drawn.values, range: range)
    return ReadingDifference(
      value: value, paired: paired, replicates: drawn.values, note: paired.note)
  }
}

/// How far one reading's statistic lies from another's.
package struct ReadingDifference: Sendable {
  package let value: Double
  /// Interval and significance; nil where the two share no draws.
  let paired: PairedDifference?
  /// In the order of the shared draws; nil: none.
  let replicates: [Double]?
  /// Why there is no interval, or what is wrong with it.
  package let note: String?

  package var lower: Double? { paired?.interval?.lowerBound }
  package var upper: Double? { paired?.interval?.upperBound }
  package var method: String? { paired?.interval == nil ? nil : paired?.method.map { "\($0)" } }

  /// See `PairedDifference`.
  package var excludesZero: Bool { paired?.excludesZero ?? false }
}
