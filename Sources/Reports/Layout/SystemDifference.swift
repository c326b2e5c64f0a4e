import Biometrics
import Records
import Specs

/// The difference of two systems on the same evaluation subjects, with its paired interval.
package struct SystemDifference: Sendable {
  /// Mean over the paired repeats of minuend − subtrahend.
  package let value: Double
  /// Percentile interval of the element-wise differences of the replicates; nil without them.
  package let lower: Double?
  package let upper: Double?
  /// Two-sided p-value of no difference; nil without replicates, and where the interval misses the
  /// difference itself.
  package let pValue: Double?
  /// Repeats that both systems have.
  package let repeats: Int
  /// Why there is no interval, or what is wrong with it.
  package let note: String?

  /// Whether 0 lies outside the interval; one that misses its own estimate shows nothing.
  package var excludesZero: Bool {
    guard let lower, let upper, note == nil else { return false }
    return lower > 0 || upper < 0
  }

  /// Pairs the repeats with equal number; nil when no such pair has both values.
  ///
  /// Replicate b is the same draw of subjects for every system evaluated on the same subjects. The
  /// sizes of the two evaluations must therefore agree, else the difference has no interval.
  package init?(
    _ minuend: MeasurementQuery, in minuendRecords: [EvaluationRecord],
    minus subtrahend: MeasurementQuery, in subtrahendRecords: [EvaluationRecord]
  ) {
    var differences: [Double] = []
    var replicates: [Replicates?] = []
    var arePaired = true
    for record in minuendRecords {
      guard
        let other = subtrahendRecords.first(where: {
          $0.key.repeatIndex == record.key.repeatIndex
        }),
        let a = minuend.find(in: record), let b = subtrahend.find(in: other),
        let x = a.value, let y = b.value
      else { continue }
      differences.append(x - y)
      arePaired = arePaired && record.counts.hasSameTrials(as: other.counts)
      replicates.append(a.replicates?.minus(b.replicates))
    }
    if differences.isEmpty { return nil }
    let value = mean(differences)
    self.value = value
    repeats = differences.count
    let paired = arePaired ? Replicates(meanOf: replicates)?.values : nil
    let bounds = paired.flatMap(percentileInterval)
    let slack = 1e-12 * max(1, abs(value))
    let isMissed =
      bounds.map { value < $0.lowerBound - slack || value > $0.upperBound + slack } ?? false
    pValue = isMissed ? nil : paired.flatMap(bootstrapPValue)
    lower = bounds?.lowerBound
    upper = bounds?.upperBound
    note =
      bounds != nil
      ? (isMissed
        ? "the interval misses the difference itself (few errors, or the edge of what is possible): "
          + "nothing is shown" : nil)
      : arePaired
        ? "no interval: the records hold no paired bootstrap replicates"
        : "no interval: the two systems were evaluated on different trials"
  }
}

extension EvaluationCounts {
  fileprivate func hasSameTrials(as other: EvaluationCounts) -> Bool {
    subjects == other.subjects && references == other.references && probes == other.probes
      && matedComparisons == other.matedComparisons
      && nonMatedComparisons == other.nonMatedComparisons
  }
}

extension Replicates {
  /// Element by element; NaN where either is undefined, nil when the numbers of draws differ.
  fileprivate func minus(_ other: Replicates?) -> Replicates? {
    guard let other, other.values.count == values.count else { return nil }
    return Replicates(zip(values, other.values).map { $0 - $1 })
  }
}
