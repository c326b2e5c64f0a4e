// Share of right decisions (definitions 1.5). Over all pairs nearly every comparison is non-mated,
// so rejecting everything is already above 99.9 %: never print an accuracy without that figure.

/// Share of right decisions at a threshold, with what it must be compared with.
public struct VerificationAccuracy: Sendable, Equatable {
  /// (mated matches + non-mated non-matches) / all comparisons.
  public let accuracy: Double
  /// 1 - (FMR + FNMR) / 2.
  public let balanced: Double
  /// Accuracy of a system that rejects every comparison.
  public let rejectAll: Double
  public let threshold: Double
}

/// Accuracy at a given threshold.
///
/// - Throws: `MetricError.noComparisons` for an empty list.
public func verificationAccuracy(
  mated: [Double], nonMated: [Double], threshold: Double
) throws(MetricError) -> VerificationAccuracy {
  let falseMatches = nonMated.count { $0 >= threshold }
  let falseNonMatches = mated.count { $0 < threshold }
  guard !mated.isEmpty else { throw .noComparisons(kind: "mated") }
  guard !nonMated.isEmpty else { throw .noComparisons(kind: "non-mated") }
  return VerificationAccuracy(
    counts: ErrorCounts(
      falseMatches: falseMatches, nonMated: nonMated.count, falseNonMatches: falseNonMatches,
      mated: mated.count), threshold: threshold)
}

/// Largest accuracy over all thresholds; of equal ones the largest threshold, +infinity included.
///
/// - Throws: `MetricError` for an empty list or NaN.
/// - Complexity: O((m + n) log(m + n)).
public func bestVerificationAccuracy(mated: [Double], nonMated: [Double]) throws(MetricError)
  -> VerificationAccuracy
{
  try ROCPoints(mated: mated, nonMated: nonMated).bestAccuracy
}

extension VerificationAccuracy {
  /// From error counts; both kinds of comparison must be present.
  package init(counts: ErrorCounts, threshold: Double) {
    let all = Double(counts.mated + counts.nonMated)
    accuracy =
      Double(counts.mated - counts.falseNonMatches + counts.nonMated - counts.falseMatches) / all
    balanced =
      1
      - (Double(counts.falseMatches) / Double(counts.nonMated)
        + Double(counts.falseNonMatches) / Double(counts.mated)) / 2
    rejectAll = Double(counts.nonMated) / all
    self.threshold = threshold
  }
}

extension ROCPoints {
  /// Largest accuracy over the points, first from +infinity. Exact on the corners of a ROC, because
  /// a threshold between two mated scores only adds false matches.
  package var bestAccuracy: VerificationAccuracy {
    var best = 0
    for k in 0..<count
    where trueMatches[k] - falseMatches[k] > trueMatches[best] - falseMatches[best] {
      best = k
    }
    return VerificationAccuracy(
      counts: ErrorCounts(
        falseMatches: falseMatches[best], nonMated: nonMated,
        falseNonMatches: mated - trueMatches[best], mated: mated), threshold: thresholds[best])
  }
}
