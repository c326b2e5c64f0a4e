// Several trainings of the same people (definitions 13). With R repeats the estimate is the mean over
// repeats, thresholds and rates being each repeat's own; a drawn subject brings all R of its models,
// which is what the same draws in every repeat mean. So replicate b of the pooled quantity is the
// mean of the repeats' replicates b.

/// One measurement over the repeats of a cell.
package struct RepeatedMeasurement: Sendable {
  /// Mean over repeats.
  package let value: Double
  /// Repeats behind it.
  package let repeats: Int
  /// Standard deviation of the repeats' values (n - 1): what training alone moves; nil for one.
  package let spread: Double?
  /// Of the mean, in the order of the shared draws; nil where a repeat has none.
  package let replicates: Replicates?
  /// Errors, trials and people over all repeats, where the quantity is a proportion; each person
  /// counts once.
  package let proportion: IntervalBasis.Proportion?
  package let interval: IntervalOutcome
  /// Method of the first repeat's own interval as recorded.
  private let recordedMethod: String?

  /// Pools the same measurement of several repeats.
  ///
  /// Nil where none of them has a value. A repeat without one is left out of the mean and named in
  /// the interval's note, because the mean is then of fewer trainings. A single repeat keeps the
  /// interval that it was recorded with; of several each must have one.
  package init?(_ measurements: [MetricValue]) {
    let measured = measurements.filter { $0.value != nil }
    guard let first = measured.first else { return nil }
    let values = measured.compactMap(\.value)
    value = mean(values)
    repeats = values.count
    spread = values.count > 1 ? variance(values).squareRoot() : nil
    replicates = Replicates(meanOf: measured.map(\.replicates))
    if let errors = sum(measured.map(\.numerator)), let trials = sum(measured.map(\.denominator)),
      let people = first.people
    {
      proportion = .init(errors: errors, trials: trials, people: people, repeats: values.count)
    } else {
      proportion = nil
    }
    recordedMethod = first.intervalMethod
    interval = Self.interval(
      measured, value: value, replicates: replicates, proportion: proportion,
      absent: measurements.count - measured.count)
  }

  /// How the interval was made, as CSV files name it: "wilson", "wilson, linearised",
  /// "percentile, mean of 3 repeats"; nil without one.
  package var methodText: String? {
    guard interval.bounds != nil else { return nil }
    return repeats == 1
      ? recordedMethod
      : interval.method.map { method in
        let isLinearised = recordedMethod?.hasSuffix("linearised") == true && method != .ruleOf3
        return "\(method)" + (isLinearised ? ", linearised" : "") + ", mean of \(repeats) repeats"
      }
  }

  private static func interval(
    _ measured: [MetricValue], value: Double, replicates: Replicates?,
    proportion: IntervalBasis.Proportion?, absent: Int
  ) -> IntervalOutcome {
    let first = measured[0]
    guard absent == 0 else {
      return IntervalOutcome(
        note: "no interval: \(absent) of \(measured.count + absent) repeats have no value")
    }
    if measured.count == 1 { return first.recordedInterval }
    // What rests on too few errors in one training rests on few in all.
    let withheld = measured.filter { $0.lower == nil && $0.intervalNote != nil }
    if !withheld.isEmpty {
      let reasons = withheld.compactMap(\.intervalNote)
      let notes = reasons.indices.filter { !reasons[..<$0].contains(reasons[$0]) }.map { index in
        let note = reasons[index]
        let count = withheld.count { $0.intervalNote == note }
        let which =
          count == measured.count ? "in every repeat" : "in \(count) of \(measured.count) repeats"
        return "\(note) (\(which))"
      }
      return IntervalOutcome(note: notes.joined(separator: "; "))
    }
    guard let replicates else {
      // What has no interval in one training and no reason follows from the trials alone.
      return IntervalOutcome(
        note: first.lower == nil ? nil : "no interval: the repeats hold no paired replicates")
    }
    var basis = IntervalBasis(
      value: value, replicates: replicates.values, range: first.quantity.range)
    basis.proportion = proportion
    return basis.interval(first.quantity.intervalMethod)
  }
}

extension MetricValue {
  /// The interval as it was recorded, with a note where it does not hold the value.
  fileprivate var recordedInterval: IntervalOutcome {
    guard value != nil, let lower, let upper else { return IntervalOutcome(note: intervalNote) }
    let method = intervalMethod.flatMap { text in
      IntervalMethod(rawValue: String(text.prefix { $0 != "," }))
    }
    return IntervalOutcome(
      bounds: lower...upper, method: method,
      note: intervalNote ?? (isOutsideItsInterval ? IntervalOutcome.outside : nil))
  }
}

extension Replicates {
  /// Element-wise mean of replicates made with the same draws; NaN where any is undefined. Nil
  /// unless all are there and equally many.
  package init?(meanOf all: [Replicates?]) {
    let present = all.compactMap { $0?.values }
    guard let count = present.first?.count, present.count == all.count,
      present.allSatisfy({ $0.count == count })
    else { return nil }
    self.init(
      (0..<count).map { b in present.reduce(0) { $0 + $1[b] } / Double(present.count) })
  }
}

/// Sum; nil without values, and where one is missing.
package func sum(_ values: [Int?]) -> Int? {
  let present = values.compactMap { $0 }
  return present.isEmpty || present.count < values.count ? nil : present.reduce(0, +)
}
