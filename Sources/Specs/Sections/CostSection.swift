/// How much `Harness measure` measures; definitions 6.5.
package struct CostSpec: Sendable, Codable, Hashable {
  /// Subjects whose enrolment is timed, evenly spaced over those with a reference.
  package var subjects = 20
  /// Timed repeats per subject, after a warm-up that is discarded.
  package var repeats = 10
  /// Subjects that are enrolled for the effect of stored precision.
  package var precisionSubjects = 100
  /// Gallery sizes for identification.
  package var galleries = [100, 1_000, 10_000, 100_000]

  package init() {}
}

/// The keys of `cost`.
enum CostKey: String, SpecKey {
  case subjects, repeats, galleries
  case precisionSubjects = "precision_subjects"

  static let section = SectionDocumentation(
    "cost", "What `Harness measure` measures for Table 5; a run does not read it.")

  var documentation: KeyDocumentation {
    let usual = CostSpec()
    return switch self {
    case .subjects:
      .init(
        .integer(1...100_000), absent: .yaml("\(usual.subjects)"),
        "Subjects whose enrolment is timed, evenly spaced over those with a reference.",
        definition: "6.5")
    case .repeats:
      .init(
        .integer(1...1_000), absent: .yaml("\(usual.repeats)"),
        "Timed repeats per subject, after a warm-up that is discarded.", definition: "6.5")
    case .galleries:
      .init(
        .list(.integer(1...10_000_000)), absent: .yaml("\(usual.galleries)"),
        "Gallery sizes for which identification is timed.", definition: "6.5")
    case .precisionSubjects:
      .init(
        .integer(1...1_000_000), absent: .yaml("\(usual.precisionSubjects)"),
        "Subjects that are enrolled for the effect of stored precision.", definition: "6.5")
    }
  }
}

extension SpecReader {
  /// What `Harness measure` measures.
  mutating func cost(_ node: SpecNode?) -> CostSpec {
    var cost = CostSpec()
    let fields = fields(node, "cost", CostKey.self)
    cost.subjects = integer(fields, .subjects) ?? cost.subjects
    cost.repeats = integer(fields, .repeats) ?? cost.repeats
    cost.precisionSubjects = integer(fields, .precisionSubjects) ?? cost.precisionSubjects
    cost.galleries = integers(fields, .galleries) ?? cost.galleries
    return cost
  }
}
