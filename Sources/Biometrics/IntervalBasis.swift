/// An estimate with everything its intervals can be made from.
package struct IntervalBasis: Sendable {
  package var value: Double
  /// Replicates of the subject bootstrap; NaN where undefined.
  package var replicates: [Double]
  /// Values that the quantity can take; intervals end there.
  package var range: ClosedRange<Double>
  /// What a proportion counts; nil for other quantities.
  package var proportion: Proportion?
  /// Replicates of weights 0 and 2; empty: not drawn.
  package var doubleOrNothing: [Double] = []
  /// Acceleration of BCa: a sixth of the skewness of the subjects' influence; 0 leaves BC.
  package var acceleration = 0.0

  /// Errors, the trials that they are of, and the people whose trials they are.
  package struct Proportion: Sendable, Equatable {
    package var errors: Int
    package var trials: Int
    package var people: Int

    /// Trainings that the trials are counted over; each has the same ones.
    package var repeats: Int

    package init(errors: Int, trials: Int, people: Int, repeats: Int = 1) {
      self.errors = errors
      self.trials = trials
      self.people = people
      self.repeats = repeats
    }
  }

  package init(
    value: Double, replicates: [Double],
    range: ClosedRange<Double> = -Double.infinity...Double.infinity,
    proportion: Proportion? = nil
  ) {
    self.value = value
    self.replicates = replicates
    self.range = range
    self.proportion = proportion
  }

  /// The 95 % interval by a method; a proportion without errors (or successes) gets the rule of 3.
  package func interval(_ method: IntervalMethod) -> IntervalOutcome {
    if let proportion, let bounds = ruleOf3Interval(proportion) {
      return IntervalOutcome(bounds: bounds, method: .ruleOf3)
    }
    // A rate that is no count of trials (an interpolated one) has replicates only.
    let method = method == .wilson && proportion == nil ? .percentile : method
    let draws = method == .doubleOrNothing ? doubleOrNothing : replicates
    let defined = draws.filter { !$0.isNaN }
    guard defined.count >= fewestReplicates else {
      return IntervalOutcome(
        note:
          "\(defined.count) replicates, expected \(fewestReplicates) or more for a 95 % interval")
    }
    guard 10 * defined.count >= 9 * draws.count else {
      return IntervalOutcome(
        note:
          "no interval: undefined in \(draws.count - defined.count) of \(draws.count) replicates")
    }
    let sorted = defined.sorted()
    let low = quantile(0.025, ofSorted: sorted)
    let high = quantile(0.975, ofSorted: sorted)
    // Differences of equal numbers differ by rounding alone.
    let spread = sorted[sorted.count - 1] - sorted[0]
    guard spread > 1e-12 * max(1, abs(value)) || method == .wilson else {
      return IntervalOutcome(note: "no interval: every resample gives the same value")
    }
    let bounds: (lower: Double, upper: Double)
    switch method {
    case .percentile, .doubleOrNothing: bounds = (low, high)
    case .basic: bounds = (2 * value - high, 2 * value - low)
    case .recentred:
      let shift = value - mean(defined)
      bounds = (low + shift, high + shift)
    case .bca: bounds = biasCorrected(sorted)
    case .wilson: bounds = wilson(proportion!, variance: variance(defined))
    case .ruleOf3: return IntervalOutcome(note: "no interval: the rule of 3 needs a rate of 0 or 1")
    }
    return outcome(bounds, method)
  }

  /// Cuts bounds to the range and says where they miss the estimate.
  private func outcome(_ bounds: (lower: Double, upper: Double), _ method: IntervalMethod)
    -> IntervalOutcome
  {
    let lower = min(max(bounds.lower, range.lowerBound), range.upperBound)
    let upper = max(lower, min(bounds.upper, range.upperBound))
    // Estimate and replicates come from different sums.
    let slack = 1e-12 * max(1, abs(value))
    let holds = lower - slack <= value && value <= upper + slack
    return IntervalOutcome(
      bounds: holds ? min(lower, value)...max(upper, value) : lower...upper, method: method,
      note: holds ? nil : IntervalOutcome.outside)
  }

  private func ruleOf3Interval(_ proportion: Proportion) -> ClosedRange<Double>? {
    guard proportion.trials > 0, proportion.people > 0 else { return nil }
    let bound = min(1, 3 / Double(proportion.people))
    if proportion.errors == 0 { return 0...bound }
    if proportion.errors == proportion.trials { return (1 - bound)...1 }
    return nil
  }

  /// Never more effective trials than one training has: subjects may look more alike than chance allows,
  /// and the trials of several trainings are the same.
  private func wilson(_ proportion: Proportion, variance: Double) -> (Double, Double) {
    let trials = Double(proportion.trials)
    let most = trials / Double(proportion.repeats)
    let effective = variance > 0 ? min(value * (1 - value) / variance, most) : most
    return effectiveWilsonInterval(
      errors: proportion.errors, trials: proportion.trials, effectiveTrials: effective)
  }

  private func biasCorrected(_ sorted: [Double]) -> (Double, Double) {
    let n = Double(sorted.count)
    let below = Double(sorted.count { $0 < value }) + Double(sorted.count { $0 == value }) / 2
    let bias = normalQuantile(min(max(below / n, 0.5 / n), 1 - 0.5 / n))
    func level(_ p: Double) -> Double {
      let shifted = bias + normalQuantile(p)
      return normalShare(below: bias + shifted / (1 - acceleration * shifted))
    }
    return (
      quantile(level(0.025), ofSorted: sorted), quantile(level(0.975), ofSorted: sorted)
    )
  }
}

extension ClusteredErrors {
  /// Acceleration of the rate: sum u^3 / (6 (sum u^2)^(3/2)) over the subjects' pulls u.
  package var acceleration: Double {
    let squares = pulls.reduce(0) { $0 + $1 * $1 }
    guard squares > 0 else { return 0 }
    return pulls.reduce(0) { $0 + $1 * $1 * $1 } / (6 * squares * squares.squareRoot())
  }
}

/// Mean of at least one value.
package func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// Variance with n - 1; 0 for fewer than two values.
package func variance(_ values: [Double]) -> Double {
  guard values.count > 1 else { return 0 }
  let centre = mean(values)
  return values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count - 1)
}
