import Foundation

/// One measured number with everything a table needs to print it honestly.
package struct MetricValue: Sendable, Codable {
  package var quantity: Quantity
  /// "all", "male", "female" or another group label.
  package var group: String
  /// Evaluation convention it was computed under: "default", "paper-compatible", or a spec's name.
  package var convention: String
  /// Rule within the quantity: operating-point rule, EER rule, "at-0.5", "best", "reject-all", …
  package var rule: String?
  /// FMR target of an operating point.
  package var target: Double?
  /// The value, a fraction; nil when it cannot be measured (then `note` says why).
  package var value: Double?
  package var threshold: Double?
  /// FMR reached at the threshold.
  package var attainedFMR: Double?
  /// Errors and trials behind the value, where it is a proportion.
  package var numerator: Int?
  package var denominator: Int?
  /// People whose trials a false non-match rate is made of; nil for other quantities.
  package var people: Int?
  /// 95 % interval and how it was made: an `IntervalMethod`, with ", linearised" where replicates
  /// were (see SubjectBootstrap).
  package var lower: Double?
  package var upper: Double?
  package var intervalMethod: String?
  /// Why a value has no interval, or one that does not hold it.
  package var intervalNote: String?
  /// Bootstrap replicates, in the order of the shared draws, for paired differences.
  package var replicates: Replicates?
  /// What every person adds to a rate of errors; nil for what is no such rate.
  package var errorShares: ErrorShares?
  package var note: String?

  package init(
    quantity: Quantity, group: String, convention: String, rule: String? = nil,
    target: Double? = nil, value: Double?, threshold: Double? = nil, attainedFMR: Double? = nil,
    numerator: Int? = nil, denominator: Int? = nil, people: Int? = nil, lower: Double? = nil,
    upper: Double? = nil, intervalMethod: String? = nil, intervalNote: String? = nil,
    replicates: Replicates? = nil, note: String? = nil
  ) {
    self.quantity = quantity
    self.group = group
    self.convention = convention
    self.rule = rule
    self.target = target
    self.value = value
    self.threshold = threshold
    self.attainedFMR = attainedFMR
    self.numerator = numerator
    self.denominator = denominator
    self.people = people
    self.lower = lower
    self.upper = upper
    self.intervalMethod = intervalMethod
    self.intervalNote = intervalNote
    self.replicates = replicates
    self.note = note
  }
}

extension MetricValue {
  /// What the interval of this measurement is made from, given its replicates.
  package func intervalBasis(_ replicates: [Double]) -> IntervalBasis? {
    guard let value else { return nil }
    var basis = IntervalBasis(value: value, replicates: replicates, range: quantity.range)
    if let numerator, let denominator, let people {
      basis.proportion = .init(errors: numerator, trials: denominator, people: people)
    }
    return basis
  }

  /// Attaches the interval that the quantity gets; `isLinearised`: how the replicates were made.
  mutating func attachInterval(_ replicates: [Double], isLinearised: Bool = false) {
    guard let basis = intervalBasis(replicates) else { return }
    let outcome = basis.interval(quantity.intervalMethod)
    lower = outcome.bounds?.lowerBound
    upper = outcome.bounds?.upperBound
    intervalMethod = outcome.method.map {
      isLinearised && $0 != .ruleOf3 ? "\($0), linearised" : "\($0)"
    }
    intervalNote = outcome.note
  }

  /// People with a false positive from whom on an interval of FNIR holds (definitions 1.11).
  static let fewestPeopleOfThreshold = 10
  private static let thresholdOfFew = "no interval: the threshold is set by "

  /// Why a rate whose threshold rests on the searches of so few people has none.
  static func fewSetTheThreshold(_ people: Int) -> String {
    thresholdOfFew
      + "false positives of \(people) \(people == 1 ? "person" : "people"), fewer than the "
      + "\(fewestPeopleOfThreshold) from which on one holds"
  }

  /// Whether few people set the threshold.
  var hasThresholdOfFew: Bool { intervalNote?.hasPrefix(Self.thresholdOfFew) ?? false }

  /// Begin of the note of a rate that the threshold rule made, beyond every score.
  static let madeByRule = "no interval: the rule took a threshold"

  /// Whether the rate is what the threshold rule made of everybody, with a threshold beyond every score.
  var isMadeByRule: Bool { intervalNote?.hasPrefix(Self.madeByRule) ?? false }

  /// Removes the interval and says why.
  mutating func withholdInterval(_ note: String) {
    let isLinearised = intervalMethod?.hasSuffix("linearised") == true
    lower = nil
    upper = nil
    intervalMethod = nil
    intervalNote = isLinearised ? "\(note); replicates are linearised" : note
  }
}

/// One point of a ROC or DET curve.
package struct CurvePoint: Sendable, Codable {
  package var fmr: Double
  package var fnmr: Double
  package init(fmr: Double, fnmr: Double) {
    self.fmr = fmr
    self.fnmr = fnmr
  }
}
