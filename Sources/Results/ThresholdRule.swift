import Biometrics

/// The rule by which the threshold of a measurement was set (definitions 1.3 and 1.5), by its name
/// in records and tables.
package enum ThresholdRule: Sendable, Hashable {
  /// At a target FMR: "conservative", "nearest_drop", ….
  case operatingPoint(OperatingPointRule)
  /// Probability 0.5: "at-0.5".
  case atHalf
  /// The threshold with the largest accuracy on the evaluated comparisons: "best".
  case best
  /// The threshold at an FMR, for accuracies: "at-fmr-0.001".
  case atFMR(Double)
  /// Nobody is accepted: "reject-all".
  case rejectAll
  /// Any other name.
  case other(String)

  /// The rule of a name.
  package init(_ name: String) {
    var known: [ThresholdRule] = [.atHalf, .best, .rejectAll]
    known += OperatingPointRule.allCases.map(ThresholdRule.operatingPoint)
    if name.hasPrefix("at-fmr-"), let target = Double(name.dropFirst(7)) {
      known.append(.atFMR(target))
    }
    self = known.first { $0.name == name } ?? .other(name)
  }

  /// As in records and tables.
  package var name: String {
    switch self {
    case .operatingPoint(let rule): rule.rawValue
    case .atHalf: "at-0.5"
    case .best: "best"
    case .atFMR(let target): "at-fmr-\(target)"
    case .rejectAll: "reject-all"
    case .other(let name): name
    }
  }
}
