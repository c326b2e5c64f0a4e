import Biometrics
import Records
import Specs

/// The difference of two systems (or two measurements) on the same evaluation subjects, with its
/// paired interval.
package struct SystemDifference: Sendable {
  private let difference: RepeatedDifference

  /// Mean over the paired repeats of minuend − subtrahend.
  package var value: Double { difference.value }
  /// 95 % interval by `PairedDifference`; nil without replicates.
  package var lower: Double? { difference.paired.interval?.lowerBound }
  package var upper: Double? { difference.paired.interval?.upperBound }
  /// How the interval was made; nil without one.
  package var intervalMethod: String? { difference.methodText }
  /// Two-sided p-value of no difference; nil without replicates, and where the interval misses the
  /// difference itself.
  package var pValue: Double? { difference.paired.pValue }
  /// Repeats that both systems have, and the standard deviation of their differences.
  package var repeats: Int { difference.repeats }
  package var spread: Double? { difference.spread }
  /// Of the difference, in the order of the shared draws; nil where no interval can be made of them.
  package var replicates: [Double]? {
    difference.paired.interval == nil ? nil : difference.replicates?.values
  }
  /// Why there is no interval, or what is wrong with it.
  package var note: String? { difference.paired.note }

  /// See `PairedDifference`.
  package var excludesZero: Bool { difference.paired.excludesZero }

  /// Pairs the repeats with equal number; nil when no such pair has both values.
  ///
  /// Replicate b is the same draw of subjects for every system evaluated on the same subjects. The
  /// sizes of the two evaluations must therefore agree, else the difference has no interval.
  package init?(
    _ minuend: MeasurementQuery, in minuendRecords: [EvaluationRecord],
    minus subtrahend: MeasurementQuery, in subtrahendRecords: [EvaluationRecord]
  ) {
    var a: [MetricValue] = []
    var b: [MetricValue] = []
    var arePaired = true
    for record in minuendRecords {
      guard
        let other = subtrahendRecords.first(where: {
          $0.key.repeatIndex == record.key.repeatIndex
        }),
        let x = minuend.find(in: record), let y = subtrahend.find(in: other), x.value != nil,
        y.value != nil
      else { continue }
      a.append(x)
      b.append(y)
      arePaired = arePaired && record.counts.sizes == other.counts.sizes
    }
    let made = Set((minuendRecords + subtrahendRecords).map(\.key.repeatIndex)).count
    let unpaired =
      a.count < made
      ? "no interval: \(a.count) of \(made) repeats have both values"
      : arePaired ? nil : "no interval: the two systems were evaluated on different trials"
    guard let difference = RepeatedDifference(of: a, minus: b, unpaired: unpaired)
    else { return nil }
    self.difference = difference
  }
}

extension EvaluationCounts {
  /// Two evaluations that agree in them have the same people and comparisons, and share their draws.
  var sizes: [Int] { [subjects, references, probes, matedComparisons, nonMatedComparisons] }
}
