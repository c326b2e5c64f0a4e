/// What can be wrong with the input of a metric.
public enum MetricError: Error, Equatable, CustomStringConvertible {
  /// No comparison of the kind ("mated", "non-mated") that the quantity needs.
  case noComparisons(kind: String)
  /// A score is NaN; the position is that of the score matrix or list.
  case scoreIsNaN(position: String)
  /// An FMR target outside (0, 1).
  case targetOutOfRange(Double)
  /// An FPIR target outside (0, 1).
  case fpirTargetOutOfRange(Double)
  /// `target` is below the smallest step of the FMR, 1 / `nonMated`.
  case targetBelowResolution(target: Double, nonMated: Int)
  /// Two arrays that describe the same thing differ in length.
  case lengthMismatch(what: String, found: Int, expected: Int)
  /// A label (subject, group, column) outside its range.
  case indexOutOfRange(what: String, found: Int, limit: Int)
  /// Fewer than two groups: nothing to compare.
  case tooFewGroups(Int)

  public var description: String {
    switch self {
    case .noComparisons(let kind):
      "found no \(kind) comparison, expected at least one"
    case .scoreIsNaN(let position):
      "score is NaN at \(position), expected a number; check the comparator's output"
    case .targetOutOfRange(let target):
      "FMR target is \(target), expected a fraction between 0 and 1, e.g. 0.001"
    case .fpirTargetOutOfRange(let target):
      "FPIR target is \(target), expected a fraction between 0 and 1, e.g. 0.003"
    case .targetBelowResolution(let target, let nonMated):
      "FMR target \(target) is below 1/\(nonMated), the step of the FMR over \(nonMated) "
        + "non-mated comparisons; use a larger target or more comparisons"
    case .lengthMismatch(let what, let found, let expected):
      "\(what): found \(found) values, expected \(expected)"
    case .indexOutOfRange(let what, let found, let limit):
      "\(what): found \(found), expected 0 ..< \(limit)"
    case .tooFewGroups(let count):
      "found \(count) group(s), expected at least 2"
    }
  }
}
