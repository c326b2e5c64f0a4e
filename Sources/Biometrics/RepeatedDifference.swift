/// Paired difference a - b of two systems over the same repeats: the difference of the means
/// (definitions 13).
package struct RepeatedDifference: Sendable {
  package let value: Double
  /// Repeats that have both.
  package let repeats: Int
  /// Standard deviation of the repeats' differences (n - 1); nil for one.
  package let spread: Double?
  /// Of the difference of the means, in the order of the shared draws; nil where a repeat has none.
  package let replicates: Replicates?
  /// Interval and significance.
  package let paired: PairedDifference

  /// - Parameters:
  ///   - a, b: the same measurement of both systems by repeat, in the same order.
  ///   - note: why the two are not paired though both have values; nil: they are.
  /// - Returns: nil where no repeat has both.
  package init?(of a: [MetricValue], minus b: [MetricValue], unpaired note: String? = nil) {
    let both = zip(a, b).filter { $0.value != nil && $1.value != nil }
    guard !both.isEmpty else { return nil }
    let values = both.map { $0.value! - $1.value! }
    value = mean(values)
    repeats = values.count
    spread = values.count > 1 ? variance(values).squareRoot() : nil
    if let note {
      (replicates, paired) = (nil, .none(note))
      return
    }
    guard let first = Replicates(meanOf: both.map(\.0.replicates)),
      let second = Replicates(meanOf: both.map(\.1.replicates))
    else {
      replicates = nil
      paired = .none("no interval: the records hold no paired bootstrap replicates")
      return
    }
    replicates = first.minus(second)
    // The errors of a group are among those of all.
    let isNested = both[0].0.group != both[0].1.group && both[0].1.group == "all"
    paired =
      withheldInterval(of: isNested ? [both.map(\.0)] : [both.map(\.0), both.map(\.1)])
      .map { .none($0) }
      ?? pairedDifference(
        of: first, minus: second, estimate: value, range: both[0].0.quantity.differenceRange)
  }

  /// How the interval was made, as CSV files name it; nil without one.
  package var methodText: String? {
    guard paired.interval != nil, let method = paired.method else { return nil }
    return "\(method)" + (repeats > 1 ? ", mean of \(repeats) repeats" : "")
  }
}

/// Difference a - b of two measurements made with the same draws of subjects.
///
/// Replicates in which either is undefined (NaN) are left out; with fewer than nine in ten left
/// there is no answer.
///
/// - Parameters:
///   - estimate: a - b of the data as they are.
///   - range: values that it can take.
private func pairedDifference(
  of a: Replicates, minus b: Replicates, estimate: Double, range: ClosedRange<Double>
) -> PairedDifference {
  guard let difference = a.minus(b) else {
    return .none(
      "no interval: the two were resampled \(a.values.count) and \(b.values.count) times")
  }
  return PairedDifference(estimate: estimate, replicates: difference.values, range: range)
}

extension MetricValue {
  /// The interval that was recorded misses the value.
  var isOutsideItsInterval: Bool {
    guard let value, let lower, let upper else { return false }
    return value < lower || value > upper
  }
}

extension Quantity {
  /// What the errors of the rate are called.
  fileprivate func errors(isOne: Bool) -> String {
    let words = self == .fnir ? ("miss", "misses") : ("false non-match", "false non-matches")
    return isOne ? words.0 : words.1
  }
}

/// Why a difference has no interval though it was resampled (definitions 13): it rests on too few
/// errors, or on an estimate that its own replicates do not hold, which recentring would hide. Nil: none
/// of both.
///
/// FNMR and FNIR need `fewestErrorsOfDifference` of all sides together, and thresholds among the scores, which
/// of FNIR the searches of more than a few people set; of iGARBE and the inequity rate, what
/// takes the interval from one side takes it from the difference; the others need nothing.
///
/// - Parameter sides: the measurement of each side by repeat; all of one quantity.
package func withheldInterval(of sides: [[MetricValue]]) -> String? {
  guard let quantity = sides.first?.first?.quantity else { return nil }
  if sides.joined().contains(where: \.isOutsideItsInterval) {
    return "no interval: an estimate of the two lies outside its own interval"
  }
  switch quantity {
  case .fnmr, .fnir:
    // All errors of a rate whose threshold lies beyond every score are the rule's, no person's.
    if let made = sides.joined().first(where: { $0.isMadeByRule || $0.hasThresholdOfFew }) {
      return made.intervalNote
    }
    // Interpolated rates have no counts. Repeats err on the same people, so their errors do not add.
    var found = 0.0
    for side in sides {
      guard let errors = sum(side.map(\.numerator)) else { return nil }
      found += Double(errors) / Double(side.count)
    }
    let needed = Quantity.fewestErrorsOfDifference
    let isMean = sides[0].count > 1
    let trainings = isMean ? " in the mean of \(sides[0].count) repeats" : ""
    // Rounded down, so that it never reads like the number needed.
    let counted = isMean ? "\((10 * found).rounded(.down) / 10)" : "\(Int(found))"
    return found < Double(needed)
      ? "no interval: \(counted) \(quantity.errors(isOne: counted == "1")) "
        + "\(sides.count == 1 ? "of the group" : "of both together")\(trainings), fewer than the "
        + "\(needed) from which on one holds" : nil
  case .igarbe, .inequityRate:
    return sides.joined().lazy.filter { $0.lower == nil }.compactMap(\.intervalNote).first
  case .fdr, .fmr, .eer, .auc, .accuracy, .balancedAccuracy, .fpir: return nil
  }
}
