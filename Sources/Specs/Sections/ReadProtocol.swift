import Biometrics
import Configurations

/// The `protocol`, `conventions`, `operating_points`, `bootstrap` and `limits` sections.
extension SpecReader {
  private enum ProtocolKey: String, CaseIterable {
    case selfTrials = "self_trials"
    case reference, unlabelled
  }
  private enum ConventionKey: String, CaseIterable {
    case name
    case selfTrials = "self_trials"
    case threshold, impostors, denominator, point, alpha
  }
  private enum BootstrapKey: String, CaseIterable {
    case replicates, seed
  }
  private enum LimitsKey: String, CaseIterable {
    case evaluationSubjects = "evaluation_subjects"
    case cohortSubjects = "cohort_subjects"
    case developmentSubjects = "development_subjects"
  }

  /// Which comparisons are made; by default self trials are excluded, the reference is the first
  /// sample, and unlabelled subjects count in "All" only.
  mutating func protocolSwitches(_ node: SpecNode?) -> ProtocolSpec {
    let fields = fields(node, "protocol", ProtocolKey.self)
    return ProtocolSpec(
      selfTrials: choice(
        fields[.selfTrials], "self_trials", of: EvaluationConvention.SelfTrials.self)
        ?? .excluded,
      reference: choice(fields[.reference], "reference", of: ReferenceSelection.self)
        ?? .first,
      unlabelled: choice(
        fields[.unlabelled], "unlabelled", of: UnlabelledRule.self)
        ?? .inAllOnly)
  }

  /// Conventions by name or in full; by default both named ones.
  mutating func conventions(_ node: SpecNode?, selfTrials: EvaluationConvention.SelfTrials)
    -> [ConventionSpec]
  {
    guard let node else {
      return ConventionSpec.usualNames.compactMap {
        ConventionSpec.named($0, selfTrials: selfTrials)
      }
    }
    var conventions: [ConventionSpec] = []
    for item in list(node, "conventions") {
      guard let convention = convention(item, selfTrials: selfTrials) else { continue }
      if conventions.contains(where: { $0.name == convention.name }) {
        report(item.location, "convention '\(convention.name)' is given twice")
      }
      conventions.append(convention)
    }
    return conventions
  }

  private mutating func convention(_ node: SpecNode, selfTrials: EvaluationConvention.SelfTrials)
    -> ConventionSpec?
  {
    guard node.entries != nil else {
      guard
        let name = reference(
          node, "conventions", to: "convention", among: ConventionSpec.knownNames)
      else { return nil }
      return ConventionSpec.named(name, selfTrials: selfTrials)
    }
    let fields = fields(node, "convention", ConventionKey.self)
    var convention = ConventionSpec(name: "", selfTrials: selfTrials)
    if let given = required(fields, .name, in: "the convention"), let name = text(given, "name") {
      convention.name = name
      checkName(LocatedName(name: name, location: given.location), "convention name")
      if ConventionSpec.knownNames.contains(name) {
        report(
          given.location,
          "convention '\(name)' has a fixed meaning; list its name alone or choose another name")
      }
    }
    convention.selfTrials =
      choice(fields[.selfTrials], "self_trials", of: EvaluationConvention.SelfTrials.self)
      ?? selfTrials
    convention.threshold =
      choice(fields[.threshold], "threshold", of: ConventionSpec.Threshold.self)
      ?? convention.threshold
    convention.nonMated =
      choice(fields[.impostors], "impostors", of: EvaluationConvention.NonMatedOf.self)
      ?? convention.nonMated
    convention.denominator =
      choice(fields[.denominator], "denominator", of: EvaluationConvention.Denominator.self)
      ?? convention.denominator
    convention.rule =
      choice(fields[.point], "point", of: OperatingPointRule.self) ?? convention.rule
    convention.alpha = number(fields[.alpha], "alpha", .fraction) ?? convention.alpha
    return convention
  }

  /// FMR targets; by default 0.001.
  mutating func operatingPoints(_ node: SpecNode?) -> [Double] {
    guard let node else { return [1e-3] }
    return numbers(node, "operating_points", .openFraction)
  }

  /// Balancing factors; `per_subject` among them adds the system that chooses each person's factor
  /// among the others. By default 0.5.
  mutating func balancingFactors(_ node: SpecNode?) -> (factors: [Double], isPerSubject: Bool) {
    guard let node else { return ([0.5], false) }
    var fixed: [SpecNode] = []
    var perSubject: [SpecNode] = []
    for item in list(node, "balancing_factors") {
      if case .scalar("per_subject", _) = item.content {
        perSubject.append(item)
      } else {
        fixed.append(item)
      }
    }
    if perSubject.count > 1 {
      report(perSubject[1].location, "'per_subject' is listed twice in 'balancing_factors'")
    }
    let factors = numbers(fixed, "balancing_factors", .fraction)
    if let first = perSubject.first, factors.count < 2 {
      report(
        first.location,
        "'per_subject' chooses among the other balancing factors and found \(factors.count), "
          + "expected at least 2; list them, e.g. [0.4, 0.5, 0.6, per_subject]")
    }
    return (factors, !perSubject.isEmpty)
  }

  /// A list of different numbers that a rule accepts.
  mutating func numbers(_ node: SpecNode, _ name: String, _ rule: NumberRule) -> [Double] {
    numbers(list(node, name), name, rule)
  }

  private mutating func numbers(_ items: [SpecNode], _ name: String, _ rule: NumberRule)
    -> [Double]
  {
    var values: [Double] = []
    for item in items {
      guard let value = number(item, name, rule) else { continue }
      if values.contains(value) {
        report(item.location, "\(item.kind) is listed twice in '\(name)'")
      } else {
        values.append(value)
      }
    }
    return values
  }

  /// Bootstrap of the intervals; by default 1,000 replicates with seed 1. 0 replicates: none.
  mutating func bootstrap(_ node: SpecNode?) -> BootstrapSpec {
    let fields = fields(node, "bootstrap", BootstrapKey.self)
    return BootstrapSpec(
      replicates: integer(fields[.replicates], "replicates", in: 0...1_000_000) ?? 1_000,
      seed: UInt64(integer(fields[.seed], "seed", in: 0...Int.max) ?? 1))
  }

  /// Upper limits; none by default.
  mutating func limits(_ node: SpecNode?) -> LimitsSpec {
    let fields = fields(node, "limits", LimitsKey.self)
    func limit(_ key: LimitsKey) -> Int? { integer(fields[key], key.rawValue, in: 2...Int.max) }
    return LimitsSpec(
      evaluationSubjects: limit(.evaluationSubjects), cohortSubjects: limit(.cohortSubjects),
      developmentSubjects: limit(.developmentSubjects))
  }
}
