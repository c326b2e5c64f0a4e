/// Whose trainings `Harness learning-curves` observes, and by what; definitions 6.9.
package struct LearningCurvesSpec: Sendable, Codable, Hashable {
  /// Whose images make the proxies.
  package enum Proxies: String, Sendable, Codable, Hashable, CaseIterable {
    /// Cohort people who are left out of the training: neither densities nor non-mated rows.
    case cohort
    /// Development people; the networks are those of a run.
    case development
  }

  /// People drawn by seed, those with further images before others.
  package var people = 12
  /// Identities that are observed instead; empty: people are drawn.
  package var named: [String] = []
  /// People with the most false non-matches in the records of the experiment.
  package var worst = 3
  package var proxies = Proxies.cohort
  /// Share of the cohort's people with two images or more who are left out of the training.
  package var heldOutShare = 0.2
  /// FMR on development rows that thresholds are set for.
  package var target = 1e-3
  /// Whether epochs are shown that early stopping would not have run.
  package var beyondPatience = false

  package init() {}
}

/// The keys of `learning_curves`.
enum LearningCurvesKey: String, SpecKey {
  case people, worst, proxies
  case heldOutShare = "held_out_share"
  case target
  case beyondPatience = "beyond_patience"

  static let section = SectionDocumentation(
    "learning_curves",
    "Whose trainings `Harness learning-curves` observes, and by what; a run does not read it.")

  var documentation: KeyDocumentation {
    let usual = LearningCurvesSpec()
    return switch self {
    case .people:
      .init(
        .either(.integer(1...200), .list(.text)), absent: .yaml("\(usual.people)"),
        "How many evaluated people are drawn by the seed, those with further images before others; or "
          + "the identities of people to observe.", definition: "6.9")
    case .worst:
      .init(
        .integer(0...1_000), absent: .yaml("\(usual.worst)"),
        "How many of the people with the most false non-matches in the records of the experiment are "
          + "observed besides; none where there are no records of the same inputs.",
        definition: "6.9")
    case .proxies:
      .init(
        .words(of: LearningCurvesSpec.Proxies.self), absent: .yaml(usual.proxies.rawValue),
        "Whose images stand in for a person's later ones: cohort leaves people of the cohort out of the "
          + "training; development takes development people and leaves the networks as a run trains "
          + "them.", definition: "6.9")
    case .heldOutShare:
      .init(
        .number(.openFraction), absent: .yaml("\(usual.heldOutShare)"),
        "Share of the cohort's people with two images or more who are left out of the training, where "
          + "proxies are of the cohort.", definition: "6.9")
    case .target:
      .init(
        .number(.openFraction), absent: .yaml("\(usual.target)"),
        "FMR on development rows that thresholds are set for, own and shared.", definition: "6.9")
    case .beyondPatience:
      .init(
        .boolean, absent: .yaml("\(usual.beyondPatience)"),
        "Whether epochs are shown, dashed, that early stopping would not have run; the restored epoch "
          + "stays what it is.", definition: "6.9")
    }
  }
}

extension SpecReader {
  /// What `Harness learning-curves` observes; nil: what is usual.
  mutating func learningCurves(_ node: SpecNode?) -> LearningCurvesSpec? {
    var found = LearningCurvesSpec()
    let fields = fields(node, "learning_curves", LearningCurvesKey.self)
    if let people = fields[.people], case .sequence = people.content {
      found.named = texts(people, "people").map(\.name)
    } else {
      found.people = integer(fields, .people) ?? found.people
    }
    found.worst = integer(fields, .worst) ?? found.worst
    found.proxies = choice(fields, .proxies) ?? found.proxies
    found.heldOutShare = number(fields, .heldOutShare) ?? found.heldOutShare
    found.target = number(fields, .target) ?? found.target
    found.beyondPatience = boolean(fields, .beyondPatience) ?? found.beyondPatience
    if found.proxies == .development, let share = fields[.heldOutShare] {
      report(
        share.location,
        "'held_out_share' is of the cohort's people, and 'proxies: development' leaves nobody out; "
          + "drop one of the two")
    }
    return found == LearningCurvesSpec() ? nil : found
  }
}
