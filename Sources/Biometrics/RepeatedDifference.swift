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
    paired =
      Self.fewErrors(both).map { .none($0) }
      ?? pairedDifference(of: first, minus: second, estimate: value)
  }

  /// Why a difference rests on too few errors for an interval; nil: it does not.
  private static func fewErrors(_ both: [(MetricValue, MetricValue)]) -> String? {
    switch both[0].0.quantity {
    case .fnmr:
      // Interpolated rates have no counts. Repeats err on the same people, so their errors do not add.
      let errors = both.compactMap { a, b in a.numerator.flatMap { x in b.numerator.map { x + $0 } }
      }
      guard errors.count == both.count else { return nil }
      let found = errors.reduce(0, +) / errors.count
      let needed = Quantity.fewestErrorsOfDifference
      return found < needed
        ? "no interval: \(found) false non-matches of both systems together, fewer than the \(needed) "
          + "from which on one holds" : nil
    case .igarbe, .inequityRate:
      // What takes the interval from either takes it from the difference.
      return both.flatMap { [$0, $1] }.lazy.filter { $0.lower == nil }.compactMap(\.intervalNote)
        .first
    case .fdr, .fmr, .eer, .auc, .accuracy, .balancedAccuracy: return nil
    }
  }

  /// How the interval was made, as CSV files name it; nil without one.
  package var methodText: String? {
    guard paired.interval != nil, let method = paired.method else { return nil }
    return "\(method)" + (repeats > 1 ? ", mean of \(repeats) repeats" : "")
  }
}
