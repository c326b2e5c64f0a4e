import Biometrics
import Results

/// A number with its two-sided interval and what that was made from.
struct PairedBounds {
  var value: Double
  var lower: Double?
  var upper: Double?
  var method: String?
  /// Why there is no interval, or what is wrong with it.
  var note: String?
  /// In the order of the draws; nil where not kept.
  var replicates: [Double]?

  init(
    value: Double, lower: Double?, upper: Double?, method: String?, note: String?,
    replicates: [Double]?
  ) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.method = method
    self.note = note
    self.replicates = replicates
  }

  /// The interval of differences (recentred) from replicates.
  ///
  /// - Parameter withheld: why it has none though it was resampled; see `withheldInterval`.
  init(value: Double, replicates: [Double], withheld: String?) {
    if let withheld {
      self.init(
        value: value, lower: nil, upper: nil, method: nil, note: withheld, replicates: nil)
      return
    }
    let paired = PairedDifference(estimate: value, replicates: replicates)
    self.init(
      value: value, lower: paired.interval?.lowerBound, upper: paired.interval?.upperBound,
      method: paired.method.map { "\($0)" }, note: paired.note, replicates: replicates)
  }

  /// The 95 % bounds of one-sided tests in both directions: recentred 5 % and 95 % quantiles.
  static func oneSided(_ value: Double, _ replicates: [Double]) -> ClosedRange<Double> {
    let defined = replicates.filter { !$0.isNaN }
    let shift = value - mean(defined)
    let sorted = defined.map { $0 + shift }.sorted()
    return quantile(0.05, ofSorted: sorted)...quantile(0.95, ofSorted: sorted)
  }
}

extension ClaimAnswer {
  /// Gives the answer of a paired difference; one without interval, or with one that misses the
  /// difference, gives none.
  mutating func judge(_ difference: SystemDifference, region: ClaimRegion) {
    judge(
      PairedBounds(
        value: difference.value, lower: difference.lower, upper: difference.upper,
        method: difference.intervalMethod, note: difference.note,
        replicates: difference.replicates), region: region)
  }

  /// The same for anything that was resampled.
  mutating func judge(_ bounds: PairedBounds, region: ClaimRegion) {
    estimate = bounds.value
    self.region = region
    guard let lower = bounds.lower, let upper = bounds.upper, bounds.note == nil else {
      answer = .notTestable(bounds.note ?? "no interval")
      return
    }
    if claim.sides == .one, let replicates = bounds.replicates {
      let ends = PairedBounds.oneSided(bounds.value, replicates)
      judge(
        bounds.value, lower: ends.lowerBound, upper: ends.upperBound,
        method: (bounds.method ?? "") + ", one-sided", region: region)
    } else {
      judge(bounds.value, lower: lower, upper: upper, method: bounds.method, region: region)
    }
  }
}
