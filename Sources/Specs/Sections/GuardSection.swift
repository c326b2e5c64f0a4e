import Configurations

/// The keys of `training.guard`.
enum GuardKey: String, SpecKey {
  case attempts, keep, proxies
  case heldOutShare = "held_out_share"
  case target, limit
  case atMost = "at_most"

  static let section = SectionDocumentation(
    "training.guard",
    "A guard at enrolment: networks of a person are trained from several seeds, judged by proxies of "
      + "mated images at a threshold set on development rows, and one is kept.")

  var documentation: KeyDocumentation {
    let usual = EnrolmentGuard()
    return switch self {
    case .attempts:
      .init(
        .integer(1...99), absent: .yaml("\(usual.attempts)"),
        "Networks that are trained for each person in any case.", definition: "6.8")
    case .keep:
      .init(
        .words(of: EnrolmentGuard.Rule.self), absent: .yaml(usual.keep.rawValue),
        "Which of them becomes the reference, in the order of their judgements.", definition: "6.8")
    case .proxies:
      .init(
        .words(of: EnrolmentGuard.Proxies.self), absent: .yaml(usual.proxies.rawValue),
        "What stands in for the person's later images: held-out carries later images of "
          + "cohort people who are kept out of the densities over to the reference; reference is the "
          + "reference sample itself.", definition: "6.8")
    case .heldOutShare:
      .init(
        .number(.openFraction), absent: .yaml("\(usual.heldOutShare)"),
        "Share of the cohort's people with two images or more who are kept out.", definition: "6.8")
    case .target:
      .init(
        .number(.openFraction), absent: .yaml("\(usual.target)"),
        "FMR on development rows that a network's own threshold is set for.", definition: "6.8")
    case .limit:
      .init(
        .either(.words(["none"]), .number(.belowOne)), absent: .yaml("none"),
        "Share of rejected proxies above which another network is trained; none: no further one is.",
        definition: "6.8")
    case .atMost:
      .init(
        .integer(1...99), absent: .yaml("\(usual.atMost)"),
        "Networks that are trained at most for one person, where there is a limit.",
        definition: "6.8")
    }
  }
}

extension SpecReader {
  /// Lays the given options over a guard; nil: over the usual one.
  mutating func enrolmentGuard(_ node: SpecNode, onto given: EnrolmentGuard?) -> EnrolmentGuard {
    var rule = given ?? EnrolmentGuard()
    let fields = fields(node, "guard", GuardKey.self)
    rule.attempts = integer(fields, .attempts) ?? rule.attempts
    rule.keep = choice(fields, .keep) ?? rule.keep
    rule.proxies = choice(fields, .proxies) ?? rule.proxies
    rule.heldOutShare = number(fields, .heldOutShare) ?? rule.heldOutShare
    rule.target = number(fields, .target) ?? rule.target
    if fields[.limit] != nil {
      rule.limit = isWord(fields[.limit], "none") ? nil : number(fields, .limit)
    }
    rule.atMost = integer(fields, .atMost) ?? rule.atMost
    if rule.limit != nil, rule.atMost < rule.attempts,
      let node = fields[.atMost] ?? fields[.attempts]
    {
      report(
        node.location,
        "the guard trains \(rule.attempts) networks in any case, but at most \(rule.atMost)")
    }
    return rule
  }
}
