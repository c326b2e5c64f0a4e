// Ways to make a 95 % interval (definitions 13). Which one a quantity gets was decided by measured
// coverage and length: `Harness coverage` and the article on fairness have the figures.

/// How a 95 % interval is made.
package enum IntervalMethod: String, Sendable, Codable, Hashable, CaseIterable {
  /// Quantiles of the replicates of the subject bootstrap.
  case percentile
  /// The percentile interval reflected at the estimate: 2 theta - quantiles.
  case basic
  /// Quantiles of the replicates moved so that their centre is the estimate. The bootstrap of a
  /// nonlinear function of U-statistics is centred elsewhere (Conti and Clémençon,
  /// arXiv 2211.07245); there the centre is known in closed form, here it is the replicates' mean.
  case recentred
  /// Percentiles corrected for bias and skewness (Efron 1987).
  case bca
  /// Wilson's interval with an effective number of trials (arXiv 2306.01198), whose variance is that
  /// of the replicates: it holds the uncertainty of the threshold, too.
  case wilson
  /// Percentiles of replicates in which a subject counts twice or not at all (arXiv 2306.01198).
  case doubleOrNothing = "double-or-nothing"
  /// No error among n people bounds the rate by 3/n (n: people with mated comparisons, because the
  /// comparisons of one person fail together); all errors likewise.
  case ruleOf3 = "rule-of-3"
}

extension IntervalMethod: CustomStringConvertible {
  /// As in records and CSV.
  package var description: String { rawValue }
}

/// An interval, how it was made, and what must be said beside it.
package struct IntervalOutcome: Sendable, Equatable {
  /// Nil where no interval can be given; then `note` says why.
  package var bounds: ClosedRange<Double>?
  package var method: IntervalMethod?
  /// Why there is no interval, or why it does not hold its own estimate.
  package var note: String?

  /// What is said of an interval that does not hold its estimate: no star, no verdict.
  package static let outside =
    "the estimate lies outside its own interval: resamples are biased here"
}

/// Replicates that a 95 % interval needs: with fewer its ends lie beyond the outermost ones.
package let fewestReplicates = 40

extension Quantity {
  /// The method of this quantity's intervals; a rate without errors gets the rule of 3.
  package var intervalMethod: IntervalMethod {
    switch self {
    case .fnmr, .fnir: .wilson
    case .fmr, .eer, .auc, .accuracy, .balancedAccuracy, .fdr, .igarbe, .inequityRate, .fpir:
      .percentile
    }
  }

  /// The best value there can be, where sampled rates never reach it and so no interval holds it:
  /// groups that are truly equal still differ in a sample, and in every replicate once more.
  package var unreachableBest: Double? {
    switch self {
    case .fdr, .igarbe, .inequityRate: 1
    case .fnmr, .fmr, .eer, .auc, .accuracy, .balancedAccuracy, .fnir, .fpir: nil
    }
  }

  /// False non-matches (of a fairness measure those in all groups) that an interval needs: with
  /// fewer, no method held the truth in 93 % of data sets. 0: any number.
  ///
  /// A given threshold takes the noise of a common threshold out of both groups, and with it some of
  /// the width; the thinned rules set thresholds far from the target where there are few errors.
  package func fewestErrors(_ convention: EvaluationConvention) -> Int {
    switch self {
    case .fnmr: convention.rule == .nearestDrop || convention.rule == .nearest ? 5 : 0
    case .fdr: convention.threshold == .development ? 30 : 10
    case .igarbe, .inequityRate: 30
    case .eer: 10
    case .fmr, .auc, .accuracy, .balancedAccuracy, .fnir, .fpir: 0
    }
  }

  /// False non-matches of both systems together that the interval of a paired difference of FNMR
  /// needs; that of iGARBE and of the inequity rate what either measure needs by itself, that of FDR
  /// nothing.
  package static let fewestErrorsOfDifference = 10

  /// Values that the quantity can take.
  package var range: ClosedRange<Double> {
    self == .inequityRate ? 1...Double.infinity : 0...1
  }

  /// Values that the difference of two can take.
  package var differenceRange: ClosedRange<Double> {
    (range.lowerBound - range.upperBound)...(range.upperBound - range.lowerBound)
  }
}
