import Biometrics

/// The keys of a convention in `conventions` that is not one of the named ones.
enum ConventionKey: String, SpecKey {
  case name
  case selfTrials = "self_trials"
  case threshold
  case nonMated = "non_mated"
  case denominator, rule, alpha

  static let section = SectionDocumentation(
    "conventions",
    "A convention of one's own: how error rates are formed from scores. The named ones (default, "
      + "paper-compatible, per-group, per-subject, development) need no keys.")

  static let renamed: [String: ConventionKey] = ["impostors": .nonMated, "point": .rule]

  var documentation: KeyDocumentation {
    let usual = EvaluationConvention.default
    return switch self {
    case .name:
      .init(
        .text, absent: .required,
        "Name in records and tables: letters, digits, '-' and '.', none of the named ones.")
    case .selfTrials:
      .init(
        .words(of: EvaluationConvention.SelfTrials.self),
        absent: .nothing("what protocol says"),
        "Whether a reference is compared with the sample that it was enrolled from.",
        definition: "1.2")
    case .threshold:
      .init(
        .words(of: EvaluationConvention.Threshold.self), absent: .yaml(usual.threshold.rawValue),
        "Where the threshold comes from: one over all comparisons; each group's own; one set on "
          + "the development rows; or one for scores from which each subject's own threshold on "
          + "development rows is subtracted.", definition: "1.7")
    case .nonMated:
      .init(
        .words(of: EvaluationConvention.NonMatedOf.self), absent: .yaml(usual.nonMated.rawValue),
        "Which non-mated comparisons belong to a group: those with both sides in it, or all with "
          + "the reference in it.", definition: "2.3")
    case .denominator:
      .init(
        .words(of: EvaluationConvention.Denominator.self),
        absent: .yaml(usual.denominator.rawValue),
        "What a group's errors are divided by: its mated (non-mated) comparisons, or all of its "
          + "comparisons.", definition: "2.3")
    case .rule:
      .init(
        .words(of: OperatingPointRule.self), absent: .yaml(usual.rule.rawValue),
        "How the threshold is found for an FMR target.", definition: "1.3")
    case .alpha:
      .init(
        .number(.fraction), absent: .yaml("\(usual.alpha)"),
        "Weight of FMR against FNMR in FDR and GARBE.", definition: "2.1")
    }
  }
}

extension SpecReader {
  /// Conventions by name or in full; by default the two usual ones.
  mutating func conventions(_ node: SpecNode?, selfTrials: EvaluationConvention.SelfTrials)
    -> [EvaluationConvention]
  {
    guard let node else {
      return EvaluationConvention.usualNames.compactMap {
        EvaluationConvention.named($0, selfTrials: selfTrials)
      }
    }
    var conventions: [EvaluationConvention] = []
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
    -> EvaluationConvention?
  {
    guard node.entries != nil else {
      guard
        let name = reference(
          node, "conventions", to: "convention", among: EvaluationConvention.knownNames)
      else { return nil }
      return EvaluationConvention.named(name, selfTrials: selfTrials)
    }
    let fields = fields(node, "convention", ConventionKey.self)
    var convention = EvaluationConvention.default
    convention.name = ""
    convention.selfTrials = choice(fields, .selfTrials) ?? selfTrials
    if let given = required(fields, .name, in: "the convention"), let name = text(given, "name") {
      convention.name = name
      checkName(LocatedName(name: name, location: given.location), "convention name")
      if EvaluationConvention.knownNames.contains(name) {
        report(
          given.location,
          "convention '\(name)' has a fixed meaning; list its name alone or choose another name")
      }
    }
    convention.threshold = choice(fields, .threshold) ?? convention.threshold
    convention.nonMated = choice(fields, .nonMated) ?? convention.nonMated
    convention.denominator = choice(fields, .denominator) ?? convention.denominator
    convention.rule = choice(fields, .rule) ?? convention.rule
    convention.alpha = number(fields, .alpha) ?? convention.alpha
    return convention
  }
}
