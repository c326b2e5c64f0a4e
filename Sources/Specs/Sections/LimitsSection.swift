/// Upper limits for small runs; nil: no limit. Subjects are drawn by seed.
package struct LimitsSpec: Sendable, Codable, Hashable {
  package var evaluationSubjects: Int?
  package var cohortSubjects: Int?
  package var developmentSubjects: Int?

  package init() {}
}

/// The keys of `limits`.
enum LimitsKey: String, SpecKey {
  case evaluationSubjects = "evaluation_subjects"
  case cohortSubjects = "cohort_subjects"
  case developmentSubjects = "development_subjects"

  static let section = SectionDocumentation(
    "limits", "Upper limits of subjects, for small runs; those that stay are drawn by seed.")

  var documentation: KeyDocumentation {
    let role =
      switch self {
      case .evaluationSubjects: "evaluated subjects of a dataset"
      case .cohortSubjects: "subjects of the training cohort"
      case .developmentSubjects: "subjects of the development set"
      }
    return .init(.integer(2...Int.max), absent: .nothing("no limit"), "Most \(role).")
  }
}

extension SpecReader {
  /// Upper limits; none by default.
  mutating func limits(_ node: SpecNode?) -> LimitsSpec {
    let fields = fields(node, "limits", LimitsKey.self)
    var limits = LimitsSpec()
    limits.evaluationSubjects = integer(fields, .evaluationSubjects)
    limits.cohortSubjects = integer(fields, .cohortSubjects)
    limits.developmentSubjects = integer(fields, .developmentSubjects)
    return limits
  }
}
