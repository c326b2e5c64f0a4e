import AttackReports
import Records

/// What was inferred: an attribute, and which group against which.
struct AttackQuestion: Hashable {
  let attribute: String
  let first: String
  let second: String

  init(_ report: AttackReport) {
    attribute = report.attribute
    first = report.question.first
    second = report.question.second
  }

  /// "gender", "age_group: 20-29".
  var title: String { attribute == "gender" ? attribute : "\(attribute): \(first)" }
  /// Part of file names; empty for gender.
  var suffix: String {
    attribute == "gender"
      ? ""
      : "-" + "\(attribute)-\(first)".map { $0.isLetter || $0.isNumber ? "\($0)" : "-" }.joined()
  }

  func reports(_ records: [AttackRecord]) -> [AttackReport] {
    records.compactMap { record in record.reports.first { AttackQuestion($0) == self } }
  }
}
