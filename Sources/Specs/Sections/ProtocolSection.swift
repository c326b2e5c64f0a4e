import Biometrics
import Configurations

/// Which comparisons are made (definitions 1.2).
package struct ProtocolSpec: Sendable, Codable, Hashable {
  /// Self trials of the `default` convention, and of custom conventions that do not say.
  package var selfTrials = EvaluationConvention.SelfTrials.excluded
  package var reference = ReferenceSelection.first
  /// Who of the evaluated people is enrolled.
  package var enrolled = EnrolledSubjects.all
  package var unlabelled = UnlabelledRule.inAllOnly

  package init() {}
}

/// The keys of `protocol`.
enum ProtocolKey: String, SpecKey {
  case selfTrials = "self_trials"
  case reference, references, unlabelled

  static let section = SectionDocumentation("protocol", "Which comparisons are made.")

  var documentation: KeyDocumentation {
    let usual = ProtocolSpec()
    return switch self {
    case .selfTrials:
      .init(
        .words(of: EvaluationConvention.SelfTrials.self), absent: .yaml(usual.selfTrials.rawValue),
        "Whether a reference is compared with the sample that it was enrolled from; for all "
          + "conventions that do not say.", definition: "1.2")
    case .reference:
      .init(
        .words(of: ReferenceSelection.self), absent: .yaml(usual.reference.rawValue),
        "Which sample of a subject is the reference: the first of the file, or one drawn by seed.",
        definition: "1.2")
    case .references:
      .init(
        .words(of: EnrolledSubjects.self), absent: .yaml(usual.enrolled.rawValue),
        "Who is enrolled: everybody with a usable sample, or those with a second one, which false "
          + "non-matches need; the samples of the others are probes of them then.",
        definition: "1.2")
    case .unlabelled:
      .init(
        .words(of: UnlabelledRule.self), absent: .yaml(usual.unlabelled.rawValue),
        "What becomes of subjects without a label of the group: they count in \"All\" and in no "
          + "group, or take no part.", definition: "1.2")
    }
  }
}

extension SpecReader {
  /// Which comparisons are made.
  mutating func protocolSwitches(_ node: SpecNode?) -> ProtocolSpec {
    let fields = fields(node, "protocol", ProtocolKey.self)
    var switches = ProtocolSpec()
    switches.selfTrials = choice(fields, .selfTrials) ?? switches.selfTrials
    switches.reference = choice(fields, .reference) ?? switches.reference
    switches.enrolled = choice(fields, .references) ?? switches.enrolled
    switches.unlabelled = choice(fields, .unlabelled) ?? switches.unlabelled
    return switches
  }
}
