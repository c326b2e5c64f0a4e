import AttackReports
import Records

/// What was inferred: an attribute, and which group against which.
package struct AttackQuestion: Hashable {
  /// What is inferred: "gender".
  package let attribute: String
  /// The group that is told from the other.
  package let first: String
  /// The other group, or all others.
  package let second: String

  /// What a report is about.
  package init(_ report: AttackReport) {
    attribute = report.attribute
    first = report.question.first
    second = report.question.second
  }

  /// "gender", "age_group: 20-29".
  package var title: String { attribute == "gender" ? attribute : "\(attribute): \(first)" }

  /// What the records say of it, one report each where it was asked.
  package func reports(_ records: [AttackRecord]) -> [AttackReport] {
    records.compactMap { record in record.reports.first { AttackQuestion($0) == self } }
  }
}
