/// Upper limits for small runs; nil: no limit. Subjects are drawn by seed.
package struct LimitsSpec: Sendable, Codable, Hashable {
  package var evaluationSubjects: Int?
  package var cohortSubjects: Int?
  package var developmentSubjects: Int?

  package init(
    evaluationSubjects: Int? = nil, cohortSubjects: Int? = nil, developmentSubjects: Int? = nil
  ) {
    self.evaluationSubjects = evaluationSubjects
    self.cohortSubjects = cohortSubjects
    self.developmentSubjects = developmentSubjects
  }
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
    return LimitsSpec(
      evaluationSubjects: integer(fields, .evaluationSubjects),
      cohortSubjects: integer(fields, .cohortSubjects),
      developmentSubjects: integer(fields, .developmentSubjects))
  }
}
